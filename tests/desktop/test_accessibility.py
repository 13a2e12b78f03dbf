"""The window without a mouse, without eyes, and with large letters."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QAbstractListModel, QModelIndex, QRect, Qt
from PySide6.QtGui import QAccessible, QAction, QImage, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QProxyStyle,
    QRadioButton,
    QStyle,
    QWidget,
)

from boocontrol.desktop.language import Language
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.theme import Mode
from boocontrol.desktop.tokens import DARK, LIGHT, Tokens
from boocontrol.desktop.widgets import ElidedLabel, StateShape
from tests.desktop.test_theme import contrast
from tests.desktop.whole_window import activated, whole_window

Key = Qt.Key
MOST_STEPS = 400


def read(widget: QWidget, what: QAccessible.Text = QAccessible.Text.Name) -> str:
    """What a screen reader is told of a widget."""
    seen = QAccessible.queryAccessibleInterface(widget)
    return seen.text(what) if seen is not None else ""


def focusable(widget: QWidget) -> list[QWidget]:
    """What the keyboard may come to. The parts of a compound, such as the field in a spin box, are not told apart."""
    return [
        w
        for w in (widget, *widget.findChildren(QWidget))
        if w.focusPolicy() & Qt.FocusPolicy.TabFocus and w.isVisibleTo(widget) and w.isEnabled() and not w.focusProxy()
    ]


def told(widget: QWidget) -> str:
    return f"{type(widget).__name__} {read(widget)!r} in {type(widget.parentWidget()).__name__}"


async def test_everything_that_can_be_used_has_a_name(qapp: QApplication, stores: Stores, tmp_path: Path) -> None:
    nameless = []
    with whole_window(qapp, stores, tmp_path) as whole:
        for name, widget in whole.views():
            nameless += [f"{name}: {told(w)}" for w in focusable(widget) if not read(w)]
            nameless += [
                f"{name}: {told(b)}"
                for b in widget.findChildren(QAbstractButton)
                if b.isVisibleTo(widget) and not read(b)
            ]
    assert not nameless, "\n".join(nameless)


async def test_buttons_and_lists_are_told_as_what_they_are(qapp: QApplication, stores: Stores, tmp_path: Path) -> None:
    role = QAccessible.Role
    lists = {role.List, role.Table, role.Tree}
    with whole_window(qapp, stores, tmp_path) as whole:
        for name, widget in whole.views():
            for w in focusable(widget):
                seen = QAccessible.queryAccessibleInterface(w)
                assert seen is not None and seen.role() != role.NoRole, f"{name}: {told(w)}"
                if isinstance(w, QAbstractItemView):
                    assert seen.role() in lists, f"{name}: {told(w)}"


async def test_every_cell_is_told_in_words(qapp: QApplication, stores: Stores, tmp_path: Path) -> None:
    """A row of pictures alone, such as a star or a shape, says nothing to a screen reader."""
    silent = []
    with whole_window(qapp, stores, tmp_path) as whole:
        for name, widget in whole.views():
            for view in widget.findChildren(QAbstractItemView):
                if view.isVisibleTo(widget) and view.model() is not None and not isinstance(view.parent(), QComboBox):
                    silent += [f"{name}: {told(view)} row {row}" for row in silent_rows(view)]
    assert not silent, "\n".join(silent)


def silent_rows(view: QAbstractItemView, parent: QModelIndex = QModelIndex()) -> Iterator[int]:  # noqa: B008
    model = view.model()
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount(parent)
    for row in range(model.rowCount(parent)):
        cells = [model.index(row, column, parent) for column in range(columns)]
        if not any(spoken(cell) for cell in cells):
            yield row
        yield from silent_rows(view, cells[0]) if cells else ()


def spoken(index: QModelIndex) -> str:
    return str(index.data(Qt.ItemDataRole.AccessibleTextRole) or index.data() or "").strip()


async def test_a_star_and_a_state_are_read_to_the_end(qapp: QApplication, stores: Stores, tmp_path: Path) -> None:
    """Through Qt's accessibility, as a screen reader asks."""
    with whole_window(qapp, stores, tmp_path) as whole:
        whole.shell.show("models")
        tree = next(
            v for v in whole.shell.window.findChildren(QAbstractItemView) if v.isVisible() and read(v) == "Models"
        )
        seen = QAccessible.queryAccessibleInterface(tree)
        cells = [seen.child(n).text(QAccessible.Text.Name) for n in range(seen.childCount())]
    assert "Favorite" in cells and "Not a favorite" in cells
    assert any(cell.startswith("qwen3.5-9b on gpu, ready, context 32k") for cell in cells)


