"""The Models list as plain values: Favorites first, then one section per provider. Without Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter

import msgspec

from boocontrol.core.catalog import Catalog, ModelEntry, ProviderEntry
from boocontrol.core.favorites import collapse, favorite_ref
from boocontrol.core.refs import ModelRef
from boocontrol.desktop.itemmodels.load_news import LoadNews

FAVORITES = ""  # the key of the Favorites section; no provider id is empty
HELD = frozenset({"ready", "starting", "stopping"})


class ModelRow(msgspec.Struct, frozen=True, eq=False):
    """One line: a model at a provider. `key` is unique in its section, `ref` is what load, copy and chat want.

    `stale`: old news, for the host or the gateway does not answer now. `asked`: when it was asked to be loaded or
    unloaded (seconds of the epoch), while the host has not shown it yet. `load`: a load of it that is under way or
    waits. `problem`: why the last try failed.

    A struct and no dataclass: thousands are made in one turn of the window's loop, and a frozen dataclass takes six
    times as long.
    """

    key: str
    ref: str
    entry: ModelEntry
    provider: ProviderEntry | None
    host_state: str = ""
    label: str = ""
    section: str = ""
    favorite: bool = False
    available: bool = True
    stale: bool = False
    asked: float | None = None
    star_problem: str = ""
    problem: str = ""
    load: LoadNews | None = None
    haystack: str = ""

    def __eq__(self, other: object) -> bool:
        """Whether it says the same. Its provider is left out: that holds all models of the host, and its time changes
        with every look at the host."""
        if not isinstance(other, ModelRow):
            return NotImplemented
        same_entry = self.entry is other.entry or self.entry == other.entry
        return same_entry and _said(self) == _said(other)

    def __ne__(self, other: object) -> bool:
        # A struct has one of its own, which does not ask the method above.
        return not self == other

    def __hash__(self) -> int:
        return hash((self.section, self.key))

    @property
    def shape(self) -> str:
        """The state whose shape is shown: of old news it is not known."""
        if self.load is not None:
            return "stopped" if self.load.state == "waits" else "starting"
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
        return self._can_act and self.load is None and self.entry.state in ("stopped", "shutdown", "unknown")

    @property
    def can_unload(self) -> bool:
        """True when there is something to unload, or a start to cancel."""
        return self._can_act and (self.load is not None or self.entry.state in ("ready", "starting"))

    @property
    def loading(self) -> bool:
        """True while a load of it is under way or waits: what can be done then is to cancel it."""
        return self.load is not None or self.entry.state == "starting"

    @property
    def _can_act(self) -> bool:
        host = self.provider
        swaps = host is None or host.kind == "llama-swap"
        return swaps and self.available and not self.stale and self.asked is None


# Of everything but the entry, which is compared first, and what is left out.
_said = attrgetter(*(name for name in ModelRow.__struct_fields__ if name not in ("entry", "provider", "haystack")))


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A title over rows. `provider` is None for Favorites; `lost`: the gateway that would know does not answer."""

    key: str
    # Left out of comparisons, as in a row; what is shown of it is in `look`.
    provider: ProviderEntry | None = field(compare=False)
    total: int = 0
    loaded: int = 0
    stale: bool = False
    lost: bool = False
    look: tuple[str, str, int] = ("", "", 0)


News = tuple[bool, float | None, str, str, LoadNews | None]
"""What is told of a model beside its host's own news: favorite, asked when, what is wrong with its star, with it, how
far its load is."""

NO_NEWS: News = (False, None, "", "", None)


@dataclass(frozen=True, slots=True)
class Section:
    """A title and its rows, and what was told of some of them beside the catalog, by ref."""

    head: SectionRow
    rows: tuple[ModelRow, ...]
    news: Mapping[str, News] = field(default_factory=dict)


