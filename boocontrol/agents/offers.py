"""Which models an agent is offered: the catalog, narrowed by the user's choice to what can chat."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from boocontrol.core.catalog import Catalog, ModelEntry, ProviderEntry
from boocontrol.core.favorites import favorite_ref, favorites_now
from boocontrol.core.refs import ANY
from boocontrol.core.values import Value, plain

MOST_OUTPUT: Final = 8192
_NO_CHAT = re.compile(r"embed|rerank|whisper", re.IGNORECASE)
_OTHER_USES: Final = ("audio_speech", "audio_transcriptions", "image_generation", "image_to_image")
# opencode replaces these in the raw text of its file, so a host's model name could make it read any file.
_SUBSTITUTED: Final = ("{env:", "{file:")


class Choice(Value):
    """What to export. `ids` are provider ids, or refs of models, according to the kind."""

    kind: Literal["all", "favorites", "providers", "models"] = "all"
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """One model as an agent sees it. `context` is in tokens, None when unknown; `fresh`: its host told it just now."""

    ref: str
    name: str
    context: int | None = None
    capabilities: Mapping[str, bool] = field(default_factory=dict)
    fresh: bool = True
    as_of: datetime | None = None

    @property
    def output(self) -> int | None:
        """Tokens of one answer: a quarter of the context at most, so that compaction leaves room."""
        return None if self.context is None else min(MOST_OUTPUT, self.context // 4)

    @property
    def limit(self) -> tuple[int, int] | None:
        """Context and output, both or nothing: half a limit stops opencode from starting."""
        if self.context is None or not self.output:
            return None
        return self.context, self.output


@dataclass(frozen=True, slots=True)
class Offers:
    """The models of a choice by ref, the favorites hidden for now, and refs that no file can hold safely."""

    models: Mapping[str, Offer]
    hidden: tuple[str, ...] = ()
    unsafe: tuple[str, ...] = ()


def offers(catalog: Catalog, choice: Choice, favorites: Sequence[str] = ()) -> Offers:
    """The chosen models in the catalog's order, favorites in the user's."""
    hidden = favorites_now(catalog, favorites)[1] if choice.kind == "favorites" else ()
    found = {offer.ref: offer for offer in _chosen(catalog, choice, favorites)}
    unsafe = tuple(ref for ref in found if any(mark in ref for mark in _SUBSTITUTED))
    return Offers({ref: o for ref, o in found.items() if ref not in unsafe}, hidden, unsafe)


def covered(choice: Choice, catalog: Catalog, favorites: Sequence[str] = ()) -> Callable[[str], bool]:
    """A test whether the choice covers a ref, be it listed or not."""
    if choice.kind == "all":
        return lambda ref: True
    if choice.kind == "providers":
        return lambda ref: ref.partition("/")[0] in choice.ids
    wanted = choice.ids if choice.kind == "models" else favorites
    refs = {str(favorite_ref(text, catalog) or text) for text in wanted}
    return lambda ref: ref in refs


def surely_gone(ref: str, catalog: Catalog) -> bool:
    """Whether the source says that a ref is no more. A host that is down, paused or not read yet says nothing."""
    head, _, wire_id = ref.partition("/")
    if head == ANY:
        away = [p for p in catalog.providers if not is_fresh(p)]
        return not any(wire_id in p.by_wire_id or not p.models for p in away)
    provider = catalog.by_id.get(head)
    return provider is None or is_fresh(provider)


def is_fresh(provider: ProviderEntry) -> bool:
    """Whether the provider's inventory is what its host says now."""
    return provider.answers and not provider.stale and provider.as_of is not None


def safe_name(text: str) -> str:
    """A name without control characters and without anything that an agent's file format would act on."""
    text = plain(text)
    for bad, good in (("{", "("), ("}", ")"), ("$", ""), ("`", "'")):
        text = text.replace(bad, good)
    return " ".join(text.lstrip("!").split())


def _chosen(catalog: Catalog, choice: Choice, favorites: Sequence[str]) -> Iterator[Offer]:
    if choice.kind in ("all", "providers"):
        for provider in _live(catalog):
            if choice.kind == "all" or provider.id in choice.ids:
                yield from (_offer(provider, m) for m in provider.models if _listed(m))
        if choice.kind == "all":
            yield from filter(None, (_fleet(catalog, str(ref.model)) for ref in catalog.fleet_refs()))
        return
    for text in choice.ids if choice.kind == "models" else favorites:
        offer = _named(catalog, text)
        if offer is not None:
            yield offer


def _live(catalog: Catalog) -> list[ProviderEntry]:
    return [p for p in catalog.providers if p.state != "paused"]


def _named(catalog: Catalog, text: str) -> Offer | None:
    ref = favorite_ref(text, catalog)
    if ref is None:
        return None
    if ref.is_fleet:
        return _fleet(catalog, ref.model, least=1)
    provider = catalog.by_id.get(ref.provider)
    model = catalog.find(ref)
    if provider is None or provider.state == "paused" or model is None or not _chats(model):
        return None
    return _offer(provider, model)


def _fleet(catalog: Catalog, wire_id: str, least: int = 2) -> Offer | None:
    """`any/model` promises no more context, and no more abilities, than the smallest host has."""
    listed = [(p, p.by_wire_id.get(wire_id)) for p in _live(catalog)]
    owners = [(p, m) for p, m in listed if m is not None and m.wire_id == wire_id and _listed(m)]
    if len(owners) < least:
        return None
    contexts = [m.context_length for _, m in owners if m.context_length is not None]
    shared = {k: True for k, v in owners[0][1].capabilities.items() if all(m.capabilities.get(k) for _, m in owners)}
    return Offer(
        ref=f"{ANY}/{wire_id}",
        name=f"{safe_name(owners[0][1].name) or safe_name(wire_id)} (any host)",
        context=min(contexts) if contexts else None,
        capabilities=shared,
        fresh=any(is_fresh(p) for p, _ in owners),
    )


def _offer(provider: ProviderEntry, model: ModelEntry) -> Offer:
    name = safe_name(model.name) or safe_name(model.wire_id)
    return Offer(
        ref=model.ref,
        name=f"{name} ({safe_name(provider.label) or provider.id})",
        context=model.context_length,
        capabilities=model.capabilities,
        fresh=is_fresh(provider),
        as_of=provider.as_of,
    )


def _listed(model: ModelEntry) -> bool:
    """Aliases would double the list, profiles mean another thing each time; unlisted models are hidden on purpose."""
    return model.type in ("model", "selector") and not model.unlisted and _chats(model)


def _chats(model: ModelEntry) -> bool:
    able = model.capabilities
    if able.get("reranker") or able.get("embeddings") or able.get("embedding"):
        return False
    if able.get("tools") or able.get("vision"):
        return True
    return not any(able.get(use) for use in _OTHER_USES) and not _NO_CHAT.search(model.wire_id)
