"""History: requests by kind with sums over hours and days, samples of hosts, events of models, health checks."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KIND = ("provider", "ref", "requested", "endpoint", "status", "outcome", "streamed", "client", "agent", "via")
FIGURES = (
    "ttft_ms",
    "duration_ms",
    "prompt_tokens",
    "output_tokens",
    "cached_tokens",
    "prompt_tokens_per_second",
    "output_tokens_per_second",
    "bytes_sent",
    "session",
)


def upgrade() -> None:
    """Make the tables, and take over the requests. Their sums are made when the database is opened."""
    op.rename_table("requests", "requests_before")
    for name in ("requests_time", "requests_provider", "requests_ref"):
        op.drop_index(name, "requests_before")
    _make_requests()
    _make_others()
    _take_over()
    op.drop_table("requests_before")


def downgrade() -> None:
    """There is no way back that keeps everything."""
    raise NotImplementedError


def _make_requests() -> None:
    op.create_table(
        "request_kinds",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("digest", sa.Text, nullable=False, unique=True),
        *(sa.Column(n, sa.Text, nullable=False) for n in ("provider", "ref", "requested", "endpoint")),
        sa.Column("status", sa.Integer),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("streamed", sa.Boolean, nullable=False),
        *(sa.Column(n, sa.Text, nullable=False) for n in ("client", "agent", "via")),
    )
    op.create_table(
        "requests",
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("time_us", sa.BigInteger, nullable=False),
        sa.Column("kind_id", sa.Integer, nullable=False),
        sa.Column("ttft_ms", sa.Float),
        sa.Column("duration_ms", sa.Float, nullable=False),
        *(sa.Column(n, sa.BigInteger) for n in ("prompt_tokens", "output_tokens", "cached_tokens")),
        *(sa.Column(n, sa.Float) for n in ("prompt_tokens_per_second", "output_tokens_per_second")),
        *(sa.Column(n, sa.BigInteger, nullable=False) for n in ("bytes_sent", "bytes_received")),
        sa.Column("session", sa.Text, nullable=False),
        *(sa.Column(n, sa.BigInteger) for n in ("host_id", "host_key")),
    )
    op.create_index("requests_id", "requests", ["id"], unique=True)
    op.create_index("requests_time", "requests", ["time_us"])
    op.create_index("requests_kind", "requests", ["kind_id", "time_us"])
    some = sa.text("host_key IS NOT NULL")
    op.create_index(
        "requests_host_key", "requests", ["host_key"], unique=True, sqlite_where=some, postgresql_where=some
    )
    op.create_table(
        "request_rollups",
        sa.Column("span", sa.Integer, primary_key=True),
        sa.Column("start", sa.BigInteger, primary_key=True),
        sa.Column("kind_id", sa.Integer, primary_key=True),
        *(sa.Column(n, sa.BigInteger, nullable=False) for n in ("requests", "prompt_tokens", "output_tokens")),
        *(sa.Column(n, sa.LargeBinary, nullable=False) for n in ("ttft", "speed")),
        sqlite_with_rowid=False,
    )
    counts = ["span", "start", "kind_id", "requests", "prompt_tokens", "output_tokens"]
    op.create_index("request_rollups_counts", "request_rollups", counts)


def _make_others() -> None:
    op.create_table(
        "marks", sa.Column("name", sa.Text, primary_key=True), sa.Column("value", sa.BigInteger, nullable=False)
    )
    op.create_table(
        "host_samples",
        sa.Column("provider", sa.Text, primary_key=True),
        sa.Column("span", sa.Integer, primary_key=True),
        sa.Column("at", sa.BigInteger, primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "model_events",
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("time_us", sa.BigInteger, nullable=False),
        *(sa.Column(n, sa.Text, nullable=False) for n in ("provider", "ref", "event")),
        sa.Column("seconds", sa.Float),
        *(sa.Column(n, sa.Text, nullable=False) for n in ("by", "cause", "detail")),
    )
    op.create_index("model_events_id", "model_events", ["id"], unique=True)
    op.create_index("model_events_time", "model_events", ["time_us"])
    op.create_index("model_events_provider", "model_events", ["provider", "time_us"])
    op.create_index("model_events_ref", "model_events", ["ref", "time_us"])
    op.create_table(
        "health_checks",
        sa.Column("provider", sa.Text, primary_key=True),
        sa.Column("at_us", sa.BigInteger, primary_key=True),
        *(sa.Column(n, sa.Text, nullable=False) for n in ("outcome", "state")),
        sa.Column("latency_ms", sa.Float, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )


def _take_over() -> None:
    connection = op.get_bind()
    kinds = sa.table("request_kinds", *(sa.column(n) for n in ("id", "digest", *KIND)))
    rows = sa.table("requests", *(sa.column(n) for n in ("id", "time_us", "kind_id", "bytes_received", *FIGURES)))
    known: dict[str, int] = {}
    batch: list[dict[str, Any]] = []
    before = connection.execute(sa.text("SELECT * FROM requests_before")).mappings()
    for old in before.partitions(1000):
        for row in old:
            values = {n: "" if n == "agent" else row[n] for n in KIND}
            values["streamed"] = bool(values["streamed"])
            digest = hashlib.blake2b(json.dumps(list(values.values())).encode(), digest_size=16).hexdigest()
            if digest not in known:
                known[digest] = len(known) + 1
                connection.execute(sa.insert(kinds), [{"id": known[digest], "digest": digest, **values}])
            figures = {n: row[n] for n in FIGURES}
            same = {"time_us": row["time_us"], "kind_id": known[digest], "bytes_received": 0}
            batch.append({"id": bytes.fromhex(row["id"]), **same, **figures})
        connection.execute(sa.insert(rows), batch)
        batch.clear()
