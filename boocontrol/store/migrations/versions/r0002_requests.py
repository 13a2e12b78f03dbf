"""Requests that ran through the gateway: figures, no content."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table of requests and its indexes."""
    op.create_table(
        "requests",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("time_us", sa.BigInteger, nullable=False),
        sa.Column("ref", sa.Text, nullable=False),
        sa.Column("requested", sa.Text, nullable=False),
        sa.Column("provider", sa.Text, nullable=False),
        sa.Column("endpoint", sa.Text, nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("streamed", sa.Boolean, nullable=False),
        sa.Column("ttft_ms", sa.Float),
        sa.Column("duration_ms", sa.Float, nullable=False),
        sa.Column("prompt_tokens", sa.BigInteger),
        sa.Column("output_tokens", sa.BigInteger),
        sa.Column("cached_tokens", sa.BigInteger),
        sa.Column("prompt_tokens_per_second", sa.Float),
        sa.Column("output_tokens_per_second", sa.Float),
        sa.Column("bytes_sent", sa.BigInteger, nullable=False),
        sa.Column("client", sa.Text, nullable=False),
        sa.Column("session", sa.Text, nullable=False),
        sa.Column("via", sa.Text, nullable=False),
    )
    op.create_index("requests_time", "requests", ["time_us", "id"])
    op.create_index("requests_provider", "requests", ["provider", "time_us"])
    op.create_index("requests_ref", "requests", ["ref", "time_us"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("requests")
