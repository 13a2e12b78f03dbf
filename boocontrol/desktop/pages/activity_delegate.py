"""Paints the cells of both lists of the Activity page: what runs and what ran."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from boocontrol.core.activity import ActivityRow
from boocontrol.desktop.icons import paint_icon
from boocontrol.desktop.itemmodels import activity_history as history
from boocontrol.desktop.itemmodels import activity_now as now
from boocontrol.desktop.itemmodels.activity_words import model_name, outcome_shape, outcome_tone
from boocontrol.desktop.pages.models_paint import LEFT, Fonts, Pen, paint_button, square
from boocontrol.desktop.tokens import ROW, Tokens, tokens_of
from boocontrol.desktop.widgets.gauges import paint_load
from boocontrol.desktop.widgets.state_shape import paint_state, turn_at

Index = QModelIndex | QPersistentModelIndex

EDGE: Final = 8
SHAPE: Final = 14
BAR: Final = QSize(84, 6)
BUTTON: Final = QSize(88, 26)
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class Cells(QStyledItemDelegate):
    """The ground and the hairline of a cell; what stands in it is for the others.

    Some hundred cells are painted a second while much goes on, so a cell asks for nothing twice.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._fonts: Fonts | None = None
        self.labels: Mapping[str, str] = {}
        """Names of hosts by their ids, as on all other pages; one that is gone is called by its id."""

    def forget_fonts(self) -> None:
        """The font of the view is another."""
        self._fonts = None

    def fonts(self, option: QStyleOptionViewItem) -> Fonts:
        """The fonts for this view."""
        if self._fonts is None:
            self._fonts = Fonts.of(option.font)
        return self._fonts

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(80, max(ROW, QFontMetrics(option.font).height() + 18))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        tokens, rect = tokens_of(option.palette), option.rect
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(tokens.accentsoft))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, QColor(tokens.line))
        self.cell(painter, option, index, tokens)

    def cell(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, tokens: Tokens) -> None:
        """Paint what the cell says."""
        raise NotImplementedError

    def words(self, painter: QPainter, option: QStyleOptionViewItem, text: str, color: str, *, right: bool) -> None:
        """A text at the left or the right of the cell."""
        if not text:
            return
        font = self.fonts(option).body
        area = option.rect.adjusted(EDGE, 0, -EDGE, 0)
        painter.setFont(font)
        painter.setPen(QColor(color))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, _RIGHT if right else LEFT, shown)

    def model(self, painter: QPainter, option: QStyleOptionViewItem, row: ActivityRow, color: str) -> None:
        """A model's name, and its host on a plate."""
        fonts = self.fonts(option)
        host = self.labels.get(row.provider, row.provider)
        pen = Pen(painter, option.rect.adjusted(EDGE, 0, -EDGE, 0), tokens_of(option.palette))
        plate = QFontMetrics(fonts.small).horizontalAdvance(host) + 20 if host else 0
        name = model_name(row)
        # The name is cut before the plate is left out, unless the plate would leave it nothing.
        room = pen.room - plate if plate and plate < pen.room // 2 else pen.room
        width = min(room, QFontMetrics(fonts.mono).horizontalAdvance(name) + 1)
        Pen(painter, QRect(pen.rect.left(), pen.rect.top(), width, pen.rect.height()), pen.tokens).text(
            name, fonts.mono, color
        )
        pen.skip(width + EDGE)
        if host:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            pen.chip(host, fonts.small)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


class HistoryDelegate(Cells):
    """Requests that have ended. The item model is asked itself: through Qt each answer costs several times as much."""

    def __init__(self, item_model: history.HistoryItemModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows = item_model

    def cell(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, tokens: Tokens) -> None:
        column, row = index.column(), self._rows.row_at(index)
        if row is None:
            return
        text = self._rows.text(row, column)
        if column == history.MODEL:
            self.model(painter, option, row, tokens.text)
        elif column != history.OUTCOME:
            color = tokens.muted if column == history.AGE else tokens.text
            self.words(painter, option, text, color, right=column in history.NUMBERS)
        else:
            pen = Pen(painter, option.rect.adjusted(EDGE, 0, -EDGE, 0), tokens)
            paint_outcome(painter, square(pen.rect, SHAPE), row.outcome, tokens)
            pen.skip(SHAPE + 8)
            pen.text(text, self.fonts(option).body, getattr(tokens, outcome_tone(row.outcome)))


class NowDelegate(Cells):
    """Requests that run."""

    def __init__(self, item_model: now.NowItemModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows = item_model

    def cell(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, tokens: Tokens) -> None:
        row = self._rows.row_at(index)
        if row is None:
            return
        old = row.stale or row.over
        column = index.column()
        if column == now.SHAPE:
            self._shape(painter, option, row, tokens)
        elif column == now.MODEL:
            self.model(painter, option, row.row, tokens.faint if old else tokens.text)
        elif column == now.PHASE:
            self._phase(painter, option, row, tokens)
        elif column != now.ACTION:
            color = tokens.faint if old else tokens.text
            self.words(painter, option, self._rows.text(row, column), color, right=column in now.NUMBERS)
        elif row.can_cancel:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            word = self._rows.text(row, column)
            paint_button(painter, cancel_rect(option.rect), word, self.fonts(option), tokens)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _shape(self, painter: QPainter, option: QStyleOptionViewItem, row: now.NowRow, tokens: Tokens) -> None:
        box = QRect(0, 0, SHAPE, SHAPE)
        box.moveCenter(option.rect.center())
        if row.over:
            paint_outcome(painter, box, row.row.outcome, tokens)
        elif row.stale:
            paint_state(painter, box, "unknown", tokens)
        elif row.loading:
            fraction = self._rows.load_fraction(row)
            paint_state(painter, box, "starting", tokens, fraction, turn=turn_at(time.monotonic()))
        else:
            paint_state(painter, box, "ready", tokens)

    def _phase(self, painter: QPainter, option: QStyleOptionViewItem, row: now.NowRow, tokens: Tokens) -> None:
        pen = Pen(painter, option.rect.adjusted(EDGE, 0, -EDGE, 0), tokens)
        fraction = self._rows.load_fraction(row)
        if fraction is not None and pen.room > BAR.width() + 60:
            bar = QRect(pen.rect.left(), pen.rect.center().y() - BAR.height() // 2, BAR.width(), BAR.height())
            paint_load(painter, bar, fraction, tokens, stale=row.stale)
            pen.skip(BAR.width() + EDGE)
        pen.text(self._rows.phase(row), self.fonts(option).body, tokens.faint if row.stale else tokens.muted)


def paint_outcome(painter: QPainter, rect: QRect, outcome: str, tokens: Tokens) -> None:
    """How a request ended: check, square, triangle, or square with a cross."""
    shape = outcome_shape(outcome)
    if shape in ("check", "stop"):
        paint_icon(painter, rect, shape, tokens.muted)
    else:
        paint_state(painter, rect, {"cut": "degraded", "failed": "down"}.get(shape, shape), tokens)


def cancel_rect(cell: QRect) -> QRect:
    """Where the button is inside its cell."""
    height = min(BUTTON.height(), cell.height() - 8)
    width = min(BUTTON.width(), cell.width() - EDGE)
    return QRect(cell.right() - EDGE - width + 1, cell.center().y() - height // 2, width, height)
