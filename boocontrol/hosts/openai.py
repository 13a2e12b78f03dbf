"""Any other OpenAI-compatible server: llama-server itself, vLLM, LM Studio, Ollama, a cloud."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pydantic import SecretStr

from boocontrol.core.errors import BooError, Unreachable
from boocontrol.core.registry import Provider
from boocontrol.hosts import context
from boocontrol.hosts.client import inventory_of
from boocontrol.hosts.errors import BadAnswer, HostRefused, place
from boocontrol.hosts.http import Answer, HostHttp, TlsContexts
from boocontrol.hosts.records import HostInventory, RunningModel

SMALL: Final = 1024 * 1024
NOT_SUPPORTED: Final = "Models of an OpenAI-compatible server are loaded and unloaded by the server itself."


class OpenAIClient:
    """One OpenAI-compatible server. Its models count as ready while it is up."""

    def __init__(self, provider: Provider, contexts: TlsContexts, key: SecretStr | None = None) -> None:
        self.base_url = provider.base_url
        self._id = provider.id
        self._http = HostHttp(provider, contexts, key)
        # Unknown until asked; a cloud is not asked.
        self._has_health: bool | None = False if provider.location == "cloud" else None
        self._fresh: Answer | None = None
        self._starting = False
        self._known: tuple[str, ...] = ()
        self._made_by: frozenset[str] = frozenset()

    @property
    def key(self) -> SecretStr | None:
        """The server's key."""
        return self._http.key

    @key.setter
    def key(self, key: SecretStr | None) -> None:
        self._http.key = key

    @property
    def degraded_features(self) -> tuple[str, ...]:
        """What such a server cannot tell."""
        return ("Which models are in memory; loading and unloading.",)

    async def liveness(self) -> bool:
        """By /health where it is known; else by the list of models, which the inventory then need not ask again."""
        self._starting = False
        if self._has_health is not False and await self._healthy():
            return not self._starting
        answer = await self._http.get("/v1/models")
        self._fresh = answer
        return True

    async def _healthy(self) -> bool:
        try:
            answer = await self._http.get("/health", cap=SMALL, within=8.0)
        except HostRefused:
            answer = None
        except Unreachable as e:
            if e.code != "redirected":
                raise
            answer = None
        if answer is not None and answer.status == 503 and _is_loading(answer):
            self._starting = True
            return True
        good = answer is not None and answer.status == 200 and not answer.is_page and b'"error"' not in answer.body
        if self._has_health is None or not good:
            self._has_health = good
        return good

    async def version(self) -> str | None:
        """vLLM, LM Studio and the like tell theirs each in their own way; none is asked."""
        return None

    async def running(self) -> Mapping[str, RunningModel]:
        """Every known model: ready, or starting while llama-server reads its file."""
        state = RunningModel("starting" if self._starting else "ready")
        return dict.fromkeys(self._known, state)

    async def inventory(self) -> HostInventory:
        """What it lists."""
        answer, self._fresh = self._fresh, None
        answer = answer or await self._http.get("/v1/models")
        found = await inventory_of(answer, self._id, place(self.base_url))
        self._known = tuple(m.wire_id for m in found.models)
        self._made_by = found.made_by
        return found

    async def props(self, wire_id: str) -> int | None:
        """llama-server's own number, when it serves this one model."""
        if self._made_by != {"llamacpp"} or self._known != (wire_id,):
            return None
        answer = await self._http.get("/props", cap=SMALL)
        try:
            return context.of_props(answer.check().json())
        except BadAnswer:
            return None

    def events(self) -> None:
        """Such servers have no event stream."""
        return None

    def logs(self, name: str) -> None:
        """Such servers do not show their log."""
        return None

    async def performance(self, after: str) -> None:
        """Such servers tell nothing of their machine."""
        return None

    @property
    def ahead_s(self) -> float:
        """Not asked for."""
        return 0.0

    async def activity(self, limit: int, least: int, most: int) -> list[Any]:
        """Such servers keep no list of requests."""
        return []

    async def load(self, wire_id: str) -> str | None:
        """Not for this kind."""
        raise unsupported()

    async def unload(self, wire_id: str) -> None:
        """Not for this kind."""
        raise unsupported()

    async def unload_all(self) -> None:
        """Not for this kind."""
        raise unsupported()

    async def cancel_request(self, request_id: str) -> None:
        """Not for this kind."""
        raise unsupported()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()


def unsupported() -> BooError:
    """The error for what such a server does by itself."""
    return BadAnswer(NOT_SUPPORTED, "Use the server's own means.", code="not_supported")


def _is_loading(answer: Answer) -> bool:
    """llama-server while it reads its model: 503 with a JSON error that says so."""
    try:
        document: Any = answer.json()
    except BadAnswer:
        return False
    error = document.get("error") if isinstance(document, dict) else None
    text = error.get("message") if isinstance(error, dict) else document.get("status") if error is None else error
    return "loading" in str(text).lower()
