"""What is sent of a gateway that ended: nothing when it comes back, and one word when it stays away."""

from __future__ import annotations

from PySide6.QtCore import QObject

from boocontrol.core.errors import BooError
from boocontrol.desktop.alert_sender import AlertSender
from boocontrol.desktop.notifications import GROUP_S, Notification
from boocontrol.desktop.stores import Stores


class Sent(AlertSender):
    """Time is the test's own."""

    def __init__(self, stores: Stores, owner: QObject) -> None:
        self.now = 1000.0
        self.sent: list[Notification] = []
        super().__init__(stores, lambda key: True, self.sent.append, owner, clock=lambda: self.now)
        stores.connection.take("connected", since=self.now)

    def lose(self, *titles: str) -> None:
        for title in titles:
            self._stores.connection.take("lost", problem=BooError(title), since=self.now)

    def later(self, seconds: float) -> None:
        self.now += seconds
        self.look()


async def test_a_gateway_that_comes_back_is_not_told_of(stores: Stores, owner: QObject) -> None:
    alerts = Sent(stores, owner)
    alerts.lose("The connection broke.", "No gateway runs.")
    alerts.later(GROUP_S - 1)
    stores.connection.take("connected", since=alerts.now)
    alerts.later(GROUP_S)
    assert alerts.sent == []


async def test_one_that_stays_away_is_told_of_once(stores: Stores, owner: QObject) -> None:
    alerts = Sent(stores, owner)
    alerts.lose("The connection broke.")
    alerts.later(GROUP_S)
    stores.connection.take("lost", problem=BooError("No gateway runs."))
    alerts.later(GROUP_S)
    assert [(n.kind, n.text) for n in alerts.sent] == [("gateway", "The connection broke.")]


async def test_one_that_a_person_stopped_is_not_told_of(stores: Stores, owner: QObject) -> None:
    alerts = Sent(stores, owner)
    stores.connection.take("stopped")
    alerts.later(2 * GROUP_S)
    assert alerts.sent == []
