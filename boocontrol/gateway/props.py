"""GET /upstream/{ref}/props: what a ready model says of itself. A model that is not ready is never touched."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Final

import aiohttp
import msgspec
from multidict import CIMultiDict

from boocontrol.core.errors import Refusal, SecretError
from boocontrol.core.refs import ModelRef
from boocontrol.core.resolver import Route, resolve
from boocontrol.gateway.errors import Trouble, from_error, host_words
from boocontrol.gateway.exchange import Exchange
from boocontrol.gateway.forward import check_cloud
from boocontrol.gateway.headers import downward, upward
from boocontrol.gateway.state import GatewayState
from boocontrol.gateway.upstream import SMALL_CAP, Upstream, whole_body

ANSWER_S: Final = 10.0


async def answer_props(
    ref: str, state: GatewayState, upstream: Upstream, exchange: Exchange, *, has_key: bool = False
) -> None:
    """Answer with the props of a ready model. Raises Trouble: 404 unknown, 409 not ready, 502, 503, 504."""
    try:
        async with asyncio.timeout(ANSWER_S):
            await _answer(ref, state, upstream, exchange, has_key=has_key)
    except TimeoutError:
        raise Trouble(504, "no_first_byte", "The host does not tell the model's properties in time.") from None
    except aiohttp.ClientError:
        raise Trouble(502, "upstream_failed", "The host broke off while it told the model's properties.") from None


async def _answer(ref: str, state: GatewayState, upstream: Upstream, exchange: Exchange, *, has_key: bool) -> None:
    try:
        route = resolve(state.registry, ref, "props", state.catalog)
    except Refusal as e:
        raise from_error(e, 404) from None
    exchange.route = route
    check_cloud(route, has_key)
    try:
        key = await state.keys.read(route.key)
    except SecretError as e:
        raise from_error(e, 403) from None
    headers = upward([], route, key, "application/json")
    del headers["Content-Type"]
    asked = route
    if route.kind == "swap":
        # By its own name: what an alias stands for may be another model by now.
        asked = replace(route, ref=ModelRef(route.provider_id, _real_name(route, state)))
        if not await _is_ready(asked, upstream, headers):
            text = f"The model {route.ref} is not ready, and asking would load it. Send it a request first."
            raise Trouble(409, "model_not_ready", text)
    answer, body = await _read(upstream, route, asked.props_url, headers)
    if answer.status != 200:
        words = host_words(body) or "The host does not tell the model's properties."
        raise Trouble(answer.status if answer.status >= 400 else 502, "upstream_refused", words)
    await exchange.whole(200, downward(answer.headers), body)


async def _read(
    upstream: Upstream, route: Route, url: str, headers: CIMultiDict[str]
) -> tuple[aiohttp.ClientResponse, bytes]:
    """An answer and its body; one that is not read to its end leaves no connection behind."""
    answer = await upstream.get(route, url, headers)
    try:
        return answer, await whole_body(answer, route.provider, SMALL_CAP)
    finally:
        answer.close()


def _real_name(route: Route, state: GatewayState) -> str:
    entry = state.catalog.find(route.ref)
    return state.inventory.real_name(route.provider_id, entry.wire_id if entry else route.wire_id)


async def _is_ready(route: Route, upstream: Upstream, headers: CIMultiDict[str]) -> bool:
    """Asked of the host at this moment: what was known a second ago may have been unloaded since."""
    answer, body = await _read(upstream, route, f"{route.provider.base_url}/running", headers)
    try:
        running = msgspec.json.decode(body)["running"] if answer.status == 200 else []
        return any(m["model"] == route.wire_id and m["state"] == "ready" for m in running)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, KeyError, TypeError):
        return False
