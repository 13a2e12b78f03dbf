"""The shape of the activity over time: figures of a window and of each piece of it. Figures only."""

from __future__ import annotations

from pydantic import AwareDatetime, Field

from boocontrol.core.activity import Quantiles
from boocontrol.core.values import CamelValue


class SeriesPoint(CamelValue):
    """A piece of the window: what the requests that came in it did. Quantiles are null when none told the figure."""

    at: AwareDatetime = Field(description="When the piece begins.")
    requests: int
    failed: int = Field(description="Those that ended neither well nor because their client or a person ended them.")
    ttft_ms: Quantiles | None = None
    output_tokens_per_second: Quantiles | None = None


class ActivitySeries(CamelValue):
    """GET /api/activity/series: ended requests of a window, all together and in pieces of the same length.

    Of a window with very many requests only the newest are looked at: `cut` is true then, and all figures are of the
    time from `counted_since` on.
    """

    since: AwareDatetime
    until: AwareDatetime
    step_s: float = Field(description="How long a piece is, in seconds.")
    cut: bool = False
    counted_since: AwareDatetime
    requests: int
    failed: int
    prompt_tokens: int = 0
    output_tokens: int = 0
    ttft_ms: Quantiles | None = None
    output_tokens_per_second: Quantiles | None = None
    points: tuple[SeriesPoint, ...] = Field(description="In order of time; pieces without a request are left out.")
