"""Questions before something is cut off: the requests are named, and the safe answer has the focus."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from boocontrol.core.api import RequestInFlight
from boocontrol.core.values import plain
from boocontrol.desktop.dialogs.fields import Dialog
from boocontrol.desktop.text import digits
from boocontrol.desktop.text import tr as _tr
from boocontrol.desktop.tokens import grown
from boocontrol.desktop.widgets import StateShape, label
from boocontrol.desktop.widgets.labels import Tone

MOST_NAMED = 6


class CutDialog(Dialog):
    """`accepted` means: cut them off. Escape, closing and the focused button mean: leave them alone."""

    def __init__(
        self,
        title: str,
        headline: str,
        requests: Sequence[RequestInFlight],
        *,
        safe: str,
        cut: str,
        now: datetime | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, parent)
        self.setMinimumWidth(grown(480, self.font()))
        self._lay_out(headline, requests, now or datetime.now(UTC))
        self.foot.addStretch(1)
        self.safe = self.foot_button(safe)
        self.cut = self.foot_button(cut, "danger")
        self.safe.clicked.connect(self.reject)
        self.cut.clicked.connect(self.accept)
        self.safe.setDefault(True)
        self.safe.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self, headline: str, requests: Sequence[RequestInFlight], now: datetime) -> None:
        words = label(headline, "section", parent=self)
        words.setWordWrap(True)
        right = QVBoxLayout()
        right.setSpacing(12)
        right.addWidget(words)
        right.addLayout(request_grid(requests, now, self))
        right.addStretch(1)
        line = QHBoxLayout()
        line.setSpacing(16)
        line.addWidget(StateShape("busy", 28, self), 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(right, 1)
        self.body.addLayout(line)


def request_grid(requests: Sequence[RequestInFlight], now: datetime, parent: QWidget) -> QGridLayout:
    """Who asked, for which model, how long ago; those that did not come through the gateway are of others."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(8)
    grid.setColumnStretch(1, 1)
    for number, request in enumerate(requests[:MOST_NAMED]):
        grid.addWidget(_cell(_who(request), parent), number, 0)
        grid.addWidget(_cell(request.ref.rstrip("/"), parent, tone="muted"), number, 1)
        seconds = max(0.0, (now - request.started_at).total_seconds())
        span = _cell(_tr("%1 s").replace("%1", digits(seconds, 1)), parent)
        grid.addWidget(span, number, 2, Qt.AlignmentFlag.AlignRight)
    left = len(requests) - MOST_NAMED
    if left > 0:
        more = _tr("and %1 more").replace("%1", str(left))
        grid.addWidget(_cell(more, parent, tone="muted"), MOST_NAMED, 0, 1, 3)
    return grid


def _who(request: RequestInFlight) -> str:
    if not request.ours:
        return _tr("other")
    return request.client or _tr("somebody")


def confirm_cancel(
    what: str, requests: Sequence[RequestInFlight], parent: QWidget, *, now: datetime | None = None
) -> CutDialog:
    """Before a load is cancelled for which requests wait."""
    count = len(requests)
    waits = _tr("1 request waits for it and would be ended.")
    return CutDialog(
        _tr("Cancel loading {model}?").format(model=what),
        waits if count == 1 else _tr("{n} requests wait for it and would be ended.").format(n=count),
        requests,
        safe=_tr("Let it load"),
        cut=_tr("Cancel loading"),
        now=now,
        parent=parent,
    )


def confirm_unload(
    what: str, requests: Sequence[RequestInFlight], parent: QWidget, *, now: datetime | None = None
) -> CutDialog:
    """Before an unload that the gateway refused as busy: `what` is the model, the host or everything."""
    return CutDialog(
        _tr("Unload %1?").replace("%1", what),
        _would_be_cut(len(requests)),
        requests,
        safe=_tr("Keep it"),
        cut=_tr("Cut and unload"),
        now=now,
        parent=parent,
    )


def confirm_quit(
    running: int, parent: QWidget, requests: Sequence[RequestInFlight] = (), *, now: datetime | None = None
) -> CutDialog:
    """Before the program ends with requests on their way through its gateway; their number counts, names may lack."""
    return CutDialog(
        _tr("Quit BooControl?"),
        _would_be_cut(running),
        requests,
        safe=_tr("Stay"),
        cut=_tr("Cut and quit"),
        now=now,
        parent=parent,
    )


def confirm_stop(running: int, parent: QWidget) -> CutDialog:
    """Before the gateway is stopped or restarted with requests on their way."""
    return CutDialog(
        _tr("Stop the gateway?"),
        _would_be_cut(running),
        (),
        safe=_tr("Let them finish"),
        cut=_tr("Cut and stop"),
        parent=parent,
    )


def confirm_renew(parent: QWidget) -> CutDialog:
    """Before the gateway gets a new key."""
    return CutDialog(
        _tr("Renew the key?"),
        _tr("Programs that were given the old key are refused until they get the new one."),
        (),
        safe=_tr("Keep it"),
        cut=_tr("Renew"),
        parent=parent,
    )


def _would_be_cut(count: int) -> str:
    if count == 1:
        return _tr("1 request runs and would be cut off.")
    return _tr("%1 requests run and would be cut off.").replace("%1", str(count))


def _cell(text: str, parent: QWidget, tone: Tone = "text") -> QLabel:
    return label(plain(text), tone=tone, parent=parent)
