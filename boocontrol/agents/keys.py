"""Where an agent finds the gateway's key: an environment variable or a file. The key itself is never written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from boocontrol.core.errors import BadInput, SecretError

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class EnvKey:
    """The key stands in an environment variable of the agent's process."""

    name: str = "BOOCONTROL_API_KEY"

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            title = f"{self.name!r} is no name of an environment variable."
            raise BadInput(title, "Use letters, digits and underscores.", param="key")


@dataclass(frozen=True, slots=True)
class FileKey:
    """The key stands in a file that only the user can read."""

    path: Path


KeySource: TypeAlias = EnvKey | FileKey


def shown_path(path: Path, home: Path) -> str:
    """The path as `~/…` when it is under the home folder, with forward slashes on every system."""
    try:
        return f"~/{path.relative_to(home).as_posix()}"
    except ValueError:
        return path.as_posix()


def reference(key: KeySource, home: Path) -> str:
    """opencode's spelling: `{env:NAME}` or `{file:~/path}`."""
    if isinstance(key, EnvKey):
        return f"{{env:{key.name}}}"
    path = shown_path(key.path, home)
    if "}" in path or not path.isprintable():
        title = f"opencode cannot read a key from {path}: the name holds a }} or a control character."
        raise BadInput(title, "Keep the key elsewhere, or use an environment variable.", param="key")
    return f"{{file:{path}}}"


def check_key_file(path: Path | None) -> None:
    """Raises SecretError when the file is missing or empty: opencode would then not start, or send no key."""
    if path is None:
        return
    try:
        if path.stat().st_size > 0:
            return
    except OSError:
        pass
    title = f"The key file {path} does not exist yet, or is empty."
    raise SecretError(title, "Start the gateway once, which makes it, and export again.", code="key_missing")
