"""One log of one host, followed over one connection for all who read it, and taken up anew when it ends.

After a loss the host tells what it has kept once more; what was read already is found in it and left out.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from typing import Final, Protocol

from boocontrol.core.api import Host
from boocontrol.core.errors import BooError
from boocontrol.core.logs import LineSource, LogGap, LogText
from boocontrol.core.redaction import redact
from boocontrol.gateway.log_session import Frame, LogSession, frame
from boocontrol.hosts.client import HostClient
from boocontrol.hosts.errors import BadAnswer
from boocontrol.hosts.logs import LineCutter, Lines, Lost, Place
from boocontrol.hosts.tasks import cancel, spawn

log = logging.getLogger(__name__)

# A host that has kept something sends it at once, in one go; one that has not sends not even a head.
QUIET_S: Final = 1.0
BURST_S: Final = 0.15
KEPT: Final = 128 * 1024
# What comes within this time goes on together.
TOGETHER_S: Final = 0.02
# As much of what a host writes may wait for the work on it; a host that is not read drops lines without a word.
MOST_UNREAD: Final = 1024 * 1024
PAUSES_S: Final = (0.1, 1.0, 2.0, 5.0)
# A connection that stood so long did not fail when it ends: hosts end it on each reload of their config.
SETTLED_S: Final = 5.0
REMEMBERED: Final = 4096
_ANSWERS: Final = frozenset({"up", "busy", "degraded"})

NO_LOGS: Final = "Servers of kind openai do not show their log."
NO_STREAMS: Final = "This version of llama-swap has no log streams."
NO_MODEL: Final = (
    "This host has no log of the model {model}: it does not know that name, or it tells the log of all models only"
    " (llama-swap tells that of one model from version 178 on)."
)
TOO_MUCH: Final = "dropped: the host writes more than can be passed on"
NEW_LOG: Final = "The host began a new log, or lines are missing here."


class LogHosts(Protocol):
    """The monitor."""

    def client(self, provider_id: str) -> HostClient: ...
    def host(self, provider_id: str) -> Host: ...


class Inbox:
    """Bytes of a host that nobody worked on yet, bounded. `lost` counts the whole lines before them that were left."""

    def __init__(self) -> None:
        self.lost = 0
        self._bytes = bytearray()
        self._over = False
        self._error: BooError | None = None
        self._news = asyncio.Event()

    def put(self, piece: bytes) -> None:
        """This came. Without room, the oldest lines go: half a line could hold half a key."""
        self._bytes += piece
        if len(self._bytes) > MOST_UNREAD:
            end = self._bytes.find(b"\n", len(self._bytes) - MOST_UNREAD) + 1 or len(self._bytes)
            del self._bytes[:end]
            self.lost += end
        self._news.set()

    def end(self, error: BooError | None = None) -> None:
        """No more comes."""
        if not self._over:
            self._over, self._error = True, error
            self._news.set()

    async def get(self, within_s: float | None = None) -> bytes:
        """What came; empty at the end. Raises TimeoutError, and the BooError with which it ended."""
        async with asyncio.timeout(within_s):
            while not self._bytes and not self._over:
                self._news.clear()
                await self._news.wait()
        taken = bytes(self._bytes)
        self._bytes.clear()
        if not taken and self._error is not None:
            raise self._error
        return taken


class LogFeed:
    """Follows a log from the first `join` to the last `leave`. `keys()` are texts that must never leave."""

    def __init__(
        self,
        hosts: LogHosts,
        provider_id: str,
        place: tuple[LineSource, str],
        *,
        keys: Callable[[], list[str]],
        numbers: Iterator[int],
        on_cannot: Callable[[LogFeed], None],
        on_end: Callable[[LogFeed], None],
    ) -> None:
        self.provider_id = provider_id
        self.place = place
        self.settled = False
        self.cannot = ""
        self._hosts = hosts
        self._keys = keys
        self._numbers = numbers
        self._on_cannot = on_cannot
        self._on_end = on_end
        self._sessions: dict[LogSession, bool] = {}  # and whether it wants what the host had kept
        self._ring: deque[Frame] = deque(maxlen=REMEMBERED)
        self._told = ""  # the last trouble
        self._ring_size = 0
        self._cutter, self._read = LineCutter(), Place()
        self._inbox: Inbox | None = None
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def join(self, session: LogSession, *, history: bool) -> None:
        """Tell this reader too, from what is remembered on."""
        self._sessions[session] = history
        for event in self._ring if history else ():
            session.push(event)
        if self._task is None:
            self._task = spawn(self._run(), f"log {self.provider_id} {'/'.join(self.place)}")

    def leave(self, session: LogSession) -> None:
        """Tell it no more. With the last one the connection is closed."""
        del self._sessions[session]
        if not self._sessions:
            if self._task is not None:
                self._task.cancel()
            self._on_end(self)

    @property
    def over(self) -> bool:
        """Whether nothing runs any more."""
        return self._task is None or self._task.done()

    async def stop(self) -> None:
        """End, and wait for that."""
        if self._task is not None:
            await cancel(self._task)

    def noticed(self) -> None:
        """Something was seen of the host: one that is down is not waited for, one that is back is asked at once."""
        self._wake.set()
        if self._inbox is not None and self._trouble():
            self._inbox.end()

    # --- following ---

    async def _run(self) -> None:
        failures = 0
        while not self.cannot:
            if trouble := self._trouble():
                self._tell_trouble(trouble)
                self._settle()
                await self._woken(None)
                continue
            if self._state() not in _ANSWERS:
                await self._woken(None)  # not looked at yet
                continue
            began = time.monotonic()
            try:
                await self._once()
            except BooError as e:
                self._failed(e)
            except Exception:
                # A host may send anything; what nobody thought of must not end the following.
                log.exception("log of %s", self.provider_id)
            self._settle()
            failures = 0 if time.monotonic() - began > SETTLED_S else failures + 1
            if not self.cannot:
                await self._woken(PAUSES_S[min(failures, len(PAUSES_S) - 1)])

    async def _woken(self, within_s: float | None) -> None:
        self._wake.clear()
        try:
            async with asyncio.timeout(within_s):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _once(self) -> None:
        """One connection, from its begin to its end. Raises BooError."""
        stream = self._hosts.client(self.provider_id).logs(self.place[1] or self.place[0])
        if stream is None:
            raise BadAnswer(NO_LOGS, code="not_supported", status=404)
        inbox = self._inbox = Inbox()
        pump = spawn(_pump(stream, inbox), f"log of {self.provider_id}")
        try:
            await self._tell_kept(inbox)
            self._settle()
            while piece := await inbox.get():
                if inbox.lost:
                    self._tell_gap(inbox.lost + self._cutter.drop(), TOO_MUCH)
                    self._read.forget()
                    inbox.lost = 0
                await self._tell(piece)
                await asyncio.sleep(TOGETHER_S)
        finally:
            self._inbox = None
            await cancel(pump)

    async def _tell_kept(self, inbox: Inbox) -> None:
        """What the host had kept, without what is known already."""
        kept = b""
        try:
            while len(kept) < KEPT and (piece := await inbox.get(BURST_S if kept else QUIET_S)):
                kept += piece
        except TimeoutError:
            pass
        if not kept:
            return
        fresh = self._read.after(kept)
        if fresh is None:
            await self._begin_anew()
            fresh = kept
        await self._tell(fresh, kept=True)

    async def _begin_anew(self) -> None:
        """Another log, or so much of the same that nothing in it is known."""
        if self._read.known:
            for item in self._cutter.close():
                self._tell_item(item, kept=False)
            self._tell_gap(0, NEW_LOG)
        self._cutter = LineCutter()
        self._read.forget()

    def _failed(self, error: BooError) -> None:
        if isinstance(error, BadAnswer) and error.status in (400, 404, 405, 501):
            source, model = self.place
            none = NO_MODEL.format(model=model) if source == "model" else NO_STREAMS
            self.cannot = error.title if error.code == "not_supported" else none
            self._on_cannot(self)
        else:
            self._tell_trouble(error.title)

    # --- telling ---

    async def _tell(self, piece: bytes, *, kept: bool = False) -> None:
        self._read.read(piece)
        for item in self._cutter.feed(piece):
            self._tell_item(item, kept=kept)
            await asyncio.sleep(0)

    def _tell_item(self, item: Lines | Lost, *, kept: bool) -> None:
        source, model = self.place
        self._told = ""
        if isinstance(item, Lost):
            self._tell_gap(item.bytes, item.why)
            return
        text = redact(item.text, self._keys())
        seen = None if kept else datetime.now(UTC)
        news = LogText(seq=next(self._numbers), source=source, model=model, text=text, time=seen)
        self._push(frame(news, kept=kept))

    def _tell_trouble(self, why: str) -> None:
        if why != self._told:
            self._told = why
            self._tell_gap(0, why)

    def _tell_gap(self, count: int, why: str) -> None:
        source, model = self.place
        self._push(frame(LogGap(bytes=count, why=why, source=source, model=model)))

    def _push(self, event: Frame) -> None:
        if len(self._ring) == self._ring.maxlen:
            self._ring_size -= self._ring.popleft().size or 0
        self._ring.append(event)
        self._ring_size += event.size or 0
        while self._ring_size > KEPT and len(self._ring) > 1:
            self._ring_size -= self._ring.popleft().size or 0
        for session, wants_kept in list(self._sessions.items()):
            if wants_kept or not event.kept:
                session.push(event)

    def _settle(self) -> None:
        self.settled = True
        for session in list(self._sessions):
            session.look()

    # --- what is known of the host ---

    def _state(self) -> str:
        try:
            return self._hosts.host(self.provider_id).state
        except KeyError:
            return "gone"

    def _trouble(self) -> str:
        """Why the host is not asked now; empty when it is, or when nobody looked at it yet."""
        state = self._state()
        if state in ("paused", "gone"):
            return "This host is paused." if state == "paused" else "This host is no longer in the list."
        if state in ("down", "needs_key"):
            reason = self._hosts.host(self.provider_id).reason or ""
            word = "The host is down." if state == "down" else "The host needs a key."
            return f"{word} {reason}".strip()
        return ""


async def _pump(stream: AbstractAsyncContextManager[AsyncIterator[bytes]], inbox: Inbox) -> None:
    try:
        async with stream as pieces:
            async for piece in pieces:
                inbox.put(piece)
    except BooError as e:
        inbox.end(e)
    finally:
        inbox.end()
