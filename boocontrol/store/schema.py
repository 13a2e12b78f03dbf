"""Tables, as the newest migration leaves them. A change here needs a migration and a new HEAD."""

from __future__ import annotations

from typing import Final

from sqlalchemy import JSON, Column, DateTime, MetaData, Table, Text

HEAD: Final = "0001"
"""The newest revision in `migrations/versions`: a database that says so needs no alembic, which is slow to import."""

metadata = MetaData()

settings = Table(
    "settings",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", JSON, nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
)
