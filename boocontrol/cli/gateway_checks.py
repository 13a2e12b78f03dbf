"""Checks that ask the gateway: whether it answers, whether it fits this program, and how its hosts are."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from boocontrol import __version__
from boocontrol.cli.connect import find
from boocontrol.cli.status import problems_beside
from boocontrol.core.errors import BooError

if TYPE_CHECKING:
    from boocontrol.cli.checks import Check, Outcome
    from boocontrol.cli.verb import Chosen
    from boocontrol.core.api import Host, Status

_REMEDY = {
    "down": "Is it switched on, and does its server run? `boocontrol providers test {id}` shows where it ends.",
    "needs_key": "Store its key: boocontrol providers key set {id}",
    "degraded": "`boocontrol providers test {id}` shows more.",
}


def gateway_checks(options: Chosen) -> list[Check]:
    """The gateway and its hosts; one check that says why when it cannot be asked."""
    return asyncio.run(_ask(options))


async def _ask(options: Chosen) -> list[Check]:
    from boocontrol.cli.checks import Check
    from boocontrol.client import GatewayClient, NoGateway

    try:
        found = await find(options)
        async with GatewayClient.of(found, source="cli") as client:
            return [*_gateway(await client.status()), *(_host(host) for host in await client.hosts())]
    except NoGateway as e:
        return [Check(name="gateway", outcome="warning", detail=e.title, advice=e.advice)]
    except BooError as e:
        return [Check(name="gateway", outcome="failed", detail=e.title, advice=e.advice)]


def _gateway(status: Status) -> list[Check]:
    from boocontrol.cli.checks import Check

    same = status.version == __version__
    advice = "" if same else f"This program is {__version__}: restart the gateway after an update."
    detail = f"{status.url} answers, version {status.version}."
    found = [Check(name="gateway", outcome="ok" if same else "warning", detail=detail, advice=advice)]
    error = status.registry.error
    if error is not None:
        found.append(Check(name="gateway registry", outcome="failed", detail=error.message, advice=error.advice))
    found += [Check(name="gateway", outcome="warning", detail=text) for text in problems_beside(status)]
    if status.drifted:
        detail = f"No host offers {', '.join(status.drifted)}, which the settings name."
        advice = "Choose others, or remove them: boocontrol favorites remove REF"
        found.append(Check(name="settings", outcome="warning", detail=detail, advice=advice))
    return found


def _host(host: Host) -> Check:
    from boocontrol.cli.checks import Check

    expected = host.state == "down" and host.often_off
    fine = host.state in ("up", "busy", "checking", "paused") or expected
    outcome: Outcome = "ok" if fine else "warning"
    reason = f" ({host.reason})" if host.reason else ""
    version = f", {host.version}" if host.version else ""
    detail = f"{host.state.replace('_', ' ')}{reason}, {host.base_url}{version}, {host.models} models."
    advice = "" if fine else _REMEDY.get(host.state, "").format(id=host.id)
    return Check(name=f"host {host.id}", outcome=outcome, detail=detail, advice=advice)
