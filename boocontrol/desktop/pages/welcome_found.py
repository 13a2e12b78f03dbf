"""What is found on this computer: one row for each place where llama-swap usually listens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from boocontrol.core.api import ProbeResult
from boocontrol.core.errors import BadInput
from boocontrol.core.provider_ids import derive_id
from boocontrol.core.urls import is_loopback, normalise_base_url
from boocontrol.desktop.dialogs.fields import hint_label, say
from boocontrol.desktop.dialogs.provider_entry import Typed, entry_of, is_id
from boocontrol.desktop.text import tr as _tr
from boocontrol.desktop.widgets import StateShape, label, restyle

VARIABLE: Final = "LLAMA_SWAP_URL"
PORTS: Final = (8080, 9292)


@dataclass(frozen=True, slots=True)
class Place:
    """A place to look at. `url` None: nothing to look at, and `why` says so."""

    name: str
    url: str | None
    why: str = ""


def places(environ: Mapping[str, str]) -> list[Place]:
    """Loopback only: nothing is sent to another computer before a person asks for it."""
    found = [Place(f"127.0.0.1:{port}", f"http://127.0.0.1:{port}") for port in PORTS]
    typed = environ.get(VARIABLE, "").strip()
    if not typed:
        return [*found, Place(VARIABLE, None, _tr("is not set"))]
    try:
        url = normalise_base_url(typed)
    except BadInput:
        return [*found, Place(VARIABLE, None, _tr("holds no address"))]
    if not is_loopback(urlsplit(url).hostname or ""):
        return [*found, Place(VARIABLE, None, _tr("names another computer: it stands below"))]
    same = {(urlsplit(p.url or "").port) for p in found}
    if urlsplit(url).port in same:
        return [*found, Place(VARIABLE, None, _tr("names one of these"))]
    return [*found, Place(f"{VARIABLE} {url}", url)]


def elsewhere(environ: Mapping[str, str]) -> str:
    """The address in the variable when it is another computer's, else empty."""
    try:
        url = normalise_base_url(environ.get(VARIABLE, ""))
    except BadInput:
        return ""
    return "" if is_loopback(urlsplit(url).hostname or "") else url


class FoundRow(QFrame):
    """One place: looked at, and then either a host with a name to give, or the reason why not."""

    changed = Signal()

    def __init__(self, place: Place, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "row")
        self.place = place
        self.result: ProbeResult | None = None
        self.tick = QCheckBox(self)
        self.tick.setAccessibleName(self.tr("Add %1").replace("%1", place.name))
        self.shape = StateShape("stopped" if place.url is None else "checking", 16, self)
        self.title = label(place.name, "mono", parent=self)
        self.detail = hint_label(self)
        self.detail.setText(place.why or self.tr("looking"))
        self.name = QLineEdit(self)
        self.name.setFixedWidth(140)
        self.name.setAccessibleName(self.tr("Name of %1").replace("%1", place.name))
        self._caption = label(self.tr("Name"), "small", "muted", self)
        for part in (self.tick, self.name):
            policy = part.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            part.setSizePolicy(policy)
        self._lay_out()
        self.tick.toggled.connect(self.changed)
        self.name.textChanged.connect(self.changed)
        self._show_controls(False)

    @property
    def wanted(self) -> bool:
        """Whether it is a host that a person left ticked, with a name that can be."""
        return self.result is not None and self.tick.isChecked() and is_id(self.name.text().strip())

    def entry(self) -> dict[str, object]:
        """The entry to add."""
        assert self.place.url is not None
        typed = Typed(address=self.place.url, provider_id=self.name.text().strip())
        return entry_of(typed, self.result.kind if self.result else None)

    def show_looking(self) -> None:
        """It is looked at again."""
        if self.place.url is not None and not self.tick.isChecked():
            self.result = None
            self.shape.set_state("checking")
            say(self.detail, self.tr("looking"))

    def show_result(self, result: ProbeResult, taken: set[str], known: str | None) -> None:
        """What a look found; `known` is the provider that has this address already."""
        if result.kind is None:
            self._show_nothing(result)
            return
        kind = "llama-swap" if result.kind == "llama-swap" else self.tr("OpenAI-compatible server")
        restyle(self.title, "step", "section")
        self.title.setText(f"{kind} {result.version or ''}".strip() + f"  {self.place.name}")
        count = len(result.models)
        words = self.tr("1 model") if count == 1 else self.tr("%1 models").replace("%1", str(count))
        failed = next((s for s in result.stages if s.outcome == "failed"), None)
        self.shape.set_state("needs_key" if failed and failed.stage == "key" else "degraded" if failed else "up")
        if known is not None:
            say(self.detail, self.tr("%1, added as %2").replace("%1", words).replace("%2", known))
            self._show_controls(False)
            return
        say(self.detail, failed.detail if failed else words, problem=failed is not None)
        self.result = result
        if not self.name.text():
            self.name.setText(derive_id(self.tr("this computer"), self.place.url or "", taken))
        self._show_controls(True)
        self.tick.setChecked(True)

    def show_error(self, text: str) -> None:
        """It could not be looked at, or not be added."""
        say(self.detail, text, problem=True)
        if self.result is None:
            self.shape.set_state("unknown")

    def _show_nothing(self, result: ProbeResult) -> None:
        failed = next((s for s in result.stages if s.outcome == "failed"), None)
        listens = failed is None or failed.stage not in ("resolve", "connect")
        self.result = None
        self.shape.set_state("stopped")
        words = failed.detail if failed and listens else self.tr("nothing listens here")
        say(self.detail, words)
        self._show_controls(False)

    def _show_controls(self, shown: bool) -> None:
        for part in (self.tick, self.name, self._caption):
            part.setVisible(shown)
        self.changed.emit()

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.title)
        words.addWidget(self.detail)
        line = QHBoxLayout(self)
        line.setContentsMargins(16, 10, 16, 10)
        line.setSpacing(12)
        line.addWidget(self.tick)
        line.addWidget(self.shape)
        line.addLayout(words, 1)
        line.addWidget(self._caption)
        line.addWidget(self.name)
