"""Sends notifications: to the desktop's own service on the session bus, else by the tray icon as Qt can.

Qt asks that service only where the icon itself is on the bus. In an icon area of the old kind it draws a balloon of
its own, and without an icon area it says nothing at all.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, Signal

from boocontrol.desktop.notifications import Notification
from boocontrol.desktop.tasks import spawn

if TYPE_CHECKING:
    from jeepney import Message
    from jeepney.io.asyncio import DBusRouter

log = logging.getLogger(__name__)

NAME: Final = "org.freedesktop.Notifications"
PATH: Final = "/org/freedesktop/Notifications"
ANSWER_S: Final = 2.0
SHOWN_MS: Final = 10_000
KEPT: Final = 50
WAITING: Final = 20


class Notifier(QObject):
    """`otherwise` shows what the bus does not take. `clicked` brings the notification that a person clicked on."""

    clicked = Signal(object)

    def __init__(
        self,
        otherwise: Callable[[Notification], object],
        parent: QObject | None = None,
        *,
        bus: str | None = "SESSION" if sys.platform.startswith("linux") else None,
    ) -> None:
        super().__init__(parent)
        self._otherwise = otherwise
        self._bus = bus
        self._queue: asyncio.Queue[Notification] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None
        self._shown: dict[int, Notification] = {}

    def send(self, said: Notification) -> None:
        """Show it soon; nothing waits for it."""
        if self._bus is None:
            self._otherwise(said)
            return
        self._queue.put_nowait(said)
        if self._task is None or self._task.done():
            self._task = spawn(self, self._live(), self._broke)

    async def _live(self) -> None:
        """Tell the service what is sent, and hear its clicks, over one connection."""
        try:
            from jeepney import MatchRule
            from jeepney.bus_messages import message_bus
            from jeepney.io.asyncio import Proxy, open_dbus_router
        except ImportError:
            self._bus = None
            raise
        clicks = MatchRule(type="signal", interface=NAME, path=PATH, member="ActionInvoked")
        async with open_dbus_router(self._bus) as router:
            await Proxy(message_bus, router).AddMatch(clicks)
            heard: asyncio.Queue[Any] = asyncio.Queue(WAITING)
            with router.filter(clicks, queue=heard):
                listening = spawn(self, self._hear(heard))
                try:
                    while True:
                        await self._tell(router, await self._queue.get())
                finally:
                    listening.cancel()

    async def _tell(self, router: DBusRouter, said: Notification) -> None:
        from jeepney import DBusErrorResponse
        from jeepney.wrappers import unwrap_msg

        try:
            async with asyncio.timeout(ANSWER_S):
                (number,) = unwrap_msg(await router.send_and_get_reply(_message(said, self.tr("Show"))))
        except (DBusErrorResponse, TimeoutError) as e:
            log.info("the notification service does not answer (%s)", type(e).__name__)
            self._otherwise(said)
        except BaseException:
            # The connection broke: the next one takes it, or nobody does.
            self._queue.put_nowait(said)
            raise
        else:
            self._shown[number] = said
            while len(self._shown) > KEPT:
                del self._shown[next(iter(self._shown))]

    async def _hear(self, heard: asyncio.Queue[Any]) -> None:
        while True:
            message: Message = await heard.get()
            number, _action = message.body
            if said := self._shown.pop(number, None):
                self.clicked.emit(said)

    def _broke(self, error: Exception) -> None:
        """There is no session bus, or it went: what waits is shown by the tray, and the next one tries again."""
        log.info("no session bus for notifications (%s)", type(error).__name__)
        self._task = None
        with suppress(asyncio.QueueEmpty):
            while True:
                self._otherwise(self._queue.get_nowait())


def _message(said: Notification, words: str) -> Message:
    from jeepney import DBusAddress, new_method_call

    # The body may be markup for the service: what a host said must not be.
    text = said.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    hints = {"desktop-entry": ("s", "boocontrol")}
    body = ("BooControl", 0, "boocontrol", said.title, text, ["default", words], hints, SHOWN_MS)
    return new_method_call(DBusAddress(PATH, NAME, NAME), "Notify", "susssasa{sv}i", body)
