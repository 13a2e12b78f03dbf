"""The program `boocontrol` as it starts: without a word after it the desktop opens, and its window waits for nothing
that only verbs need. Everything else is main.py's."""

from __future__ import annotations

import sys


def main() -> None:
    """The entry point of the program."""
    if len(sys.argv) == 1:
        from boocontrol.cli.desktop import missing, open_desktop

        if missing() is None:
            sys.exit(open_desktop())
    from boocontrol.cli.main import run

    sys.exit(run(sys.argv[1:]))
