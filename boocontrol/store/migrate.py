"""Bringing a database to the newest revision. Alembic is imported only when there is something to do."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from boocontrol.core.errors import BooError
from boocontrol.store.schema import HEAD

SCRIPTS = Path(__file__).parent / "migrations"


def revision_of(connection: Connection) -> str | None:
    """The revision that the database says it is at, None when it was never migrated."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def upgrade(connection: Connection) -> None:
    """Migrate to HEAD inside the connection's transaction. Raises BooError for a database of a newer program."""
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, HEAD)
    except CommandError as e:
        raise BooError(
            "The database was written by another version of BooControl, which this one cannot read.",
            "Update BooControl, or name another data folder (--data-dir).",
            code="database",
        ) from e
