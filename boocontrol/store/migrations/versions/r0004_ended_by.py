"""Requests say who cut or cancelled them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of requests before, nobody is known."""
    op.add_column("requests", sa.Column("ended_by", sa.Text, nullable=False, server_default=""))


def downgrade() -> None:
    """There is no way back that keeps everything."""
    raise NotImplementedError
