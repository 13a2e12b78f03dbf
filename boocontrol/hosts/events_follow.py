"""What a host's events mean for the watch: who is right when events and looks differ, and when to ask the host.

While a stream stands, it tells the states and `/running` is asked rarely: each question is a line in the host's log.
Hosts drop messages to slow listeners, and a link may go deaf: `/running` stays the truth, and a stream that does not
fit it is taken up anew, which brings the full state again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final, Protocol

from boocontrol.hosts.events import EventStream, Open
from boocontrol.hosts.events_read import UNKNOWN, Flights, Status
from boocontrol.hosts.events_rows import RowReader
from boocontrol.hosts.events_told import Rows
from boocontrol.hosts.records import RunningModel
from boocontrol.hosts.swap import NO_REQUESTS
from boocontrol.hosts.view import HostView, Sighting

RUNNING_EVERY_S: Final = 30.0
# A request that runs is told again and again; one that was not for so long may have ended unheard.
FLIGHT_SILENT_S: Final = 60.0
# Our own questions come back as lines of the log, so a host that tells its log is never silent for so long.
DEAF_S: Final = 90.0
# A host whose two accounts never agree is not asked for its stream over and over.
RENEW_EVERY_S: Final = 60.0


class Followed(Protocol):
    """The watch."""

    view: HostView

    @property
    def own_requests(self) -> int: ...

    def arrive(self, seen: Sighting) -> None: ...
    def look_soon(self, *, anew: bool = False) -> None: ...
    def needs_look(self, running: Mapping[str, RunningModel]) -> bool: ...


class Follower:
    """Follows the events of one host for its watch, as their listener."""

    def __init__(self, watch: Followed, open_stream: Open, reader: RowReader, *, random: Callable[[], float]) -> None:
        self._watch = watch
        self._reader = reader
        self._stream = EventStream(watch.view.provider.id, open_stream, self, random=random)
        self._told = 0  # how often it told states
        self._asked_at = float("-inf")
        self._mismatch = False
        self._renewed_at = float("-inf")
        self._mark = (0, 0.0)
        self._echoes = False

    @property
    def live(self) -> bool:
        """True while events tell the states, so that looks need not."""
        return self._stream.live

    @property
    def asks_states(self) -> bool:
        """True when the next look must ask for the states."""
        teller = self._stream.teller
        if teller is None or teller.doubtful or self._mismatch:
            return True
        return time.monotonic() - self._asked_at >= RUNNING_EVERY_S

    @property
    def suspicious(self) -> bool:
        """True while the stream does not fit the truth: the next look comes sooner."""
        return self.live and self._mismatch

    def pause(self) -> None:
        """Follow no longer, for now."""
        self._stream.drop()
        self._reader.drop()

    async def stop(self) -> None:
        """Follow no longer."""
        await self._stream.stop()
        await self._reader.stop()

    def before_look(self) -> None:
        """A look begins."""
        self._mark = (self._told, time.monotonic())

    def after_look(self, seen: Sighting) -> Sighting:
        """A look has ended: what counts of it, beside what events told meanwhile."""
        if seen.observation is None or seen.observation.outcome != "ok":
            self._stream.drop()
            return replace(seen, flights=UNKNOWN)
        self._stream.start()
        if not self.live:
            return seen
        seen = self._with_untold(seen)
        if seen.running is None or self._told != self._mark[0]:
            # Events that came during the look may be newer than its answer.
            return replace(seen, running=self._watch.view.running) if self._watch.view.tells_states else seen
        self._compare(seen.running)
        return seen

    def _with_untold(self, seen: Sighting) -> Sighting:
        """A stream that told states and, a whole look later, nothing of requests is one that never does."""
        teller = self._stream.teller
        silent = teller is not None and teller.flights.count is None and self._mark[0] > 0
        if not silent or seen.degraded_features is None:
            return seen
        return replace(seen, degraded_features=(*seen.degraded_features, NO_REQUESTS))

    def _compare(self, truth: Mapping[str, RunningModel]) -> None:
        """Hold the stream against the truth. The first difference may be an event on its way, the second is not."""
        teller, now, before = self._stream.teller, time.monotonic(), self._asked_at
        assert teller is not None and teller.status is not None
        teller.doubtful = False
        self._asked_at = self._mark[1]
        differs = _states(truth) != _states(teller.status.running)
        oldest = teller.oldest()
        silent = oldest is not None and now - oldest > FLIGHT_SILENT_S
        self._echoes = self._echoes or before < self._stream.heard_at
        deaf = self._echoes and now - self._stream.heard_at > DEAF_S
        wrong = (differs and self._mismatch) or silent or deaf
        may = now - self._renewed_at >= RENEW_EVERY_S
        self._mismatch = differs and not wrong and may
        if wrong and may:
            self._renewed_at = now
            self._stream.renew()

    # What the stream tells.

    def greeted(self, status: Status) -> None:
        self._asked_at, self._echoes = float("-inf"), False
        self._reader.connected()
        self.states(status)
        self._watch.look_soon()

    def states(self, status: Status) -> None:
        self._told += 1
        self._mismatch = False
        self._watch.arrive(Sighting(running=status.running, aliases=status.aliases))
        if self._watch.needs_look(status.running):
            self._asked_at = float("-inf")
            self._watch.look_soon()

    def rows(self, rows: Rows) -> None:
        self._reader.hear(rows)

    def flights(self, flights: Flights) -> None:
        self._reader.stirred()
        own = self._watch.own_requests
        self._watch.arrive(Sighting(flights=flights, own_requests=own))
        if own and not flights.count:
            self._watch.look_soon()  # our own count ends a moment later

    def ended(self, *, orderly: bool) -> None:
        self._mismatch = False
        self._watch.arrive(Sighting(flights=UNKNOWN))
        self._watch.look_soon(anew=orderly)


def _states(running: Mapping[str, RunningModel]) -> dict[str, str]:
    return {wire_id: m.state for wire_id, m in running.items() if m.state not in ("stopped", "shutdown")}
