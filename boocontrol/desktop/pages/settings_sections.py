"""What the Settings page holds: sections of rows, each a title, a sentence and a kind of control. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from boocontrol.desktop.autostart import supported
from boocontrol.desktop.language import LANGUAGES
from boocontrol.desktop.text import tr

Control = Literal["check", "choice", "list", "seconds", "number", "model", "hosts"]
Home = Literal["gateway", "local"]


@dataclass(frozen=True, slots=True)
class Row:
    """One setting. `home` says where it is kept: with the gateway, or on this computer only."""

    key: str
    title: str
    sentence: str
    control: Control
    home: Home = "gateway"
    options: tuple[tuple[str, str], ...] = ()
    most: float = 86400.0
    least: float = 0.1
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One entry of the list on the left."""

    id: str
    title: str
    rows: tuple[Row, ...]
    sentence: str = ""


def words(text: str) -> str:
    """A text of this table in the user's language."""
    return tr(text)


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:
    """Marks a text for lupdate, which knows this name; Qt's own function is typed as if it returned anything."""
    return text


_AUTOSTART: Final = Row(
    "autostart",
    QT_TRANSLATE_NOOP("SettingsPage", "Start when I log in"),
    QT_TRANSLATE_NOOP("SettingsPage", "BooControl starts with your session, in the tray where there is one."),
    "check",
    "local",
)

_GENERAL: Final = (
    Row(
        "theme",
        QT_TRANSLATE_NOOP("SettingsPage", "Theme"),
        QT_TRANSLATE_NOOP("SettingsPage", "How BooControl looks. System follows the desktop where it tells."),
        "choice",
        "local",
        (
            ("system", QT_TRANSLATE_NOOP("SettingsPage", "System")),
            ("light", QT_TRANSLATE_NOOP("SettingsPage", "Light")),
            ("dark", QT_TRANSLATE_NOOP("SettingsPage", "Dark")),
        ),
    ),
    Row(
        "language",
        QT_TRANSLATE_NOOP("SettingsPage", "Language"),
        QT_TRANSLATE_NOOP("SettingsPage", "Of the window and the tray. Takes effect at the next start."),
        "choice",
        "local",
        (("system", QT_TRANSLATE_NOOP("SettingsPage", "System")), *LANGUAGES.items()),
    ),
    *((_AUTOSTART,) if supported() else ()),
    Row(
        "start_minimised",
        QT_TRANSLATE_NOOP("SettingsPage", "Start without a window"),
        QT_TRANSLATE_NOOP("SettingsPage", "Only the tray icon is shown at start, on desktops that have a tray."),
        "check",
        "local",
    ),
    Row(
        "close_to_tray",
        QT_TRANSLATE_NOOP("SettingsPage", "Closing the window keeps BooControl in the tray"),
        QT_TRANSLATE_NOOP("SettingsPage", "Off, or without a tray: closing the window quits."),
        "check",
        "local",
    ),
)

_GATEWAY: Final = (
    Row(
        "require_key",
        QT_TRANSLATE_NOOP("SettingsPage", "Ask for the key on this computer"),
        QT_TRANSLATE_NOOP("SettingsPage", "Off: any program on this computer may chat. Changes always need the key."),
        "check",
    ),
    Row(
        "allowed_hosts",
        QT_TRANSLATE_NOOP("SettingsPage", "Names of this gateway"),
        QT_TRANSLATE_NOOP("SettingsPage", "Host names by which it may be called, besides loopback and addresses."),
        "list",
    ),
    Row(
        "allowed_origins",
        QT_TRANSLATE_NOOP("SettingsPage", "Web pages that may call it"),
        QT_TRANSLATE_NOOP("SettingsPage", "Origins such as https://chat.example. All others are refused."),
        "list",
    ),
    Row(
        "first_byte_timeout",
        QT_TRANSLATE_NOOP("SettingsPage", "Longest wait for an answer to begin"),
        QT_TRANSLATE_NOOP("SettingsPage", "Loading a large model takes minutes; after this the request fails."),
        "seconds",
    ),
    Row(
        "keepalive_after",
        QT_TRANSLATE_NOOP("SettingsPage", "Silence before a stream is kept alive"),
        QT_TRANSLATE_NOOP("SettingsPage", "After this, comments keep clients from giving up."),
        "seconds",
        most=3600.0,
    ),
    Row(
        "keepalive_every",
        QT_TRANSLATE_NOOP("SettingsPage", "Time between such comments"),
        QT_TRANSLATE_NOOP("SettingsPage", "Shorter helps clients that give up early."),
        "seconds",
        most=3600.0,
    ),
    Row(
        "auto_wake",
        QT_TRANSLATE_NOOP("SettingsPage", "Wake a sleeping host when a request needs it"),
        QT_TRANSLATE_NOOP("SettingsPage", "Only hosts whose MAC address is known. The request waits meanwhile."),
        "check",
    ),
    Row(
        "wake_timeout",
        QT_TRANSLATE_NOOP("SettingsPage", "Time that a woken host has to answer"),
        QT_TRANSLATE_NOOP("SettingsPage", "After this it counts as down, and requests that waited for it fail."),
        "seconds",
        most=3600.0,
    ),
)

