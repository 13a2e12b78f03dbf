"""llama-swap, every dialect since v135: features are probed (a plain 404 = not there), never guessed from a number."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, Final
from urllib.parse import quote

import msgspec
from pydantic import SecretStr

from boocontrol.core.redaction import redact
from boocontrol.core.registry import Provider
from boocontrol.core.values import plain
from boocontrol.hosts import context
from boocontrol.hosts.client import inventory_of
from boocontrol.hosts.errors import BadAnswer, HostRefused, place
from boocontrol.hosts.http import Answer, HostHttp, TlsContexts
from boocontrol.hosts.records import HostInventory, RunningModel, read_running, read_version

SMALL: Final = 1024 * 1024
UNLOAD_S: Final = 60.0
LIVENESS_S: Final = 8.0
# The next look waits for them.
FIGURES_S: Final = 2.0
NO_ENDPOINT: Final = b"404 page not found"

NO_VERSION: Final = "Its version (told from version 173 on)."
NO_RUNNING: Final = "Which models are loaded (told from version 94 on)."
NO_TYPES: Final = "Which names are aliases, and of which models."
NO_DETAILS: Final = "Commands of running models, and the context length in them (told from version 186 on)."
NO_FIGURES: Final = "GPU and memory figures (told from version 212 on)."
NO_REQUESTS: Final = "Requests that did not come through BooControl, while they run (told from version 192 on)."
NO_ACTIVITY: Final = "Its own activity list (told from version 236 on)."
NOT_LLAMA_SWAP: Final = "It does not look like llama-swap: the kind openai may fit better."


class LlamaSwapClient:
    """One llama-swap host."""

    def __init__(self, provider: Provider, contexts: TlsContexts, key: SecretStr | None = None) -> None:
        self.base_url = provider.base_url
        self._id = provider.id
        self._http = HostHttp(provider, contexts, key)
        self._liveness = "/wol-health"
        self._missing: dict[str, bool] = {}
        self._listed: tuple[tuple[int, str, bytes], HostInventory] | None = None

    @property
    def key(self) -> SecretStr | None:
        """The host's key."""
        return self._http.key

    @key.setter
    def key(self, key: SecretStr | None) -> None:
        self._http.key = key

    @property
    def degraded_features(self) -> tuple[str, ...]:
        """What this version cannot tell."""
        return tuple(words for words, missing in self._missing.items() if missing)

    async def liveness(self) -> bool:
        """Ask whether it is up, in the way that leaves no line in its log (from v167 on)."""
        answer = await self._http.get(self._liveness, cap=SMALL, within=LIVENESS_S)
        if answer.absent and self._liveness == "/wol-health":
            self._liveness = "/health"
            answer = await self._http.get(self._liveness, cap=SMALL, within=LIVENESS_S)
        answer.check()
        return True

    async def version(self) -> str | None:
        """Its version, and which of its later features are there."""
        figures = await self._http.get("/api/performance", cap=SMALL)
        activity = await self._http.get("/api/metrics/activity?limit=1", cap=SMALL)
        self._missing[NO_FIGURES] = figures.absent
        self._missing[NO_ACTIVITY] = activity.absent
        answer = await self._http.get("/api/version", cap=SMALL)
        self._missing[NO_VERSION] = answer.absent
        return None if answer.absent else read_version(answer.check().json())

    async def running(self) -> Mapping[str, RunningModel] | None:
        """The models in memory."""
        answer = await self._http.get("/running", cap=SMALL)
        self._missing[NO_RUNNING] = answer.absent
        if answer.absent:
            return None
        found = read_running(answer.check().json(), place(self.base_url))
        if found:
            self._missing[NO_DETAILS] = not any(m.cmd for m in found.values())
        return found

    async def inventory(self) -> HostInventory:
        """What it lists; the same object while it lists the same."""
        answer = await self._http.get("/v1/models")
        said = (answer.status, answer.content_type, hashlib.blake2b(answer.body, digest_size=16).digest())
        if self._listed is None or self._listed[0] != said:
            self._listed = (said, await inventory_of(answer, self._id, place(self.base_url)))
        found = self._listed[1]
        foreign = bool(found.made_by) and "llama-swap" not in found.made_by
        self._missing[NOT_LLAMA_SWAP] = foreign
        self._missing[NO_TYPES] = bool(found.models) and not found.typed and not foreign
        return found

    async def props(self, wire_id: str) -> int | None:
        """The context length that the model server itself states. Only for a model that is ready."""
        answer = await self._http.get(f"/upstream/{_segment(wire_id)}/props", cap=SMALL)
        try:
            return context.of_props(answer.check().json())
        except BadAnswer:
            return None  # not llama-server: another program serves this model

    def events(self) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """Its event stream (from v135 on)."""
        return self._http.follow("/api/events")

    def logs(self, name: str) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """One of its logs: proxy, upstream, or (from v178 on) that of one model."""
        return self._http.follow(f"/logs/stream/{quote(name, safe='/')}", "text/plain")

    async def performance(self, after: str) -> Answer | None:
        """The machine's figures: neither told before v212 nor when they are switched off."""
        if self._missing.get(NO_FIGURES, False):
            return None
        query = f"?after={quote(after, safe='')}" if after else ""
        answer = await self._http.get(f"/api/performance{query}", within=FIGURES_S)
        return None if answer.absent or answer.status == 503 else answer.check()

    @property
    def ahead_s(self) -> float:
        """How far its clock is ahead of ours."""
        return self._http.ahead_s

    async def activity(self, limit: int, least: int, most: int) -> list[Any]:
        """Its own rows of requests (from v236 on; before, events carry them)."""
        bounds = {"limit": limit, "min_id": least, "max_id": most}
        query = "&".join(f"{name}={value}" for name, value in bounds.items() if value)
        answer = await self._http.get(f"/api/metrics/activity?{query}")
        if answer.absent:
            return []
        document = answer.check().json()
        found = document.get("data") if isinstance(document, dict) else None
        return found[:limit] if isinstance(found, list) else []

    async def load(self, wire_id: str) -> str | None:
        """There is no load call: a request to the model's own server loads it, whatever that server answers."""
        answer = await self._http.touch(f"/upstream/{_segment(wire_id)}/")
        if answer.status == 401 and _is_own(answer):
            raise HostRefused("The host refuses the key.", "Store the right key for this provider.")
        complaint = _complaint(answer)
        # It may quote the command that failed, and is kept in the story and shown.
        return complaint and redact(complaint, [self.key.get_secret_value()] if self.key is not None else ())

    async def unload(self, wire_id: str) -> None:
        """Unload one model (from v161 on). Returns when its process is gone."""
        answer = await self._http.act("POST", f"/api/models/unload/{_segment(wire_id)}", wait=UNLOAD_S)
        if answer.status == 405 or answer.body.strip() == NO_ENDPOINT:
            title = "This version of llama-swap cannot unload a single model (from version 161 on it can)."
            raise BadAnswer(title, "Unload all models of the host.", code="not_supported", status=answer.status)
        if answer.status == 404:
            raise BadAnswer(
                f"The host knows no model {plain(wire_id)!r} to unload.", code="model_not_found", status=404
            )
        answer.check()

    async def unload_all(self) -> None:
        """Unload everything: by POST (from v126 on), else by the older GET."""
        answer = await self._http.act("POST", "/api/models/unload", wait=UNLOAD_S)
        if answer.absent:
            answer = await self._http.act("GET", "/unload", wait=UNLOAD_S)
        answer.check()

    async def cancel_request(self, request_id: str) -> None:
        """End a request that runs (from v235 on)."""
        answer = await self._http.act("POST", f"/api/inflight/{_segment(request_id)}/cancel", wait=UNLOAD_S)
        if answer.absent and _is_own(answer):
            raise BadAnswer("The request runs no more.", code="not_found", status=404)
        if answer.absent:
            title = "This version of llama-swap cannot end a single request (from version 235 on it can)."
            raise BadAnswer(title, "Unloading the model ends it too.", code="not_supported", status=answer.status)
        answer.check()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()


def _segment(wire_id: str) -> str:
    return quote(wire_id, safe="")


def _is_own(answer: Answer) -> bool:
    """True for an error of llama-swap itself and not of the model server behind it."""
    return b'"src":"llama-swap"' in answer.body.replace(b'": "', b'":"') or answer.body.startswith(b'{"error":"')


def _complaint(answer: Answer) -> str | None:
    """What llama-swap says went wrong, in any of its four shapes; None for an answer of the model server."""
    if answer.status < 400:
        return None
    if answer.status in (500, 502) and answer.content_type.startswith("text/plain"):
        return plain(answer.body[:500].decode(errors="replace")).strip() or None
    if not _is_own(answer):
        return None
    try:
        document: Any = msgspec.json.decode(answer.body)
    except (msgspec.MsgspecError, ValueError):
        return None
    error = document.get("error") if isinstance(document, dict) else None
    text = error.get("message") if isinstance(error, dict) else error
    return plain(text[:500]) if isinstance(text, str) and text else None
