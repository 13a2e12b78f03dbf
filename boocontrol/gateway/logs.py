"""The logs of all hosts, followed while somebody reads them: one connection for each log, whoever reads it.

`all` is what the host itself says and the log of each model that is in memory, or comes there meanwhile; where a host
cannot tell the logs of its models apart, it is what all of them say.
"""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Final

from boocontrol.core.api import Host
from boocontrol.core.errors import BooError
from boocontrol.core.logs import LineSource, LogSource
from boocontrol.gateway.log_feed import LogFeed, LogHosts
from boocontrol.gateway.log_session import LogSession

STOPPING: Final = "The gateway stops."
GONE: Final = "This host is no longer in the list."
_IN_MEMORY: Final = frozenset({"starting", "ready", "stopping"})
MOST_MODELS: Final = 32
"""So many models' logs a reader of everything follows at once; those of models that are gone make room."""

Place = tuple[LineSource, str]


class LogHub:
    """Gives logs to any number of readers. `key` tells the gateway's own key, which must never leave."""

    def __init__(self, hosts: LogHosts, key: Callable[[], str] = lambda: "") -> None:
        self._hosts = hosts
        self._key = key
        self._feeds: dict[tuple[str, Place], LogFeed] = {}
        self._sessions: set[LogSession] = set()
        self._ending: set[LogFeed] = set()
        self._numbers = itertools.count(1)
        self._closed = False

    async def stream(
        self, provider_id: str, source: LogSource = "all", model: str = "", *, history: bool = True, follow: bool = True
    ) -> AsyncIterator[bytes]:
        """Server-sent events for one reader, until it leaves. Raises nothing: what is wrong is an event."""
        session = LogSession(provider_id, source, model, follow=follow)
        self._sessions.add(session)
        try:
            if self._closed:
                session.end(STOPPING)
            else:
                for place in self._places(session):
                    self._join(session, place, history=history)
                session.look()
            async for frame in session.frames():
                yield frame
        finally:
            self._sessions.discard(session)
            for feed in list(session.feeds.values()):
                feed.leave(session)

    def noticed(self, provider_id: str) -> None:
        """Something was seen of this host."""
        for session in list(self._sessions):
            if session.provider_id == provider_id:
                if self._host(provider_id) is None:
                    session.end(GONE)
                elif session.source == "all":
                    self._follow_all(session)
        for feed in list(self._feeds.values()):
            if feed.provider_id == provider_id:
                feed.noticed()

    def close(self) -> None:
        """End every reader's stream."""
        self._closed = True
        for session in list(self._sessions):
            session.end(STOPPING)

    async def stop(self) -> None:
        """End the connections and wait for that."""
        self.close()
        for feed in [*self._feeds.values(), *self._ending]:
            await feed.stop()

    @property
    def followed(self) -> int:
        """How many logs are followed now."""
        return len(self._feeds)

    def _follow_all(self, session: LogSession) -> None:
        """Follow the logs of models that came, while there is room for them."""
        places = self._places(session)
        for place in places:
            if place not in session.feeds and len(session.feeds) > MOST_MODELS:
                gone = next((p for p in session.feeds if p[0] == "model" and p not in places), None)
                if gone is None:
                    return
                session.feeds.pop(gone).leave(session)
            self._join(session, place, history=True)

    def _places(self, session: LogSession) -> list[Place]:
        if session.source == "model":
            return [("model", session.model)]
        if session.source != "all":
            return [(session.source, "")]
        host = self._host(session.provider_id)
        loaded = host.loaded if host is not None else ()
        models = [m.ref.partition("/")[2] for m in loaded if m.state in _IN_MEMORY][:MOST_MODELS]
        places: list[Place] = [("proxy", ""), *(("model", wire_id) for wire_id in models)]
        mixed = any(feed.cannot for (source, _), feed in session.feeds.items() if source == "model")
        return [("proxy", ""), ("upstream", "")] if mixed else places

    def _join(self, session: LogSession, place: Place, *, history: bool) -> None:
        if place in session.feeds:
            return
        key = (session.provider_id, place)
        feed = self._feeds.get(key)
        if feed is None:
            feed = self._feeds[key] = LogFeed(
                self._hosts,
                session.provider_id,
                place,
                keys=lambda: self._keys(session.provider_id),
                numbers=self._numbers,
                on_end=self._ended,
                on_cannot=self._cannot,
            )
        session.feeds[place] = feed
        feed.join(session, history=history)

    def _cannot(self, feed: LogFeed) -> None:
        """A host has no such log. Who reads everything gets what all models say together."""
        for session in list(self._sessions):
            if feed in session.feeds.values() and session.source == "all" and feed.place[0] == "model":
                self._join(session, ("upstream", ""), history=True)

    def _ended(self, feed: LogFeed) -> None:
        self._feeds.pop((feed.provider_id, feed.place), None)
        self._ending = {f for f in self._ending if not f.over} | {feed}

    def _host(self, provider_id: str) -> Host | None:
        with suppress(KeyError):
            return self._hosts.host(provider_id)
        return None

    def _keys(self, provider_id: str) -> list[str]:
        """Texts that are keys whatever they look like."""
        keys = [self._key()]
        with suppress(KeyError, BooError):
            secret = self._hosts.client(provider_id).key
            keys.append(secret.get_secret_value() if secret is not None else "")
        return [key for key in keys if key]
