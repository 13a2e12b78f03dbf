"""What runs and what ended, from events: batched, complete, and told when something is missing."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from boocontrol.client import Busy
from boocontrol.core.api import HostRequest
from boocontrol.core.errors import BooError
from boocontrol.desktop.stores import ActivityStore, Stores
from boocontrol.desktop.stores.activity_past import past_gateway, place_of
from boocontrol.desktop.stores.activity_query import ActivityQuery
from tests.desktop.activity_fakes import FakeClient, connect, news, row, running, telling


class Heard:
    """What a store told."""

    def __init__(self, store: ActivityStore) -> None:
        self.changed = 0
        self.ended: list[str] = []
        self.missed = 0
        store.changed.connect(self._changed)
        store.ended.connect(lambda rows: self.ended.extend(r.id for r in rows))
        store.missed.connect(self._missed)

    def _changed(self) -> None:
        self.changed += 1

    def _missed(self) -> None:
        self.missed += 1


async def test_many_events_are_told_together(stores: Stores, until: Any) -> None:
    store = stores.activity
    heard = Heard(store)
    for n in range(20):
        store.take_news(news([running(n + 1)], [row(n)], stored=100 + n))
    await until(store.ended)
    assert heard.changed == 1 and len(heard.ended) == 20
    assert heard.ended[0] == row(19).id, "the newest first"
    assert [r.id for r in store.running] == [running(20).id]


async def test_a_count_that_grew_by_more_than_was_told_says_so(stores: Stores, until: Any) -> None:
    store = stores.activity
    heard = Heard(store)
    store.take_news(news(ended=[row(1)], stored=7))
    await until(store.missed)  # nothing is known of the six before
    store.take_news(news(ended=[row(2)], stored=8))
    store.take_news(news(stored=8))
    await until(store.ended)
    assert heard.missed == 1
    store.take_news(news(ended=[row(3)], stored=10))
    await until(store.missed)
    store.take_news(news(ended=[row(4)], stored=1))  # another gateway, or the same one anew
    await until(store.missed)


async def test_a_snapshot_means_that_more_may_have_ended(stores: Stores, stub: Any, tools: Any, until: Any) -> None:
    store = stores.activity
    store.take_news(news(ended=[row(1)], stored=1))
    await until(store.missed)
    first = {"status": stub.status, "hosts": stub.hosts, "catalog": stub.catalog, "settings": {}}
    from boocontrol.core.api import EventSnapshot

    stores.connection.heard.emit("snapshot", EventSnapshot.model_validate(first))
    await until(store.missed)


async def test_what_runs_is_asked_for_when_a_gateway_is_there(stores: Stores, until: Any) -> None:
    client = FakeClient()
    client.running = [running(3), running(9)]
    connect(stores, client)
    await until(stores.activity.changed, lambda: len(stores.activity.running) == 2)
    assert [r.id for r in stores.activity.running] == [running(9).id, running(3).id], "the oldest first"
    assert not stores.activity.stale


def test_lost_means_old_news(stores: Stores) -> None:
    stores.connection.take("connected")
    stores.activity.take([running(1)])
    stores.connection.take("lost", since=1234.0)
    assert stores.activity.stale and stores.activity.as_of == 1234.0 and len(stores.activity.running) == 1


async def test_cancelling_is_shown_until_it_ends(stores: Stores, until: Any) -> None:
    client = connect(stores, FakeClient())
    client.running = [running(1)]
    stores.activity.take(client.running)
    await stores.activity.cancel(running(1).id)
    assert client.cancelled == [running(1).id] == list(stores.activity.cancelling)
    stores.activity.take([])
    assert not stores.activity.cancelling


async def test_cancelling_what_has_ended_is_no_error_and_another_is(stores: Stores) -> None:
    client = connect(stores, FakeClient())
    stores.activity.take([running(1)])
    await stores.activity.cancel(running(1).id)
    assert not stores.activity.cancelling
    client.error = Busy("It says no.")
    with pytest.raises(BooError):
        await stores.activity.cancel(running(1).id)
    assert not stores.activity.cancelling
    await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("query", "takes"),
    [
        (ActivityQuery(), True),
        (ActivityQuery(text="QWEN den open"), True),
        (ActivityQuery(text="qwen mac"), False),
        (ActivityQuery(outcome="ok", provider="den", ref="den/qwen3", client="CODE", via="gateway"), True),
        (ActivityQuery(outcome="failed"), False),
        (ActivityQuery(ref="den/other"), False),
        (ActivityQuery(via="host"), False),
        (ActivityQuery(agent="opencode"), True),
        (ActivityQuery(agent="crush"), False),
    ],
)
def test_a_row_is_taken_by_the_gateways_rule(query: ActivityQuery, takes: bool) -> None:
    from tests.desktop.activity_fakes import NOW, _wanted

    one = row(5, agent="opencode")
    assert query.takes(one) == takes == _wanted(query.params(NOW.timestamp())).takes(one)


def test_failed_is_all_that_is_neither_well_nor_wished(until: Any) -> None:
    failed = ActivityQuery(outcome="failed")
    assert [
        o for o in ("ok", "cut", "client_left", "cancelled", "refused", "x") if failed.takes(row(1, outcome=o))
    ] == [
        "cut",
        "refused",
        "x",
    ]


def test_what_went_past_the_gateway_runs_too() -> None:
    chat = "/v1/chat/completions"
    host = telling(
        HostRequest(id="7", model="org/q", path=chat),
        HostRequest(id="8", model="org/q", path=chat, ours=True),
        HostRequest(id="9", model="org/q", path="/"),
    )
    (row,) = past_gateway([host], 1_800_000_000.0)
    assert (row.ref, row.provider, row.client, row.via, row.outcome) == ("den/org/q", "den", "other", "host", "running")
    assert place_of(row.id) == ("den", "7") and place_of("0" * 32) is None


async def test_one_past_the_gateway_is_ended_on_its_host(stores: Stores) -> None:
    client = connect(stores, FakeClient())
    await stores.activity.cancel("den#7")
    assert (client.cancelled, client.cancelled_on_hosts) == ([], [("den", "7")])
    assert not stores.activity.cancelling
    client.error = Busy("It says no.")
    with pytest.raises(BooError):
        await stores.activity.cancel("den#7")
    assert not stores.activity.cancelling
