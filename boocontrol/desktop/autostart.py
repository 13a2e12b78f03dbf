"""Starting with the desktop session: one file where the system looks for such things. Linux and macOS; no Qt here."""

from __future__ import annotations

import os
import plistlib
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from boocontrol.core.files import read_bytes, write_atomic

NAME: Final = "boocontrol"
_ESCAPED: Final = str.maketrans({c: f"\\{c}" for c in '"`$\\'})


@dataclass(frozen=True, slots=True)
class Autostart:
    """The file, and what must stand in it: `command` is started with every session."""

    path: Path
    text: bytes

    def on(self) -> bool:
        """Whether it is asked for. A person may have switched it off in the system's own settings."""
        data = read_bytes(self.path)
        return data is not None and b"Hidden=true" not in data and b"X-GNOME-Autostart-enabled=false" not in data

    def set(self, wanted: bool) -> None:
        """Write the file, or remove it. Raises BooError when it cannot be written."""
        if wanted:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write_atomic(self.path, self.text, mode=0o644)
        else:
            self.path.unlink(missing_ok=True)


def autostart(
    command: Sequence[str],
    home: Path,
    environ: Mapping[str, str] = os.environ,
    platform: str = sys.platform,
) -> Autostart | None:
    """How this system starts a program with the session; None where we do not know how."""
    if platform.startswith("linux"):
        folder = Path(environ.get("XDG_CONFIG_HOME") or home / ".config") / "autostart"
        return Autostart(folder / f"{NAME}.desktop", _desktop_entry(command).encode())
    if platform == "darwin":
        agent = {"Label": NAME, "ProgramArguments": list(command), "RunAtLoad": True, "ProcessType": "Interactive"}
        return Autostart(home / "Library" / "LaunchAgents" / f"{NAME}.plist", plistlib.dumps(agent))
    return None


def supported(platform: str = sys.platform) -> bool:
    """Whether this system is one that we know how to ask."""
    return autostart((), Path(), {}, platform) is not None


def _desktop_entry(command: Sequence[str]) -> str:
    """A desktop entry (freedesktop.org, Desktop Entry Specification 1.4); each argument is quoted by its rules."""
    parts = (f'"{part.translate(_ESCAPED)}"'.replace("\\", "\\\\").replace("%", "%%") for part in command)
    lines = (
        "[Desktop Entry]",
        "Type=Application",
        "Version=1.4",
        "Name=BooControl",
        "Comment=One control panel for all your llama-swap hosts",
        f"Exec={' '.join(parts)}",
        f"Icon={NAME}",
        "Terminal=false",
        "X-GNOME-Autostart-enabled=true",
    )
    return "\n".join(lines) + "\n"
