"""What to find among the models: any words, and what they are or can do. Without Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from boocontrol.desktop.itemmodels.model_rows import HELD, ModelRow


@dataclass(frozen=True, slots=True)
class ModelQuery:
    """What to show. Every word must stand somewhere in name, ref, aliases, description or provider."""

    text: str = ""
    loaded: bool = False
    favorites: bool = False
    provider: str | None = None
    capabilities: frozenset[str] = field(default_factory=frozenset)
    least_context: int = 0

    @property
    def empty(self) -> bool:
        """True when everything is shown."""
        return not self.text.strip() and not self.narrowed

    @property
    def narrowed(self) -> bool:
        """True when something else than words is asked for."""
        return bool(self.loaded or self.favorites or self.provider or self.capabilities or self.least_context)

    def pick(self, rows: Sequence[ModelRow]) -> list[ModelRow]:
        """The rows that match, in their order."""
        found = list(rows)
        for word in self.text.casefold().split():
            found = [row for row in found if word in row.haystack]
        return [row for row in found if self._fits(row)] if self.narrowed else found

    def _fits(self, row: ModelRow) -> bool:
        entry = row.entry
        return (
            (not self.loaded or entry.state in HELD)
            and (not self.favorites or row.favorite)
            and (self.provider is None or (row.provider is not None and row.provider.id == self.provider))
            and all(entry.capabilities.get(name) for name in self.capabilities)
            and (entry.context_length or 0) >= self.least_context
        )
