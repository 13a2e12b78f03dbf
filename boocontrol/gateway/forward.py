"""A request of the data plane from end to end: read, resolved, sent up, passed on, cancelled when the client leaves."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections import Counter
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

import aiohttp
from multidict import CIMultiDict
from starlette.types import Receive, Scope, Send

from boocontrol.core.errors import Refusal, SecretError
from boocontrol.core.resolver import Route, resolve, unknown_model
from boocontrol.gateway.activity_histograms import Durations
from boocontrol.gateway.activity_measure import Ended, Measure
from boocontrol.gateway.body import Body, ClientLeft, parse_json, read_body
from boocontrol.gateway.errors import Trouble, from_error
from boocontrol.gateway.exchange import Exchange
from boocontrol.gateway.families import Family
from boocontrol.gateway.forms import parse_form
from boocontrol.gateway.headers import Raw, upward
from boocontrol.gateway.inflight import Running
from boocontrol.gateway.keepalive import KeepAlive
from boocontrol.gateway.relay import UnknownToHost, relay
from boocontrol.gateway.state import GatewayState
from boocontrol.gateway.upstream import Upstream
from boocontrol.gateway.waking import Waking

log = logging.getLogger("boocontrol.gateway")

_REFUSAL_STATUS = {"no_sidecar": 400}


class Forwarder:
    """Takes the POST endpoints of the data plane. `outcomes` counts by (provider, endpoint, outcome)."""

    def __init__(self, state: GatewayState, upstream: Upstream) -> None:
        self._state = state
        self._upstream = upstream
        self.outcomes: Counter[tuple[str, str, str]] = Counter()
        self.durations = Durations()
        self.waking: Waking | None = None
        self._on_begin: Callable[[], None] = lambda: None
        self._on_end: Callable[[Ended], None] = lambda ended: None

    def observe(self, on_begin: Callable[[], None], on_end: Callable[[Ended], None]) -> None:
        """Who is told of every request that runs, and of every one that ended with what was measured of it."""
        self._on_begin, self._on_end = on_begin, on_end

    async def __call__(self, scope: Scope, receive: Receive, send: Send, family: Family) -> None:
        """Answer one request. `scope["boocontrol.key"]` says whether it brought the gateway's key."""
        exchange = Exchange(send, family, uuid.uuid4().hex)
        headers = dict(scope["headers"])
        exchange.measure.asked_by(headers)
        try:
            await self._answer(scope, receive, exchange, family, headers)
        except ClientLeft:
            exchange.outcome = "client_left"
        except Trouble as trouble:
            await exchange.fail(trouble)
        except asyncio.CancelledError:
            exchange.outcome = "gateway_stopping"
            raise
        except Exception:
            log.exception("A fault of the gateway itself at %s", family.path)
            await exchange.fail(Trouble(500, "gateway_fault", "The gateway failed. Its log tells where."))
        finally:
            self._ended(exchange, family)

    def _ended(self, exchange: Exchange, family: Family) -> None:
        route, measure = exchange.route, exchange.measure
        provider = route.provider_id if route else ""
        seconds = measure.seconds()
        self.outcomes[provider, family.path, exchange.outcome] += 1
        self.durations.add(provider, family.path, seconds, measure.ttft_s)
        ref = str(route.ref) if route else ""
        self._on_end(
            Ended(measure, exchange.id, ref, provider, family.path, exchange.status, exchange.outcome, seconds)
        )

    async def _answer(
        self, scope: Scope, receive: Receive, exchange: Exchange, family: Family, headers: dict[bytes, bytes]
    ) -> None:
        if self._state.draining:
            raise _stopping()
        client: Raw = scope["headers"]
        body, content_type = await _parse(receive, headers, family)
        exchange.measure.requested, exchange.measure.streamed = body.model, body.stream
        exchange.measure.bytes_received = body.size
        route = self._route(body, headers, family)
        exchange.route = route
        check_cloud(route, bool(scope.get("boocontrol.key")))
        await self._read_key(route)
        if self._state.draining:  # meanwhile, while the body came up
            raise _stopping()
        task = asyncio.current_task()
        assert task is not None
        call = _Call(task, exchange.measure)
        running = _running(exchange, route, call)
        with self._state.in_flight.hold(running):
            self._on_begin()
            watcher = asyncio.get_running_loop().create_task(call.watch(receive))
            try:
                await self._send_up(exchange, route, body, client, content_type)
                if exchange.outcome != "ok" and call.is_cut():
                    exchange.outcome = "model_unloaded"  # in the host's own words, which were passed on
            except asyncio.CancelledError:
                if not call.ended_by:
                    raise
                task.uncancel()
                await _cut(exchange, call)
            except Trouble:
                if call.is_cut():
                    raise _unloaded(route, call.blamed) from None
                raise
            finally:
                watcher.cancel()

    async def _send_up(self, exchange: Exchange, route: Route, body: Body, client: Raw, content_type: str) -> None:
        headers = upward(client, route, self._state.keys.known(route.key), content_type)
        alive = self._keep_alive(exchange, route) if body.stream else None
        answer: aiohttp.ClientResponse | None = None
        try:
            path = exchange.family.host_path if exchange.family else ""
            async with asyncio.timeout(self._state.settings.first_byte_timeout):
                answer = await self._post(route, path, headers, body.renamed(route.wire_id))
            await relay(answer, exchange, route, alive)
            answer.release()
        except TimeoutError:
            raise self._too_late(route) from None
        except UnknownToHost:
            self._state.inventory.refresh(route.provider_id)
            refusal = unknown_model(str(route.ref), self._state.registry, self._state.catalog)
            raise from_error(refusal, 404) from None
        except Trouble as trouble:
            if trouble.status in (502, 503):
                self._state.inventory.refresh(route.provider_id)
            raise
        finally:
            if alive is not None:
                alive.stop()
            if answer is not None:
                answer.close()  # ends the host's work at once unless the answer was read to its end

    async def _post(
        self, route: Route, path: str, headers: CIMultiDict[str], parts: tuple[bytes, ...]
    ) -> aiohttp.ClientResponse:
        """Ask the host; if it sleeps, and may be woken, once more when it is awake."""
        try:
            return await self._upstream.post(route, path, headers, parts)
        except Trouble as trouble:
            if self.waking is None or not self.waking.helps(route.provider, trouble):
                raise
        await self.waking.wait(route.provider)
        return await self._upstream.post(route, path, headers, parts)

    def _route(self, body: Body, headers: dict[bytes, bytes], family: Family) -> Route:
        state = self._state
        flags = b"x-agent-flags" in headers
        try:
            return resolve(
                state.registry, body.model, family.purpose, state.catalog, agent_flags=flags, streaming=body.stream
            )
        except Refusal as e:
            raise from_error(e, _REFUSAL_STATUS.get(e.code, 404)) from None

    async def _read_key(self, route: Route) -> None:
        """Have the host's key in memory before the request counts as running."""
        if route.key is None or self._state.keys.known(route.key) is not None:
            return
        try:
            await self._state.keys.read(route.key)
        except SecretError as e:
            text = f"The key of provider {route.provider_id} cannot be read. {e}"
            raise from_error(SecretError(text, code="provider_key_missing"), 403) from None

    def _keep_alive(self, exchange: Exchange, route: Route) -> KeepAlive:
        async def say() -> None:
            with suppress(OSError):
                await exchange.comment(f"waiting for {_one_line(route)}: {self._awaited(route)}")

        settings = self._state.settings
        return KeepAlive(say, settings.keepalive_after, settings.keepalive_every)

    def _awaited(self, route: Route) -> str:
        if self.waking is not None and self.waking.is_waking(route.provider_id):
            return f"waking {route.provider_id}"
        entry = self._state.catalog.find(route.ref)
        state = entry.state if entry else "unknown"
        words = {"starting": "the model is loading", "ready": "the model is at work"}
        return words.get(state, "the host has not answered yet")

    def _too_late(self, route: Route) -> Trouble:
        seconds = int(self._state.settings.first_byte_timeout)
        text = f"The provider {route.provider_id} gave no answer within {seconds} seconds, the limit in the settings."
        return Trouble(504, "no_first_byte", text)


