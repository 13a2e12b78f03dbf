"""Shapes of the activity: requests that run or ran through a gateway. Figures only, never a prompt or an answer."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import AwareDatetime, Field

from boocontrol.core.values import CamelValue

RUNNING = "running"
# Paths of a load, of a look at a page or at figures: nobody loses work with such a request.
GLANCES: Final = frozenset({"", "/", "/props", "/health", "/slots", "/metrics", "/favicon.ico"})


class ActivityRow(CamelValue):
    """One request. Figures that nobody told are null; a running request has those known so far."""

    id: str
    time: AwareDatetime = Field(description="When the request came.")
    ref: str = Field("", description="The model that answered; what was asked for when no model was found.")
    requested: str = Field("", description="The model as the client named it, such as any/qwen3.")
    provider: str = Field("", description="Empty when the request never got as far as a provider.")
    endpoint: str
    status: int | None = Field(None, description="The HTTP status sent; null when nothing was sent.")
    outcome: str = Field(description="running, ok, refused, cut, client_left, cancelled, or the code of an error.")
    streamed: bool = False
    ttft_ms: float | None = Field(None, description="Until the first token of a stream; chatter of loading is none.")
    duration_ms: float
    prompt_tokens: int | None = Field(None, description="All of the prompt, what came from the cache included.")
    output_tokens: int | None = Field(None, description="Of a running stream, its events so far: about its tokens.")
    cached_tokens: int | None = Field(None, description="How much of the prompt came from the cache.")
    prompt_tokens_per_second: float | None = None
    output_tokens_per_second: float | None = None
    bytes_sent: int = 0
    bytes_received: int = Field(0, description="The size of the request's body.")
    client: str = Field("", description="Who asked: X-Boo-Source, else User-Agent; other when it did not come here.")
    agent: str = Field("", description="The coding agent that asked, when it is one that is known.")
    session: str = Field("", description="The client's own id of its session, if it sent one.")
    via: Literal["gateway", "host"] = Field("gateway", description="host: it went to the host, past this gateway.")
    host_id: int | None = Field(None, description="The id of the host's own row of this request, once it told it.")
    ended_by: str = Field("", description="Who cut or cancelled it: panel, cli, a client's name; empty when not known.")


class ActivityPage(CamelValue):
    """GET /api/activity, newest first. `next`, sent as `before`, gets the following page."""

    data: tuple[ActivityRow, ...]
    total: int = Field(description="How many requests match, on all pages.")
    next: str | None = None


class Quantiles(CamelValue):
    """The middle of some figures, and what all but a twentieth of them stay below."""

    p50: float
    p95: float


class ModelActivity(CamelValue):
    """What one model did in a window of time."""

    ref: str
    requests: int
    ok: int
    prompt_tokens: int = 0
    output_tokens: int = 0
    outcomes: dict[str, int]
    ttft_ms: Quantiles | None = None
    output_tokens_per_second: Quantiles | None = None


class ActivityStats(CamelValue):
    """GET /api/activity/stats: requests that came in a window of time and have ended, by model, the busiest first."""

    since: AwareDatetime
    until: AwareDatetime
    requests: int
    outcomes: dict[str, int]
    models: tuple[ModelActivity, ...]


class ActivityNews(CamelValue):
    """The event `activity`: what runs now, and what was stored last. A few of these a second at most.

    `stored` counts the rows stored since the gateway started: a reader that finds it grown by more than `ended`
    lists missed some and reads them from GET /api/activity.
    """

    running: tuple[ActivityRow, ...]
    ended: tuple[ActivityRow, ...]
    stored: int
    completed: tuple[ActivityRow, ...] = Field((), description="Rows told before, with what their hosts told since.")
