"""The card with the chart and six figures of the requests that are shown below it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from boocontrol.core.activity_series import ActivitySeries, SeriesPoint
from boocontrol.core.history import ModelEvent
from boocontrol.desktop.itemmodels.activity_words import precise_time, rate_text, seconds_text, short_count, span_words
from boocontrol.desktop.stores.activity_query import ActivityQuery
from boocontrol.desktop.text import digits
from boocontrol.desktop.tokens import GAP, PAD, tokens_of
from boocontrol.desktop.widgets.cards import Card
from boocontrol.desktop.widgets.combo import ComboBox
from boocontrol.desktop.widgets.labels import ElidedLabel, label
from boocontrol.desktop.widgets.percentile_chart import ChartData, ChartPoint, PercentileChart

Figure = Literal["ttft", "speed"]
HEIGHT: Final = 174
LOW: Final = 72
_LONG_S: Final = 7 * 86400


class Number(QWidget):
    """A figure with its name above and its unit or share behind."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._caption = label(name, "small", "muted", self)
        self._value = label("", "title", parent=self)
        self._unit = label("", "small", "muted", self)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self._value, 0, Qt.AlignmentFlag.AlignBaseline)
        line.addWidget(self._unit, 0, Qt.AlignmentFlag.AlignBaseline)
        line.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._caption)
        column.addLayout(line)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def say(self, value: str, unit: str = "") -> None:
        """Show a value; an empty one shows nothing."""
        self._value.setText(value)
        self._unit.setText(unit if value else "")
        self.setAccessibleName(f"{self._name}: {value} {unit}".strip(": "))

    @property
    def words(self) -> str:
        """What is shown."""
        return f"{self._value.text()} {self._unit.text()}".strip()


