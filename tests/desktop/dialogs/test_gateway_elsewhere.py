"""The dialog that asks for another gateway's address and key."""

from __future__ import annotations

from typing import Any

from pydantic import SecretStr
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from boocontrol.client import KeyRefused
from boocontrol.core.errors import BooError
from boocontrol.desktop.dialogs.gateway_elsewhere import ElsewhereDialog
from tests.desktop.dialogs.fakes import idle


class Keeper:
    """Takes what was typed, or says why not."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str | None]] = []
        self.error: BooError | None = None

    async def use(self, address: str, key: SecretStr | None) -> None:
        self.asked.append((address, key.get_secret_value() if key else None))
        if self.error is not None:
            raise self.error


async def test_by_keyboard_alone(qtbot: Any) -> None:
    keeper = Keeper()
    dialog = ElsewhereDialog(keeper.use)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.show()
    assert not dialog.connect_.isEnabled() and dialog.focusWidget() is dialog.address
    qtbot.keyClicks(dialog.address, "nas:9503")
    qtbot.keyClick(dialog.address, Qt.Key.Key_Tab)
    assert dialog.focusWidget() is dialog.key and dialog.key.echoMode() == QLineEdit.EchoMode.Password
    qtbot.keyClicks(dialog.key, " secret ")
    qtbot.keyClick(dialog.key, Qt.Key.Key_Return)
    await idle(lambda: not dialog.isVisible())
    assert keeper.asked == [("nas:9503", "secret")]


async def test_a_refusal_stands_beside_and_what_was_typed_stays(qtbot: Any) -> None:
    keeper = Keeper()
    keeper.error = KeyRefused("The gateway needs its key.", "Type it.", status=401)
    dialog = ElsewhereDialog(keeper.use, "http://nas:9503")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.connect_.click()
    assert not dialog.connect_.isEnabled()
    await idle(lambda: dialog.notice.isVisible())
    assert dialog.notice.title == "The gateway needs its key."
    assert dialog.notice.height() >= dialog.notice.heightForWidth(dialog.notice.width()), "none of its words is cut"
    assert dialog.isVisible() and dialog.address.text() == "http://nas:9503" and dialog.connect_.isEnabled()
    keeper.error = None
    dialog.connect_.click()
    assert not dialog.notice.isVisible()
    await idle(lambda: not dialog.isVisible())
    assert keeper.asked == [("http://nas:9503", None)] * 2
