"""`python -m boocontrol.desktop`: the desktop by itself, as the demo and the tests start it."""

from __future__ import annotations

import sys

from boocontrol.desktop.app import run

if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