class _Rule(QWidget):
    """A hairline from top to bottom."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedWidth(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens_of(self.palette()).line))
        painter.end()


class FiguresCard(Card):
    """Shows a series. `set_low` leaves the chart out and puts the figures on one line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent, padded=False)
        self._series: ActivitySeries | None = None
        self._query = ActivityQuery()
        self._stale = False
        self._low = False
        self._marks: tuple[tuple[float, str], ...] = ()
        self.title = ElidedLabel("", "section", parent=self)
        self.figure = ComboBox(self)
        self.figure.setAccessibleName(self.tr("What the chart shows"))
        self.figure.addItem(self.tr("First token"), "ttft")
        self.figure.addItem(self.tr("Speed"), "speed")
        self.figure.setMinimumContentsLength(12)
        self.chart = PercentileChart(_seconds, self)
        self.none = label("", tone="muted", parent=self)
        self.note = ElidedLabel("", "small", "muted", parent=self)
        names = (
            self.tr("Requests"),
            self.tr("Failed"),
            self.tr("Speed p50"),
            self.tr("First token p50"),
            self.tr("Prompt tokens"),
            self.tr("Output tokens"),
        )
        self.numbers = tuple(Number(name, self) for name in names)
        self._lay_out()
        self.figure.currentIndexChanged.connect(self._draw)
        self.show_series(None, self._query)

    def show_series(
        self,
        series: ActivitySeries | None,
        query: ActivityQuery,
        *,
        stale: bool = False,
        problem: str = "",
        loads: Sequence[ModelEvent] = (),
    ) -> None:
        """Show the figures of a query; None when they are not known yet, with `problem` if that has a reason.

        `loads` are told in the chart of the first token: they are what makes it late.
        """
        self._series, self._query, self._stale = series, query, stale
        self._marks = tuple((load.time.timestamp(), self._loaded(load)) for load in reversed(loads))
        self.none.setText(problem or self.tr("No figures yet."))
        self._say()
        self._draw()

    def set_low(self, low: bool) -> None:
        """Be a single line, where there is little height."""
        if low == self._low:
            return
        self._low = low
        self._left.setVisible(not low)
        self._border.setVisible(not low)
        self._arrange()

    # --- figures ---

    def _say(self) -> None:
        series = self._series
        if series is None:
            for one in self.numbers:
                one.say("")
            self.note.setText("")
            return
        requests, failed, speed, first, prompt, output = self.numbers
        span = span_words(self._query.span_s)
        requests.say(digits(series.requests), span[:1].lower() + span[1:])
        share = f"{digits(100 * series.failed / series.requests, 1)} %" if series.failed and series.requests else ""
        failed.say(digits(series.failed) if series.requests else "", share)
        middle = series.output_tokens_per_second
        speed.say(rate_text(middle.p50) if middle else "", self.tr("tok/s"))
        first.say(seconds_text(series.ttft_ms.p50) if series.ttft_ms else "")
        prompt.say(short_count(series.prompt_tokens) if series.prompt_tokens else "")
        output.say(short_count(series.output_tokens) if series.output_tokens else "")
        cut = self.tr("Of the newest requests only, since {time}.")
        self.note.setText(cut.format(time=precise_time(series.counted_since)) if series.cut else "")
        self.note.setVisible(series.cut)

    # --- chart ---

    def _draw(self) -> None:
        what: Figure = self.figure.currentData()
        first = what == "ttft"
        self.title.setText(self.tr("Time to first token") if first else self.tr("Output tokens a second"))
        self.chart.setAccessibleName(self.title.text())
        series = self._series
        points = self._points(series, what) if series is not None else ()
        self.chart.setVisible(bool(points))
        self.none.setVisible(not points)
        if series is not None and not points:
            self.none.setText(self._why_empty(series, first))
        if series is None or not points:
            return
        since = series.counted_since.timestamp()
        if self._query.span_s is None or since < points[0].at - _LONG_S:
            since = points[0].at - series.step_s / 2
        marks = self._marks if first else ()
        data = ChartData(since, series.until.timestamp(), points, marks, self._stale)
        self.chart.set_data(data, _seconds if first else _rate)

    def _points(self, series: ActivitySeries, what: Figure) -> tuple[ChartPoint, ...]:
        made = []
        for point in series.points:
            found = point.ttft_ms if what == "ttft" else point.output_tokens_per_second
            if found is not None:
                scale = 0.001 if what == "ttft" else 1.0
                at = _middle(point.at, series.step_s, series.until)
                made.append(ChartPoint(at, found.p50 * scale, found.p95 * scale, self._words(point)))
        return tuple(made)

    def _loaded(self, load: ModelEvent) -> str:
        name = load.ref.partition("/")[2] or load.ref
        if load.seconds is None:
            return self.tr("{model} loaded").format(model=name)
        return self.tr("{model} loaded, {time}").format(model=name, time=seconds_text(load.seconds * 1000))

    def _words(self, point: SeriesPoint) -> str:
        one = point.requests == 1
        told = self.tr("1 request") if one else self.tr("{n} requests").format(n=digits(point.requests))
        return told if not point.failed else self.tr("{requests}, {n} failed").format(requests=told, n=point.failed)

    def _why_empty(self, series: ActivitySeries, first: bool) -> str:
        if not series.requests:
            return self.tr("No request in this time.")
        return self.tr("None of these was streamed.") if first else self.tr("None of these told its speed.")

    # --- layout ---

    def _lay_out(self) -> None:
        self.body.setSpacing(0)
        across = QHBoxLayout()
        across.setSpacing(0)
        self._left = QWidget(self)
        left = QVBoxLayout(self._left)
        left.setContentsMargins(PAD, GAP, PAD, 8)
        left.setSpacing(4)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.figure)
        left.addLayout(head)
        left.addWidget(self.chart, 1)
        left.addWidget(self.none, 1, Qt.AlignmentFlag.AlignCenter)
        self._border = _Rule(self)
        self._right = QWidget(self)
        self._grid = QGridLayout(self._right)
        self._grid.setHorizontalSpacing(GAP)
        self._grid.setVerticalSpacing(GAP)
        across.addWidget(self._left, 5)
        across.addWidget(self._border)
        across.addWidget(self._right, 3)
        self.add(across)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._arrange()

    def _arrange(self) -> None:
        columns = len(self.numbers) if self._low else 3
        for at, one in enumerate(self.numbers):
            self._grid.addWidget(one, at // columns, at % columns)
        self._grid.addWidget(self.note, 2, 0, 1, columns)
        edge = (PAD, 8, PAD, 8) if self._low else (20, PAD, PAD, GAP)
        self._grid.setContentsMargins(*edge)
        for column in range(len(self.numbers)):
            self._grid.setColumnStretch(column, (5 if column == 0 else 4) if column < columns else 0)
        grow = max(1.0, self.fontMetrics().height() / 16)
        self.setFixedHeight(round((LOW if self._low else HEIGHT) * grow))


def _middle(at: datetime, step_s: float, until: datetime) -> float:
    return min(at.timestamp() + step_s / 2, until.timestamp())


def _seconds(value: float) -> str:
    if value == 0:
        return "0 s"
    return seconds_text(value * 1000) if value < 1 else f"{value:.3g} s"


def _rate(value: float) -> str:
    return rate_text(value) if value and value < 10 else digits(value)