def sections(
    catalog: Catalog,
    favorites: Sequence[str],
    *,
    stale: bool = False,
    asked: Mapping[str, float] | None = None,
    star_problems: Mapping[str, str] | None = None,
    problems: Mapping[str, str] | None = None,
    loads: Mapping[str, LoadNews] | None = None,
    before: Mapping[str, Section] | None = None,
) -> tuple[Section, ...]:
    """The whole list. A favorite that nobody offers now is shown as unavailable and stays.

    `before` is the list as it was, by section key: sections that say the same are taken over as they are, for there
    are thousands of models and a few of them change at a time.
    """
    build = _Builder(catalog, stale, asked or {}, star_problems or {}, problems or {}, loads or {}, before or {})
    chosen = tuple(build.favorite(text) for text in collapse(favorites, catalog))
    news = build.news({row.ref for row in chosen})
    built = [Section(_head(FAVORITES, None, chosen, stale), chosen)]
    return (*built, *(build.section(provider, news.get(provider.id, {})) for provider in catalog.providers))


def _head(key: str, provider: ProviderEntry | None, rows: tuple[ModelRow, ...], stale: bool) -> SectionRow:
    old = stale or (provider is not None and (provider.stale or not provider.answers))
    look = (provider.label, provider.state, provider.peers_hidden) if provider else ("", "", 0)
    return SectionRow(key, provider, len(rows), sum(r.entry.state in HELD for r in rows), old, stale, look)


class _Builder:
    """Rows of one catalog."""

    def __init__(
        self,
        catalog: Catalog,
        stale: bool,
        asked: Mapping[str, float],
        star_problems: Mapping[str, str],
        problems: Mapping[str, str],
        loads: Mapping[str, LoadNews],
        before: Mapping[str, Section],
    ) -> None:
        self._catalog = catalog
        self._stale = stale
        self._asked = asked
        self._star_problems = star_problems
        self._problems = problems
        self._loads = {} if stale else loads
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

    def news(self, starred: set[str]) -> dict[str, dict[str, News]]:
        """What is told beside the catalog, by provider and ref."""
        found: dict[str, dict[str, News]] = {}
        for ref in {*starred, *self._asked, *self._star_problems, *self._problems, *self._loads}:
            words = (self._star_problems.get(ref, ""), self._problems.get(ref, ""))
            told = (ref in starred, self._asked.get(ref), *words, self._loads.get(ref))
            found.setdefault(ref.partition("/")[0], {})[ref] = told
        return found

    def section(self, provider: ProviderEntry, news: Mapping[str, News]) -> Section:
        """A provider's own section; a name that is listed twice gives one row."""
        old = self._before.get(provider.id)
        stale = self._old(provider)
        told = (stale, self._stale, news)
        same = old is not None and old.head.provider is provider
        if old is not None and same and (old.head.stale, old.head.lost, old.news) == told:
            return old
        known = {row.key: row for row in old.rows} if old is not None else {}
        entries = {entry.ref: entry for entry in reversed(provider.models)}
        unique = (entry for entry in provider.models if entries[entry.ref] is entry)
        rows = tuple(self._listed(provider, entry, news.get(entry.ref, NO_NEWS), known, stale) for entry in unique)
        return Section(_head(provider.id, provider, rows, self._stale), rows, news)

    def _listed(
        self, provider: ProviderEntry, entry: ModelEntry, news: News, known: Mapping[str, ModelRow], stale: bool
    ) -> ModelRow:
        old = known.get(entry.ref)
        same = old is not None and old.entry is entry and old.label == provider.label
        words = old.haystack if old is not None and same else None
        ref, host = entry.ref, provider.id
        return self._row(ref, ref, entry, provider, section=host, favorite=news[0], words=words, stale=stale)

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
        words: str | None = None,
        stale: bool | None = None,
    ) -> ModelRow:
        label, load = provider.label if provider else "", self._loads.get(ref)
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
            stale=self._old(provider) if stale is None else stale,
            asked=self._asked.get(ref) if load is None else None,
            star_problem=self._star_problems.get(ref, ""),
            problem=self._problems.get(ref, "") if load is None else "",
            load=load,
            haystack=words if words is not None else _haystack(ref, entry, label),
        )


def _haystack(ref: str, entry: ModelEntry, label: str) -> str:
    """What a search looks through."""
    return "\n".join((ref, entry.name, entry.description, label, *entry.aliases)).casefold()
