"""What a person does to models: load, unload, star, copy. Knows the stores and no widget."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from boocontrol.client import Busy, NotFound
from boocontrol.core.api import LoadProgress
from boocontrol.core.errors import BooError
from boocontrol.desktop.itemmodels.load_news import loses
from boocontrol.desktop.sentences import told
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.tasks import spawn
from boocontrol.desktop.text import tr as _tr


@dataclass(frozen=True, slots=True)
class Trouble:
    """What went wrong with a model, and what to do. `star` and `unload` say what was tried; else it was a load."""

    title: str
    advice: str = ""
    star: bool = False
    unload: bool = False

    @property
    def text(self) -> str:
        """All of it in one line."""
        return f"{self.title} {self.advice}".strip()


class ModelDesk(QObject):
    """Actions on models by ref. A failure is kept beside its ref until the next try or until it is dismissed.

    `guarded` asks before requests are cut: it gives what to say (ref or empty for all, client.Busy) and the call
    that goes on with it. `costly` asks before a load pushes out what is in use: ref, core.control.LoadPreview, call.
    """

    changed = Signal()
    guarded = Signal(str, object, object)
    costly = Signal(str, object, object)

    def __init__(self, stores: Stores, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.troubles: dict[str, Trouble] = {}
        self.star_troubles: dict[str, Trouble] = {}
        self._stores = stores
        stores.actions.failed.connect(self._failed)
        stores.favorites.failed.connect(self._star_failed)
        self._told: dict[str, Trouble] = {}
        stores.loads.changed.connect(self._follow)
        self._follow()

    def load(self, ref: str) -> None:
        """Ask for a model to be loaded; a question comes first where it would push out what is in use."""
        self.dismiss(ref)

        async def load() -> None:
            cost = await self._stores.loads.cost(ref)
            if cost is not None and loses(cost):
                self.costly.emit(ref, cost, partial(self.load_now, ref))
            else:
                await self._stores.actions.load(ref)

        spawn(self, load(), partial(self._failed, ref))

    def load_now(self, ref: str) -> None:
        """Ask for a model to be loaded, whatever it costs."""
        self.dismiss(ref)
        spawn(self, self._stores.actions.load(ref), partial(self._failed, ref))

    def unload(self, ref: str, *, force: bool = False) -> None:
        """Ask for a model to be unloaded, or for its load to be cancelled."""
        if self._stores.loads.under_way(ref):
            self.cancel_load(ref, force=force)
            return
        self.dismiss(ref)
        go_on = partial(self.unload, ref, force=True)
        spawn(self, self._stores.actions.unload(ref, force=force), partial(self._unload_failed, ref, go_on))

    def retry(self, ref: str) -> None:
        """Try again what went wrong with a model."""
        failed = self.troubles.get(ref)
        (self.unload if failed is not None and failed.unload else self.load)(ref)

    def unload_all(self, *, force: bool = False) -> None:
        """Ask every host for its memory back."""
        go_on = partial(self.unload_all, force=True)
        spawn(self, self._stores.actions.unload(all=True, force=force), partial(self._unload_failed, "", go_on))

    def cancel_load(self, ref: str, *, force: bool = False) -> None:
        """End a load that runs or waits. One that has ended meanwhile is no failure."""
        self.dismiss(ref)

        async def cancel() -> None:
            with suppress(NotFound):
                await self._stores.connection.need().cancel_load(ref, force=force)

        spawn(self, cancel(), partial(self._unload_failed, ref, partial(self.cancel_load, ref, force=True)))

    def unload_host(self, provider: str, *, force: bool = False) -> None:
        """Ask one host for its memory back."""
        go_on = partial(self.unload_host, provider, force=True)
        unload = self._stores.actions.unload(provider=provider, force=force)
        spawn(self, unload, partial(self._unload_failed, f"{provider}/", go_on))

    def toggle_star(self, ref: str) -> None:
        """Make it a favorite, or no longer."""
        if self.star_troubles.pop(ref, None):
            self.changed.emit()
        self._stores.favorites.toggle(ref)

    def move_favorite(self, ref: str, position: int) -> None:
        """Put a favorite at a position, counted without it."""
        self._stores.favorites.move(ref, position)

    def dismiss(self, ref: str) -> None:
        """Forget what went wrong with a model."""
        self._stores.loads.dismiss(ref)
        if self.troubles.pop(ref, None) or self.star_troubles.pop(ref, None):
            self.changed.emit()

    def gateway_url(self) -> str:
        """The address to give to other programs; empty while it is not known."""
        status = self._stores.status.status
        return f"{status.url.rstrip('/')}/v1" if status else ""

    def curl(self, ref: str) -> str:
        """A command that talks to the model through the gateway. The key is named and not told."""
        body = json.dumps({"model": ref, "messages": [{"role": "user", "content": "Hello"}]})
        quoted = body.replace("'", "'\\''")
        return (
            f"curl {self.gateway_url()}/chat/completions "
            f"-H 'Content-Type: application/json' -H \"Authorization: Bearer $BOOCONTROL_KEY\" -d '{quoted}'"
        )

    def _failed(self, ref: str, error: Exception) -> None:
        self.troubles[ref] = trouble(error)
        self.changed.emit()

    def _unload_failed(self, ref: str, go_on: Callable[[], None], error: Exception) -> None:
        if isinstance(error, Busy) and error.requests:
            self.guarded.emit(ref, error, go_on)
        else:
            self.troubles[ref] = replace(trouble(error), unload=True)
            self.changed.emit()

    def _follow(self) -> None:
        """Loads that failed, whoever asked for them: the reason stands until the next load of the model."""
        shown = {ref: _of_load(load) for ref, load in self._stores.loads.failed.items()}
        if shown == self._told:
            return
        for ref in self._told.keys() - shown.keys():
            self.troubles.pop(ref, None)
        self.troubles |= {ref: new for ref, new in shown.items() if self._told.get(ref) != new}
        self._told = shown
        self.changed.emit()

    def _star_failed(self, ref: str, error: Exception) -> None:
        cause = trouble(error)
        title = self.tr("Star not saved, put back.")
        self.star_troubles[ref] = Trouble(title, cause.text, star=True)
        self.changed.emit()


def _of_load(load: LoadProgress) -> Trouble:
    """What a load that failed says; a host may say it in many lines."""
    title, _, rest = (load.reason or _tr("It was not loaded.")).partition("\n")
    return Trouble(told(title), told(rest.strip()))


def trouble(error: Exception) -> Trouble:
    """What to say of an error."""
    if isinstance(error, BooError):
        return Trouble(error.title, error.advice)
    return Trouble(str(error) or type(error).__name__)