async def test_tab_reaches_everything_and_comes_round(qapp: QApplication, stores: Stores, tmp_path: Path) -> None:
    left_out = []
    with whole_window(qapp, stores, tmp_path) as whole:
        for name, widget in whole.views():
            reached = await tabbed_through(widget)
            wanted = [w for w in focusable(widget) if not (isinstance(w, QRadioButton) and not w.isChecked())]
            left_out += [f"{name}: {told(w)}" for w in wanted if w not in reached and in_reach(w, widget)]
            beneath = [w for w in reached if not in_reach(w, widget)]
            assert not beneath, f"{name}: Tab leaves the pop-up to {told(beneath[0])}"
    assert not left_out, "\n".join(left_out)


def in_reach(widget: QWidget, view: QWidget) -> bool:
    """False beneath a pop-up, which keeps the keyboard while it is open."""
    pop = next(
        (p for p in view.findChildren(QWidget) if p.isVisibleTo(view) and p.inherits("QFrame") and is_pop(p)), None
    )
    return pop is None or pop.isAncestorOf(widget)


def is_pop(widget: QWidget) -> bool:
    from boocontrol.desktop.widgets.popup import Popup

    return isinstance(widget, Popup)


async def tabbed_through(widget: QWidget, count: Callable[[QWidget], bool] = lambda _: True) -> list[QWidget]:
    """What Tab comes to, from where the focus is until it is there again; of these, what counts."""
    await activated(widget.window())
    first = widget.focusWidget() or focusable(widget)[0]
    first.setFocus(Qt.FocusReason.TabFocusReason)
    reached: list[QWidget] = []
    counted: list[QWidget] = []
    for _ in range(MOST_STEPS):
        now = QApplication.focusWidget()
        assert now is not None, f"the focus got lost after {told(reached[-1]) if reached else 'nothing'}"
        if now in reached:
            return counted
        reached.append(now)
        if count(now):
            counted.append(now)
        QTest.keyClick(now, Key.Key_Tab)
        if QApplication.focusWidget() is now:
            within = [w for w in focusable(widget) if in_reach(w, widget)]
            assert len(within) == 1, f"{told(now)} keeps the keyboard"
    raise AssertionError("Tab never comes round")


@pytest.mark.parametrize("mode", ["light", "dark"])
async def test_the_keyboard_is_seen(mode: Mode, qapp: QApplication, stores: Stores, tmp_path: Path) -> None:
    unseen = []
    with whole_window(qapp, stores, tmp_path, mode=mode) as whole:
        whole.theme.set_mode(mode)
        for page in whole.shell.window.page_ids:
            whole.shell.show(page)
            unseen += [f"{page}: {told(w)}" for w in await tabbed_through(whole.shell.window, unmarked)]
    assert not unseen, "\n".join(unseen)


def unmarked(widget: QWidget) -> bool:
    """Whether it looks the same with the keyboard, which Tab has just brought, and without."""
    window = widget.window()
    with_it = around(widget, window)
    other = next(w for w in focusable(window) if w is not widget and w.isVisible())
    other.setFocus(Qt.FocusReason.TabFocusReason)  # setFocus scrolls nothing, as Tab does
    without = around(widget, window)
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    return with_it == without


def around(widget: QWidget, window: QWidget) -> QImage:
    place = QRect(widget.mapTo(window, widget.rect().topLeft()), widget.size())
    return window.grab(place.adjusted(-4, -4, 4, 4)).toImage()


async def test_no_key_means_two_things(qapp: QApplication, stores: Stores, tmp_path: Path) -> None:
    with whole_window(qapp, stores, tmp_path) as whole:
        for page in whole.shell.window.page_ids:
            whole.shell.show(page)
            window = whole.shell.window
            keys = [s.key() for s in window.findChildren(QShortcut) if s.isEnabled() and reaches(s, window)]
            keys += [k for a in window.findChildren(QAction) if a.isEnabled() for k in a.shortcuts() if not in_menu(a)]
            names = [k.toString(QKeySequence.SequenceFormat.PortableText) for k in keys]
            assert sorted(names) == sorted(set(names)), page


