"""A session bus of its own, without activation: only what a test starts is on it. And who listens there."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple

from jeepney import DBusAddress, MatchRule, Message, MessageType, message_bus, new_method_call
from jeepney.bus_messages import Monitoring
from jeepney.io.blocking import DBusConnection, open_dbus_connection

from tests.screen.screen import Machine, until

CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir={folder}</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""
PASSWORD = b"keyring password"
SECRETS = "org.freedesktop.secrets"
PLAIN = ("sv", ("plain", ("s", "")))
ANSWER_S = 5.0
LISTEN_S = 0.1


class Told(NamedTuple):
    """A notification as a program sent it."""

    summary: str
    body: str


class Bus:
    """The session bus of a machine."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        config = machine.root / "bus.conf"
        config.write_text(CONFIG.format(folder=machine.environ["XDG_RUNTIME_DIR"]))
        command = ("dbus-daemon", "--nofork", "--nopidfile", "--print-address", f"--config-file={config}")
        process = machine.start(*command, stdout=subprocess.PIPE)
        assert process.stdout is not None
        with process.stdout as said:
            self.address = said.readline().decode().strip()
        machine.environ["DBUS_SESSION_BUS_ADDRESS"] = self.address
        self.connection = self.connect()

    def connect(self) -> DBusConnection:
        """A connection of one's own."""
        return open_dbus_connection(self.address)

    def close(self) -> None:
        self.connection.close()

    def owned(self, name: str) -> bool:
        """Whether somebody has that name on the bus."""
        return bool(self.connection.send_and_get_reply(message_bus.NameHasOwner(name), timeout=ANSWER_S).body[0])

    def wait_for(self, name: str) -> None:
        """Until somebody has that name."""
        until(lambda: self.owned(name), f"{name} on the session bus", 10)

    def ask(self, to: DBusAddress, method: str, signature: str | None = None, body: tuple[Any, ...] = ()) -> Any:
        """The answer to a call."""
        reply = self.connection.send_and_get_reply(new_method_call(to, method, signature, body), timeout=ANSWER_S)
        assert reply.header.message_type is not MessageType.error, reply.body
        return reply.body

    # --- who is there ---

    def start_keyring(self, *, unlocked: bool = True) -> subprocess.Popen[bytes]:
        """A Secret Service: GNOME's, unlocked by its password, or as it is before anybody logged in."""
        until(lambda: not self.owned(SECRETS), "the end of the keyring before", 10)
        command = ["gnome-keyring-daemon", "--foreground", "--components=secrets"]
        if unlocked:
            command.append("--unlock")
        process = self._machine.start(*command, stdin=subprocess.PIPE)
        assert process.stdin is not None
        with process.stdin as told:
            told.write(PASSWORD if unlocked else b"")
        self.wait_for(SECRETS)
        return process

    def unlock_keyring(self) -> None:
        """What logging in to the desktop does, and the password that is asked for."""
        at = "/org/freedesktop/secrets"
        _, session = self.ask(DBusAddress(at, SECRETS, "org.freedesktop.Secret.Service"), "OpenSession", *PLAIN)
        inside = DBusAddress(at, SECRETS, "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface")
        secret = (session, b"", PASSWORD, "text/plain")
        self.ask(inside, "UnlockWithMasterPassword", "o(oayays)", (f"{at}/collection/login", secret))

    def start_notifications(self) -> Notifications:
        """dunst, and an ear on what it is told."""
        heard = Notifications(self.connect())
        self._machine.start("dunst")
        self.wait_for("org.freedesktop.Notifications")
        return heard


class Notifications:
    """Every notification that a program of this session sends."""

    def __init__(self, connection: DBusConnection) -> None:
        self.told: list[Told] = []
        rule = MatchRule(type="method_call", interface="org.freedesktop.Notifications", member="Notify")
        connection.send_and_get_reply(Monitoring().BecomeMonitor([rule.serialise()]), timeout=ANSWER_S)
        self._listener = Listener(connection, self._heard)

    def close(self) -> None:
        self._listener.close()

    def of(self, word: str) -> list[Told]:
        """Those that hold the word."""
        return [t for t in self.told if word in t.summary or word in t.body]

    def _heard(self, message: Message) -> None:
        if message.header.message_type is MessageType.method_call:
            self.told.append(Told(message.body[3], message.body[4]))


class Listener:
    """Passes on every message of a connection, on a thread of its own, until it is closed or the bus goes."""

    def __init__(self, connection: DBusConnection, heard: Callable[[Message], object]) -> None:
        self._connection = connection
        self._heard = heard
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def close(self) -> None:
        self._over.set()
        self._thread.join()
        self._connection.close()

    def _run(self) -> None:
        while not self._over.is_set():
            with suppress(TimeoutError):
                try:
                    message = self._connection.receive(timeout=LISTEN_S)
                except (ConnectionError, EOFError):
                    return
                self._heard(message)
