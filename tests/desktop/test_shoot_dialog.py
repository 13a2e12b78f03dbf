"""A dialog is drawn over its window, dimmed, with its title."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QWidget

from boocontrol.desktop.shoot_dialog import STRIP, picture


def test_a_dialog_is_drawn_over_its_window(qapp: QApplication, owner: QObject) -> None:
    window = QWidget()
    window.resize(400, 300)
    filled(window, "#ffffff")
    dialog = QDialog(window)
    dialog.resize(200, 100)
    filled(dialog, "#00ff00")
    try:
        drawn = picture(dialog, 2.0).toImage()
        assert drawn.size() == window.size() * 2
        left, top = 2 * (400 - 200) // 2, 2 * (300 - 100 - STRIP) // 2
        assert drawn.pixelColor(left + 20, top + 2 * STRIP + 20) == QColor("#00ff00")
        assert drawn.pixelColor(left + 300, top + 4) not in (QColor("#00ff00"), QColor("#ffffff")), "the strip"
        assert drawn.pixelColor(10, 10).lightness() < 230, "dimmed"
        assert picture(window).toImage().pixelColor(5, 5) == QColor("#ffffff"), "all else is drawn as it is"
    finally:
        dialog.deleteLater()
        window.deleteLater()


def filled(widget: QWidget, color: str) -> None:
    inside = QLabel(widget)
    inside.setStyleSheet(f"background: {color}")
    inside.setGeometry(widget.rect())