def check_cloud(route: Route, has_key: bool) -> None:
    """Requests to cloud providers cost money: they need the gateway's key on this machine too. Raises Trouble (401)."""
    if route.provider.location == "cloud" and not has_key:
        text = f"Requests to the cloud provider {route.provider_id} need the gateway's key. Send it as a Bearer token."
        raise Trouble(401, "key_required", text)


async def unless_left(receive: Receive, work: Coroutine[Any, Any, None]) -> None:
    """Do the work, but end it when the client hangs up. Raises ClientLeft."""

    async def left() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    task, watcher = asyncio.ensure_future(work), asyncio.ensure_future(left())
    await asyncio.wait({task, watcher}, return_when=asyncio.FIRST_COMPLETED)
    watcher.cancel()
    if task.done():
        return task.result()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    raise ClientLeft


class _Call:
    """Who ended a request early: the client that left, or somebody who cancelled it here."""

    def __init__(self, task: asyncio.Task[Any], measure: Measure) -> None:
        self._task = task
        self._measure = measure
        self.ended_by = ""
        self.blamed = ""

    def blame(self, by: str) -> None:
        """Somebody is about to unload its model; "" takes that back."""
        self.blamed = by

    def is_cut(self) -> bool:
        """Whether somebody unloaded its model, now that it ended badly; its row then says who."""
        self._measure.ended_by = self.blamed or self._measure.ended_by
        return bool(self.blamed)

    def cancel(self, why: str = "user", by: str = "") -> None:
        """End the request: "user", "client" or "shutdown"; `by` is who cancelled it."""
        if not self.ended_by:
            self.ended_by, self._measure.ended_by = why, by
            self._task.cancel()

    async def watch(self, receive: Receive) -> None:
        """End the request when the client hangs up."""
        while (await receive())["type"] != "http.disconnect":
            pass
        self.cancel("client")


