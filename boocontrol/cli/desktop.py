"""`boocontrol` without a verb: the desktop, where there is one."""

from __future__ import annotations

import gc
import importlib.util
import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from boocontrol.cli.verb import Chosen


def missing(environ: Mapping[str, str] = os.environ) -> str | None:
    """Why the desktop cannot open here, None when it can."""
    if importlib.util.find_spec("PySide6") is None or importlib.util.find_spec("qasync") is None:
        return "The desktop is not installed. Install it with: pip install 'boocontrol[desktop]'"
    shown = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if sys.platform.startswith("linux") and not any(environ.get(name) for name in shown):
        return "There is no display here to open the desktop on."
    return None


def open_desktop(options: Chosen | None = None) -> int:
    """Run the desktop until its window is closed; the result is the exit code."""
    # What is imported stays; looking through it for garbage again and again takes a twentieth of a second of the
    # start. The desktop has its own rule for it.
    gc.disable()
    from boocontrol.desktop.app import run

    if options is None:
        return run([])
    given = (("--registry", options.registry), ("--gateway", options.gateway), ("--key-file", options.key_file))
    return run([part for name, value in given if value is not None for part in (name, str(value))])
