"""Everything a simulated host knows, and what it tells its listeners."""

from __future__ import annotations

import asyncio
from typing import Any

from boocontrol.demo import inventory
from boocontrol.demo.activity import Activity, Row
from boocontrol.demo.backends import HttpBackend
from boocontrol.demo.config import HostConfig, PeerConfig
from boocontrol.demo.events import EventHub, Message
from boocontrol.demo.inflight import FlightBoard
from boocontrol.demo.logs import LogBook
from boocontrol.demo.machine import Machine
from boocontrol.demo.process import ModelProcess
from boocontrol.demo.records import Recorder
from boocontrol.demo.scheduler import Scheduler
from boocontrol.demo.versions import version_of

UI_CONFIG = {"activity": {"session_id": ["X-Session-ID", "X-Litellm-Session-Id"]}}


class HostState:
    """One llama-swap process: history and logs outlive a reload, models do not."""

    def __init__(self, config: HostConfig, recorder: Recorder) -> None:
        self.recorder = recorder
        self.version = version_of(config.version)
        self.logs = LogBook()
        self.hub = EventHub()
        self.activity = Activity(config.capture_bytes)
        self.machine = Machine(config.machine)
        self.board = FlightBoard(lambda: self.version.inflight, self._tell_inflight)
        self.wrong_key = False  # the fault: no key fits
        self.fail_starts: set[str] | None = None  # the fault: None none, empty all
        self.log_streams: set[asyncio.Queue[str]] = set()
        self._peers: dict[str, HttpBackend] = {}
        self.logs.proxy.follow(lambda text: self._tell_log("proxy", text))
        self.logs.upstream.follow(lambda text: self._tell_log("upstream", text))
        self.adopt(config)

    def adopt(self, config: HostConfig) -> None:
        """A new config with new, idle processes."""
        self.config = config
        self.active_profile: str | None = None
        self.processes = {
            model.id: ModelProcess(model, config, config.start_port + number, self.logs, self.state_changed)
            for number, model in enumerate(config.models)
        }
        self.scheduler = Scheduler(config, self.processes, self.logs)
        self.arm_failures()
        self.machine.hold(())

    def arm_failures(self) -> None:
        """Gives the fault "failed-start" to the processes it is meant for."""
        meant = self.fail_starts
        for model_id, process in self.processes.items():
            process.fail_next = meant is not None and (not meant or model_id in meant)

    @property
    def pins(self) -> dict[str, str]:
        for profile in self.config.profiles:
            if profile.id == self.active_profile:
                return dict(profile.pins)
        return {}

    def ready(self, model_id: str) -> bool:
        process = self.processes.get(model_id)
        return process is not None and process.state == "ready"

    def peer_backend(self, peer: PeerConfig) -> HttpBackend:
        if peer.id not in self._peers:
            self._peers[peer.id] = HttpBackend(peer.proxy)
        return self._peers[peer.id]

    def end_streams(self) -> None:
        """Event and log streams end in order, as on a reload."""
        self.hub.end_all()
        for pieces in self.log_streams:
            pieces.put_nowait("")

    async def close_peers(self) -> None:
        for backend in self._peers.values():
            await backend.close()
        self._peers.clear()

    # Telling.

    def say_hello(self, port: int) -> None:
        if self.config.watch_config:
            self.logs.info("watching configuration for changes (poll-based, 2s interval)")
        if not self.config.machine.gpus:
            self.logs.info("GPU monitoring not available: no GPU monitoring tool available")
        self.logs.info(f"llama-swap listening on http://127.0.0.1:{port}")

    def state_changed(self) -> None:
        self.machine.hold(process.model for process in self.processes.values() if process.held)
        self.hub.publish("modelStatus", self.model_status)
        self.scheduler.pump_soon()

    def model_status(self) -> list[Any]:
        return inventory.model_status(self.config, self.version, self.processes)

    def row_added(self, row: Row) -> None:
        if self.version.activity:
            self.hub.publish("activity", lambda: {"id": row.id})
        else:
            self.hub.publish("metrics", lambda: [row.flat()])

    def profile_changed(self) -> None:
        active = self.active_profile
        self.hub.publish("profileChanged", lambda: {"active": active})

    def greeting(self) -> list[Message]:
        """What a new listener of /api/events is told first."""
        proxy, upstream = self.logs.proxy.text, self.logs.upstream.text
        messages: list[Message] = [
            ("logData", lambda: {"data": proxy, "source": "proxy"}),
            ("logData", lambda: {"data": upstream, "source": "upstream"}),
            ("modelStatus", self.model_status),
        ]
        number = self.version.number
        if not self.version.activity:
            rows = [row.flat() for row in self.activity.rows]
            messages.append(("metrics", lambda: rows))
        if number >= 240:
            messages.append(("uiConfig", lambda: UI_CONFIG))
        if number >= 241:
            active = self.active_profile
            messages.append(("profileChanged", lambda: {"active": active}))
        if self.version.inflight != "none":
            flights = self.board.snapshot()
            messages.append(("inflight", lambda: flights))
        return messages

    def _tell_inflight(self, data: Any) -> None:
        if self.version.inflight != "none":
            self.hub.publish("inflight", lambda: data)

    def _tell_log(self, source: str, text: str) -> None:
        self.hub.publish("logData", lambda: {"data": text, "source": source})
