"""Requests in flight, and how each version tells of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from boocontrol.demo.formats import canonical, nano_time
from boocontrol.demo.wire import Request

UPSERT_S = 0.25  # a running request is told at most this often
_SECRET = frozenset(("authorization", "cookie", "x-api-key", "proxy-authorization"))


def header_map(headers: tuple[tuple[str, str], ...] | list[tuple[str, str]]) -> dict[str, str]:
    """Names as Go keeps them, sorted; secrets and Host are not shown."""
    shown: dict[str, str] = {}
    for name, value in headers:
        if name.lower() != "host":
            shown.setdefault(canonical(name), "[REDACTED]" if name.lower() in _SECRET else value)
    return dict(sorted(shown.items()))


@dataclass
class Flight:
    """One request in flight."""

    id: str
    model: str
    path: str
    request: Request
    cancel: Callable[[], None]
    timestamp: str = field(default_factory=nano_time)
    started: float = field(default_factory=time.monotonic)
    told: float = field(default_factory=time.monotonic)
    resp_headers: dict[str, str] = field(default_factory=dict)
    resp_bytes: int = 0

    def brief(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "timestamp": self.timestamp,
            "model": self.model,
            "req_path": self.path,
            "method": self.request.method,
        }

    def full(self) -> dict[str, Any]:
        return self.brief() | {
            "req_headers": header_map(self.request.headers),
            "remote_ip": self.request.remote_ip,
            "resp_headers": self.resp_headers,
            "resp_bytes": self.resp_bytes,
            "elapsed_ms": int((time.monotonic() - self.started) * 1000),
        }


class FlightBoard:
    """Who is in flight. `publish` takes the data of an `inflight` message."""

    def __init__(self, dialect: Callable[[], str], publish: Callable[[Any], None]) -> None:
        self._dialect = dialect
        self._publish = publish
        self._flights: dict[str, Flight] = {}
        self._last_id = 0

    def __len__(self) -> int:
        return len(self._flights)

    def snapshot(self) -> Any:
        """What a new listener is told."""
        dialect = self._dialect()
        if dialect == "total":
            return {"total": len(self._flights)}
        if dialect == "list":
            return {"requests": [flight.brief() for flight in self._flights.values()]}
        shown: dict[str, Any] = {"operation": "snapshot"}
        if self._flights:
            shown["requests"] = [flight.full() for flight in self._flights.values()]
        return shown

    def begin(self, model: str, path: str, request: Request, cancel: Callable[[], None]) -> Flight:
        self._last_id += 1
        flight = Flight(str(self._last_id), model, path, request, cancel)
        self._flights[flight.id] = flight
        self._tell(flight, always=True)
        return flight

    def answering(self, flight: Flight, headers: list[tuple[str, str]]) -> None:
        flight.resp_headers = header_map(headers)
        self._tell(flight)

    def sent(self, flight: Flight, count: int) -> None:
        if time.monotonic() - flight.told >= UPSERT_S:
            self._tell(flight)
        flight.resp_bytes += count

    def end(self, flight: Flight) -> None:
        if self._flights.pop(flight.id, None) is None:
            return
        if self._dialect() == "operations":
            self._publish({"operation": "remove", "id": flight.id})
        else:
            self._publish(self.snapshot())

    def cancel(self, flight_id: str) -> bool:
        flight = self._flights.get(flight_id)
        if flight is None:
            return False
        flight.cancel()
        return True

    def reset(self) -> None:
        """A new server counts from one again; old requests end untold."""
        self._flights.clear()
        self._last_id = 0

    def _tell(self, flight: Flight, *, always: bool = False) -> None:
        flight.told = time.monotonic()
        if self._dialect() == "operations":
            if flight.id in self._flights:
                self._publish({"operation": "upsert", "request": flight.full()})
        elif always:
            self._publish(self.snapshot())
