"""States, ages and sizes in words. State is shape and word and colour, never colour alone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from boocontrol.cli.output import one_line

if TYPE_CHECKING:
    from rich.text import Text

    from boocontrol.core.activity import ActivityRow

_HOST = {
    "up": ("●", "green"),
    "busy": ("◆", "cyan"),
    "degraded": ("▲", "yellow"),
    "needs_key": ("!", "yellow"),
    "down": ("✗", "red"),
    "checking": ("…", "dim"),
    "paused": ("‖", "dim"),
}
_MODEL = {"ready": "green", "starting": "cyan", "stopping": "yellow", "shutdown": "yellow"}


def host_state(state: str) -> Text:
    """A host's state: `● up`."""
    from rich.text import Text

    shape, style = _HOST.get(state, ("?", ""))
    return Text(f"{shape} {one_line(state).replace('_', ' ')}", style=style)


def model_state(state: str) -> Text:
    """A model's state in llama-swap's own words."""
    from rich.text import Text

    return Text(state, style=_MODEL.get(state, "dim"))


def age(then: datetime | None, now: datetime | None = None) -> str:
    """How old a piece of news is: `12 s`, `3 min`, `2 h`, `5 d`; empty when there is none."""
    if then is None:
        return ""
    return duration(((now or datetime.now(UTC)) - then).total_seconds())


def duration(seconds: float) -> str:
    """Seconds in the largest unit that fits."""
    seconds = max(0.0, seconds)
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{int(seconds // size)} {unit}"
    return f"{int(seconds)} s"


def outcome(row: ActivityRow) -> str:
    """How a request ended, and by whom when somebody cut or cancelled it."""
    return one_line(f"{row.outcome} by {row.ended_by}" if row.ended_by else row.outcome)


def tokens(count: int | None) -> str:
    """A context length: `32k`, `1M`, empty when unknown."""
    if count is None:
        return ""
    if count >= 1 << 20 and count % (1 << 20) == 0:
        return f"{count >> 20}M"
    return f"{count >> 10}k" if count >= 1024 and count % 1024 == 0 else str(count)


def plural(count: int, one: str, many: str | None = None) -> str:
    """`1 model`, `3 models`."""
    return f"{count} {one if count == 1 else many or one + 's'}"
