"""The headless process, put together: the only place of this room that constructs services.

Order: arguments, the claim on the registry, key and registry, the socket, then (on the event loop) database,
monitor, application. Everything that can be refused is refused before anybody is told that the gateway listens.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import secrets
import socket
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from boocontrol import __version__
from boocontrol.agents.export import Machine
from boocontrol.core import paths
from boocontrol.core.activity import ActivityRow
from boocontrol.core.api import RuntimeInfo
from boocontrol.core.errors import BooError
from boocontrol.core.heap import give_back
from boocontrol.core.registry_file import LoadedRegistry, load_registry
from boocontrol.core.secrets import KeyringStore, KeyStore
from boocontrol.core.settings import Settings
from boocontrol.core.urls import is_loopback
from boocontrol.gateway.activity import Activity
from boocontrol.gateway.activity_news import Telling
from boocontrol.gateway.app import GatewayApp
from boocontrol.gateway.auto_sync import AutoSync
from boocontrol.gateway.control.app import control_app
from boocontrol.gateway.control.news import FleetNews
from boocontrol.gateway.control.services import Services
from boocontrol.gateway.events import EventHub
from boocontrol.gateway.history import History
from boocontrol.gateway.keyfile import gateway_key, key_file, renew_key
from boocontrol.gateway.logs import LogHub
from boocontrol.gateway.past import Past
from boocontrol.gateway.registry_service import RegistryService
from boocontrol.gateway.reload import watch
from boocontrol.gateway.runtime import Runtime, claim
from boocontrol.gateway.serve import PortTaken, bind, serve, url_of
from boocontrol.gateway.serve import run as run_loop
from boocontrol.gateway.settings_service import SettingsService
from boocontrol.gateway.state import GatewayState
from boocontrol.gateway.waking import Waking
from boocontrol.hosts.actions import Actions
from boocontrol.hosts.keys import Keys
from boocontrol.hosts.monitor import Monitor
from boocontrol.hosts.probe import probe
from boocontrol.hosts.wake import Waker
from boocontrol.store.desk import Desk, HistoryDesk, RequestsDesk, SettingsDesk
from boocontrol.store.engine import database_url
from boocontrol.store.settings import SettingsTable

log = logging.getLogger("boocontrol.gateway")

PORT = 9503
PORT_VARIABLE = "BOOCONTROL_PORT"
EXIT_WITHIN_S = 4.8


@dataclass(frozen=True)
class Options:
    """How this gateway was asked to run."""

    registry: Path
    data_dir: Path
    host: str = "127.0.0.1"
    port: int = PORT
    as_json: bool = False


@dataclass(frozen=True)
class Kept:
    """The parts of the database that the services work with; `problems` were found when it was opened."""

    requests: RequestsDesk
    history: HistoryDesk
    problems: tuple[str, ...]


@dataclass(frozen=True)
class House:
    """The services that a process begins and ends. `quiet` ends what would else go on for ever."""

    state: GatewayState
    monitor: Monitor
    settings: SettingsService
    registry: RegistryService
    activity: Activity
    history: History
    app: GatewayApp
    quiet: Callable[[], None]
    endings: tuple[Callable[[], Awaitable[None]], ...]


@dataclass(frozen=True)
class Parts:
    """What the process holds before its event loop runs."""

    options: Options
    loaded: LoadedRegistry
    key: str
    sock: socket.socket
    runtime: Runtime
    keys: KeyStore


def run(arguments: Sequence[str] | None = None) -> int:
    """Run a gateway until it is told to stop. The result is the exit code."""
    options = _options(arguments)
    give_back()
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    for talkative in ("httpx", "alembic", "watchfiles", "uvicorn.error"):
        logging.getLogger(talkative).setLevel(logging.WARNING)
    try:
        runtime = claim(options.registry)
    except BooError as e:
        return _refused(e, options)
    try:
        run_loop(_live(_parts(options, runtime)))
    except BooError as e:
        return _refused(e, options)
    finally:
        runtime.release()
    return 0


def _options(arguments: Sequence[str] | None) -> Options:
    parser = argparse.ArgumentParser(prog="boocontrol gateway", description="Run the gateway in the foreground.")
    parser.add_argument("--registry", type=Path, default=None, help="llama-providers.json to serve")
    parser.add_argument("--data-dir", type=Path, default=None, help="folder of its database and key")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default %(default)s)")
    # A text as default is read as an option's value is: a wrong one is told.
    port = os.environ.get(PORT_VARIABLE) or PORT
    words = f"port (default {PORT}, or what {PORT_VARIABLE} holds; 0 takes a free one)"
    parser.add_argument("--port", type=int, default=port, help=words)
    parser.add_argument("--json", action="store_true", help="tell where it listens as one JSON object")
    given = parser.parse_args(arguments)
    registry = given.registry or paths.registry_path()
    return Options(
        registry.expanduser().absolute(),
        (given.data_dir or paths.data_dir()).expanduser().absolute(),
        given.host,
        given.port,
        given.json,
    )


def _parts(options: Options, runtime: Runtime) -> Parts:
    try:
        options.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as e:
        why = e.strerror or type(e).__name__
        title = f"The data folder {options.data_dir} cannot be made: {why}."
        raise BooError(title, "Name another with --data-dir.", code="file") from e
    key = gateway_key(options.data_dir)
    loaded = load_registry(options.registry)
    if loaded.error is not None:
        log.warning("%s", loaded.error)
    return Parts(options, loaded, key, bind(options.host, options.port), runtime, KeyringStore())


async def _live(parts: Parts) -> None:
    desk = Desk()
    try:
        database = await desk.open(database_url(parts.options.data_dir))
        table = SettingsDesk(desk, SettingsTable(database))
        kept = Kept(RequestsDesk(desk, database), HistoryDesk(desk, database), database.problems)
        await _serve(parts, table, kept)
    finally:
        await desk.close()


async def _serve(parts: Parts, table: SettingsDesk, kept: Kept) -> None:
    """Put everything together, answer until told to stop, and take it apart again."""
    house = _house(parts, table, kept)
    state, monitor = house.state, house.monitor
    await house.settings.read()
    await house.history.start(house.activity.stats)
    monitor.apply(state.registry)
    watching = asyncio.get_running_loop().create_task(watch(state.loaded.path, house.registry.reload))
    try:
        listening = partial(_announce, parts, state)
        await serve(house.app, parts.sock, on_listening=listening, on_stop=house.quiet, exit_within_s=EXIT_WITHIN_S)
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        for ending in house.endings:
            await ending()


def _house(parts: Parts, table: SettingsDesk, kept: Kept) -> House:
    """All services, knowing each other, and nothing begun yet."""
    events = EventHub(instance_id := secrets.token_hex(8))
    keys = Keys(parts.keys)
    monitor = Monitor(keys, in_flight=lambda p: state.in_flight.count(p), on_change=lambda p: noticed(p))
    state = _state(parts, monitor, keys, instance_id)
    sync = AutoSync.here(state, Machine.this(paths.data_dir()), key_file(parts.options.data_dir))
    registry = RegistryService(state, monitor, events)
    settings = SettingsService(state, table, events, on_change=sync.changed)
    activity, history = _memory(kept, monitor, state, events, lambda p: news.changed(p))
    actions = Actions(
        monitor, lambda ref, words: news.load_ended(ref, words), on_change=lambda p: news.changed(p), story=history
    )
    waker = Waker(monitor, on_change=lambda p: news.changed(p))
    services = Services(
        *(state, monitor, probe, actions, settings, registry, events, kept.problems),
        activity=activity,
        history=history,
        usual=history.usual_load,
        logs=(logs := LogHub(monitor, lambda: state.key)),
        renew_key=partial(renew_key, parts.options.data_dir),
        waking=(waking := Waking(waker, lambda: state.settings)),
    )
    monitor.adding.append(Past(state, monitor.real_name, monitor.ahead_s).mark)
    news = FleetNews(monitor, events, services.catalog_json)
    app = GatewayApp(state, control_app(services))
    app.forwarder.observe(activity.began, activity.ended)
    app.forwarder.waking = waking

    learned: dict[str, object] = {}

    def noticed(provider_id: str) -> None:
        news.changed(provider_id)
        if (held := monitor.held(provider_id)) is not learned.get(provider_id):
            learned[provider_id] = held  # most news is of requests, and changes no memory
            services.learn(provider_id)
        logs.noticed(provider_id)
        sync.changed()

    def quiet() -> None:
        app.drain()
        events.close()
        logs.close()

    endings = (activity.stop, sync.stop, actions.stop, waker.stop, logs.stop, monitor.stop, history.stop, app.close)
    return House(state, monitor, settings, registry, activity, history, app, quiet, endings)


def _memory(
    kept: Kept, monitor: Monitor, state: GatewayState, events: EventHub, on_change: Callable[[str], None]
) -> tuple[Activity, History]:
    """What remembers requests, hosts and models; both watch the monitor."""
    history = History(
        *(kept.history, monitor, state.in_flight, events), settings=lambda: state.settings, on_change=on_change
    )

    def stored(rows: Sequence[ActivityRow]) -> None:
        telling.stored(rows)
        history.rows(rows)

    activity = Activity(
        *(kept.requests, state.in_flight),
        view=monitor.view,
        cut_by=history.cut_by,
        on_began=lambda: telling.began(),
        on_stored=stored,
        on_completed=lambda rows: telling.completed(rows),
    )
    telling = Telling(events, activity.running)
    monitor.rows = activity.host_rows
    monitor.seeing.append(history.saw)
    monitor.adding.append(history.dress)
    return activity, history


def _state(parts: Parts, monitor: Monitor, keys: Keys, instance_id: str) -> GatewayState:
    state = GatewayState(
        loaded=parts.loaded,
        settings=Settings(),
        inventory=monitor,
        keys=keys,
        key=parts.key,
        loopback=is_loopback(parts.options.host),
        instance_id=instance_id,
        version=__version__,
        started_at=time.time(),
    )
    state.url = url_of(parts.sock)
    return state


def _announce(parts: Parts, state: GatewayState) -> None:
    """Tell other programs by the runtime file, and whoever reads standard output by one line."""
    file = key_file(parts.options.data_dir)
    info = RuntimeInfo(
        url=state.url,
        pid=os.getpid(),
        instance_id=state.instance_id,
        version=state.version,
        key_file=str(file),
        registry=str(parts.options.registry),
    )
    parts.runtime.publish(info)
    if parts.options.as_json:
        line = json.dumps({"url": state.url, "pid": info.pid, "keyFile": str(file)})
    else:
        line = f"BooControl listens at {state.url}/v1 (key in {file})"
    _say(line)


def _refused(error: BooError, options: Options) -> int:
    if options.as_json:
        body = {"error": {"message": error.title, "code": error.code}, "advice": error.advice}
        taken = {"holder": error.holder, "freePort": error.free} if isinstance(error, PortTaken) else {}
        _say(json.dumps(body | taken))
    else:
        sys.stderr.write(f"{error}\n")
    return int(getattr(error, "exit_code", 1))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(run())
