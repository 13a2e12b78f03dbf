"""Sums over many kinds of requests at once. They are made little by little while a gateway runs, so none here."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two tables, empty."""
    op.create_table(
        "request_totals",
        *(sa.Column(n, sa.Integer, primary_key=True) for n in ("level", "span")),
        sa.Column("start", sa.BigInteger, primary_key=True),
        *(sa.Column(n, sa.Text, primary_key=True) for n in ("provider", "ref", "via", "outcome")),
        *(sa.Column(n, sa.BigInteger, nullable=False) for n in ("requests", "prompt_tokens", "output_tokens")),
        *(sa.Column(n, sa.LargeBinary, nullable=False) for n in ("ttft", "speed")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "request_totals_made",
        sa.Column("span", sa.Integer, primary_key=True),
        sa.Column("start", sa.BigInteger, primary_key=True),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """There is no way back that keeps everything."""
    raise NotImplementedError
