"""Waiting for a load by the gateway's events: progress for people, and a polite end on Ctrl-C."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from boocontrol.cli.output import note, one_line
from boocontrol.cli.words import duration

if TYPE_CHECKING:
    from rich.status import Status

    from boocontrol.client import GatewayClient
    from boocontrol.core.api import Host, LoadProgress

CANCEL_S = 15.0
TICK_S = 1.0


class Progress:
    """Says how a load stands: one line that changes on a terminal, a line for each change elsewhere."""

    def __init__(self, usual_s: float | None, *, quiet: bool) -> None:
        self._usual_s = usual_s
        self._quiet = quiet
        self._said = ""
        self._status: Status | None = None

    def show(self, host: Host | None, load: LoadProgress) -> None:
        """The load as it stands now."""
        if self._quiet:
            return
        words = self._words(host, load)
        if sys.stderr.isatty():
            from rich.text import Text

            # A Text: rich takes brackets in a plain one for markup, whatever the console says.
            text = Text(f"{words}  {self._time(load)}".rstrip())
            if self._status is None:
                from rich.console import Console

                self._status = Console(stderr=True, markup=False, emoji=False).status(text)
                self._status.start()
            self._status.update(text)
        elif words != self._said:
            self._said = words
            usual = f" (usually {duration(self._usual_s)})" if self._usual_s and load.state == "loading" else ""
            note(words + usual)

    def end(self) -> None:
        """Take the line away."""
        if self._status is not None:
            self._status.stop()

    def _words(self, host: Host | None, load: LoadProgress) -> str:
        if load.state == "queued":
            ahead = next((i for i, q in enumerate(host.queue) if q.ref == load.ref), 0) + 1 if host else 1
            return one_line(f"{load.ref} waits: {ahead} {'load comes' if ahead == 1 else 'loads come'} first.")
        state = next((m.state for m in host.loaded if m.ref == load.ref), "asked") if host else "asked"
        return one_line(f"{load.ref}: {state}. {load.reason}")

    def _time(self, load: LoadProgress) -> str:
        since = load.began_at or load.asked_at
        elapsed = duration((datetime.now(UTC) - since).total_seconds())
        return f"{elapsed}, usually {duration(self._usual_s)}" if self._usual_s else elapsed


async def load_and_wait(gateway: GatewayClient, ref: str, *, quiet: bool) -> LoadProgress:
    """Load a model; returns when it is there. Raises BooError when it failed or was cancelled, by whomever."""
    from boocontrol.core.errors import BooError

    usual = None
    with suppress(BooError):  # only for the words
        usual = (await gateway.preview(ref)).usual_load_s
    (asked,) = (await gateway.load(ref)).asked
    progress = Progress(usual, quiet=quiet)
    try:
        host, load = await _ended(gateway, asked, progress)
    except (asyncio.CancelledError, KeyboardInterrupt):
        await _cancel(gateway, asked)
        raise
    finally:
        progress.end()
    if load.state != "loaded":
        raise _error(host, load)
    return load


async def _ended(gateway: GatewayClient, ref: str, progress: Progress) -> tuple[Host, LoadProgress]:
    async with aclosing(hosts(gateway, ref.partition("/")[0])) as stream:
        async for host in stream:
            load = next((load for load in reversed(host.loads) if load.ref == ref), None)
            if load is None:
                continue
            if load.ended_at is not None:
                return host, load
            progress.show(host, load)
    raise AssertionError("the stream of events has no end")


async def hosts(gateway: GatewayClient, provider: str) -> AsyncGenerator[Host, None]:
    """One host as it changes, and again each second meanwhile: what is shown of it grows older."""
    host: Host | None = None
    async with aclosing(gateway.events()) as stream:
        coming = asyncio.ensure_future(anext(stream))
        try:
            while True:
                done, _ = await asyncio.wait({coming}, timeout=TICK_S)
                if done:
                    event = coming.result()
                    coming = asyncio.ensure_future(anext(stream))
                    if event.kind == "snapshot":
                        host = next((h for h in event.data.hosts if h.id == provider), host)
                    elif event.kind == "host" and event.data.id == provider:
                        host = event.data
                    else:
                        continue
                if host is not None:
                    yield host
        finally:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)


async def _cancel(gateway: GatewayClient, ref: str) -> None:
    from boocontrol.core.errors import BooError

    note(f"Cancelling the load of {one_line(ref)}.")
    try:
        async with asyncio.timeout(CANCEL_S):
            await gateway.cancel_load(ref)
    except (BooError, TimeoutError) as e:
        note(f"It was not cancelled: {e}" if str(e) else "It was not cancelled in time.")


def _error(host: Host, load: LoadProgress) -> Exception:
    from boocontrol.client.errors import ApiError, HostDown

    if load.state == "cancelled":
        return ApiError(f"The load of {load.ref} ended early.", load.reason, code="load_cancelled")
    kind = HostDown if host.state == "down" else ApiError
    title = f"{load.ref} was not loaded: {load.reason}"
    return kind(title, f"Its log tells more: boocontrol logs {host.id}", code="load_failed")
