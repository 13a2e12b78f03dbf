"""`boocontrol status`: the gateway and every host at a glance."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, Any

import typer

from boocontrol.cli.connect import on_gateway
from boocontrol.cli.output import console, one_line, table, write_json
from boocontrol.cli.verb import JsonOption, verb
from boocontrol.cli.words import age, duration, host_state, plural

if TYPE_CHECKING:
    from boocontrol.client import GatewayClient
    from boocontrol.core.api import Host, Status


AGAIN_S = 0.2
LOOK_S = 15.0
"""A look at a host that swallows what it is sent ends by its own time limits."""


@verb
def status(
    ctx: typer.Context,
    refresh: Annotated[bool, typer.Option("--refresh", help="Have the gateway look at every host first.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Show the gateway and the state of every host."""

    async def work(gateway: GatewayClient) -> Any:
        if refresh:
            await _look(gateway)
        return await (_for_programs(gateway) if as_json else _for_people(gateway))

    told = on_gateway(ctx, work)
    if as_json:
        write_json(told)
    else:
        _show(*told)


async def _look(gateway: GatewayClient) -> None:
    """Have the gateway look at every host, and wait until it has; what takes longer is shown as it was."""
    before = {host.id: host.as_of for host in await gateway.hosts()}
    waiting = set((await gateway.refresh_hosts()).asked)
    with suppress(TimeoutError):
        async with asyncio.timeout(LOOK_S):
            while waiting:
                waiting = {h.id for h in await gateway.hosts() if h.id in waiting and h.as_of == before.get(h.id)}
                await asyncio.sleep(AGAIN_S if waiting else 0)


async def _for_programs(gateway: GatewayClient) -> dict[str, Any]:
    """What GET /api/status answers, and the hosts beside it."""
    seen, hosts = await gateway.raw("/api/status"), await gateway.raw("/api/hosts")
    return {**seen, "hosts": hosts["hosts"]}


async def _for_people(gateway: GatewayClient) -> tuple[Status, tuple[Host, ...]]:
    return await gateway.status(), await gateway.hosts()


def _show(seen: Status, hosts: tuple[Host, ...]) -> None:
    out = console()
    for line in _head(seen):
        out.print(one_line(line))
    if not hosts:
        out.print("No providers yet. Add one with: boocontrol providers add ADDRESS")
        return
    out.print()
    shown = table("HOST", "STATE", "SINCE", "LATENCY", "LOADED", "NOW", "WHY", fold=("LOADED", "WHY"))
    for host in hosts:
        shown.add_row(*_row(host))
    out.print(shown)


def _head(seen: Status) -> list[str]:
    counts, registry = seen.counts, seen.registry
    running = plural(counts.in_flight, "request")
    lines = [
        f"Gateway {seen.url}  version {seen.version}  up {duration(seen.uptime_s)}",
        f"Registry {registry.path}" + ("" if registry.source == "file" else f" ({registry.source})"),
        f"{counts.up} of {plural(counts.providers, 'host')} up, {plural(counts.models, 'model')}, {running} now",
    ]
    if registry.error is not None:
        lines.append(f"Registry not in force: {registry.error.message} {registry.error.advice}")
    lines += [f"Problem: {text}" for text in problems_beside(seen)]
    lines += [f"No host offers {ref}, which the settings name." for ref in seen.drifted]
    return lines


def problems_beside(seen: Status) -> list[str]:
    """What is wrong besides the registry, whose fault is told with its own words."""
    error = seen.registry.error
    return [text for text in seen.problems if error is None or error.message not in text]


def _row(host: Host) -> tuple[Any, ...]:
    loaded = ", ".join(f"{m.ref.removeprefix(host.id + '/')} ({m.state})" for m in host.loaded)
    return (
        one_line(host.id),
        host_state(host.state),
        age(host.since),
        "" if host.latency_ms is None else f"{host.latency_ms:.0f} ms",
        one_line(loaded),
        str(host.in_flight or ""),
        one_line(host.reason or ""),
    )
