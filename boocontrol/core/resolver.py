"""The one routing authority: where a ref leads. Nothing else in the house builds a host URL."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from heapq import nlargest
from typing import Literal
from urllib.parse import quote

from boocontrol.core.catalog import Catalog, ProviderEntry
from boocontrol.core.errors import Refusal
from boocontrol.core.refs import ModelRef
from boocontrol.core.registry import KeyRef, Provider, Registry

RouteKind = Literal["swap", "sidecar", "openai"]
Purpose = Literal[
    "chat",
    "completions",
    "responses",
    "messages",
    "embeddings",
    "rerank",
    "audio",
    "images",
    "infill",
    "props",
    "load",
    "title",
    "compaction",
]


@dataclass(frozen=True, slots=True)
class Route:
    """Where a ref leads: which provider, what its host calls the model, at which address, with which key."""

    ref: ModelRef
    kind: RouteKind
    base_url: str
    provider: Provider
    key: KeyRef | None

    @property
    def provider_id(self) -> str:
        """The provider's present id."""
        return self.ref.provider

    @property
    def wire_id(self) -> str:
        """What the host calls the model: the only form that goes up."""
        return self.ref.model

    def url(self, path: str) -> str:
        """The URL of an API path such as `/v1/chat/completions` on this route."""
        return self.base_url + path

    @property
    def props_url(self) -> str:
        """Where the context length stands. On llama-swap, asking it loads a model that is not ready."""
        if self.kind == "openai":
            return f"{self.base_url}/props"
        return f"{self.provider.base_url}/upstream/{quote(self.wire_id, safe='')}/props"


def resolve(
    registry: Registry,
    ref: str | ModelRef,
    purpose: Purpose = "chat",
    catalog: Catalog | None = None,
    *,
    agent_flags: bool = False,
    streaming: bool = False,
) -> Route:
    """The route of `provider/model`, `any/model` or a legacy bare id.

    `catalog` is the last-known one: only `any/`, a bare id that holds a slash and the names in a refusal need it.
    Raises Refusal, with title and advice, when the ref leads nowhere.
    """
    wanted = registry.ref(ref) if isinstance(ref, str) else ref
    if wanted is None:
        raise Refusal("There is no provider.", "Add a provider first.", code="no_providers", param="model")
    if not wanted.model:
        raise unknown_model(str(ref), registry, catalog)
    if isinstance(ref, str) and not _is_full(ref, registry):
        _check_bare(ref, wanted, registry, catalog)
    if wanted.is_fleet:
        wanted = _choose(wanted, registry, catalog)
    provider = registry.by_id.get(wanted.provider)
    if provider is None:
        raise unknown_model(str(wanted), registry, catalog)
    if not provider.enabled:
        title = f"The provider {provider.id} is paused."
        raise Refusal(title, "Resume it in BooControl, or choose another.", code="provider_paused", param="model")
    return _route(wanted, provider, sidecar=agent_flags and _takes_flags(provider, purpose, streaming))


def unknown_model(text: str, registry: Registry, catalog: Catalog | None) -> Refusal:
    """The refusal for a ref that nobody offers, with the nearest names."""
    near = nearest(text, registry, catalog)
    if near:
        advice = f"Did you mean {' or '.join(near)}?"
    elif not len(registry):
        advice = "There is no provider yet: add one first."
    else:
        advice = f"Write provider/model. Providers: {', '.join(registry.by_id)}."
    return Refusal(f"The model {text!r} does not exist.", advice, param="model")


def nearest(text: str, registry: Registry, catalog: Catalog | None, count: int = 3) -> list[str]:
    """The refs most like a text, best first: by the whole ref, then by the model's name alone."""
    refs = _alike(text, [m.ref for m in catalog.models()] if catalog else [])
    by_fold = {r.casefold(): r for r in refs}
    found = [by_fold[m] for m in get_close_matches(text.casefold(), by_fold, n=count, cutoff=0.6)]
    tail = text.rpartition("/")[2].casefold()
    if tail and len(found) < count:
        found += [r for r in _ending(tail, refs) if r not in found]
    return found[:count]


def _alike(text: str, refs: list[str], most: int = 60) -> list[str]:
    """The refs that share most runs of three letters: comparing thousands in full would take a tenth of a second."""
    fold = text[:200].casefold()
    runs = {fold[i : i + 3] for i in range(len(fold) - 2)} or {fold}
    folded = {ref: ref.casefold() for ref in refs}
    return nlargest(most, refs, key=lambda ref: sum(run in folded[ref] for run in runs))


def _ending(tail: str, refs: Iterable[str]) -> list[str]:
    named: dict[str, list[str]] = {}
    for ref in refs:
        named.setdefault(ref.rpartition("/")[2].casefold(), []).append(ref)
    return [ref for name in get_close_matches(tail, named, n=3, cutoff=0.6) for ref in named[name]]


def _is_full(text: str, registry: Registry) -> bool:
    head, slash, _ = text.partition("/")
    return bool(slash) and (head == "any" or head in registry.heads)


def _check_bare(text: str, wanted: ModelRef, registry: Registry, catalog: Catalog | None) -> None:
    """A bare id with a slash is a typo of a provider, unless the default provider lists just that id."""
    if "/" in text and (catalog is None or catalog.find(wanted) is None):
        raise unknown_model(text, registry, catalog)


def _choose(wanted: ModelRef, registry: Registry, catalog: Catalog | None) -> ModelRef:
    """The provider for `any/model`: where it is ready, else starting, else by priority, else by registry order."""
    entries = catalog.providers if catalog else ()
    offers = [p for p in entries if wanted.model in p.by_wire_id and p.id in registry.by_id]
    offers = [p for p in offers if registry.by_id[p.id].enabled]
    if not offers:
        raise unknown_model(str(wanted), registry, catalog)
    best = min(offers, key=lambda p: _rank(p, wanted.model, registry))
    return ModelRef(best.id, wanted.model)


def _rank(entry: ProviderEntry, wire_id: str, registry: Registry) -> tuple[int, int]:
    state = entry.by_wire_id[wire_id].state
    if not entry.answers:
        return (3, -registry.by_id[entry.id].priority)
    if state == "ready" or entry.kind == "openai":
        return (0, 0)
    return (1, 0) if state == "starting" else (2, -registry.by_id[entry.id].priority)


def _takes_flags(provider: Provider, purpose: Purpose, streaming: bool) -> bool:
    """Whether agent flags lead to the sidecar. They are for streaming chat; elsewhere they have no effect."""
    if provider.sidecar_url is None:
        title = f"The provider {provider.id} has no sidecar, which X-Agent-Flags needs."
        raise Refusal(title, "Leave the header out, or give the provider a sidecarUrl.", code="no_sidecar")
    return purpose == "chat" and streaming


def _route(ref: ModelRef, provider: Provider, *, sidecar: bool) -> Route:
    if sidecar and provider.sidecar_url is not None:
        return Route(ref, "sidecar", provider.sidecar_url, provider, None)  # the key is the host's, not its
    kind: RouteKind = "openai" if provider.kind == "openai" else "swap"
    return Route(ref, kind, provider.base_url, provider, provider.api_key)