_HISTORY: Final = (
    Row(
        "history_days",
        QT_TRANSLATE_NOOP("SettingsPage", "Keep the history for"),
        QT_TRANSLATE_NOOP("SettingsPage", "Requests, loads and health of hosts. No prompt and no answer is kept."),
        "number",
        most=3650,
        least=1,
        unit=QT_TRANSLATE_NOOP("SettingsPage", " days"),
    ),
    Row(
        "samples_days",
        QT_TRANSLATE_NOOP("SettingsPage", "Keep single measurements for"),
        QT_TRANSLATE_NOOP("SettingsPage", "Memory, GPUs and speed of hosts; after that only means of five minutes."),
        "number",
        most=3650,
        least=1,
        unit=QT_TRANSLATE_NOOP("SettingsPage", " days"),
    ),
    Row(
        "history_max_mb",
        QT_TRANSLATE_NOOP("SettingsPage", "Largest size of the history"),
        QT_TRANSLATE_NOOP("SettingsPage", "When the database would be larger, the oldest goes first."),
        "number",
        most=1024 * 1024,
        least=16,
        unit=QT_TRANSLATE_NOOP("SettingsPage", " MiB"),
    ),
)

_AGENTS: Final = (
    Row(
        "auto_sync",
        QT_TRANSLATE_NOOP("SettingsPage", "Keep opencode in step"),
        QT_TRANSLATE_NOOP(
            "SettingsPage", "Once you wrote its file, new models are added by themselves. Your own lines stay."
        ),
        "check",
    ),
)

_MODELS: Final = (
    Row(
        "default_model",
        QT_TRANSLATE_NOOP("SettingsPage", "Default model"),
        QT_TRANSLATE_NOOP("SettingsPage", "What a new chat starts with."),
        "model",
    ),
    Row(
        "fast_model",
        QT_TRANSLATE_NOOP("SettingsPage", "Fast model"),
        QT_TRANSLATE_NOOP("SettingsPage", "For titles and other small tasks."),
        "model",
    ),
)

_NOTIFICATIONS: Final = (
    Row(
        "notify",
        QT_TRANSLATE_NOOP("SettingsPage", "Show notifications"),
        QT_TRANSLATE_NOOP("SettingsPage", "Off: nothing pops up, the tray icon still changes."),
        "check",
        "local",
    ),
    Row(
        "notify_down",
        QT_TRANSLATE_NOOP("SettingsPage", "A host goes down"),
        QT_TRANSLATE_NOOP("SettingsPage", "After 3 failed checks. Hosts marked often off are not told."),
        "check",
        "local",
    ),
    Row(
        "notify_up",
        QT_TRANSLATE_NOOP("SettingsPage", "A host is back"),
        QT_TRANSLATE_NOOP("SettingsPage", "After 2 good checks, and only if its fall was told."),
        "check",
        "local",
    ),
    Row(
        "notify_needs_key",
        QT_TRANSLATE_NOOP("SettingsPage", "A host needs a key"),
        QT_TRANSLATE_NOOP("SettingsPage", "Once per host, until the key works."),
        "check",
        "local",
    ),
    Row(
        "notify_registry",
        QT_TRANSLATE_NOOP("SettingsPage", "The list of hosts cannot be read"),
        QT_TRANSLATE_NOOP("SettingsPage", "The last good list stays in use."),
        "check",
        "local",
    ),
    Row(
        "notify_gateway",
        QT_TRANSLATE_NOOP("SettingsPage", "The gateway stopped"),
        QT_TRANSLATE_NOOP("SettingsPage", "When it ends by itself, not when you stop it."),
        "check",
        "local",
    ),
    Row(
        "notify_load_failed",
        QT_TRANSLATE_NOOP("SettingsPage", "A load fails"),
        QT_TRANSLATE_NOOP("SettingsPage", "Except for loads that you ask for in this window: those are told there."),
        "check",
        "local",
    ),
    Row(
        "notify_slow",
        QT_TRANSLATE_NOOP("SettingsPage", "A model becomes slow"),
        QT_TRANSLATE_NOOP("SettingsPage", "Much slower than it usually is on its host."),
        "check",
        "local",
    ),
    Row(
        "quiet_hosts",
        QT_TRANSLATE_NOOP("SettingsPage", "Hosts without notifications"),
        QT_TRANSLATE_NOOP("SettingsPage", "Nothing pops up about these, whatever happens to them."),
        "hosts",
        "local",
    ),
)

SECTIONS: Final = (
    Section("general", QT_TRANSLATE_NOOP("SettingsPage", "General"), _GENERAL),
    Section("gateway", QT_TRANSLATE_NOOP("SettingsPage", "Gateway"), _GATEWAY),
    Section("history", QT_TRANSLATE_NOOP("SettingsPage", "History"), _HISTORY),
    Section("agents", QT_TRANSLATE_NOOP("SettingsPage", "Agents"), _AGENTS),
    Section("models", QT_TRANSLATE_NOOP("SettingsPage", "Models"), _MODELS),
    Section("notifications", QT_TRANSLATE_NOOP("SettingsPage", "Notifications"), _NOTIFICATIONS),
    Section("about", QT_TRANSLATE_NOOP("SettingsPage", "About"), ()),
)
