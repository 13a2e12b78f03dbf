"""`boocontrol logs`: what hosts and their models write, several hosts merged."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, aclosing, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from boocontrol.cli.connect import on_gateway
from boocontrol.cli.output import note, one_line, safe
from boocontrol.cli.verb import usage, verb

if TYPE_CHECKING:
    from boocontrol.client import GatewayClient
    from boocontrol.core.logs import LogNews

_COLOUR: Final = re.compile(r"(\x1b\[[0-9:;]{0,64}m)")
# No line is searched further: the rest of a very long one is rarely meant.
_SEARCHED: Final = 4096
_WIDE: Final = 14
_WAITING: Final = 64


@verb
def logs(
    ctx: typer.Context,
    hosts: Annotated[list[str] | None, typer.Argument(metavar="[HOST]...", help="Default: all of them.")] = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with what is written from now on.")] = False,
    source: Annotated[
        str | None, typer.Option(metavar="WORD", help="proxy, upstream (all models), or all (the default).")
    ] = None,
    model: Annotated[str | None, typer.Option(metavar="ID", help="Only this model, by its id on the host.")] = None,
    grep: Annotated[str | None, typer.Option(metavar="REGEX", help="Only lines in which this is found.")] = None,
    lines: Annotated[int, typer.Option("--lines", "-n", min=0, help="How many kept lines of each host.")] = 100,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object for each line.")] = False,
) -> None:  # fmt: skip
    """Show the last lines of hosts' logs; keys in them are taken out by the gateway."""
    if source not in (None, "proxy", "upstream", "all", "model") or (source is not None and model):
        raise usage("The source cannot be used.", "It is proxy, upstream or all; --model ID takes one model's.")
    if source == "model":
        raise usage("No model is named.", "Name it by its id on the host: --model ID.")
    asked = Asked("model" if model else source or "all", model or "", follow, lines)
    told = Teller(_pattern(grep), as_json=as_json, with_source=asked.source == "all")
    try:
        on_gateway(ctx, lambda gateway: _show(gateway, tuple(hosts or ()), asked, told))
    except KeyboardInterrupt:
        return
    except BrokenPipeError:
        _forget_stdout()
        return
    told.check(follow=follow)


@dataclass(frozen=True)
class Asked:
    """What of the logs is wanted."""

    source: Any
    model: str
    follow: bool
    lines: int


@dataclass
class Teller:
    """Writes lines that match, and notes what is missing."""

    pattern: re.Pattern[str] | None
    as_json: bool
    with_source: bool
    width: int = 0
    heard: int = 0
    trouble: str = ""
    cannot: str = ""
    _colours: bool = field(default_factory=lambda: sys.stdout.isatty() and not os.environ.get("NO_COLOR"))

    def lines(self, host: str, news: LogNews) -> list[str]:
        """What to write for this event."""
        from boocontrol.core.logs import LogEnd, LogGap, LogText

        if isinstance(news, LogText):
            self.heard += 1
            texts = [text for text in news.text.split("\n") if self._matches(text)]
            return [self._line(host, news, text) for text in texts]
        if isinstance(news, LogGap):
            self.trouble = self.trouble if news.bytes else f"{host}: {news.why}"
            if self.as_json:
                return [json.dumps({"host": host, "bytes": news.bytes, "why": news.why})]
            missing = f"{news.bytes} bytes " if news.bytes else ""
            note(f"{host}: {missing}{news.why}")
        elif isinstance(news, LogEnd):
            self.cannot = f"{host}: {news.why}"
        return []

    def write(self, lines: list[str]) -> None:
        """Write them now."""
        if lines:
            typer.echo("\n".join(lines))

    def check(self, *, follow: bool) -> None:
        """Raises BooError when there was nothing to read."""
        from boocontrol.core.errors import BooError

        if self.heard:
            return
        if self.trouble and not follow:
            raise BooError(self.trouble, code="provider_offline")
        if self.cannot:
            raise BooError(self.cannot, code="not_supported")

    def _matches(self, text: str) -> bool:
        return self.pattern is None or self.pattern.search(_COLOUR.sub("", text)[:_SEARCHED]) is not None

    def _line(self, host: str, news: Any, text: str) -> str:
        if self.as_json:
            told = {"host": host, "source": news.source, "model": news.model, "text": _COLOUR.sub("", text)}
            return json.dumps({**told, "time": news.time.isoformat() if news.time else None})
        parts = [f"{one_line(host):<{self.width}}"] if self.width else []
        if self.with_source:
            parts.append(f"{one_line(news.model or news.source)[:_WIDE]:<{_WIDE}}")
        return "  ".join([*parts, self._text(text)])

    def _text(self, text: str) -> str:
        if "\x1b" not in text:
            return safe(text)
        if not self._colours:
            return safe(_COLOUR.sub("", text))
        parts = _COLOUR.split(text)
        return "".join(part if at % 2 else safe(part) for at, part in enumerate(parts)) + "\x1b[0m"


async def _show(gateway: GatewayClient, hosts: tuple[str, ...], asked: Asked, told: Teller) -> None:
    names = tuple(dict.fromkeys(hosts)) or tuple(h.id for h in await gateway.hosts() if h.kind == "llama-swap")
    if not names:
        raise usage("There is no llama-swap host.", "Add one: boocontrol providers add URL.")
    told.width = max(map(len, names)) if len(names) > 1 else 0
    async with AsyncExitStack() as stack:
        streams = []
        for name in names:
            stream = gateway.logs(name, asked.source, asked.model, history=asked.lines > 0, follow=asked.follow)
            streams.append((name, await stack.enter_async_context(aclosing(stream))))
        for kept in await asyncio.gather(*(_kept(name, stream, asked.lines, told) for name, stream in streams)):
            told.write(kept)
        if asked.follow:
            await _merge(streams, told)
            told.heard = 0  # what ends by itself, all of it, has a reason to tell


async def _kept(host: str, stream: AsyncGenerator[LogNews, None], most: int, told: Teller) -> list[str]:
    """The last lines of what the host had kept."""
    from boocontrol.core.logs import LogLive

    lines: deque[str] = deque(maxlen=most)
    async for news in stream:
        if isinstance(news, LogLive):
            break
        lines.extend(told.lines(host, news))
    return list(lines)


async def _merge(streams: list[tuple[str, AsyncGenerator[LogNews, None]]], told: Teller) -> None:
    """Each line as it comes, whichever host wrote it, until all have ended."""
    waiting: asyncio.Queue[list[str] | None] = asyncio.Queue(maxsize=_WAITING)

    async def read(host: str, stream: AsyncGenerator[LogNews, None]) -> None:
        async for news in stream:
            await waiting.put(told.lines(host, news))

    async def write() -> None:
        while (lines := await waiting.get()) is not None:
            told.write(lines)

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(write())
            await _all(group, [read(host, stream) for host, stream in streams])
            await waiting.put(None)
    except BaseExceptionGroup as several:
        raise several.exceptions[0] from None


async def _all(group: asyncio.TaskGroup, readers: list[Any]) -> None:
    await asyncio.wait([group.create_task(reader) for reader in readers])


def _pattern(text: str | None) -> re.Pattern[str] | None:
    if text is None:
        return None
    try:
        return re.compile(text)
    except re.error as e:
        raise usage(f"The expression cannot be used: {e}.", "Write \\ before a sign that is meant as such.") from None


def _forget_stdout() -> None:
    """Who read it has left (`| head`). Python would complain at its end when it cannot flush."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
