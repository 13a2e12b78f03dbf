"""A computer put together for one test, and the hosts that it watches."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

import httpx

from boocontrol.demo.config import HostConfig
from boocontrol.demo.fleet import Fleet
from tests.screen.accessible import Reader
from tests.screen.bus import Bus
from tests.screen.program import Gateway, Program
from tests.screen.screen import Machine, Rect, Screen, until
from tests.screen.watcher import Watcher

Area = Literal["xembed", "notifier", ""]
Keyring = Literal["unlocked", "locked", ""]


class Desk:
    """The computer: `machine` its processes, `screen` hands and eyes, and whatever else was asked for."""

    def __init__(
        self, root: Path, stack: ExitStack, *, area: Area = "", keyring: Keyring = "", notifications: bool = False
    ) -> None:
        self.machine = Machine(root)
        stack.callback(self.machine.close)
        # Any free port. Of the questions that the reader asks, some are about things that have just gone.
        quiet = "qt.accessibility.atspi.warning=false"
        self.machine.environ |= {"BOOCONTROL_PORT": "0", "PYTHONWARNINGS": "default", "QT_LOGGING_RULES": quiet}
        self.screen = Screen(self.machine)
        self.bus = stack.enter_context(closing(Bus(self.machine)))
        self.reader = stack.enter_context(closing(Reader(self.machine, self.bus)))
        self.gateway = stack.enter_context(closing(Gateway(self.machine)))
        if keyring:
            self.bus.start_keyring(unlocked=keyring == "unlocked")
        if area == "xembed":
            self.start_tray()
        self.watcher = stack.enter_context(closing(Watcher(self.bus))) if area == "notifier" else None
        self.told = stack.enter_context(closing(self.bus.start_notifications())) if notifications else None

    @property
    def registry(self) -> Path:
        """The user's llama-providers.json."""
        return Path(self.machine.environ["XDG_CONFIG_HOME"]) / "boocontrol" / "llama-providers.json"

    def write_registry(self, *providers: dict[str, Any]) -> None:
        """The file as a person has it after the first run."""
        self.registry.parent.mkdir(parents=True, exist_ok=True)
        self.registry.write_text(json.dumps({"providers": providers}))

    def start(self, *options: str) -> Program:
        """Start the program."""
        return Program(self.machine, self.screen, self.reader, *options)

    def start_tray(self) -> Any:
        """An icon area of the old kind, in the lower right corner."""
        size = ("--edge", "bottom", "--align", "right", "--widthtype", "request", "--height", "32")
        process = self.machine.start("trayer", *size, "--SetDockType", "true")
        until(lambda: self.screen.has("panel"), "an icon area")
        return process

    def icon(self) -> Rect:
        """Where our icon is in the icon area of the old kind."""
        return until(lambda: self.screen.inside("panel"), "an icon in the icon area")[0]


class Hosts:
    """Simulated hosts on an event loop of their own, in a thread."""

    def __init__(self, configs: Sequence[HostConfig]) -> None:
        self._fleet = Fleet(configs)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._fleet.__aenter__(), self._loop).result(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._fleet.__aexit__(kind, error, traceback), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def url(self, name: str) -> str:
        """Where a host listens."""
        return self._fleet.hosts[name].url

    def entry(self, name: str, **more: Any) -> dict[str, Any]:
        """A host's entry in the registry."""
        return {"id": name, "baseUrl": self.url(name), **more}

    def fault(self, name: str, fault: str) -> None:
        """Make something go wrong on a host, as a person does: at its fault port. "none" ends it."""
        url = f"{self._fleet.hosts[name].fault_url}/__demo__/fault"
        httpx.post(url, json={"fault": fault}, trust_env=False).raise_for_status()

    def _run(self) -> None:
        self._loop.run_forever()
        self._loop.close()
