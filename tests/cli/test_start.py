"""The program's start: the window comes before anything that only verbs need; every other word is a verb's."""

from __future__ import annotations

import os
import subprocess
import sys

OPENS = """
import sys
import boocontrol.desktop.app as app

app.run = lambda arguments: print(arguments, "typer" in sys.modules) or 7
sys.argv = ["boocontrol"]
from boocontrol.cli.start import main
main()
"""
PROGRAM = [sys.executable, "-c", "from boocontrol.cli.start import main; main()"]
BARE = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}


def test_the_window_opens_without_what_verbs_need() -> None:
    environ = {**BARE, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run([sys.executable, "-c", OPENS], env=environ, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (7, "[] False"), done.stderr


def test_without_a_display_it_is_the_help_and_why() -> None:
    environ = {name: value for name, value in BARE.items() if name != "QT_QPA_PLATFORM"}
    done = subprocess.run(PROGRAM, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "favorites" in done.stdout and "no display" in done.stderr


def test_a_verb_is_the_verbs() -> None:
    done = subprocess.run([*PROGRAM, "--version"], env=BARE, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and done.stdout.startswith("boocontrol ")
