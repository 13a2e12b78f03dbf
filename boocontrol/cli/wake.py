"""`boocontrol wake`: wake a sleeping host and wait until it answers."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING, Annotated

import typer

from boocontrol.cli.connect import on_gateway
from boocontrol.cli.output import note, one_line, write_json
from boocontrol.cli.verb import JsonOption, verb

if TYPE_CHECKING:
    from boocontrol.client import GatewayClient
    from boocontrol.core.api import Host


@verb
def wake(
    ctx: typer.Context,
    host: Annotated[str, typer.Argument(metavar="HOST", help="Id of a provider whose entry has a macAddress.")],
    wait: Annotated[bool, typer.Option("--wait/--no-wait", help="Wait until it answers.")] = True,
    as_json: JsonOption = False,
) -> None:
    """Send a wake-up packet to a host and wait until it answers."""

    async def work(gateway: GatewayClient) -> Host | None:
        (asked,) = (await gateway.wake(host)).asked
        if not wait:
            return None
        if not as_json:
            note(f"Waking {one_line(asked)}.")
        return await _awake(gateway, asked)

    woken = on_gateway(ctx, work)
    if as_json:
        write_json({"asked": [woken.id if woken else host], "state": woken.state if woken else None})
    elif woken is None:
        typer.echo(f"Asked to wake: {one_line(host)}")
    else:
        typer.echo(f"{one_line(woken.id)} answers: {woken.state}.")


async def _awake(gateway: GatewayClient, provider: str) -> Host:
    """Raises HostDown when the round of waking ends without an answer."""
    from boocontrol.cli.load_wait import hosts
    from boocontrol.client.errors import HostDown

    async with aclosing(hosts(gateway, provider)) as stream:
        async for host in stream:
            if host.waking_since is not None:
                continue
            if host.state in ("up", "busy", "degraded", "needs_key"):
                return host
            title = f"{host.id} was woken and did not answer."
            raise HostDown(title, host.reason or "Look at the machine.", code="provider_offline")
    raise asyncio.CancelledError
