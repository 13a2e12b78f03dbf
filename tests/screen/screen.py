"""An X display of its own with a window manager: what a person's hands and eyes are on it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")

SIZE = (1280, 800)
OPENBOX = "/etc/xdg/openbox/rc.xml"
MINIMISE = '<keybind key="A-F9"><action name="Iconify"/></keybind>'
PATIENCE_S = 30.0
LOOK_S = 0.05


def until(condition: Callable[[], T], what: str, within: float = PATIENCE_S) -> T:
    """Look again and again until the condition gives something true, which is the result."""
    end = time.monotonic() + within
    while not (found := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"not within {within:g} s: {what} (last seen: {found!r})")
        time.sleep(LOOK_S)
    return found


class Rect(NamedTuple):
    """A place on the display, in pixels."""

    x: int
    y: int
    width: int
    height: int

    @property
    def centre(self) -> tuple[int, int]:
        return self.x + self.width // 2, self.y + self.height // 2


class Machine:
    """A computer's session as far as its processes go: own home, own environment; nothing of it outlives `close`.

    Whatever descends from it carries its HOME in the environment, and is found by that.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.home = root / "home"
        runtime = root / "run"
        for folder in (self.home, runtime):
            folder.mkdir(parents=True)
        runtime.chmod(0o700)
        kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
        self.environ = kept | {
            "HOME": str(self.home),
            "XDG_RUNTIME_DIR": str(runtime),
            **{f"XDG_{k}_HOME": str(self.home / k.lower()) for k in ("CONFIG", "DATA", "CACHE", "STATE")},
        }
        self._stack = ExitStack()

    def start(self, *command: str, log: str = "", **more: Any) -> subprocess.Popen[bytes]:
        """Start a process that ends with the machine; what it says goes to a file of its own."""
        name = log or Path(command[0]).name
        with (self.root / f"{name}.out").open("ab") as out, (self.root / f"{name}.err").open("ab") as err:
            options: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": out, "stderr": err} | more
            environ = options.pop("env", self.environ)
            process = subprocess.Popen(command, env=environ, cwd=self.home, start_new_session=True, **options)
        self._stack.callback(ended, process)
        return process

    def call(self, *command: str, within: float = PATIENCE_S, **more: Any) -> subprocess.CompletedProcess[str]:
        """Run a program to its end."""
        options: dict[str, Any] = {"env": self.environ, "cwd": self.home, "timeout": within} | more
        return subprocess.run(command, capture_output=True, text=True, **options)

    def processes(self, word: str = "") -> dict[int, str]:
        """Every process of this machine whose command line holds the word, by process id."""
        mark = f"HOME={self.home}".encode()
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if mark not in (folder / "environ").read_bytes().split(b"\0"):
                    continue
                words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace").strip()
                if words and word in words:
                    found[int(folder.name)] = words
        return found

    def close(self) -> None:
        """End everything."""
        self._stack.close()
        for pid in self.processes():
            with suppress(ProcessLookupError):
                os.kill(pid, 9)


