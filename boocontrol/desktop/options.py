"""The options of the desktop. No Qt here: a wrong option is told at once."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Options:
    """How the desktop was started. `gateway` is the address of one that is not to be started from here."""

    registry: Path | None = None
    gateway: str | None = None
    key_file: Path | None = None
    page: str = ""
    shoot: Path | None = None
    stage: bool = False
    minimised: bool = False
    language: str = ""


def parse(arguments: Sequence[str]) -> Options:
    """Options from a command line. Raises SystemExit, as argparse does."""
    parser = argparse.ArgumentParser("boocontrol", description="The desktop of BooControl.")
    parser.add_argument("--registry", type=Path, help="another llama-providers.json than the user's own")
    parser.add_argument("--gateway", metavar="URL", help="another gateway than the one that runs here")
    parser.add_argument("--key-file", type=Path, help="the file with that gateway's key")
    parser.add_argument("--page", default="", help="the page to open")
    parser.add_argument("--shoot", type=Path, help="draw every page into PNG files in this folder, and end")
    parser.add_argument("--stage", action="store_true", help="for --shoot: let a demo fleet live while it is drawn")
    parser.add_argument("--minimised", action="store_true", help="only the tray icon, where there is a tray")
    parser.add_argument("--language", default="", help="en or de, this time only; default: as in Settings")
    given = parser.parse_args(list(arguments))
    return Options(**vars(given))
