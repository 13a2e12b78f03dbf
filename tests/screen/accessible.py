"""The window as assistive technology reads it (AT-SPI): names, roles and places of what is shown.

The tests aim at what a thing is called, not at where it happens to stand; a control without a name cannot be found.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from jeepney import DBusAddress, HeaderFields, MessageType, new_method_call
from jeepney.io.blocking import open_dbus_connection

from tests.screen.bus import ANSWER_S, Bus
from tests.screen.screen import Machine, Rect, until

LAUNCHER = "/usr/libexec/at-spi-bus-launcher"
REGISTRY = "org.a11y.atspi.Registry"
ROOT = "/org/a11y/atspi/accessible/root"
ACCESSIBLE = "org.a11y.atspi.Accessible"
TEXT = "org.a11y.atspi.Text"
COMPONENT = "org.a11y.atspi.Component"
PROPERTIES = "org.freedesktop.DBus.Properties"
FOCUSED, SHOWING, CHECKED, ENABLED = 12, 25, 4, 8

Place = tuple[str, str]


@dataclass(frozen=True)
class Thing:
    """Something that is shown: its name, its role in AT-SPI's words ("push button"), and whether it can be used."""

    at: Place
    name: str
    role: str
    states: int

    @property
    def enabled(self) -> bool:
        return bool(self.states >> ENABLED & 1)

    @property
    def checked(self) -> bool:
        return bool(self.states >> CHECKED & 1)

    @property
    def focused(self) -> bool:
        return bool(self.states >> FOCUSED & 1)


class Reader:
    """What the programs of this session show."""

    def __init__(self, machine: Machine, bus: Bus) -> None:
        machine.start(LAUNCHER, "--launch-immediately")
        machine.environ["QT_LINUX_ACCESSIBILITY_ALWAYS_ON"] = "1"
        bus.wait_for("org.a11y.Bus")
        address = DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.a11y.Bus")
        self._connection = open_dbus_connection(bus.ask(address, "GetAddress")[0])

    def close(self) -> None:
        self._connection.close()

    def things(self, pid: int) -> Iterator[Thing]:
        """All that a process shows, outer before inner."""
        level = [place for place in self._children([(REGISTRY, ROOT)])[0] if self._pid(place[0]) == pid]
        while level:
            found = [thing for thing in self._read(level) if thing is not None]
            shown = [t for t in found if t.states >> SHOWING & 1 or t.role == "application"]
            yield from shown
            level = [child for children in self._children([t.at for t in shown]) for child in children]

    def find(self, pid: int, name: str, role: str = "") -> Thing | None:
        """The first thing with that name, of that role if one is given. `name…` finds one whose name begins so."""
        begins = name.removesuffix("…") if name.endswith("…") else None
        for thing in self.things(pid):
            fits = thing.name == name or (begins is not None and thing.name.startswith(begins))
            if fits and role in ("", thing.role):
                return thing
        return None

    def wait(self, pid: int, name: str, role: str = "", *, enabled: bool = True, within: float = 15) -> Thing:
        """That thing, once it is shown and (unless told otherwise) can be used."""

        def there() -> Thing | None:
            found = self.find(pid, name, role)
            return found if found is not None and (found.enabled or not enabled) else None

        try:
            return until(there, f"{role or 'something'} called {name!r}", within)
        except AssertionError as e:
            shown = sorted({f"{t.role}: {t.name}" for t in self.things(pid) if t.name})
            raise AssertionError("\n".join([str(e), "shown are:", *shown])) from None

    def words(self, pid: int) -> str:
        """Every text that is shown, one on a line."""
        return "\n".join(t.name for t in self.things(pid) if t.name)

    def text(self, thing: Thing) -> str:
        """What stands in a field."""
        return str(self._ask(thing.at, TEXT, "GetText", "ii", (0, -1))[0])

    def place(self, thing: Thing) -> Rect:
        """Where it is on the display."""
        x, y, width, height = self._ask(thing.at, COMPONENT, "GetExtents", "u", (0,))[0]
        return Rect(x, y, width, height)

    # --- AT-SPI ---

    def _pid(self, name: str) -> int:
        bus = ("org.freedesktop.DBus", "/org/freedesktop/DBus")
        return int(self._ask(bus, "org.freedesktop.DBus", "GetConnectionUnixProcessID", "s", (name,))[0])

    def _children(self, places: list[Place]) -> list[list[Place]]:
        return [
            list(r[0]) if r else [] for r in self._ask_all([(p, ACCESSIBLE, "GetChildren", None, ()) for p in places])
        ]

    def _read(self, places: list[Place]) -> list[Thing | None]:
        asked: list[Any] = []
        for place in places:
            asked.append((place, PROPERTIES, "Get", "ss", (ACCESSIBLE, "Name")))
            asked.append((place, ACCESSIBLE, "GetRoleName", None, ()))
            asked.append((place, ACCESSIBLE, "GetState", None, ()))
        said = self._ask_all(asked)
        return [self._thing(p, *said[3 * i : 3 * i + 3]) for i, p in enumerate(places)]

    @staticmethod
    def _thing(place: Place, name: Any, role: Any, states: Any) -> Thing | None:
        """None for what went away between two questions."""
        if name is None or role is None or states is None:
            return None
        low, high = states[0]
        return Thing(place, name[0][1], role[0], low | high << 32)

    def _ask(self, place: Place, interface: str, method: str, signature: str | None, body: tuple[Any, ...]) -> Any:
        said = self._ask_all([(place, interface, method, signature, body)])[0]
        assert said is not None, f"{method} of {place} is refused"
        return said

    def _ask_all(self, calls: list[tuple[Place, str, str, str | None, tuple[Any, ...]]]) -> list[Any]:
        """The answers to many calls that are sent at once; None for one that is refused."""
        serials = {}
        for number, (place, interface, method, signature, body) in enumerate(calls):
            message = new_method_call(DBusAddress(place[1], place[0], interface), method, signature, body)
            serial = next(self._connection.outgoing_serial)
            self._connection.send(message, serial=serial)
            serials[serial] = number
        said: list[Any] = [None] * len(calls)
        while serials:
            reply = self._connection.receive(timeout=ANSWER_S)
            serial = reply.header.fields.get(HeaderFields.reply_serial)
            if serial in serials:
                ok = reply.header.message_type is MessageType.method_return
                said[serials.pop(serial)] = reply.body if ok else None
        return said
