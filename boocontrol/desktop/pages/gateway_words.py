"""How the gateway stands, as shape, word and sentence; and what a port conflict or a crash offers. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QLocale, QTime

from boocontrol.core.api import Status
from boocontrol.desktop.connection import Connection
from boocontrol.desktop.supervisor import State
from boocontrol.desktop.text import tr as _tr


@dataclass(frozen=True, slots=True)
class Standing:
    """A shape (a state of StateShape), a word, and what is behind it."""

    shape: str
    word: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Allowed:
    """Which of the buttons make sense now."""

    start: bool = False
    stop: bool = False
    restart: bool = False


def standing(state: State, connection: Connection, status: Status | None) -> Standing:
    """The gateway's state from its keeper's and the connection's."""
    if connection.state == "connected":
        return Standing("up", _tr("Running"), _running(state, status))
    if state in ("starting", "looking", "waiting"):
        words = {"starting": _tr("Starting"), "looking": _tr("Looking"), "waiting": _tr("Starting again")}
        return Standing("checking", words[state])
    if state == "running" and connection.state == "lost":
        return Standing("degraded", _tr("Not reached"), _tr("it runs and does not answer"))
    if state == "running":
        return Standing("checking", _tr("Starting"), _tr("it listens; the window connects"))
    if state == "failed":
        return Standing("down", _tr("Stopped"), _tr("it could not be started"))
    if state in ("attached", "remote") or connection.state == "lost":
        return Standing("down", _tr("Not reached"), _tr("it is looked for"))
    return Standing("stopped", _tr("Stopped"))


def allowed(state: State) -> Allowed:
    """What can be done; a gateway that others started is left alone."""
    if state in ("attached", "remote"):
        return Allowed()
    if state in ("stopped", "failed"):
        return Allowed(start=True)
    return Allowed(stop=True, restart=state == "running")


def why_not(state: State) -> str:
    """Why it cannot be stopped from here; empty when it can."""
    if state == "attached":
        return _tr("Started by something else, such as systemd: stop it there.")
    if state == "remote":
        return _tr("It runs at another address: it is watched from here, and started and stopped there.")
    return ""


def clock(at: datetime) -> str:
    """A time of day, as this desktop writes it."""
    local = at.astimezone()
    return QLocale().toString(QTime(local.hour, local.minute), QLocale.FormatType.ShortFormat)


def _running(state: State, status: Status | None) -> str:
    if status is None:
        return ""
    running = status.counts.in_flight
    now = _tr("1 request now") if running == 1 else _tr("%1 requests now").replace("%1", str(running))
    since = _tr("since %1").replace("%1", clock(status.started_at))
    return f"{since}, {now}"
