"""What the window opens over itself leaves nothing behind: palette, help, errors with details, the menu of the tray."""

from __future__ import annotations

import asyncio
import gc
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QMenu

from boocontrol.core.errors import BooError
from boocontrol.desktop.shell import Shell
from boocontrol.desktop.shoot_states import states
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.tokens import LIGHT
from boocontrol.desktop.tray import fill
from boocontrol.desktop.tray_state import Seen, tray_state
from tests.desktop.whole_window import whole_window

TIMES = 200
# Drawings of icons are kept, one for each; the ring is where the keyboard happens to be.
BOUNDED = ("QSvgRenderer", "_Ring")


def palette(shell: Shell, stores: Stores) -> None:
    shell.palette.pop()
    shell.palette.field.setText("qw")
    shell.palette.done()


def shortcuts(shell: Shell, stores: Stores) -> None:
    shell.help.pop()
    shell.help.done()


def errors(shell: Shell, stores: Stores) -> None:
    for number in range(5):
        shell.notices.fail(BooError(f"Fault {number}.", "Mend it."), lambda: None)
    for key in list(shell.notices._bars):
        shell.notices.clear(key)


def tray_menu(shell: Shell, stores: Stores) -> None:
    menu = QMenu()
    seen = Seen(stores.fleet.hosts, stores.catalog.catalog, stores.favorites.refs, connected=True)
    fill(menu, tray_state(seen).menu, LIGHT, lambda _action, _argument: None)
    menu.deleteLater()


def lost(shell: Shell, stores: Stores) -> None:
    stores.connection.take("lost", problem=BooError("The gateway is gone."))
    stores.connection.take("connected")


def pages(shell: Shell, stores: Stores) -> None:
    for page in shell.window.page_ids:
        shell.window.show_page(page)


DEEDS: dict[str, Callable[[Shell, Stores], None]] = {
    deed.__name__: deed for deed in (palette, shortcuts, errors, tray_menu, lost, pages)
}


@pytest.mark.parametrize("name", DEEDS)
async def test_two_hundred_times_leave_nothing(name: str, qapp: QApplication, stores: Stores, tmp_path: Path) -> None:
    with whole_window(qapp, stores, tmp_path) as whole:
        whole.shell.show("fleet")
        pages(whole.shell, stores)

        async def often(times: int) -> Counter[str]:
            for _ in range(times):
                DEEDS[name](whole.shell, stores)
                qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
            await asyncio.sleep(0)
            gc.collect()
            qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
            found = (type(o).__name__ for o in gc.get_objects() if isinstance(o, QObject))
            return Counter(name for name in found if name not in BOUNDED)

        before = await often(3)
        assert (await often(TIMES)) - before == Counter()


async def test_pictures_of_bad_states_can_be_drawn_again_and_again(qapp: QApplication) -> None:
    """All of them, in a window of their own that is gone after; a Qt warning fails it."""
    from boocontrol.desktop.shoot import SIZE

    names = [name for name, widget in states(SIZE) if not widget.grab().isNull()]
    assert len(names) == len(set(names)) > 15
    before = len(qapp.topLevelWidgets())
    assert list(states(SIZE))
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()
    assert len(qapp.topLevelWidgets()) <= before
