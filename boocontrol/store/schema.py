"""Tables, as the newest migration leaves them. A change here needs a migration and a new HEAD."""

from __future__ import annotations

from typing import Final

from sqlalchemy import JSON, BigInteger, Boolean, Column, DateTime, Float, Index, Integer, MetaData, Table, Text

HEAD: Final = "0002"
"""The newest revision in `migrations/versions`: a database that says so needs no alembic, which is slow to import."""

metadata = MetaData()

settings = Table(
    "settings",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", JSON, nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
)

requests = Table(
    "requests",
    metadata,
    Column("id", Text, primary_key=True),
    # Unix microseconds: whole numbers compare and page exactly in every database.
    Column("time_us", BigInteger, nullable=False),
    Column("ref", Text, nullable=False),
    Column("requested", Text, nullable=False),
    Column("provider", Text, nullable=False),
    Column("endpoint", Text, nullable=False),
    Column("status", Integer),
    Column("outcome", Text, nullable=False),
    Column("streamed", Boolean, nullable=False),
    Column("ttft_ms", Float),
    Column("duration_ms", Float, nullable=False),
    Column("prompt_tokens", BigInteger),
    Column("output_tokens", BigInteger),
    Column("cached_tokens", BigInteger),
    Column("prompt_tokens_per_second", Float),
    Column("output_tokens_per_second", Float),
    Column("bytes_sent", BigInteger, nullable=False),
    Column("client", Text, nullable=False),
    Column("session", Text, nullable=False),
    Column("via", Text, nullable=False),
    Index("requests_time", "time_us", "id"),
    Index("requests_provider", "provider", "time_us"),
    Index("requests_ref", "ref", "time_us"),
)
