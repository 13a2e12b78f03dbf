"""The part of the client that reads what the gateway remembers: health checks, samples of hosts, story of models."""

from __future__ import annotations

from datetime import datetime

from boocontrol.client.asking import segment
from boocontrol.client.transport import Transport
from boocontrol.core.api import HostHistory
from boocontrol.core.history import HostSamples, ModelEvents


class HistoryCalls:
    """Mixed into the client. Filters that are left out are not sent; every call raises BooError for a no."""

    _transport: Transport

    async def history(
        self,
        provider: str,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int | None = None,
    ) -> HostHistory:
        """The health checks of one host, newest last."""
        given = _given(since=since, until=until, limit=limit)
        answer = await self._transport.ask("GET", _of_host(provider, "history"), params=given)
        return self._transport.read(HostHistory, answer)

    async def samples(
        self,
        provider: str,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        points: int | None = None,
    ) -> HostSamples:
        """What one host measured of itself, oldest first, at most so many points."""
        given = _given(since=since, until=until, points=points)
        answer = await self._transport.ask("GET", _of_host(provider, "samples"), params=given)
        return self._transport.read(HostSamples, answer)

    async def story(
        self,
        *,
        provider: str | None = None,
        ref: str | None = None,
        event: str | None = None,
        since: datetime | None = None,
        before: str | None = None,
        limit: int | None = None,
    ) -> ModelEvents:
        """What happened to models, newest first."""
        given = _given(provider=provider, ref=ref, event=event, since=since, before=before, limit=limit)
        answer = await self._transport.ask("GET", "/api/story", params=given)
        return self._transport.read(ModelEvents, answer)


def _given(**filters: datetime | str | int | None) -> dict[str, str | int]:
    shown = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in filters.items()}
    return {name: value for name, value in shown.items() if value is not None}


def _of_host(provider: str, what: str) -> str:
    return f"/api/hosts/{segment(provider)}/{what}"
