"""The fields of a provider: address, name, key, and what few people need under More. Says how each is understood."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QGridLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from boocontrol.core.errors import BadInput
from boocontrol.core.provider_ids import derive_id
from boocontrol.core.registry import is_mac_address
from boocontrol.core.urls import normalise_base_url
from boocontrol.desktop.dialogs.fields import KeyField, hint_label, say
from boocontrol.desktop.dialogs.provider_entry import Typed, is_id, moved, typed_of
from boocontrol.desktop.widgets import Button, label
from boocontrol.desktop.widgets.combo import ComboBox

CAPTIONS: Final = 72
APART: Final = 8
_KINDS: Final = (None, "llama-swap", "openai")


class ProviderForm(QWidget):
    """What a person types about a provider. `changed` comes with every edit, `probed` with those a test depends on."""

    changed = Signal()
    probed = Signal()

    def __init__(self, before: Mapping[str, Any] | None, taken: frozenset[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._before = before
        self._taken = taken - ({str(before["id"])} if before else set())
        self._id_typed = before is not None
        self._fields()
        self._lay_out()
        if before is not None:
            self._fill(typed_of(before))
        self._connect()
        self._understand()

    def typed(self) -> Typed:
        """What the fields hold."""
        return Typed(
            address=self.address.text().strip(),
            label=self.label.text().strip(),
            provider_id=self.provider_id.text().strip(),
            kind=_KINDS[self.kind.currentIndex()],
            location="cloud" if self.cloud.isChecked() else "local",
            often_off=self.often_off.isChecked(),
            priority=self.priority.value(),
            verify_tls=self.verify_tls.isChecked(),
            ca_file=self.ca_file.text().strip(),
            mac_address=self.mac_address.text().strip(),
            confirm_key=self.confirm_key.isVisibleTo(self) and self.confirm_key.isChecked(),
        )

    def base_url(self) -> str | None:
        """The normalised address, None while it is none."""
        try:
            return normalise_base_url(self.address.text())
        except BadInput:
            return None

    def problem(self) -> str:
        """Why this cannot be saved whatever a test says; empty when it can."""
        if self.base_url() is None:
            return self.tr("The address cannot be used.")
        return self._id_problem() or self._mac_problem()

    def show_field(self, param: str | None) -> bool:
        """Lead the eye to the field that an error names. False for a field that is not here."""
        fields: dict[str, QWidget] = {
            "baseUrl": self.address,
            "id": self.provider_id,
            "label": self.label,
            "caFile": self.ca_file,
            "macAddress": self.mac_address,
            "key": self.key,
        }
        field = fields.get(param or "")
        if field is None:
            return False
        if self.more_box.isAncestorOf(field):
            self.more.setChecked(True)
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def _fields(self) -> None:
        self.address = QLineEdit(self, placeholderText=self.tr("192.168.1.20:8080"))
        self.address.setProperty("step", "mono")
        self.address_hint = hint_label(self)
        self.label = QLineEdit(self)
        self.label_hint = hint_label(self)
        self.provider_id = QLineEdit(self, maxLength=63)
        self.provider_id.setProperty("step", "mono")
        self.key = KeyField(self)
        self.key_hint = hint_label(self)
        self.confirm_key = QCheckBox(self.tr("Send the stored key to the new address"), self)
        more = self.tr("More: id, kind, certificate, often off")
        self.more = Button(more, "quiet", self, icon="right", small=True, flush="left")
        self.more.setCheckable(True)
        self.more_box = QWidget(self)
        self.kind = ComboBox(self.more_box)
        self.kind.addItems([self.tr("As the test finds it"), "llama-swap", self.tr("OpenAI-compatible server")])
        self.cloud = QCheckBox(self.tr("In the cloud: requests leave your network"), self.more_box)
        self.often_off = QCheckBox(self.tr("Often off: being down is normal and not told"), self.more_box)
        self.priority = QSpinBox(self.more_box, minimum=-100, maximum=100)
        self.priority.lineEdit().setTextMargins(10, 0, 0, 0)
        self.verify_tls = QCheckBox(self.tr("Check the certificate"), self.more_box)
        self.verify_tls.setChecked(True)
        self.ca_file = QLineEdit(self.more_box, placeholderText=self.tr("the system's certificates"))
        self.mac_address = QLineEdit(self.more_box, placeholderText=self.tr("of its network card, to wake it"))
        self.mac_address.setProperty("step", "mono")
        self.mac_hint = hint_label(self.more_box)

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setColumnStretch(1, 1)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        rows: list[tuple[str, QWidget, QWidget]] = [
            (self.tr("Address"), self.address, self.address_hint),
            (self.tr("Name"), self.label, self.label_hint),
            (self.tr("Key"), self.key, self.key_hint),
        ]
        for number, (words, field, hint) in enumerate(rows):
            caption = _caption(words, field)
            grid.addWidget(caption, 2 * number, 0)
            grid.addWidget(field, 2 * number, 1)
            hint.setContentsMargins(0, 0, 0, APART)  # nearer to its own field than to the next
            grid.addWidget(hint, 2 * number + 1, 1)
        grid.addWidget(self.confirm_key, 6, 1)
        grid.addWidget(self.more, 7, 1, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(self._more_rows(), 8, 0, 1, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(grid)

    def _more_rows(self) -> QWidget:
        form = QFormLayout(self.more_box)
        form.setContentsMargins(0, 4, 0, 0)
        form.setHorizontalSpacing(16)
        form.addRow(_caption(self.tr("Id"), self.provider_id), self.provider_id)
        form.addRow(_caption(self.tr("Kind"), self.kind), self.kind)
        form.addRow(_caption(self.tr("Priority"), self.priority), self.priority)
        form.addRow("", self.cloud)
        form.addRow("", self.often_off)
        form.addRow("", self.verify_tls)
        form.addRow(_caption(self.tr("CA file"), self.ca_file), self.ca_file)
        form.addRow(_caption(self.tr("MAC"), self.mac_address), self.mac_address)
        form.addRow("", self.mac_hint)
        self.priority.setToolTip(self.tr("Of two hosts with the same model, any/model takes the higher one."))
        self.more_box.hide()
        return self.more_box

    def _fill(self, typed: Typed) -> None:
        self.address.setText(typed.address)
        self.label.setText(typed.label)
        self.provider_id.setText(typed.provider_id)
        self.kind.setCurrentIndex(_KINDS.index(typed.kind))
        self.cloud.setChecked(typed.location == "cloud")
        self.often_off.setChecked(typed.often_off)
        self.priority.setValue(typed.priority)
        self.verify_tls.setChecked(typed.verify_tls)
        self.ca_file.setText(typed.ca_file)
        self.mac_address.setText(typed.mac_address)

    def _connect(self) -> None:
        self.provider_id.textEdited.connect(self._id_edited)
        for edit in (self.address, self.key, self.ca_file):
            edit.textChanged.connect(self.probed)
        self.kind.currentIndexChanged.connect(self.probed)
        self.verify_tls.toggled.connect(self.probed)
        self.confirm_key.toggled.connect(self.changed)
        for field in (self.label, self.provider_id, self.mac_address):
            field.textChanged.connect(self._understand)
        for box in (self.cloud, self.often_off):
            box.toggled.connect(self.changed)
        self.priority.valueChanged.connect(self.changed)
        self.probed.connect(self._understand)
        self.more.toggled.connect(self._show_more)

    def _show_more(self, shown: bool) -> None:
        self.more.set_icon("down" if shown else "right")
        self.more_box.setVisible(shown)

    def _id_edited(self, text: str) -> None:
        self._id_typed = bool(text)

    def _understand(self) -> None:
        url = self.base_url()
        if not self._id_typed:
            derived = derive_id(self.label.text().strip(), url or "", self._taken)
            if derived != self.provider_id.text():
                self.provider_id.setText(derived)
        self._say_address(url)
        self._say_name()
        self._say_key()
        self._say_mac()
        self.changed.emit()

    def _say_address(self, url: str | None) -> None:
        text = self.address.text()
        if url is not None:
            say(self.address_hint, self.tr("Will be used as %1").replace("%1", url))
            return
        if not text.strip():
            say(self.address_hint, self.tr("Any form works: with or without http://, /v1 or /ui."))
            return
        try:
            normalise_base_url(text)
        except BadInput as e:
            say(self.address_hint, str(e), problem=True)

    def _say_name(self) -> None:
        problem = self._id_problem() if self.base_url() is not None else ""
        named = self.tr("Models will be called %1/…").replace("%1", self.provider_id.text().strip())
        say(self.label_hint, problem or named, problem=bool(problem))

    def _say_key(self) -> None:
        stored = bool(self._before and self._before.get("apiKey"))
        left = stored and self._before is not None and moved(self._before, self.address.text())
        self.confirm_key.setVisible(left and not self.key.text())
        if left:
            say(self.key_hint, self.tr("The stored key belongs to the old address and stays behind."), problem=True)
        elif stored:
            say(self.key_hint, self.tr("A key is stored. Type another one to replace it."))
        else:
            say(self.key_hint, self.tr("Kept in the system keyring, never in the file. Empty when none is needed."))

    def _say_mac(self) -> None:
        problem = self._mac_problem()
        say(self.mac_hint, problem, problem=bool(problem))
        self.mac_hint.setVisible(bool(problem))

    def _mac_problem(self) -> str:
        text = self.mac_address.text().strip()
        if text and not is_mac_address(text):
            return self.tr("A MAC address looks like 3c:52:82:1a:0f:77.")
        return ""

    def _id_problem(self) -> str:
        text = self.provider_id.text().strip()
        if text.casefold() in {t.casefold() for t in self._taken}:
            return self.tr("There is a provider %1 already. Choose another id.").replace("%1", text)
        if not is_id(text):
            return self.tr("An id holds lower-case letters, digits, dot, dash and underscore.")
        return ""


def _caption(words: str, field: QWidget) -> QLabel:
    caption = label(words, tone="muted")
    caption.setMinimumWidth(CAPTIONS)
    caption.setBuddy(field)
    field.setAccessibleName(words)
    return caption
