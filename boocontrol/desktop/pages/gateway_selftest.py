"""The gateway's self-test: one tiny prompt through a chosen model, stage by stage. No widgets here."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, Protocol

from PySide6.QtCore import QObject, Signal

from boocontrol.client import ChatEnd, ChatText
from boocontrol.core.api import Status
from boocontrol.core.catalog import Catalog
from boocontrol.core.errors import BooError
from boocontrol.desktop.sentences import told
from boocontrol.desktop.text import digits
from boocontrol.desktop.text import tr as _tr

State = Literal["waiting", "running", "ok", "failed", "stopped"]
Name = Literal["reach", "list", "send", "first", "whole"]

NAMES: Final[tuple[Name, ...]] = ("reach", "list", "send", "first", "whole")
PROMPT: Final = "Answer with the single word Boo."
MOST_TOKENS: Final = 32


class TestedClient(Protocol):
    """What of the gateway's client a self-test uses."""

    async def status(self) -> Status: ...

    async def models(self) -> Catalog: ...

    def chat_stream(
        self, ref: str, messages: Sequence[Mapping[str, Any]], **options: Any
    ) -> AsyncGenerator[ChatText | ChatEnd, None]: ...


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: how it went, what was seen, and how long it took."""

    name: Name
    state: State = "waiting"
    detail: str = ""
    advice: str = ""
    ms: float | None = None


class SelfTest(QObject):
    """Stages of the last run. `run` is a coroutine; cancelling it marks what did not happen as stopped."""

    changed = Signal()

    def __init__(self, clock: Callable[[], float] = time.perf_counter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self.stages: tuple[Stage, ...] = tuple(Stage(name) for name in NAMES)
        self.running = False
        self._began = 0.0

    @property
    def passed(self) -> int:
        """How many stages went well."""
        return sum(stage.state == "ok" for stage in self.stages)

    async def run(self, client: TestedClient, ref: str) -> None:
        """All stages; an error ends the run and stands in its stage. Never raises but CancelledError."""
        self.stages = tuple(Stage(name) for name in NAMES)
        self.running = True
        try:
            await self._go(client, ref)
        except BooError as e:
            self._end("failed", told(e.title), told(e.advice))
        finally:
            self.running = False
            self._end("stopped", _tr("Stopped by you."))
            self.changed.emit()

    async def _go(self, client: TestedClient, ref: str) -> None:
        self._begin("reach")
        status = await client.status()
        self._ok(_tr("version %1").replace("%1", status.version))
        self._begin("list")
        catalog = await client.models()
        count = sum(len(p.models) for p in catalog.providers)
        self._ok(_tr("1 model") if count == 1 else _tr("%1 models").replace("%1", digits(count)))
        self._begin("send")
        await self._chat(client, ref)

    async def _chat(self, client: TestedClient, ref: str) -> None:
        """Send, first token and whole answer share one clock: both times count from the sending."""
        sent = self._began
        messages = [{"role": "user", "content": PROMPT}]
        async with aclosing(client.chat_stream(ref, messages, max_tokens=MOST_TOKENS)) as pieces:
            async for piece in pieces:
                if isinstance(piece, ChatText) and self._state("first") == "waiting":
                    self._ok(_tr("accepted"))
                    self._begin("first", since=sent)
                    self._ok(_tr("thinking") if piece.thinking else "")
                    self._begin("whole", since=sent)
                elif isinstance(piece, ChatEnd):
                    self._whole(piece, sent)

    def _whole(self, end: ChatEnd, sent: float) -> None:
        if self._state("first") == "waiting":
            self._ok(_tr("accepted"))
            self._begin("first", since=sent)
            self._end("failed", _tr("The answer was empty."), _tr("Look at the host's log."))
            return
        speed = end.timings.get("predicted_per_second")
        figure = _tr("%1 tok/s").replace("%1", digits(speed)) if isinstance(speed, (int, float)) else ""
        tokens = end.usage.get("completion_tokens")
        count = _tr("%1 tokens").replace("%1", str(tokens)) if isinstance(tokens, int) else ""
        self._ok(", ".join(part for part in (count, figure) if part))

    def _state(self, name: Name) -> State:
        return self.stages[NAMES.index(name)].state

    def _begin(self, name: Name, since: float | None = None) -> None:
        self._began = self._clock() if since is None else since
        self._put(name, state="running")

    def _ok(self, detail: str) -> None:
        running = next(stage for stage in self.stages if stage.state == "running")
        self._put(running.name, state="ok", detail=detail, ms=(self._clock() - self._began) * 1000)

    def _end(self, state: State, detail: str, advice: str = "") -> None:
        running = next((stage for stage in self.stages if stage.state == "running"), None)
        if running is not None:
            self._put(running.name, state=state, detail=detail, advice=advice)

    def _put(self, name: Name, **changes: Any) -> None:
        self.stages = tuple(replace(s, **changes) if s.name == name else s for s in self.stages)
        self.changed.emit()


def title(name: Name) -> str:
    """What a stage is called."""
    return {
        "reach": _tr("Reach the gateway"),
        "list": _tr("List models"),
        "send": _tr("Send a prompt"),
        "first": _tr("First token"),
        "whole": _tr("Whole answer"),
    }[name]
