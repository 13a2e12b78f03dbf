"""Pictures of everything, drawn without a screen."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QFont, QImage, QPalette
from PySide6.QtWidgets import QApplication

from boocontrol.desktop.page_set import Parts
from boocontrol.desktop.pages.settings_local import LocalSettings
from boocontrol.desktop.shoot import SIZE, shoot
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.supervisor import Supervisor
from boocontrol.desktop.theme import Theme
from boocontrol.desktop.tokens import DARK, LIGHT


async def test_every_page_is_drawn_in_both_themes(
    qapp: QApplication, owner: QObject, stores: Stores, tmp_path: Path
) -> None:
    palette, font, sheet = QPalette(qapp.palette()), QFont(qapp.font()), qapp.styleSheet()
    theme = Theme(qapp, "light")
    local = LocalSettings(tmp_path / "desktop.ini", owner)
    supervisor = Supervisor(stores.connection, None, owner)
    parts = Parts(stores, supervisor, local, tmp_path, tmp_path, os.environ, list)
    try:
        made = await shoot(tmp_path / "shots", parts, theme)
    finally:
        theme.deleteLater()
        qapp.setStyleSheet(sheet)
        qapp.setFont(font)
        qapp.setPalette(palette)
    names = {path.name for path in made}
    for page in ("fleet", "models", "gateway", "agents", "settings", "palette", "tray-menu", "add-host", "welcome"):
        assert {f"{page}-light.png", f"{page}-dark.png"} <= names
    light, dark = (
        QImage(str(tmp_path / "shots" / "fleet-light.png")),
        QImage(str(tmp_path / "shots" / "fleet-dark.png")),
    )
    assert light.size() == SIZE
    assert light.pixelColor(700, 790).name().upper() == LIGHT.window
    assert dark.pixelColor(700, 790).name().upper() == DARK.window
    assert QImage(str(tmp_path / "shots" / "fleet-light@2x.png")).size() == SIZE * 2
