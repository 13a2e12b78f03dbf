"""llama-swap's own endpoints: inventory, unloading, history, machine, profiles."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from boocontrol.demo import inventory
from boocontrol.demo.activity import stats
from boocontrol.demo.errors import Refusal
from boocontrol.demo.exchange import Exchange
from boocontrol.demo.formats import go_json
from boocontrol.demo.history import page_of
from boocontrol.demo.machine import moment
from boocontrol.demo.names import local_model
from boocontrol.demo.state import HostState
from boocontrol.demo.wire import Headers

BUILD_DATE = "2026-08-22T09:29:57Z"
COMMIT = "0bdb3720"


def send_json(
    state: HostState, exchange: Exchange, document: Any, status: int = 200, extra: Headers | None = None
) -> None:
    # gin names the charset and writes no line end; Go's encoder does the reverse.
    if state.version.gin:
        kind, text = "application/json; charset=utf-8", go_json(document)
    else:
        kind, text = "application/json", f"{go_json(document)}\n"
    exchange.respond(status, [("Content-Type", kind), *(extra or [])], text.encode())


async def health(state: HostState, exchange: Exchange) -> None:
    exchange.respond(200, [], b"OK")


def redirect(place: str) -> Callable[[HostState, Exchange], Any]:
    async def answer(state: HostState, exchange: Exchange) -> None:
        page = f'<a href="{place}">Found</a>.\n\n' if exchange.request.method == "GET" else ""
        headers = [("Content-Type", "text/html; charset=utf-8"), ("Location", place)]
        exchange.respond(302, headers, page.encode())

    return answer


async def web_page(state: HostState, exchange: Exchange) -> None:
    page = "<!doctype html><title>llama-swap</title><p>llama-swap (simulated)</p>\n"
    exchange.respond(200, [("Content-Type", "text/html; charset=utf-8")], page.encode())


async def version(state: HostState, exchange: Exchange) -> None:
    answer = {"build_date": BUILD_DATE, "commit": COMMIT, "version": state.version.label}
    send_json(state, exchange, answer)


async def models(state: HostState, exchange: Exchange) -> None:
    origin = exchange.request.header("Origin")
    extra = [("Access-Control-Allow-Origin", origin)] if origin else []
    listed = inventory.model_list(state.config, state.version, state.processes, state.pins)
    send_json(state, exchange, listed, extra=extra)


async def running(state: HostState, exchange: Exchange) -> None:
    send_json(state, exchange, inventory.running(state.version, state.processes))


async def unload_all_by_get(state: HostState, exchange: Exchange) -> None:
    await state.scheduler.unload(state.processes)
    exchange.respond(200, [], b"OK")


async def unload_all(state: HostState, exchange: Exchange) -> None:
    await state.scheduler.unload(state.processes)
    send_json(state, exchange, {"msg": "ok"})


async def unload_one(state: HostState, exchange: Exchange) -> None:
    name = exchange.request.path.removeprefix("/api/models/unload/")
    model = local_model(state.config, name)
    if model is None:
        raise Refusal(404, "model not found", old_message="Model not found")
    await state.scheduler.unload([model.id])
    exchange.respond(200, [], b"OK")


async def cancel(state: HostState, exchange: Exchange) -> None:
    flight_id = exchange.request.path.split("/")[3]
    if not state.board.cancel(flight_id):
        raise Refusal(404, "inflight request not found")
    send_json(state, exchange, {"msg": "ok"})


async def activity(state: HostState, exchange: Exchange) -> None:
    send_json(state, exchange, page_of(state.activity.rows, exchange.request))


async def activity_stats(state: HostState, exchange: Exchange) -> None:
    model = exchange.request.query("model")
    rows = [row for row in state.activity.rows if not model or row.model == model]
    send_json(state, exchange, stats(rows))


async def old_metrics(state: HostState, exchange: Exchange) -> None:
    body = go_json([row.flat() for row in state.activity.rows]).encode()
    exchange.respond(200, [("Content-Type", "application/json")], body)


async def capture(state: HostState, exchange: Exchange) -> None:
    text = exchange.request.path.rpartition("/")[2]
    try:
        row_id = int(text)
    except ValueError:
        raise Refusal(400, "invalid capture ID") from None
    found = state.activity.capture(row_id)
    if found is None:
        raise Refusal(404, "capture not found")
    exchange.respond(200, [("Content-Type", "application/json")], go_json(found).encode())


async def performance(state: HostState, exchange: Exchange) -> None:
    if not state.config.performance:
        send_json(state, exchange, {"enabled": False}, 503)
        return
    try:
        after = moment(exchange.request.query("after"))
    except ValueError:
        raise Refusal(400, "invalid 'after' timestamp, use RFC3339 format") from None
    send_json(state, exchange, state.machine.performance(after))


async def metrics(state: HostState, exchange: Exchange) -> None:
    if not state.config.performance:
        exchange.respond(503, [], b"# performance monitor not available\n")
        return
    kind = "text/plain; version=0.0.4; charset=utf-8"
    exchange.respond(200, [("Content-Type", kind)], state.machine.metrics().encode())


async def hardware(state: HostState, exchange: Exchange) -> None:
    send_json(state, exchange, state.machine.hardware(state.version.label))


async def profiles(state: HostState, exchange: Exchange) -> None:
    listed = [
        {"id": profile.id, "description": profile.description, "pins": dict(profile.pins)}
        for profile in state.config.profiles
    ]
    send_json(state, exchange, {"active": state.active_profile, "profiles": listed})


async def set_profile(state: HostState, exchange: Exchange) -> None:
    try:
        body = json.loads(exchange.request.body)
    except ValueError:
        body = None
    if not isinstance(body, dict) or not isinstance(body.get("name", ""), str | None):
        raise Refusal(400, "invalid profile request")
    if "name" not in body:
        raise Refusal(400, "profile name is required")
    name = body["name"]
    if name is not None and name not in (profile.id for profile in state.config.profiles):
        raise Refusal(404, f'profile "{name}" not found')
    state.active_profile = name
    state.profile_changed()
    state.logs.info(f'active profile changed to "{name or ""}"')
    state.hub.publish("modelStatus", state.model_status)
    send_json(state, exchange, {"active": name})


async def events(state: HostState, exchange: Exchange) -> None:
    exchange.start(
        200,
        [
            ("Cache-Control", "no-cache"),
            ("Connection", "keep-alive"),
            ("Content-Type", "text/event-stream"),
            ("X-Accel-Buffering", "no"),
            ("X-Content-Type-Options", "nosniff"),
        ],
    )
    if exchange.request.method == "HEAD":
        exchange.end()
        return
    await state.hub.serve(exchange, state.greeting())
