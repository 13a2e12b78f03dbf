"""Shapes of the logs of hosts: what `GET /api/hosts/{id}/logs` tells, one value for each kind of event."""

from __future__ import annotations

from typing import Final, Literal, get_args

from pydantic import AwareDatetime, Field

from boocontrol.core.values import CamelValue

LineSource = Literal["proxy", "upstream", "model"]
LogSource = Literal["proxy", "upstream", "model", "all"]
SOURCES: Final[tuple[LogSource, ...]] = get_args(LogSource)


class LogText(CamelValue):
    """The event `log`: one or more whole lines of one source, parted by line feeds, without the last one.

    Keys are taken out; of control characters only tabs and colour sequences (ESC [ … m) are left.
    """

    seq: int = Field(description="Grows with each event of a gateway; not without gaps.")
    source: LineSource
    model: str = Field("", description="The wire id of the model whose server wrote it, where that is known.")
    text: str
    time: AwareDatetime | None = Field(None, description="When it was seen; null for what the host had kept before.")


class LogGap(CamelValue):
    """The event `gap`: something is missing at this place. `bytes` is 0 where nobody can tell how much."""

    bytes: int
    why: str = Field(description='What goes on after "N bytes", such as "dropped by the host"; with 0, a sentence.')
    source: LineSource | None = None
    model: str = ""


class LogLive(CamelValue):
    """The event `live`: what was kept is told; from here on lines come as they are written."""


class LogEnd(CamelValue):
    """The event `end`, the last one: nothing more comes, and why."""

    why: str


LogNews = LogText | LogGap | LogLive | LogEnd
