"""The program itself, started as a person starts it, and what its command line and its gateway tell."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx

from tests.screen.accessible import Reader, Thing
from tests.screen.screen import Machine, Rect, Screen, until

PROGRAM = str(Path(sys.executable).with_name("boocontrol"))


class Program:
    """One run of `boocontrol` with its window."""

    def __init__(self, machine: Machine, screen: Screen, reader: Reader, *options: str) -> None:
        self.machine = machine
        self.screen = screen
        self.reader = reader
        # Each run has a log of its own: what it says on standard error is judged at its end.
        number = len(list(machine.root.glob("boocontrol-*.err")))
        self._log = f"boocontrol-{number}"
        self.process = machine.start(PROGRAM, *options, log=self._log)

    @property
    def pid(self) -> int:
        return self.process.pid

    # --- what it shows ---

    @property
    def window(self) -> int:
        """The window, 0 while none is seen."""
        return next(iter(self.screen.windows()), 0)

    def opened(self) -> Program:
        """Wait for the window, and for the keyboard to be in it."""
        until(lambda: self._lives() and self.window and self.screen.active() == self.window, "the window in front")
        return self

    def wait(self, name: str, role: str = "", **more: Any) -> Thing:
        """A thing that the window shows, by the name that assistive technology reads."""
        return self.reader.wait(self.pid, name, role, **more)

    def shows(self, words: str, within: float = 15) -> None:
        """Wait until these words stand somewhere in the window."""
        until(lambda: words in self.words(), f"{words!r} in the window", within)

    def words(self) -> str:
        """Every text that is shown."""
        return self.reader.words(self.pid)

    def _lives(self) -> bool:
        assert self.process.poll() is None, f"it ended with {self.process.returncode}: {self.said()}"
        return True

    # --- hands ---

    def click(self, name: str, role: str = "", **more: Any) -> None:
        """Click on a thing, once it stands still: a page that was just opened is laid out twice."""
        seen: list[Rect] = []

        def still() -> bool:
            seen.append(self.reader.place(self.wait(name, role, **more)))
            return seen[-1:] == seen[-2:-1]

        until(still, f"{name!r} at one place")
        self.screen.click(seen[-1])

    def fill(self, name: str, text: str) -> None:
        """Click into a field, and type in place of what is there."""
        self.click(name, "text")
        until(lambda: self.wait(name, "text").focused, f"the keyboard in {name}", 5)
        self.screen.key("ctrl+a")
        self.screen.type(text)

    def close(self) -> None:
        """Close the window as the window manager does, and see it go."""
        self.screen.manage("alt+F4", lambda: not self.window, "no window")

    def quit(self, within: float = 15) -> str:
        """Ctrl+Q. The result is what it said on standard error in its whole life; it must have ended with 0."""
        self.screen.key("ctrl+q")
        return self.ended(within)

    def ended(self, within: float = 15) -> str:
        """Wait for its end, which must be a good one. The result is what it said on standard error."""
        code = self.process.wait(within)
        said = self.said()
        assert code == 0, (code, said)
        return said

    def said(self) -> str:
        """Its standard error until now."""
        return (self.machine.root / f"{self._log}.err").read_text()


class Gateway:
    """The gateway of this machine, found as other programs find it."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._http = httpx.Client(timeout=20, trust_env=False)

    def close(self) -> None:
        self._http.close()

    def found(self, but: int = 0) -> dict[str, Any]:
        """What its runtime file says, once there is one whose process lives (and is another than `but`)."""

        def look() -> dict[str, Any] | None:
            folder = Path(self._machine.environ["XDG_RUNTIME_DIR"]) / "boocontrol"
            for file in folder.glob("gateway-*.json"):
                said: dict[str, Any] = json.loads(file.read_text() or "{}")
                if said.get("pid") in self._machine.processes("gateway") and said["pid"] != but:
                    return said
            return None

        return until(look, "a gateway")

    @property
    def pid(self) -> int:
        return int(self.found()["pid"])

    @property
    def url(self) -> str:
        return str(self.found()["url"])

    def get(self, path: str) -> Any:
        """A document of the control API."""
        said = self.found()
        key = Path(said["keyFile"]).read_text().strip()
        answer = self._http.get(said["url"].rstrip("/") + path, headers={"Authorization": f"Bearer {key}"})
        answer.raise_for_status()
        return answer.json()

    def host(self, name: str) -> dict[str, Any]:
        """A host as the gateway sees it; empty while it knows none of that name."""
        return next((h for h in self.get("/api/hosts")["hosts"] if h["id"] == name), {})

    def chat(self, model: str) -> httpx.Response:
        """One question, as curl would ask it."""
        body = {"model": model, "messages": [{"role": "user", "content": "hello"}]}
        return self._http.post(f"{self.url.rstrip('/')}/v1/chat/completions", json=body)


def command(machine: Machine, *words: str) -> Any:
    """What the command line answers with --json."""
    ran = machine.call(PROGRAM, *words, "--json")
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def gateway_of_its_own(machine: Machine) -> subprocess.Popen[bytes]:
    """A gateway that something else starts, such as systemd."""
    return machine.start(PROGRAM, "gateway", log="gateway")
