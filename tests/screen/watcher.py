"""A StatusNotifierWatcher, as desktops with an icon area on D-Bus have one, and the icon as such a desktop sees it."""

from __future__ import annotations

from typing import Any

from jeepney import DBusAddress, HeaderFields, Message, MessageType, new_error, new_method_return, new_signal
from jeepney.bus_messages import message_bus

from tests.screen.bus import ANSWER_S, Bus, Listener

NAME = "org.kde.StatusNotifierWatcher"
PATH = "/StatusNotifierWatcher"
ITEM = "org.kde.StatusNotifierItem"
PROPERTIES = "org.freedesktop.DBus.Properties"


class Watcher:
    """The icon area. `items` are the bus names of the programs that have an icon in it."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self.items: list[str] = []
        self._connection = bus.connect()
        self._connection.send_and_get_reply(message_bus.RequestName(NAME), timeout=ANSWER_S)
        self._listener = Listener(self._connection, self._called)

    def close(self) -> None:
        """The icon area goes."""
        self._listener.close()

    def tooltip(self) -> str:
        """What the one icon says when the mouse is over it."""
        _icon, _pixmaps, title, text = self._read("ToolTip")
        return f"{title}\n{text}"

    def picture(self) -> bytes:
        """The icon's largest picture, as it was sent."""
        return bytes(max(self._read("IconPixmap"), key=lambda p: p[0])[2])

    def activate(self) -> None:
        """A click on the icon."""
        self._bus.ask(DBusAddress("/StatusNotifierItem", self.items[-1], ITEM), "Activate", "ii", (0, 0))

    def _read(self, name: str) -> Any:
        item = DBusAddress("/StatusNotifierItem", self.items[-1], PROPERTIES)
        return self._bus.ask(item, "Get", "ss", (ITEM, name))[0][1]

    def _called(self, message: Message) -> None:
        if message.header.message_type is not MessageType.method_call:
            return
        member = message.header.fields.get(HeaderFields.member)
        if member == "RegisterStatusNotifierItem":
            sender = message.header.fields[HeaderFields.sender]
            self.items.append(sender)
            emitter = DBusAddress(PATH, NAME, NAME)
            self._connection.send(new_signal(emitter, "StatusNotifierItemRegistered", "s", (sender,)))
            self._answer(message)
        elif member == "RegisterStatusNotifierHost":
            self._answer(message)
        elif member == "Get":
            values = {
                "IsStatusNotifierHostRegistered": ("b", True),
                "ProtocolVersion": ("i", 0),
                "RegisteredStatusNotifierItems": ("as", self.items),
            }
            self._answer(message, "v", (values[message.body[1]],))
        elif member == "GetAll":
            self._answer(message, "a{sv}", ({"IsStatusNotifierHostRegistered": ("b", True)},))
        else:
            self._connection.send(new_error(message, "org.freedesktop.DBus.Error.UnknownMethod"))

    def _answer(self, message: Message, signature: str | None = None, body: tuple[Any, ...] = ()) -> None:
        self._connection.send(new_method_return(message, signature, body))
