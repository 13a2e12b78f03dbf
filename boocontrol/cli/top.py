"""`boocontrol top`: the fleet in the terminal, as it changes."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing, asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from boocontrol.cli.connect import on_gateway
from boocontrol.cli.output import console
from boocontrol.cli.verb import verb

if TYPE_CHECKING:
    from boocontrol.cli.top_frame import Fleet
    from boocontrol.client import GatewayClient

TICK_S = 1.0
AGAIN_S = 2.0
_QUIT = ("q", "Q", "\x03", "\x1b")


@verb
def top(
    ctx: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="Print one frame and end.")] = False,
) -> None:
    """Watch the fleet: hosts, models, GPUs, requests. q ends it. Without a terminal one frame is printed."""
    if once or not (sys.stdout.isatty() and sys.stdin.isatty()):
        on_gateway(ctx, _once)
    else:
        on_gateway(ctx, watch)


async def _once(gateway: GatewayClient) -> None:
    from boocontrol.cli.top_frame import frame

    console().print(frame(await read(gateway)))


async def read(gateway: GatewayClient) -> Fleet:
    """The fleet as it is now."""
    from boocontrol.cli.top_frame import Fleet

    fleet = Fleet()
    fleet.take(await gateway.status(), await gateway.hosts())
    fleet.rows((await gateway.activity(limit=50)).data)
    return fleet


async def watch(gateway: GatewayClient) -> None:
    """Draw a frame at each change and each second, until q."""
    from rich.live import Live

    from boocontrol.cli.top_frame import frame

    fleet = await read(gateway)
    changed, ended = asyncio.Event(), asyncio.Event()
    with Live(frame(fleet), console=console(), screen=True, auto_refresh=False, vertical_overflow="crop") as live:
        with keys(lambda key: ended.set() if key in _QUIT else None):
            async with _following(gateway, fleet, changed):
                while not ended.is_set():
                    await _either(changed, ended)
                    changed.clear()
                    live.update(frame(fleet), refresh=True)


@asynccontextmanager
async def _following(gateway: GatewayClient, fleet: Fleet, changed: asyncio.Event) -> AsyncIterator[None]:
    task = asyncio.ensure_future(follow(gateway, fleet, changed))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def follow(gateway: GatewayClient, fleet: Fleet, changed: asyncio.Event) -> None:
    """Keep the fleet up by the gateway's events, for ever; a gateway that is gone is waited for."""
    from boocontrol.core.errors import BooError

    last: str | None = None
    while True:
        try:
            async with aclosing(gateway.events(last)) as stream:
                async for event in stream:
                    last, fleet.lost = event.id or last, ""
                    _take(fleet, event.kind, event.data)
                    changed.set()
        except BooError as e:
            fleet.lost = f"No news: {e}"
            changed.set()
            await asyncio.sleep(AGAIN_S)


def _take(fleet: Fleet, kind: str, data: Any) -> None:
    if kind == "snapshot":
        fleet.take(data.status, data.hosts)
    elif kind == "host":
        fleet.hosts[data.id] = data
    elif kind == "activity":
        fleet.news(data)


async def _either(changed: asyncio.Event, ended: asyncio.Event) -> None:
    """Wait for a change or the end, at most one tick: ages grow."""
    waiting = [asyncio.ensure_future(changed.wait()), asyncio.ensure_future(ended.wait())]
    await asyncio.wait(waiting, timeout=TICK_S, return_when=asyncio.FIRST_COMPLETED)
    for one in waiting:
        one.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)


@contextmanager
def keys(pressed: Callable[[str], None]) -> Iterator[None]:
    """Call `pressed` with each key; where terminals are of another kind only Ctrl-C ends the view."""
    try:
        import termios
        import tty
    except ImportError:
        yield
        return
    number, loop = sys.stdin.fileno(), asyncio.get_running_loop()
    before = termios.tcgetattr(number)
    tty.setcbreak(number)
    loop.add_reader(number, lambda: pressed(sys.stdin.read(1)))
    try:
        yield
    finally:
        loop.remove_reader(number)
        termios.tcsetattr(number, termios.TCSADRAIN, before)