def _running(exchange: Exchange, route: Route, call: _Call) -> Running:
    return Running(
        id=exchange.id,
        ref=str(route.ref),
        provider=route.provider_id,
        wire_id=route.wire_id,
        endpoint=exchange.family.path if exchange.family else "",
        client=exchange.measure.client.decode("latin-1")[:200],
        started_at=exchange.measure.time,
        cancel=call.cancel,
        measure=exchange.measure,
        blame=call.blame,
    )


async def _parse(receive: Receive, headers: dict[bytes, bytes], family: Family) -> tuple[Body, str]:
    content_type = headers.get(b"content-type", b"")
    kind = content_type.partition(b";")[0].strip().lower()
    is_form = kind == b"multipart/form-data"
    if not is_form and kind not in (b"application/json", b"") and not kind.endswith(b"+json"):
        text = f"The Content-Type {kind.decode('latin-1')} is not taken here. Send application/json"
        text += " or multipart/form-data." if family.form else "."
        raise Trouble(415, "unsupported_media_type", text)
    body = await read_body(receive, headers)
    if is_form:
        return await parse_form(body, content_type), content_type.decode("latin-1")
    return await parse_json(body), "application/json"


async def _cut(exchange: Exchange, call: _Call) -> None:
    """A request that was ended early: the client is told, unless it is gone."""
    if call.ended_by == "client":
        if not exchange.answered:  # else it only did not wait for the end of the connection
            exchange.outcome = "client_left"
        return
    if call.ended_by == "shutdown":
        await exchange.fail(_stopping())
        return
    await exchange.fail(Trouble(409, "request_cancelled", "The request was cancelled in BooControl."))


def _unloaded(route: Route, by: str) -> Trouble:
    text = f"The model {_one_line(route)} was unloaded by {by} while it answered; the answer is not whole."
    return Trouble(409, "model_unloaded", text)


def _stopping() -> Trouble:
    return Trouble(503, "gateway_stopping", "The gateway is shutting down. Ask again when it is back.", retry_after=2)


def _one_line(route: Route) -> str:
    return "".join(c if c.isprintable() else "?" for c in str(route.ref))
