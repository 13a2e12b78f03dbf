"""`boocontrol activity`: what ran through the gateway, and what runs now."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, Annotated, Any

import typer

from boocontrol.cli.connect import on_gateway
from boocontrol.cli.output import console, one_line, table, write_json
from boocontrol.cli.verb import JsonOption, usage, verb
from boocontrol.cli.words import outcome as outcome_of
from boocontrol.cli.words import plural

if TYPE_CHECKING:
    from boocontrol.client import GatewayClient
    from boocontrol.core.activity import ActivityPage, ActivityRow

Filters = dict[str, str | int]
_COLUMNS = ("TIME", "MODEL", "OUTCOME", "FIRST", "TOOK", "IN", "OUT", "TOK/S", "CLIENT", "ID")
_WIDE = 500


@verb
def activity(
    ctx: typer.Context,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with what ends from now on.")] = False,
    provider: Annotated[str | None, typer.Option(metavar="ID", help="Only this provider.")] = None,
    model: Annotated[str | None, typer.Option(metavar="REF", help="Only this model.")] = None,
    outcome: Annotated[
        str | None, typer.Option(metavar="WORD", help="running, ok, refused, cut, client_left, cancelled, ...")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=500, help="How many at most.")] = 25,
    as_json: JsonOption = False,
) -> None:
    """Show the last requests, the newest last, and what runs now."""
    if follow and as_json:
        raise usage("--follow shows a table only.", "Programs read GET /api/events instead.")
    given = {"provider": provider, "ref": model, "outcome": outcome}
    filters: Filters = {"limit": limit, **{k: v for k, v in given.items() if v}}
    if as_json:
        write_json(on_gateway(ctx, lambda gateway: gateway.raw("/api/activity", filters)))
    elif follow:
        on_gateway(ctx, lambda gateway: _follow(gateway, filters))
    else:
        _show(on_gateway(ctx, lambda gateway: gateway.activity(**filters)))


def _show(page: ActivityPage) -> None:
    out = console()
    if not page.data:
        out.print("No request ran through this gateway that matches.")
        return
    shown = table(*_COLUMNS, fold=("MODEL",))
    for row in reversed(page.data):
        shown.add_row(*_row(row))
    out.print(shown)
    if page.total > len(page.data):
        out.print(f"The last {len(page.data)} of {plural(page.total, 'request')}.")


async def _follow(gateway: GatewayClient, filters: Filters) -> None:
    """Each request once, when it has ended. Every event says that there is something to read."""
    wide: Filters = {**filters, "limit": _WIDE}
    latest = _ended(await gateway.activity(**wide))
    _tell(latest[-int(filters["limit"]) :])
    seen = {row.id for row in latest}
    async with aclosing(gateway.events()) as stream:
        async for event in stream:
            if event.kind in ("activity", "snapshot"):
                new = [row for row in _ended(await gateway.activity(**wide)) if row.id not in seen]
                _tell(new)
                seen.update(row.id for row in new)


def _ended(page: ActivityPage) -> list[ActivityRow]:
    """Oldest first, without those that run."""
    return [row for row in reversed(page.data) if row.outcome != "running"]


def _tell(rows: list[ActivityRow]) -> None:
    for row in rows:
        typer.echo("  ".join(text for text in _row(row) if text))


def _row(row: ActivityRow) -> tuple[str, ...]:
    return (
        f"{row.time.astimezone():%m-%d %H:%M:%S}",
        one_line(row.ref or "?"),
        outcome_of(row),
        _seconds(row.ttft_ms),
        _seconds(row.duration_ms),
        _number(row.prompt_tokens),
        _number(row.output_tokens),
        "" if row.output_tokens_per_second is None else f"{row.output_tokens_per_second:.1f}",
        one_line(row.client)[:40],
        one_line(row.id),
    )


def _seconds(ms: float | None) -> str:
    if ms is None:
        return ""
    return f"{ms:.0f} ms" if ms < 1000 else f"{ms / 1000:.1f} s"


def _number(value: Any) -> str:
    return "" if value is None else str(value)
