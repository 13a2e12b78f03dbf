"""The page Activity: what runs now, and what ran; cancel, chart, filters, history, details, export."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QHideEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QMenu, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from boocontrol.core.activity import ActivityRow
from boocontrol.core.errors import BooError
from boocontrol.desktop.itemmodels.activity_history import COLUMNS, HistoryItemModel
from boocontrol.desktop.itemmodels.activity_words import as_text, facts, who_asked
from boocontrol.desktop.itemmodels.ages import Clock, wall_clock
from boocontrol.desktop.pages.activity_desk import ActivityDesk
from boocontrol.desktop.pages.activity_details import WIDTH, RequestDetails
from boocontrol.desktop.pages.activity_empty import HistoryEmpty
from boocontrol.desktop.pages.activity_export import ExportButton
from boocontrol.desktop.pages.activity_figures import FiguresCard
from boocontrol.desktop.pages.activity_filters import ActivityFilters, Who
from boocontrol.desktop.pages.activity_foot import HistoryFoot
from boocontrol.desktop.pages.activity_now import NowCard
from boocontrol.desktop.pages.activity_tables import HistoryTable
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.stores.activity_query import ActivityQuery
from boocontrol.desktop.tasks import spawn
from boocontrol.desktop.text import digits
from boocontrol.desktop.tokens import GAP, MARGIN
from boocontrol.desktop.widgets.buttons import Button, IconButton
from boocontrol.desktop.widgets.cards import Card, PageHead
from boocontrol.desktop.widgets.notice_bar import NoticeBar, details_of

TYPING_MS: Final = 250
AGES_MS: Final = 5000
POLL_MS: Final = 2000
LOW_BELOW: Final = 680  # of the page: no room for the chart
NARROW_BELOW: Final = 880
LEAST_HEIGHT: Final = 104


class ActivityPage(QWidget):
    """Reads while it is shown; what came while another page was is read when it comes back."""

    def __init__(self, stores: Stores, parent: QWidget | None = None, *, clock: Clock = wall_clock) -> None:
        super().__init__(parent)
        self._stores = stores
        self.item_model = HistoryItemModel(self, clock=clock)
        self.desk = ActivityDesk(stores, self.item_model, self)
        self.now = NowCard(stores, self, clock=clock)
        self.figures = FiguresCard(self)
        self.filters = ActivityFilters(self, choices=self._choices)
        self.export = ExportButton(stores, lambda: self.filters.query, self)
        self.table = HistoryTable(self.item_model, self)
        self.foot = HistoryFoot(self)
        self.empty = HistoryEmpty(self)
        self.details = RequestDetails(self)
        self.notice = NoticeBar(closable=True, parent=self)
        self.notice.hide()
        again = IconButton("refresh", self.tr("Refresh"), self, size=32, framed=True, on_click=self.refresh)
        self.head = PageHead(self.tr("Activity"), self.tr("what runs now, and what ran"), self, actions=(again,))
        self._retry: Button | None = None
        self._problem: BooError | None = None
        self._narrow = False
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._ages = QTimer(self, interval=AGES_MS)
        self._poll = QTimer(self, interval=POLL_MS)
        self._lay_out()
        self._connect()
        self._hosts_changed()
        self._show()

    # --- set up ---

    def _lay_out(self) -> None:
        card = Card(parent=self, padded=False)
        self.stack = QStackedWidget(card)
        self.stack.addWidget(self.table)
        self.stack.addWidget(self.empty)
        self.stack.setMinimumHeight(LEAST_HEIGHT)
        self.details.setMinimumHeight(LEAST_HEIGHT)
        card.body.setSpacing(0)
        card.fill(self.stack)
        card.add(self.foot)
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(16)
        self.splitter.addWidget(card)
        self.splitter.addWidget(self.details)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 0)
        self.splitter.setSizes([10_000, WIDTH])
        self.details.hide()
        self._card = card
        self.filters.add_at_end(self.export)
        parts = QVBoxLayout()
        parts.setSpacing(GAP)
        for part in (self.now, self.figures, self.filters, self.notice):
            parts.addWidget(part)
        parts.addWidget(self.splitter, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, 0, MARGIN, MARGIN)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addLayout(parts, 1)

    def _connect(self) -> None:
        stores, desk, table = self._stores, self.desk, self.table
        stores.catalog.changed.connect(self._hosts_changed)
        stores.connection.changed.connect(self._connection_changed)
        stores.activity.changed.connect(self._follow_running)
        self.now.cancel_asked.connect(self.cancel)
        self.now.copy_asked.connect(self.copy)
        self.filters.changed.connect(lambda _query: self._typing.start())
        self._typing.timeout.connect(self._ask)
        self.filters.search.list_wanted.connect(lambda: table.focus_first())
        self.filters.search.returnPressed.connect(self._open_first)
        desk.changed.connect(self._show)
        desk.series_changed.connect(self._show_series)
        desk.rows_coming.connect(table.hold)
        desk.rows_came.connect(table.release)
        table.more_wanted.connect(desk.more)
        table.opened.connect(self.open_details)
        table.row_chosen.connect(self._follow_details)
        table.copy_asked.connect(self.copy)
        table.menu_asked.connect(self._open_menu)
        table.newer.connect(self.foot.set_newer)
        table.horizontalHeader().sortIndicatorChanged.connect(lambda *_: self._show())
        self.foot.newest_wanted.connect(table.to_top)
        self.foot.all_wanted.connect(desk.read_all)
        self.foot.stop_wanted.connect(desk.stop)
        self.empty.clear_wanted.connect(self.filters.clear)
        self.empty.span_wanted.connect(self.filters.set_span)
        self.empty.retry_wanted.connect(self.refresh)
        self.details.closed.connect(self.close_details)
        self.export.failed.connect(self._tell)
        self.export.ended.connect(self.head.set_subline)
        self.notice.dismissed.connect(self.notice.hide)
        self._ages.timeout.connect(table.viewport().update)
        self._poll.timeout.connect(self._ask_running)

    # --- for the window ---

    def refresh(self) -> None:
        """F5: ask for everything anew; what fails is told above the list."""
        self._stores.connection.retry()
        self.desk.refresh()
        self._ask_running()

    def focus_filter(self) -> None:
        """Go to the search field."""
        self.filters.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filters.search.selectAll()

    def show_query(self, query: ActivityQuery) -> None:
        """Show these requests."""
        self.filters.set_query(query)
        self._ask()

    def show_host(self, host: str) -> None:
        """Show the requests of one host, of the time that is chosen."""
        self.show_query(ActivityQuery(provider=host, span_s=self.filters.query.span_s))

    def _open_first(self) -> None:
        if self._typing.isActive():
            self._ask()
        elif self.table.focus_first() and (row := self.table.current_row()) is not None:
            self.open_details(row)

    # --- asking ---

    def _ask(self) -> None:
        self._typing.stop()
        self.desk.show(self.filters.query)

    def _ask_running(self) -> None:
        if self._stores.connection.client is not None:
            # A gateway that goes meanwhile is told by the connection.
            spawn(self, self._stores.activity.refresh(), lambda _error: None)

    def _follow_running(self) -> None:
        """No event tells how far a request has come; while some run and somebody looks, that is asked for."""
        wanted = self.isVisible() and bool(self._stores.activity.running) and not self._stores.activity.stale
        if wanted != self._poll.isActive():
            self._poll.start() if wanted else self._poll.stop()

    def cancel(self, ids: list[str]) -> None:
        """End running requests; what fails is told above the list."""
        for request in ids:
            spawn(self, self._stores.activity.cancel(request), partial(self._not_cancelled, request))

    def _not_cancelled(self, request: str, error: Exception) -> None:
        self._tell(error, lambda: self.cancel([request]))

    def _connection_changed(self) -> None:
        if self._stores.connection.state == "connected" and self.isVisible():
            self.desk.set_active(True)
        self._show()
        self._show_series()

    # --- showing ---

    def _hosts_changed(self) -> None:
        providers = self._stores.catalog.catalog.providers
        self.filters.set_hosts([(p.id, p.label) for p in providers])
        for table in (self.table, self.now.table):
            table.name_hosts({p.id: p.label for p in providers})

    def _show(self) -> None:
        desk, rows = self.desk, self.item_model
        self._show_problem(desk.problem)
        self.filters.count.setText(self._counted())
        partly = not desk.complete and not rows.by_time and bool(rows.rows)
        self.foot.say(
            shown=len(rows.rows), total=desk.total, sorted_partly=partly, reading=desk.reading, full=desk.full
        )
        if rows.rows:
            self.stack.setCurrentWidget(self.table)
        else:
            connected = self._stores.connection.client is not None
            if self._stores.connection.calm:
                self.empty.say_starting()
            else:
                self.empty.say(desk.query, known=desk.total is not None, connected=connected, problem=desk.problem)
            self.stack.setCurrentWidget(self.empty)

    def _show_problem(self, problem: BooError | None) -> None:
        """Above the rows that are there; where there are none, it stands in their place."""
        if problem is self._problem:
            return
        self._problem = problem
        if problem is not None and self.item_model.rows:
            self._tell(problem, self.refresh)
        else:
            self.notice.hide()

    def _counted(self) -> str:
        desk = self.desk
        if desk.total is None:
            return self.tr("reading…") if desk.reading else ""
        if desk.kept is None or desk.kept <= desk.total:
            return self.tr("1 request") if desk.total == 1 else self.tr("{n} requests").format(n=digits(desk.total))
        return self.tr("{n} of {all} kept").format(n=digits(desk.total), all=digits(desk.kept))

    def _show_series(self) -> None:
        desk = self.desk
        problem = desk.series_problem.title if desk.series_problem is not None else ""
        stale = self._stores.activity.stale
        self.figures.show_series(desk.series, desk.query, stale=stale, problem=problem, loads=desk.loads)

    def _choices(self) -> tuple[list[str], list[Who]]:
        """The models and who asked among the newest requests."""
        rows = self.item_model.rows[:500]
        models = Counter(row.ref for row in rows if row.ref)
        asked = Counter(_who(row) for row in rows if who_asked(row))
        return [m for m, _ in models.most_common()], [w for w, _ in asked.most_common()]

    def _tell(self, error: Exception, again: Callable[[], object]) -> None:
        """What went wrong, beside the list."""
        told = error if isinstance(error, BooError) else BooError(f"{type(error).__name__}: {error}")
        self.notice.say(told.title, told.advice)
        old = self._retry

        def retry() -> None:
            self.notice.hide()
            again()

        self._retry = Button(self.tr("Retry"), parent=self.notice, icon="refresh", small=True, on_click=retry)
        self.notice.set_buttons([self._retry], details_of(told))
        self.notice.show()
        if old is not None:
            old.deleteLater()

    # --- one request ---

    def open_details(self, row: ActivityRow) -> None:
        """Show all of a request beside the list, or in its place where there is little room."""
        self.details.show_row(row)
        self.details.show()
        self._card.setVisible(not self._narrow)
        self.figures.setVisible(not self._narrow)
        if self._narrow:
            self.details.close_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_details(self) -> None:
        """Back to the list."""
        self.details.hide()
        self._card.show()
        self.figures.show()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _follow_details(self, row: ActivityRow | None) -> None:
        if row is not None and self.details.isVisible():
            self.details.show_row(row)

    def copy(self, row: ActivityRow) -> None:
        """All that is known of a request, to the clipboard."""
        QGuiApplication.clipboard().setText(as_text(facts(row)))
        self.head.set_subline(self.tr("Copied the details of a request"))

    def _open_menu(self, row: ActivityRow, place: QPoint) -> None:
        menu = self.menu_for(row)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)

    def menu_for(self, row: ActivityRow) -> QMenu:
        """What can be done with a request that ended."""
        menu = QMenu(self)
        menu.addAction(self.tr("Details"), lambda: self.open_details(row))
        menu.addAction(self.tr("Copy details"), lambda: self.copy(row))
        menu.addAction(self.tr("Copy model id"), lambda: QGuiApplication.clipboard().setText(row.ref))
        menu.addSeparator()
        only = self.filters.narrow
        menu.addAction(self.tr("Only this model"), lambda: only(ref=row.ref)).setEnabled(bool(row.ref))
        menu.addAction(self.tr("Only this host"), lambda: only(provider=row.provider)).setEnabled(bool(row.provider))
        field, name = _who(row)
        menu.addAction(self.tr("Only who asked"), partial(only, **{field: name})).setEnabled(bool(name))
        menu.addSeparator()
        order = menu.addMenu(self.tr("Sort by"))
        for column in range(COLUMNS):
            title = str(self.item_model.headerData(column, Qt.Orientation.Horizontal))
            order.addAction(title, partial(self._sort_by, column))
        return menu

    def _sort_by(self, column: int) -> None:
        """By this column; again, the other way."""
        model, down, up = self.item_model, Qt.SortOrder.DescendingOrder, Qt.SortOrder.AscendingOrder
        self.table.sortByColumn(column, up if model.sorted_by == column and model.descending else down)

    # --- keys, room, and showing ---

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text() == "/":
            self.focus_filter()
        elif event.key() == Qt.Key.Key_Escape and self.details.isVisible():
            self.close_details()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        low = event.size().height() < LOW_BELOW
        self.figures.set_low(low)
        self.now.set_few(low)
        narrow = event.size().width() < NARROW_BELOW
        if narrow != self._narrow:
            self._narrow = narrow
            self.export.set_narrow(narrow)
            self.filters.set_narrow(narrow)
            self.details.set_narrow(narrow)
            instead = narrow and self.details.isVisibleTo(self)
            self._card.setVisible(not instead)
            self.figures.setVisible(not instead)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ages.start()
        self.desk.set_active(True)
        self._follow_running()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._ages.stop()
        self._poll.stop()
        self.desk.set_active(False)


def _who(row: ActivityRow) -> Who:
    """The field of the query that finds who asked, and its value."""
    return ("agent", row.agent) if row.agent else ("client", who_asked(row))
