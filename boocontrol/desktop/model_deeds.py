"""What a person does with models and hosts from the palette and the tray: load, cancel a load, wake."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from PySide6.QtCore import QObject

from boocontrol.client import Busy, NotFound
from boocontrol.desktop.main_window import MainWindow
from boocontrol.desktop.notices import Notices
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.tasks import spawn


class ModelDeeds(QObject):
    """Deeds by ref, or by the id of a host. What cannot be asked goes to the window's notices."""

    def __init__(self, stores: Stores, window: MainWindow, notices: Notices) -> None:
        super().__init__(window)
        self._stores = stores
        self._window = window
        self._notices = notices

    def load(self, ref: str) -> None:
        """Ask for a model to be loaded; a question comes first where it would push out what is in use."""
        self._try(self._load(ref), partial(self.load, ref))

    def load_now(self, ref: str) -> None:
        """Ask for a model to be loaded, whatever it costs."""
        self._try(self._stores.actions.load(ref), partial(self.load, ref))

    def cancel(self, ref: str, *, force: bool = False) -> None:
        """End a load that runs or waits; where requests wait for it, a question comes first."""
        self._try(self._cancel(ref, force=force), partial(self.cancel, ref, force=force))

    def wake(self, host: str) -> None:
        """Send a host its wake-up packet; its card shows how that goes."""

        async def wake() -> None:
            await self._stores.connection.need().wake(host)
            known = self._stores.fleet.host(host)
            self._notices.say(self.tr("Waking {host}.").format(host=known.label if known else host))

        self._try(wake(), partial(self.wake, host))

    async def _load(self, ref: str) -> None:
        from boocontrol.desktop.dialogs.load_cost import ask_cost
        from boocontrol.desktop.itemmodels.load_news import loses

        cost = await self._stores.loads.cost(ref)
        if cost is None or not loses(cost):
            await self._stores.actions.load(ref)
            return
        self._window.raise_up()
        ask_cost(cost, self._window, partial(self.load_now, ref))

    async def _cancel(self, ref: str, *, force: bool) -> None:
        from boocontrol.desktop.dialogs.confirm import confirm_cancel

        try:
            await self._stores.connection.need().cancel_load(ref, force=force)
        except NotFound:
            return  # it has ended meanwhile
        except Busy as e:
            if not e.requests:
                raise
            self._window.raise_up()
            asked = confirm_cancel(ref, e.requests, self._window)
            asked.accepted.connect(partial(self.cancel, ref, force=True))
            asked.open()

    def _try(self, deed: Coroutine[Any, Any, None], again: Callable[[], object]) -> None:
        spawn(self, deed, lambda error: self._notices.fail(error, again))
