"""What a person does to models: load, unload, star, copy. Knows the stores and no widget."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal

from boocontrol.client import Busy
from boocontrol.core.errors import BooError
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.tasks import spawn


@dataclass(frozen=True, slots=True)
class Trouble:
    """What went wrong with a model, and what to do."""

    title: str
    advice: str = ""
    star: bool = False

    @property
    def text(self) -> str:
        """All of it in one line."""
        return f"{self.title} {self.advice}".strip()


class ModelDesk(QObject):
    """Actions on models by ref. A failure is kept beside its ref until the next try or until it is dismissed.

    `guarded` asks before requests are cut: it gives what to say (ref or empty for all, client.Busy) and the call
    that goes on with it.
    """

    changed = Signal()
    guarded = Signal(str, object, object)

    def __init__(self, stores: Stores, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.troubles: dict[str, Trouble] = {}
        self.star_troubles: dict[str, Trouble] = {}
        self._stores = stores
        stores.actions.failed.connect(self._failed)
        stores.favorites.failed.connect(self._star_failed)

    def load(self, ref: str) -> None:
        """Ask for a model to be loaded."""
        self.dismiss(ref)
        spawn(self, self._stores.actions.load(ref), partial(self._failed, ref))

    def unload(self, ref: str, *, force: bool = False) -> None:
        """Ask for a model to be unloaded, or for its start to be cancelled."""
        self.dismiss(ref)
        go_on = partial(self.unload, ref, force=True)
        spawn(self, self._stores.actions.unload(ref, force=force), partial(self._unload_failed, ref, go_on))

    def unload_all(self, *, force: bool = False) -> None:
        """Ask every host for its memory back."""
        go_on = partial(self.unload_all, force=True)
        spawn(self, self._stores.actions.unload(all=True, force=force), partial(self._unload_failed, "", go_on))

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
            self._failed(ref, error)

    def _star_failed(self, ref: str, error: Exception) -> None:
        cause = trouble(error)
        title = self.tr("Star not saved, put back.")
        self.star_troubles[ref] = Trouble(title, cause.text, star=True)
        self.changed.emit()


def trouble(error: Exception) -> Trouble:
    """What to say of an error."""
    if isinstance(error, BooError):
        return Trouble(error.title, error.advice)
    return Trouble(str(error) or type(error).__name__)
