"""What a host's card shows, gathered from the stores: one value for each host."""

from __future__ import annotations

from boocontrol.core.api import Host
from boocontrol.core.errors import BooError
from boocontrol.desktop.itemmodels.ages import Clock
from boocontrol.desktop.pages.fleet_card import CardValue
from boocontrol.desktop.pages.fleet_desk import FleetDesk
from boocontrol.desktop.pages.fleet_loaded import Live
from boocontrol.desktop.pages.models_desk import ModelDesk
from boocontrol.desktop.stores import Stores


class CardValues:
    """Gathers them; `desk` and `models` know what was done here and how it went."""

    def __init__(self, stores: Stores, desk: FleetDesk, models: ModelDesk, clock: Clock) -> None:
        self._stores = stores
        self._desk = desk
        self._models = models
        self._clock = clock

    def of(self, host: Host) -> CardValue:
        """All that the card of this host shows now."""
        provider, live = self._stores.catalog.catalog.by_id.get(host.id), self._stores.live
        return CardValue(
            host=host.model_copy(update={"in_flight": live.in_flight(host)}),
            now=self._clock(),
            stale=self._stores.fleet.stale,
            default=self._stores.catalog.catalog.default_provider == host.id,
            entries={m.ref: m for m in provider.models} if provider else {},
            known_at=provider.as_of.timestamp() if provider and provider.as_of else None,
            checks=self._desk.histories.get(host.id, ()),
            note=self._desk.notes.get(host.id) or self._trouble(host.id),
            live=self._live(host),
            rate=live.rate(host.id),
            line=live.line(host.id, self._clock()),
            asked_by=next((self._stores.story.asked_by(m.ref) for m in host.loaded if m.state == "starting"), ""),
        )

    def _trouble(self, host_id: str) -> BooError | None:
        """What went wrong last with a model of a host."""
        for ref, trouble in reversed(list(self._models.troubles.items())):
            if ref.partition("/")[0] == host_id:
                name = ref.partition("/")[2]
                return BooError(f"{name}: {trouble.title}" if name else trouble.title, trouble.advice)
        return None

    def _live(self, host: Host) -> Live:
        live = self._stores.live
        speeds = {m.ref: speed for m in host.loaded if (speed := live.speed(m.ref)) is not None}
        return Live(live.running_on(host.id), speeds, host.requests is not None)
