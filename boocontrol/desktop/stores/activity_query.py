"""Which requests to show: the filters of the Activity page as one value. Knows no widget."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from boocontrol.core.activity import RUNNING, ActivityRow

HOUR: Final = 3600
DAY: Final = 24 * HOUR
SPANS: Final[tuple[int | None, ...]] = (HOUR, DAY, 7 * DAY, 30 * DAY, None)
"""Lengths of time to look back, in seconds; None is all that is kept."""
OUTCOMES: Final = ("", "ok", "failed", "cut", "refused", "client_left", "cancelled")
ENDED_WELL: Final = frozenset({"ok", "client_left", "cancelled", RUNNING})
"""What is no failure, as the gateway's outcome `failed` has it."""

Params = dict[str, str | int]


@dataclass(frozen=True, slots=True)
class ActivityQuery:
    """Empty fields ask for nothing. Every word of `text` must stand in the model, the provider, or who asked."""

    text: str = ""
    provider: str = ""
    ref: str = ""
    outcome: str = ""
    client: str = ""
    agent: str = ""
    via: str = ""
    span_s: int | None = DAY

    @property
    def narrowed(self) -> bool:
        """Whether anything besides the time is asked for."""
        return replace(self, span_s=None, text=self.text.strip()) != ActivityQuery(span_s=None)

    def since(self, now: float) -> datetime | None:
        """From when on; `now` in seconds of the epoch."""
        return None if self.span_s is None else datetime.fromtimestamp(now - self.span_s, UTC)

    def params(self, now: float) -> Params:
        """The same as parameters of GET /api/activity."""
        since = self.since(now)
        given: dict[str, str] = {
            "text": " ".join(self.text.split()),
            "provider": self.provider,
            "ref": self.ref,
            "outcome": self.outcome,
            "client": self.client,
            "agent": self.agent,
            "via": self.via,
            "since": "" if since is None else since.isoformat(),
        }
        return {name: value for name, value in given.items() if value}

    def takes(self, row: ActivityRow) -> bool:
        """The gateway's rule for a row that it told by itself. A row that has just ended is never too old."""
        return (
            (not self.provider or row.provider == self.provider)
            and (not self.ref or self.ref in (row.ref, row.requested))
            and (not self.outcome or self._ended_so(row.outcome))
            and self.client.lower() in row.client.lower()
            and (not self.agent or row.agent == self.agent)
            and (not self.via or row.via == self.via)
            and self._holds_words(row)
        )

    def _ended_so(self, outcome: str) -> bool:
        return outcome not in ENDED_WELL if self.outcome == "failed" else outcome == self.outcome

    def _holds_words(self, row: ActivityRow) -> bool:
        fields = [field.lower() for field in (row.ref, row.requested, row.provider, row.client, row.agent)]
        return all(any(word in field for field in fields) for word in self.text.lower().split())