def reaches(shortcut: QShortcut, window: QWidget) -> bool:
    """Whether it can be pressed on the page that is shown."""
    parent = shortcut.parent()
    return isinstance(parent, QWidget) and parent.isVisibleTo(window)


def in_menu(action: QAction) -> bool:
    """A menu shows the key of what it does; the key itself belongs to another action."""
    return action.shortcutVisibleInContextMenu() and not action.associatedObjects()


def cut(widget: QWidget) -> Iterator[str]:
    """Labels and buttons whose words do not fit in."""
    for label in widget.findChildren(QLabel):
        if not label.isVisibleTo(widget) or isinstance(label, ElidedLabel) or not label.text():
            continue
        if label.wordWrap():
            if label.height() < label.heightForWidth(label.width()) - 2:
                yield f"{label.text()!r} is {label.height()} high, not {label.heightForWidth(label.width())}"
        elif label.width() < label.sizeHint().width() or label.height() < label.sizeHint().height() - 1:
            yield f"{label.text()!r} is {label.size().toTuple()}, not {label.sizeHint().toTuple()}"
    for button in widget.findChildren(QAbstractButton):
        if button.isVisibleTo(widget) and button.text() and button.width() < button.sizeHint().width():
            yield f"{button.text()!r} is {button.width()} wide, not {button.sizeHint().width()}"


async def test_words_fit_at_one_and_a_half_times_the_letters(
    qapp: QApplication, stores: Stores, tmp_path: Path
) -> None:
    """In the usual window; in the smallest one, large letters make short words."""
    with whole_window(qapp, stores, tmp_path, scale=1.5) as whole:
        shown = ((name, widget) for name, widget in whole.views() if "narrow" not in name)
        faults = [f"{name}: {fault}" for name, widget in shown for fault in cut(widget)]
    assert not faults, "\n".join(faults)


async def test_german_fits(qapp: QApplication, stores: Stores, tmp_path: Path) -> None:
    spoken_language = Language(qapp, "de")
    try:
        with whole_window(qapp, stores, tmp_path) as whole:
            faults = [f"{name}: {fault}" for name, widget in whole.views() for fault in cut(widget)]
    finally:
        spoken_language.remove()
    assert not faults, "\n".join(faults)


class Still(QProxyStyle):
    """As a system that asks for less motion."""

    def styleHint(self, hint: QStyle.StyleHint, *more: Any) -> int:
        return 0 if hint == QStyle.StyleHint.SH_Widget_Animation_Duration else super().styleHint(hint, *more)


def test_less_motion_is_respected(qtbot: Any) -> None:
    shape = StateShape("checking")
    qtbot.addWidget(shape)
    style = Still()
    shape.setStyle(style)
    shape.show()
    assert not shape._timer.isActive()
    shape.setStyle(QApplication.style())
    shape.set_state("starting")
    assert shape._timer.isActive()


PAIRS = (
    ("onaccent", "accent"), ("onseg", "seg1"), ("text", "hl"), ("text", "addbg"), ("text", "delbg"), ("warn", "delbg"),
    ("accenttext", "addbg"), ("faint", "addbg"), ("faint", "delbg"), ("base", "text"), ("base", "warn"),
)  # fmt: skip
"""Words on grounds of their own; those on the common grounds are in test_theme.py."""
SHAPES = ("up", "tick", "warnfill", "offfill", "border", "accent", "seg2")


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=lambda t: t.name)
def test_contrast_of_words_and_shapes(tokens: Tokens) -> None:
    """WCAG 2: 4.5 for words, 3 for shapes that say something and for the ring of the keyboard."""
    for ink, ground in PAIRS:
        assert contrast(getattr(tokens, ink), getattr(tokens, ground)) >= 4.5, f"{ink} on {ground}"
    for shape in SHAPES:
        assert contrast(getattr(tokens, shape), tokens.base) >= 3.0, shape
    for ground in ("window", "rail", "base", "sunken"):
        assert contrast(tokens.accenttext, getattr(tokens, ground)) >= 3.0, f"the ring on {ground}"
