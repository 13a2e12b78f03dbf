"""The Models list as plain values: Favorites first, then one section per provider. Without Qt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from boocontrol.core.catalog import Catalog, ModelEntry, ProviderEntry
from boocontrol.core.favorites import collapse, favorite_ref
from boocontrol.core.refs import ModelRef

FAVORITES = ""  # the key of the Favorites section; no provider id is empty
HELD = frozenset({"ready", "starting", "stopping"})


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One line: a model at a provider. `key` is unique in its section, `ref` is what load, copy and chat want.

    `stale`: old news, for the host or the gateway does not answer now. `asked`: when it was asked to be loaded or
    unloaded (seconds of the epoch), while the host has not shown it yet. `problem`: why the last try failed.
    """

    key: str
    ref: str
    entry: ModelEntry
    # Left out of comparisons: it holds all models of the host, and its time changes with every look at the host.
    provider: ProviderEntry | None = field(compare=False)
    host_state: str = ""
    label: str = ""
    section: str = ""
    favorite: bool = False
    available: bool = True
    stale: bool = False
    asked: float | None = None
    star_problem: str = ""
    problem: str = ""
    haystack: str = field(default="", compare=False)

    @property
    def shape(self) -> str:
        """The state whose shape is shown: of old news it is not known."""
        if self.asked is not None:
            return "starting"
        return "unknown" if self.stale else self.entry.state

    @property
    def as_of(self) -> datetime | None:
        """When the host last told its models."""
        return self.provider.as_of if self.provider else None

    @property
    def can_load(self) -> bool:
        """True when asking for it makes sense: the host answers and the model is not there yet."""
        return self._can_act and self.entry.state in ("stopped", "shutdown", "unknown")

    @property
    def can_unload(self) -> bool:
        """True when there is something to unload, or a start to cancel."""
        return self._can_act and self.entry.state in ("ready", "starting")

    @property
    def _can_act(self) -> bool:
        host = self.provider
        swaps = host is None or host.kind == "llama-swap"
        return swaps and self.available and not self.stale and self.asked is None


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A title over rows. `provider` is None for Favorites."""

    key: str
    # Left out of comparisons, as in a row; what is shown of it is in `look`.
    provider: ProviderEntry | None = field(compare=False)
    total: int = 0
    loaded: int = 0
    stale: bool = False
    look: tuple[str, str, int] = ("", "", 0)


@dataclass(frozen=True, slots=True)
class Section:
    """A title and its rows."""

    head: SectionRow
    rows: tuple[ModelRow, ...]


def sections(
    catalog: Catalog,
    favorites: Sequence[str],
    *,
    stale: bool = False,
    asked: Mapping[str, float] | None = None,
    star_problems: Mapping[str, str] | None = None,
    problems: Mapping[str, str] | None = None,
    before: Mapping[tuple[str, str], ModelRow] | None = None,
) -> tuple[Section, ...]:
    """The whole list. A favorite that nobody offers now is shown as unavailable and stays.

    `before` is the list as it was, by section and key: rows of the same catalog that say the same are taken over.
    """
    build = _Builder(catalog, stale, asked or {}, star_problems or {}, problems or {}, before or {})
    chosen = tuple(build.favorite(text) for text in collapse(favorites, catalog))
    starred = {row.ref for row in chosen}
    built = [Section(_head(FAVORITES, None, chosen, stale), chosen)]
    for provider in catalog.providers:
        rows = tuple(build.listed(provider, starred))
        built.append(Section(_head(provider.id, provider, rows, stale), rows))
    return tuple(built)


def _head(key: str, provider: ProviderEntry | None, rows: tuple[ModelRow, ...], stale: bool) -> SectionRow:
    old = stale or (provider is not None and (provider.stale or not provider.answers))
    look = (provider.label, provider.state, provider.peers_hidden) if provider else ("", "", 0)
    return SectionRow(key, provider, len(rows), sum(r.entry.state in HELD for r in rows), old, look)


class _Builder:
    """Rows of one catalog."""

    def __init__(
        self,
        catalog: Catalog,
        stale: bool,
        asked: Mapping[str, float],
        star_problems: Mapping[str, str],
        problems: Mapping[str, str],
        before: Mapping[tuple[str, str], ModelRow],
    ) -> None:
        self._catalog = catalog
        self._stale = stale
        self._asked = asked
        self._star_problems = star_problems
        self._problems = problems
        self._before = before

    def favorite(self, text: str) -> ModelRow:
        """The row of a stored favorite, whatever became of its model."""
        ref = favorite_ref(text, self._catalog)
        if ref is None:
            return self._row(text, text, ModelEntry(ref=text, wire_id=text), None, favorite=True, available=False)
        if ref.is_fleet:
            return self._fleet(text, ref)
        provider = self._catalog.by_id.get(ref.provider)
        found = self._catalog.find(ref)
        entry = found or ModelEntry(ref=str(ref), wire_id=ref.model)
        ours = found is not None and provider is not None and provider.answers
        name = entry.ref if found else str(ref)
        return self._row(text, name, entry, provider, favorite=True, available=ours)

    def _fleet(self, text: str, ref: ModelRef) -> ModelRow:
        hosts = [p for p in self._catalog.providers if ref.model in p.by_wire_id]
        answering = [p.by_wire_id[ref.model] for p in hosts if p.answers]
        best = next((m for m in answering if m.state == "ready"), answering[0] if answering else None)
        blank = ModelEntry(ref=str(ref), wire_id=ref.model)
        entry = best.model_copy(update={"ref": str(ref), "wire_id": ref.model}) if best else blank
        return self._row(text, str(ref), entry, None, favorite=True, available=best is not None)

    def listed(self, provider: ProviderEntry, starred: set[str]) -> Iterator[ModelRow]:
        """The rows of a provider's own section; a name that is listed twice gives one row."""
        seen: set[str] = set()
        for entry in provider.models:
            if entry.ref not in seen:
                seen.add(entry.ref)
                yield self._again(provider, entry, entry.ref in starred)

    def _again(self, provider: ProviderEntry, entry: ModelEntry, favorite: bool) -> ModelRow:
        """The row as it was, if nothing in it is new; a star among thousands of models then costs little."""
        ref = entry.ref
        old = self._before.get((provider.id, ref))
        news = (favorite, self._asked.get(ref), self._star_problems.get(ref, ""), self._problems.get(ref, ""))
        same = old is not None and old.provider is provider and old.entry is entry
        if old is None or not same or old.stale != self._old(provider):
            return self._row(ref, ref, entry, provider, section=provider.id, favorite=favorite)
        if news == (old.favorite, old.asked, old.star_problem, old.problem):
            return old
        return self._row(ref, ref, entry, provider, section=provider.id, favorite=favorite)

    def _old(self, provider: ProviderEntry | None) -> bool:
        return self._stale or (provider is not None and (provider.stale or not provider.answers))

    def _row(
        self,
        key: str,
        ref: str,
        entry: ModelEntry,
        provider: ProviderEntry | None,
        *,
        section: str = FAVORITES,
        favorite: bool,
        available: bool = True,
    ) -> ModelRow:
        label = provider.label if provider else ""
        words = (ref, entry.name, entry.description, label, *entry.aliases)
        return ModelRow(
            key=key,
            ref=ref,
            entry=entry,
            provider=provider,
            host_state=provider.state if provider else "",
            label=label,
            section=section,
            favorite=favorite,
            available=available,
            stale=self._old(provider),
            asked=self._asked.get(ref),
            star_problem=self._star_problems.get(ref, ""),
            problem=self._problems.get(ref, ""),
            haystack="\n".join(words).casefold(),
        )