def ended(process: subprocess.Popen[bytes]) -> None:
    """See that it ends: asked first, then told."""
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        process.wait(3)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Screen:
    """The display: windows, mouse, keyboard, pictures."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        read, write = os.pipe()
        size = f"{SIZE[0]}x{SIZE[1]}x24"
        command = ("Xvfb", "-displayfd", str(write), "-screen", "0", size, "-nolisten", "tcp", "-noreset")
        self.server = machine.start(*command, pass_fds=(write,))
        os.close(write)
        with os.fdopen(read) as said:
            number = said.readline().strip()
        assert number, "Xvfb did not start"
        machine.environ |= {"DISPLAY": f":{number}", "XDG_SESSION_TYPE": "x11"}
        keys = machine.root / "openbox.xml"
        keys.write_text(Path(OPENBOX).read_text().replace("<keyboard>", f"<keyboard>{MINIMISE}", 1))
        machine.start("openbox", "--sm-disable", "--config-file", str(keys))
        until(lambda: "window id" in self._said("xprop", "-root", "_NET_SUPPORTING_WM_CHECK"), "a window manager")
        # The first key of all makes a keyboard known to the display. openbox then takes its keys anew, and a key that
        # comes meanwhile goes to the window: Alt+F4 does so with any program's.
        self.key("shift")

    # --- hands ---

    def click(self, place: Rect | tuple[int, int], button: int = 1) -> None:
        """Move the mouse there, and click."""
        x, y = place.centre if isinstance(place, Rect) else place
        self._do("xdotool", "mousemove", str(x), str(y), "click", str(button))

    def move(self, x: int, y: int) -> None:
        """Move the mouse."""
        self._do("xdotool", "mousemove", str(x), str(y))

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Press the mouse at one place, go to another in steps as a hand does, and let go."""
        (x, y), (to_x, to_y) = start, end
        self._do("xdotool", "mousemove", str(x), str(y), "mousedown", "1")
        for step in range(1, 11):
            place = (x + (to_x - x) * step // 10, y + (to_y - y) * step // 10)
            self._do("xdotool", "mousemove", "--sync", *map(str, place), "sleep", "0.03")
        self._do("xdotool", "mouseup", "1")

    def type(self, text: str) -> None:
        """Type a text on the keyboard."""
        self._do("xdotool", "type", "--delay", "4", text)

    def key(self, *names: str) -> None:
        """Press keys one after the other, such as ctrl+n."""
        self._do("xdotool", "key", "--delay", "20", *names)

    def manage(self, key: str, effect: Callable[[], Any], what: str) -> None:
        """Press a key of the window manager until it is heard: openbox misses some while a window is new."""
        for attempt in range(5):
            self.key(key)
            try:
                until(effect, what, 3)
            except AssertionError:
                if attempt == 4:
                    raise
            else:
                return

    # --- eyes ---

    def windows(self, name: str = "^BooControl$") -> list[int]:
        """The windows with that title which can be seen."""
        found = self._said("xdotool", "search", "--onlyvisible", "--name", name)
        return [int(line) for line in found.split() if self.managed(int(line))]

    def managed(self, window: int) -> bool:
        """Whether it is a window of the window manager's: no tray icon, no menu."""
        said = self._said("xprop", "-root", "_NET_CLIENT_LIST")
        return window in [int(found, 16) for found in re.findall(r"0x[0-9a-f]+", said)]

    def active(self) -> int:
        """The window that has the keyboard, 0 without one."""
        said = self._said("xprop", "-root", "_NET_ACTIVE_WINDOW")
        found = re.search(r"0x[0-9a-f]+", said)
        return int(found.group(), 16) if found else 0

    def states(self, window: int) -> str:
        """The window manager's words on a window, such as _NET_WM_STATE_HIDDEN."""
        return self._said("xprop", "-id", str(window), "_NET_WM_STATE", "WM_STATE")

    def has(self, name: str) -> bool:
        """Whether there is a window of that name at all, such as a panel."""
        return f'"{name}"' in self._said("xwininfo", "-root", "-tree")

    def inside(self, outer: str) -> list[Rect]:
        """Windows of others that are embedded in the window of that name: the icons of a tray."""
        tree = self._said("xwininfo", "-root", "-tree").splitlines()
        found, depth = [], -1
        for line in tree:
            place = re.search(r"(\d+)x(\d+)\+-?\d+\+-?\d+ +\+(-?\d+)\+(-?\d+)$", line)
            if not place:
                continue
            indent = len(line) - len(line.lstrip())
            if indent <= depth:
                depth = -1
            if depth >= 0 and '"boocontrol"' in line.lower():
                width, height, x, y = map(int, place.groups())
                found.append(Rect(x, y, width, height))
            elif f'"{outer}"' in line.lower() and depth < 0:
                depth = indent
        return found

    def pixels(self, place: Rect) -> bytes:
        """What is seen at a place, as raw bytes."""
        crop = f"{place.width}x{place.height}+{place.x}+{place.y}"
        command = ("import", "-window", "root", "-crop", crop, "rgb:-")
        return subprocess.run(command, env=self.machine.environ, capture_output=True, check=True).stdout

    def shoot(self, name: str) -> None:
        """Keep a picture, where BOOCONTROL_SCREEN_PICTURES names a folder."""
        folder = os.environ.get("BOOCONTROL_SCREEN_PICTURES")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            self._do("import", "-window", "root", str(Path(folder) / f"{name}.png"))

    def _do(self, *command: str) -> None:
        subprocess.run(command, env=self.machine.environ, check=True, capture_output=True, timeout=PATIENCE_S)

    def _said(self, *command: str) -> str:
        ran = subprocess.run(command, env=self.machine.environ, capture_output=True, text=True, timeout=PATIENCE_S)
        return ran.stdout


def missing(programs: Sequence[str]) -> list[str]:
    """Those of the programs that are not installed."""
    return [name for name in programs if not (shutil.which(name) or Path(name).is_file())]
