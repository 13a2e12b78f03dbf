"""Going on without a database file: in memory, with the settings as far as they can be read. Blocking."""

from __future__ import annotations

import json
import logging
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import URL

from boocontrol.store.database import Database, open_database
from boocontrol.store.engine import sqlite_file
from boocontrol.store.faults import Unusable
from boocontrol.store.settings import SettingsTable

log = logging.getLogger(__name__)


def open_anyway(url: URL) -> Database:
    """The database, or one in memory when its file is out of reach; then `lost` says why, and settings stay as read.

    Raises BooError for any other fault, such as a database of a newer program.
    """
    try:
        return open_database(url)
    except Unusable as e:
        path = sqlite_file(url)
        if path is None:
            raise
        log.warning("%s", e)
        memory = open_database(URL.create("sqlite"))
        values = _settings(path)
        if values is not None:
            SettingsTable(memory).change(lambda _: values)
        else:
            # Who may call was said there and is not known now.
            SettingsTable(memory).change(lambda _: {"require_key": True} if path.exists() else {})
        words = "Settings cannot be changed, and the history is kept in memory until the gateway stops."
        return replace(memory, lost=e, problems=(f"{e.title} {words} {e.advice}",))


def _settings(path: Path) -> dict[str, Any] | None:
    """What is stored there, None when it cannot be read."""
    for way in ("mode=ro", "immutable=1"):
        try:
            with closing(sqlite3.connect(f"file:{path}?{way}", uri=True)) as old:
                return {str(key): json.loads(value) for key, value in old.execute("SELECT key, value FROM settings")}
        except (sqlite3.Error, ValueError, TypeError):
            continue
    return None
