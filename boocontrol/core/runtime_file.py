"""Reading the runtime file, by which other programs on this machine find the gateway that serves a registry."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from pydantic import ValidationError

from boocontrol.core.api import RuntimeInfo


def read_runtime(path: Path) -> RuntimeInfo | None:
    """What the runtime file says; None when it is absent, unreadable, or another user could have written it.

    A gateway that was killed leaves its file behind: who answers at the URL is asked before it is believed.
    """
    try:
        status = path.stat()
        if os.name == "posix" and (status.st_uid != os.getuid() or status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)):
            return None
        return RuntimeInfo.model_validate_json(path.read_bytes(), strict=True)
    except (OSError, ValidationError):
        return None
