"""Tables, as the newest migration leaves them. A change here needs a migration and a new HEAD."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)

HEAD: Final = "0005"
"""The newest revision in `migrations/versions`: a database that says so needs no alembic, which is slow to import."""

metadata = MetaData()

settings = Table(
    "settings",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", JSON, nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
)

# What many requests have in common is written once: rows are small, and every filter is a set of kinds.
request_kinds = Table(
    "request_kinds",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", Text, nullable=False, unique=True),
    Column("provider", Text, nullable=False),
    Column("ref", Text, nullable=False),
    Column("requested", Text, nullable=False),
    Column("endpoint", Text, nullable=False),
    Column("status", Integer),
    Column("outcome", Text, nullable=False),
    Column("streamed", Boolean, nullable=False),
    Column("client", Text, nullable=False),
    Column("agent", Text, nullable=False),
    Column("via", Text, nullable=False),
)

requests = Table(
    "requests",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("id", LargeBinary(16), nullable=False),
    # Unix microseconds: whole numbers compare and page exactly in every database.
    Column("time_us", BigInteger, nullable=False),
    Column("kind_id", Integer, nullable=False),
    Column("ttft_ms", Float),
    Column("duration_ms", Float, nullable=False),
    Column("prompt_tokens", BigInteger),
    Column("output_tokens", BigInteger),
    Column("cached_tokens", BigInteger),
    Column("prompt_tokens_per_second", Float),
    Column("output_tokens_per_second", Float),
    Column("bytes_sent", BigInteger, nullable=False),
    Column("bytes_received", BigInteger, nullable=False),
    Column("session", Text, nullable=False),
    Column("host_id", BigInteger),
    Column("host_key", BigInteger),
    Column("ended_by", Text, nullable=False, server_default=""),
    Index("requests_id", "id", unique=True),
    Index("requests_time", "time_us"),
    Index("requests_kind", "kind_id", "time_us"),
    Index(
        "requests_host_key",
        "host_key",
        unique=True,
        sqlite_where=text("host_key IS NOT NULL"),
        postgresql_where=text("host_key IS NOT NULL"),
    ),
)

# Sums over an hour and over a day, for each kind; `start` in unix seconds, quantile sketches as packed bins.
request_rollups = Table(
    "request_rollups",
    metadata,
    Column("span", Integer, primary_key=True),
    Column("start", BigInteger, primary_key=True),
    Column("kind_id", Integer, primary_key=True),
    Column("requests", BigInteger, nullable=False),
    Column("prompt_tokens", BigInteger, nullable=False),
    Column("output_tokens", BigInteger, nullable=False),
    Column("ttft", LargeBinary, nullable=False),
    Column("speed", LargeBinary, nullable=False),
    # Holds all but the sketches, which are large: counting reads only this.
    Index("request_rollups_counts", "span", "start", "kind_id", "requests", "prompt_tokens", "output_tokens"),
    sqlite_with_rowid=False,
)

# Sums of a span that is over, over all kinds that have some values in common; see totals.py. `start` in unix seconds.
request_totals = Table(
    "request_totals",
    metadata,
    Column("level", Integer, primary_key=True),
    Column("span", Integer, primary_key=True),
    Column("start", BigInteger, primary_key=True),
    Column("provider", Text, primary_key=True),
    Column("ref", Text, primary_key=True),
    Column("via", Text, primary_key=True),
    Column("outcome", Text, primary_key=True),
    Column("requests", BigInteger, nullable=False),
    Column("prompt_tokens", BigInteger, nullable=False),
    Column("output_tokens", BigInteger, nullable=False),
    Column("ttft", LargeBinary, nullable=False),
    Column("speed", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

# The spans whose totals are there, all of them.
request_totals_made = Table(
    "request_totals_made",
    metadata,
    Column("span", Integer, primary_key=True),
    Column("start", BigInteger, primary_key=True),
    sqlite_with_rowid=False,
)

marks = Table(
    "marks",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
)

# span 0: as measured; else the mean of that many seconds, made of `count` measurements. `at` in unix seconds.
host_samples = Table(
    "host_samples",
    metadata,
    Column("provider", Text, primary_key=True),
    Column("span", Integer, primary_key=True),
    Column("at", BigInteger, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("data", Text, nullable=False),
    sqlite_with_rowid=False,
)

model_events = Table(
    "model_events",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("id", Text, nullable=False),
    Column("time_us", BigInteger, nullable=False),
    Column("provider", Text, nullable=False),
    Column("ref", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("seconds", Float),
    Column("by", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Index("model_events_id", "id", unique=True),
    Index("model_events_time", "time_us"),
    Index("model_events_provider", "provider", "time_us"),
    Index("model_events_ref", "ref", "time_us"),
)

health_checks = Table(
    "health_checks",
    metadata,
    Column("provider", Text, primary_key=True),
    Column("at_us", BigInteger, primary_key=True),
    Column("outcome", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("latency_ms", Float, nullable=False),
    Column("detail", Text, nullable=False),
    sqlite_with_rowid=False,
)
