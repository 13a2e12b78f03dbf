"""Paints the Models list: a title over the whole width, a model in five cells. Tells where its parts are."""

from __future__ import annotations

import time

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QRegion
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from boocontrol.desktop.icons import paint_icon
from boocontrol.desktop.itemmodels.model_rows import ModelRow, SectionRow
from boocontrol.desktop.itemmodels.model_words import ACTION, CONTEXT, MODEL, STAR, STATE, ModelWords
from boocontrol.desktop.itemmodels.models import ROW_ROLE
from boocontrol.desktop.pages.models_paint import ICON, Fonts, Pen, abilities, paint_button, paint_quiet, square
from boocontrol.desktop.tokens import ROW, Tokens, tokens_of
from boocontrol.desktop.widgets.state_shape import paint_state, state_tone, turn_at

Index = QModelIndex | QPersistentModelIndex
SHAPE = 14
BUTTON_WIDTH = 76
EDGE = 8
EVERYWHERE = QRegion(0, 0, 1 << 20, 1 << 20)


class ModelDelegate(QStyledItemDelegate):
    """Cells of model rows; title rows are painted by `paint_section`. `words` says what the cells say."""

    def __init__(self, words: ModelWords, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self.dirty = EVERYWHERE
        self._fonts: Fonts | None = None
        self._key = ""

    def fonts(self, option: QStyleOptionViewItem) -> Fonts:
        """The fonts for this view, made anew when its font changed."""
        key = option.font.key()
        if self._fonts is None or key != self._key:
            self._fonts, self._key = Fonts.of(option.font), key
        return self._fonts

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(80, max(ROW, QFontMetrics(option.font).height() + 18))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        # Once a second only the cells that tell times are painted: a tree view draws whole rows.
        if not self.dirty.intersects(option.rect):
            return
        row = index.data(ROW_ROLE)
        if not isinstance(row, ModelRow):
            return
        tokens = tokens_of(option.palette)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        cell = (self._star, self._model, self._state, self._context, self._action)[index.column()]
        cell(Pen(painter, option.rect, tokens), row, self.fonts(option), option)
        painter.restore()

    # --- the cells ---

    def _star(self, pen: Pen, row: ModelRow, fonts: Fonts, option: QStyleOptionViewItem) -> None:
        tokens = pen.tokens
        box = QRect(0, 0, ICON, ICON)
        box.moveCenter(option.rect.center())
        color = tokens.warn if row.star_problem else (tokens.accenttext if row.favorite else tokens.muted)
        paint_icon(pen.painter, box, "star-filled" if row.favorite else "star", color)

    def _model(self, pen: Pen, row: ModelRow, fonts: Fonts, option: QStyleOptionViewItem) -> None:
        tokens = pen.tokens
        old = row.stale or not row.available
        pen.skip(EDGE)
        pen.text(row.entry.wire_id, fonts.mono, tokens.faint if old else tokens.text)
        if not row.section:
            pen.chip(row.label or self.tr("any host"), fonts.small)
        icons, chips = abilities(row.entry.capabilities.items())
        for name in icons:
            pen.icon(name, tokens.muted, 14)
        for chip in chips:
            pen.chip(chip, fonts.small)
        if row.star_problem:
            pen.skip(4)
            _shape(pen, "degraded")
            pen.text(row.star_problem, fonts.small, tokens.warn)

    def _state(self, pen: Pen, row: ModelRow, fonts: Fonts, option: QStyleOptionViewItem) -> None:
        tokens = pen.tokens
        word = self._words.state(row)
        pen.skip(EDGE)
        pen.rect.setRight(pen.rect.right() - EDGE)
        if row.load is not None:
            _shape(pen, row.shape, self._words.fraction(row))
            pen.text(word, fonts.body, tokens.muted if row.load.state == "waits" else tokens.accenttext)
        elif row.asked is not None:
            _shape(pen, row.shape)
            pen.text(word, fonts.body, tokens.muted)
        elif row.problem:
            _shape(pen, "degraded")
            pen.text(self.tr("failed"), fonts.body, tokens.warn)
        else:
            _shape(pen, row.shape)
            pen.text(word, fonts.body, tokens.faint if row.stale else getattr(tokens, state_tone(word)))

    def _context(self, pen: Pen, row: ModelRow, fonts: Fonts, option: QStyleOptionViewItem) -> None:
        tokens = pen.tokens
        pen.skip(EDGE)
        pen.text(self._words.context(row), fonts.body, tokens.faint if row.stale else tokens.text, gap=4)
        pen.text(self._words.source(row), fonts.small, tokens.faint)

    def _action(self, pen: Pen, row: ModelRow, fonts: Fonts, option: QStyleOptionViewItem) -> None:
        tokens = pen.tokens
        word = self._words.action(row)
        if not word:
            why = self._words.why_not(row)
            pen.painter.setFont(fonts.small)
            pen.painter.setPen(QColor(tokens.faint))
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            pen.painter.drawText(option.rect.adjusted(0, 0, -EDGE, 0), right, why)
        elif option.state & QStyle.StateFlag.State_Selected:
            paint_button(pen.painter, action_rect(option.rect), word, fonts, tokens)
        else:
            paint_quiet(pen.painter, action_rect(option.rect), word, fonts, tokens.accenttext)

    # --- titles ---

    def paint_section(self, painter: QPainter, option: QStyleOptionViewItem, head: SectionRow, unfolded: bool) -> None:
        """A title row over `option.rect`."""
        tokens, fonts = tokens_of(option.palette), self.fonts(option)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(option.rect, QColor(tokens.rail if tokens.dark else tokens.window))
        pen = Pen(painter, option.rect.adjusted(EDGE, 0, -EDGE, 0), tokens)
        pen.icon("down" if unfolded else "right", tokens.muted, 12, gap=8)
        if head.provider is None:
            pen.icon("star-filled", tokens.accenttext, SHAPE, gap=8)
        else:
            _shape(pen, host_shape(head.provider.state, stale=head.stale))
        pen.text(self._words.section_title(head), fonts.strong, tokens.text)
        self._right(pen, head, fonts, option)
        pen.text(self._words.section_line(head), fonts.small, tokens.faint if head.stale else tokens.muted)
        painter.restore()
        paint_line(painter, option.rect, tokens)

    def _right(self, pen: Pen, head: SectionRow, fonts: Fonts, option: QStyleOptionViewItem) -> None:
        """How many models of peers are left out, at the right end."""
        count = head.provider.peers_hidden if head.provider else 0
        if not count:
            return
        text = self.tr("1 peer hidden") if count == 1 else self.tr("%s peers hidden").replace("%s", str(count))
        width = QFontMetrics(fonts.small).horizontalAdvance(text)
        if width + 120 > pen.room:
            return
        pen.painter.setFont(fonts.small)
        pen.painter.setPen(QColor(pen.tokens.faint))
        pen.painter.drawText(pen.rect, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        pen.rect.setRight(pen.rect.right() - width - EDGE)


def host_shape(state: str, *, stale: bool) -> str:
    """The shape of a host's state; of news that may be old, only problems keep theirs."""
    return "unknown" if stale and state in ("up", "busy", "degraded") else state


def _shape(pen: Pen, state: str, fraction: float | None = None) -> None:
    paint_state(pen.painter, square(pen.rect, SHAPE), state, pen.tokens, fraction, turn=turn_at(time.monotonic()))
    pen.skip(SHAPE + 8)


def action_rect(cell: QRect) -> QRect:
    """Where the action's button or word is inside its cell."""
    width = min(BUTTON_WIDTH, cell.width() - EDGE)
    return QRect(cell.right() - EDGE - width + 1, cell.top() + 5, width, cell.height() - 10)


def paint_line(painter: QPainter, rect: QRect, tokens: Tokens) -> None:
    """The hairline below a row."""
    painter.setPen(QPen(QColor(tokens.line), 1))
    painter.drawLine(rect.left(), rect.bottom(), rect.right(), rect.bottom())


COLUMN_WIDTHS = {STAR: 36, MODEL: 0, STATE: 172, CONTEXT: 112, ACTION: 112}
