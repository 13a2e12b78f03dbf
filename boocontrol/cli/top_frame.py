"""One frame of `boocontrol top`: hosts, what they hold and run, and what ended last. Pure: state in, lines out."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from boocontrol.cli.output import one_line, table
from boocontrol.cli.words import age, duration, host_state, model_state, outcome, plural

if TYPE_CHECKING:
    from rich.console import Group
    from rich.text import Text

    from boocontrol.core.activity import ActivityNews, ActivityRow
    from boocontrol.core.api import Gpu, Host, HostRequest, LoadedModel, Status

RECENT = 8
BAR = 12


@dataclass
class Fleet:
    """What is known of the fleet, kept up by the events. `lost` says why there is no news."""

    url: str = ""
    version: str = ""
    hosts: dict[str, Host] = field(default_factory=dict)
    running: tuple[ActivityRow, ...] = ()
    ended: deque[ActivityRow] = field(default_factory=lambda: deque(maxlen=RECENT))
    lost: str = ""

    def take(self, status: Status, hosts: Iterable[Host]) -> None:
        """All of it anew."""
        self.url, self.version = status.url, status.version
        self.hosts = {host.id: host for host in hosts}

    def news(self, told: ActivityNews) -> None:
        """Requests began or ended."""
        self.running = told.running
        known = {row.id for row in self.ended}
        self.ended.extendleft(row for row in reversed(told.ended) if row.id not in known)

    def rows(self, rows: Iterable[ActivityRow]) -> None:
        """Requests as the activity lists them, newest first."""
        listed = tuple(rows)
        self.running = tuple(row for row in listed if row.outcome == "running")
        self.ended.extend([row for row in listed if row.outcome != "running"][:RECENT])


def frame(fleet: Fleet, now: datetime | None = None) -> Group:
    """The fleet at a time, for rich to print."""
    from rich.console import Group
    from rich.text import Text

    now = now or datetime.now(UTC)
    up = sum(host.state in ("up", "busy", "degraded") for host in fleet.hosts.values())
    title = Text(f"BooControl {fleet.version}  {fleet.url}  ", style="bold")
    title.append(f"{up} of {plural(len(fleet.hosts), 'host')} up", style="")
    parts: list[Any] = [title]
    if fleet.lost:
        parts.append(Text(one_line(fleet.lost), style="yellow"))
    if not fleet.hosts:
        parts.append(Text("No providers yet. Add one with: boocontrol providers add ADDRESS"))
    for host in fleet.hosts.values():
        parts += ["", *_host(host, now)]
    parts += ["", Text("Running", style="bold"), _running(fleet, now)]
    parts += ["", Text("Recent", style="bold"), _recent(fleet)]
    return Group(*parts)


def _head(host: Host, now: datetime) -> Text:
    head = host_state(host.state)
    head.append(f"  {one_line(host.id)}", style="bold")
    if host.label != host.id:
        head.append(f"  {one_line(host.label)}", style="dim")
    if host.latency_ms is not None and host.state != "down":
        head.append(f"  {host.latency_ms:.0f} ms")
    if host.in_flight:
        head.append(f"  {plural(host.in_flight, 'request')}")
    if host.waking_since is not None:
        head.append(f"  waking for {age(host.waking_since, now)}", style="cyan")
    if host.reason:
        head.append(f"  {one_line(host.reason)}", style="dim")
    return head


def _host(host: Host, now: datetime) -> Iterator[Text]:
    yield _head(host, now)
    for model in host.loaded:
        yield _model(host, model, now)
    for load in host.loads:
        if load.state == "queued":
            yield _note(host, load.ref, f"waits, asked by {load.by or 'unknown'}", "dim")
        elif load.state == "failed":
            yield _note(host, load.ref, f"failed: {load.reason}", "yellow")
    for gpu in host.gpus or ():
        yield _gpu(gpu)


def _note(host: Host, ref: str, words: str, style: str) -> Text:
    from rich.text import Text

    return Text(f"    {one_line(_short(host, ref))}  {one_line(words)}", style=style)


def _model(host: Host, model: LoadedModel, now: datetime) -> Text:
    from rich.text import Text

    line = Text(f"    {one_line(_short(host, model.ref))}  ")
    line.append(model_state(model.state))
    since = model.since or next(
        (load.began_at for load in host.loads if load.ref == model.ref and not load.ended_at), None
    )
    if since is not None:
        line.append(f" {age(since, now)}")
    if model.state == "starting" and model.usual_load_s is not None:
        line.append(f" of usually {duration(model.usual_load_s)}")
    if model.in_flight:
        line.append(f"  {plural(model.in_flight, 'request')}", style="cyan")
    elif model.state == "ready" and model.idle_since is not None:
        line.append(f"  idle {age(model.idle_since, now)}", style="dim")
    if model.slow is not None:
        line.append(f"  slow: {model.slow.now:.0f} instead of {model.slow.usual:.0f}", style="yellow")
    return line


def _gpu(gpu: Gpu) -> Text:
    from rich.text import Text

    line = Text(f"    {one_line(gpu.name) or 'GPU'}  ")
    if gpu.memory_used_mb is not None and gpu.memory_total_mb:
        line.append(bar(gpu.memory_used_mb / gpu.memory_total_mb), style="cyan")
        line.append(f" {gpu.memory_used_mb / 1024:.1f} of {gpu.memory_total_mb / 1024:.1f} GiB")
    if gpu.utilisation_pct is not None:
        line.append("  ")
        line.append(bar(gpu.utilisation_pct / 100), style="green")
        line.append(f" {gpu.utilisation_pct:.0f} %")
    if gpu.temperature_c is not None:
        line.append(f"  {gpu.temperature_c:.0f} °C")
    if gpu.power_w is not None:
        line.append(f"  {gpu.power_w:.0f} W")
    return line


def bar(part: float, width: int = BAR) -> str:
    """A bar of blocks, from 0 to 1."""
    full = round(max(0.0, min(1.0, part)) * width)
    return "█" * full + "░" * (width - full)


def _running(fleet: Fleet, now: datetime) -> Any:
    rows = table("MODEL", "ENDPOINT", "CLIENT", "FOR", "TOK/S")
    for row in fleet.running:
        rows.add_row(one_line(row.ref), one_line(row.endpoint), one_line(row.client), age(row.time, now), _speed(row))
    for host in fleet.hosts.values():
        for request in _of_others(host):
            who = "other" if request.doubtful else f"other, {host.id}#{request.id}"
            ref, path = one_line(f"{host.id}/{request.model}"), one_line(request.path)
            rows.add_row(ref, path, one_line(who), age(request.since, now), "")
    return rows if rows.row_count else "  nothing"


def _of_others(host: Host) -> Iterator[HostRequest]:
    """What a host runs that did not come through the gateway. `boocontrol cancel` ends it by what is shown here."""
    from boocontrol.core.activity import GLANCES

    return (r for r in host.requests or () if not r.ours and r.path not in GLANCES)


def _recent(fleet: Fleet) -> Any:
    rows = table("TIME", "MODEL", "OUTCOME", "FIRST", "TOOK", "TOK/S", "CLIENT")
    for row in fleet.ended:
        rows.add_row(
            f"{row.time.astimezone():%H:%M:%S}",
            one_line(row.ref),
            outcome(row),
            "" if row.ttft_ms is None else _took(row.ttft_ms),
            _took(row.duration_ms),
            _speed(row),
            one_line(row.client)[:30],
        )
    return rows if rows.row_count else "  nothing yet"


def _took(ms: float) -> str:
    return f"{ms:.0f} ms" if ms < 1000 else f"{ms / 1000:.1f} s"


def _speed(row: ActivityRow) -> str:
    return "" if row.output_tokens_per_second is None else f"{row.output_tokens_per_second:.1f}"


def _short(host: Host, ref: str) -> str:
    return ref.removeprefix(f"{host.id}/")
