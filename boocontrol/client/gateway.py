"""The control API as methods: values in, values out, BooError for every no."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from typing import Any, Self, TypeVar

from pydantic import SecretStr

from boocontrol.client import chat, events, logs
from boocontrol.client.asking import segment
from boocontrol.client.control import ControlCalls
from boocontrol.client.find import Gateway
from boocontrol.client.history import HistoryCalls
from boocontrol.client.transport import Transport, Versioned
from boocontrol.core.activity import ActivityPage, ActivityStats
from boocontrol.core.activity_series import ActivitySeries
from boocontrol.core.api import (
    Asked,
    Host,
    Hosts,
    KeyStatus,
    ProbeRequest,
    ProbeResult,
    RenewedKey,
    Status,
)
from boocontrol.core.catalog import Catalog
from boocontrol.core.errors import Stale
from boocontrol.core.logs import LogNews, LogSource

T = TypeVar("T")
Document = dict[str, Any]
Edit = Callable[[Document], Document]

TRIES = 8
PROBE_S = 60.0


class GatewayClient(ControlCalls, HistoryCalls):
    """An open connection to one gateway; use it as `async with`. Its key is shown nowhere."""

    def __init__(self, url: str, key: SecretStr | str | None = None, *, source: str = "client") -> None:
        secret = SecretStr(key) if isinstance(key, str) else key
        self._transport = Transport(url, secret, source=source)

    @classmethod
    def of(cls, gateway: Gateway, *, source: str = "client") -> Self:
        """A client of a gateway that was found."""
        return cls(gateway.url, gateway.key, source=source)

    @property
    def url(self) -> str:
        """The gateway's address, without a slash at the end."""
        return self._transport.url

    def __repr__(self) -> str:
        return f"GatewayClient({self.url!r})"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close all connections."""
        await self._transport.aclose()

    async def raw(self, path: str, params: Mapping[str, str | int] | None = None) -> Any:
        """The JSON that a GET answers, as it came."""
        return (await self._transport.ask("GET", path, params=params)).json()

    async def renew_key(self) -> SecretStr:
        """Give the gateway a new key, which this client uses from now on. The old one is refused."""
        answer = await self._transport.ask("POST", "/api/gateway/key/renew")
        key = SecretStr(self._transport.read(RenewedKey, answer).key)
        self._transport.use(key)
        return key

    async def status(self) -> Status:
        """What runs, since when, on which registry."""
        return await self._transport.value(Status, "/api/status")

    # --- providers ---

    async def providers(self) -> Versioned[Document]:
        """The registry document, unknown keys included."""
        return self._transport.read_object(await self._transport.ask("GET", "/api/providers"))

    async def put_providers(self, document: Document, etag: str) -> Versioned[Document]:
        """Replace the registry. Raises Stale when it changed since it was read."""
        answer = await self._transport.ask("PUT", "/api/providers", body=document, etag=etag)
        return self._transport.read_object(answer)

    async def edit_providers(self, edit: Edit) -> Versioned[Document]:
        """Apply an edit to the registry as it is now, again if somebody else wrote meanwhile."""

        async def once() -> Versioned[Document]:
            now = await self.providers()
            return await self.put_providers(edit(now.value), now.etag)

        return await _again_if_stale(once)

    async def add_provider(self, entry: Mapping[str, Any]) -> None:
        """Add one provider at the end."""
        await self._change("POST", "/api/providers", dict(entry))

    async def update_provider(self, provider: str, patch: Mapping[str, Any]) -> None:
        """Replace keys of one provider; null removes a key."""
        await self._change("PATCH", f"/api/providers/{segment(provider)}", dict(patch))

    async def remove_provider(self, provider: str) -> None:
        """Remove one provider. Its key stays where it is."""
        await self._change("DELETE", f"/api/providers/{segment(provider)}", None)

    async def _change(self, method: str, path: str, body: Document | None) -> None:
        async def once() -> None:
            etag = (await self.providers()).etag
            await self._transport.ask(method, path, body=body, etag=etag)

        await _again_if_stale(once)

    async def probe(self, request: ProbeRequest) -> ProbeResult:
        """Test an address and key before saving, stage by stage."""
        body = request.model_dump(mode="json", by_alias=True, exclude_none=True)
        if request.key is not None:
            body["key"] = request.key.get_secret_value()
        answer = await self._transport.ask("POST", "/api/providers/probe", body=body, answer_s=PROBE_S)
        return self._transport.read(ProbeResult, answer)

    async def set_key(self, provider: str, key: SecretStr) -> KeyStatus:
        """Store a provider's key in the keyring of the gateway's machine."""
        body = {"key": key.get_secret_value()}
        return self._transport.read(KeyStatus, await self._transport.ask("PUT", _key(provider), body=body))

    async def delete_key(self, provider: str) -> KeyStatus:
        """Remove a provider's key from that keyring."""
        return self._transport.read(KeyStatus, await self._transport.ask("DELETE", _key(provider)))

    # --- hosts and models ---

    async def models(self) -> Catalog:
        """What every provider offers, as last known."""
        return await self._transport.value(Catalog, "/api/models")

    async def hosts(self) -> tuple[Host, ...]:
        """All hosts in registry order."""
        return (await self._transport.value(Hosts, "/api/hosts")).hosts

    async def host(self, provider: str) -> Host:
        """One host."""
        return await self._transport.value(Host, f"/api/hosts/{segment(provider)}")

    # --- activity ---

    async def activity(self, **filters: str | int) -> ActivityPage:
        """Requests, newest first. `filters` are the API's: provider, ref, outcome, client, limit, before and so on."""
        answer = await self._transport.ask("GET", "/api/activity", params=filters)
        return self._transport.read(ActivityPage, answer)

    async def activity_stats(self, **filters: str | int) -> ActivityStats:
        """Counts and speeds by model in a window of time, the last day unless `since` and `until` are given."""
        answer = await self._transport.ask("GET", "/api/activity/stats", params=filters)
        return self._transport.read(ActivityStats, answer)

    async def activity_series(self, **filters: str | int) -> ActivitySeries:
        """Ended requests over time in `points` pieces; the last day unless `since` and `until` are given."""
        answer = await self._transport.ask("GET", "/api/activity/series", params=filters)
        return self._transport.read(ActivitySeries, answer)

    async def cancel(self, request_id: str) -> Asked:
        """End a running request. Raises NotFound when it does not run."""
        answer = await self._transport.ask("POST", f"/api/activity/{segment(request_id, 'request')}/cancel")
        return self._transport.read(Asked, answer)

    # --- settings ---

    async def settings(self) -> Versioned[Document]:
        """Every setting, those of other programs included."""
        return self._transport.read_object(await self._transport.ask("GET", "/api/settings"))

    async def patch_settings(self, patch: Mapping[str, Any], etag: str) -> Versioned[Document]:
        """Replace the given settings; null resets one. Raises Stale when they changed since they were read."""
        answer = await self._transport.ask("PATCH", "/api/settings", body=dict(patch), etag=etag)
        return self._transport.read_object(answer)

    async def edit_settings(self, edit: Callable[[Document], Mapping[str, Any]]) -> Versioned[Document]:
        """Apply an edit (settings in, patch out) to the settings as they are now.

        It is applied again to a new reading if somebody else wrote meanwhile, so it never undoes their change; it
        must therefore be a function of what it is given. An empty patch writes nothing.
        """

        async def once() -> Versioned[Document]:
            now = await self.settings()
            patch = edit(now.value)
            return await self.patch_settings(patch, now.etag) if patch else now

        return await _again_if_stale(once)

    # --- streams ---

    def events(self, last_id: str | None = None) -> AsyncGenerator[events.Event, None]:
        """What changes, as it changes; see events.events."""
        return events.events(self._transport, last_id)

    def logs(
        self,
        provider: str,
        source: LogSource = "all",
        model: str = "",
        *,
        history: bool = True,
        follow: bool = True,
    ) -> AsyncGenerator[LogNews, None]:
        """The logs of a host, what was kept first; see logs.logs. `model` is for source "model"."""
        return logs.logs(self._transport, provider, source, model, history=history, follow=follow)

    def chat_stream(
        self, ref: str, messages: Sequence[Mapping[str, Any]], **options: Any
    ) -> AsyncGenerator[chat.ChatText | chat.ChatEnd, None]:
        """An answer piece by piece, then its end; `options` are further keys of the request."""
        return chat.chat_stream(self._transport, ref, messages, options)


async def _again_if_stale(once: Callable[[], Awaitable[T]]) -> T:
    """Read, change and write, again when somebody else wrote in between."""
    for _ in range(TRIES - 1):
        try:
            return await once()
        except Stale:
            continue
    return await once()


def _key(provider: str) -> str:
    return f"/api/providers/{segment(provider)}/key"
