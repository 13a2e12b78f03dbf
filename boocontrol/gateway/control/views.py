"""What the control API tells, derived from what is true now. Pure: state in, shapes out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from boocontrol.core.api import Counts, Host, RegistryProblem, RegistryStatus
from boocontrol.core.catalog import Catalog
from boocontrol.core.favorites import favorite_ref
from boocontrol.core.refs import ModelRef
from boocontrol.core.registry_file import LoadedRegistry
from boocontrol.core.settings import Settings


def registry_status(loaded: LoadedRegistry) -> RegistryStatus:
    """Where the registry came from and what is wrong with its file."""
    error = loaded.error
    problem = error and RegistryProblem(
        message=error.title, advice=error.advice, line=error.line, column=error.column, field=error.field
    )
    return RegistryStatus(
        path=str(loaded.path), source=loaded.source, stamp=loaded.stamp.digest or "absent", error=problem or None
    )


def counts(hosts: Iterable[Host], catalog: Catalog, in_flight: int) -> Counts:
    """The fleet in figures."""
    seen = tuple(hosts)
    up = sum(h.state in ("up", "busy", "degraded") for h in seen)
    return Counts(providers=len(seen), up=up, models=sum(len(p.models) for p in catalog.providers), in_flight=in_flight)


def drifted(settings: Settings, catalog: Catalog) -> tuple[str, ...]:
    """Refs in settings, as stored, that no inventory lists. A host never seen yet is given the benefit of the doubt."""
    return tuple(dict.fromkeys(text for text in _refs(settings) if not _offered(favorite_ref(text, catalog), catalog)))


def _refs(settings: Settings) -> Iterator[str]:
    yield from (text for text in (settings.default_model, settings.fast_model) if text)
    yield from settings.favorite_models


def _offered(ref: ModelRef | None, catalog: Catalog) -> bool:
    if ref is None:
        return False
    if ref.is_fleet:
        unseen = any(p.as_of is None for p in catalog.providers)
        return unseen or any(ref.model in p.by_wire_id for p in catalog.providers)
    provider = catalog.by_id.get(ref.provider)
    return provider is not None and (provider.as_of is None or ref.model in provider.by_wire_id)


def problems(loaded: LoadedRegistry, *more: Iterable[str]) -> tuple[str, ...]:
    """Everything that is wrong with this gateway, for people, each thing once."""
    found = [] if loaded.error is None else [str(loaded.error)]
    return tuple(dict.fromkeys([*found, *(text for texts in more for text in texts)]))
