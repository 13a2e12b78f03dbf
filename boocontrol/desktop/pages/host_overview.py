"""The overview of a host: memory, hardware and requests at the left; health, story and facts at the right."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QScrollArea, QVBoxLayout, QWidget

from boocontrol.desktop.pages.host_about import AboutCard
from boocontrol.desktop.pages.host_gpus import GpusCard
from boocontrol.desktop.pages.host_health import HealthCard
from boocontrol.desktop.pages.host_loaded import LoadedCard
from boocontrol.desktop.pages.host_requests import RequestsCard
from boocontrol.desktop.pages.host_story import StoryModel, StoryView
from boocontrol.desktop.pages.host_trouble import TroubleCard
from boocontrol.desktop.tokens import PAD, grown
from boocontrol.desktop.widgets.buttons import Button
from boocontrol.desktop.widgets.cards import CORNER, Card
from boocontrol.desktop.widgets.labels import label

RIGHT = 356
NARROW_BELOW = 900
STORY_HEIGHT = 260
MOST_SHOWN = 12


class HostOverview(QScrollArea):
    """Two columns; one where there is little room."""

    def __init__(self, story: StoryModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.loaded, self.gpus, self.requests = LoadedCard(), GpusCard(), RequestsCard()
        self.trouble = TroubleCard()
        self.health, self.about = HealthCard(), AboutCard(short=True)
        self.all_events = Button(self.tr("All events"), "quiet", small=True, flush="right")
        self.story = Card(self.tr("Who pushed what out"), padded=False)
        self.story.add_to_head(self.all_events)
        self.story_view = StoryView(story, self.story)
        self.nothing = label(self.tr("Nothing was loaded or unloaded yet."), tone="muted", parent=self.story)
        self.nothing.setContentsMargins(PAD, 0, PAD, PAD)
        self.nothing.setWordWrap(True)
        self.story.add(self.nothing)
        self.story.add(self.story_view, 1)
        self.story.body.setContentsMargins(1, 1, 1, CORNER)
        for told in (story.modelReset, story.rowsInserted):
            told.connect(lambda *_: self._show_story(bool(story.lines)))
        self._show_story(False)
        inside = QWidget(self)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight, inside)
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.setSpacing(PAD)
        self._columns.addWidget(_column(self.trouble, self.loaded, self.gpus, self.requests), 1)
        self._right = _column(self.health, self.story, self.about)
        self._columns.addWidget(self._right)
        self.setWidget(inside)

    def _show_story(self, told: bool) -> None:
        """As high as what it tells, up to a height from which it scrolls."""
        self.nothing.setVisible(not told)
        self.story_view.setVisible(told)
        view, rows = self.story_view, self.story_view.model().rowCount()
        needed = sum(view.sizeHintForRow(row) for row in range(min(rows, MOST_SHOWN)))
        view.setFixedHeight(min(needed + 8, grown(STORY_HEIGHT, self.font())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = event.size().width() < grown(NARROW_BELOW, self.font())
        way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self._columns.setDirection(way)
        right = grown(RIGHT, self.font())
        self._right.setMinimumWidth(0 if narrow else right)
        self._right.setMaximumWidth(16_777_215 if narrow else right)


def _column(*cards: QWidget) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(PAD)
    for card in cards:
        column.addWidget(card)
    column.addStretch(1)
    return box
