"""What hosts tell that cannot be, on its way into the history: it neither stops the keeping nor grows it."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import URL

from boocontrol.core.activity import ActivityRow
from boocontrol.core.api import Host
from boocontrol.core.history import GpuSample, Sample
from boocontrol.core.host_row import HostRow
from boocontrol.core.refs import ModelRef
from boocontrol.core.registry import Provider
from boocontrol.gateway.activity_hosts import HostRows, arrival
from boocontrol.gateway.activity_usage import UsageWatch
from boocontrol.gateway.events import EventHub
from boocontrol.gateway.history import History
from boocontrol.gateway.history_samples import BURST, PER_S, Calm
from boocontrol.gateway.inflight import InFlight
from boocontrol.hosts.events_told import read_row
from boocontrol.hosts.view import HostView
from boocontrol.store import host_rows
from boocontrol.store.database import open_database
from boocontrol.store.requests import RequestsTable
from boocontrol.store.samples import SamplesTable

BOX = Provider(id="box", base_url="http://127.0.0.1:9")
NOW = 1_800_000_000.0


def row(**more: Any) -> HostRow:
    told = {"id": 1, "timestamp": "2026-11-22T16:12:50Z", "model": "m", "req_path": "/v1/chat/completions", **more}
    found = read_row(told)
    assert found is not None
    return found


@pytest.mark.parametrize("when", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2999-01-01T00:00:00Z", "gestern"])
@pytest.mark.parametrize("ahead_s", [0.0, 2.5e11, -2.5e11])
def test_a_row_of_another_age_has_a_time_all_the_same(when: str, ahead_s: float) -> None:
    made = arrival(HostView(BOX), row(timestamp=when, duration_ms=9e11), ahead_s, NOW)
    assert 0 <= made.row.time.timestamp() <= NOW


class Nothing:
    async def known(self, keys: Sequence[int]) -> frozenset[int]:
        return frozenset()


async def test_rows_of_another_age_are_taken_with_those_beside_them() -> None:
    waiting = HostRows(Nothing(), InFlight(), lambda _: HostView(BOX), lambda: None)
    waiting.take("box", [row(timestamp="0001-01-01T00:00:00Z", duration_ms=9e11), row(id=2)], 0.0)
    assert len(waiting) == 2


async def test_ripe_rows_come_a_batch_at_a_time() -> None:
    clock = [0.0]
    waiting = HostRows(Nothing(), InFlight(), lambda _: HostView(BOX), lambda: None, clock=lambda: clock[0])
    waiting.take("box", [row(id=n) for n in range(1000)], 0.0)
    assert not waiting.ripe(100)
    clock[0] = 10.0
    assert len(waiting.ripe(100)) == 100


@pytest.mark.parametrize("count", [(1 << 53) - 1, 1 << 40, -5, 1e300])
def test_sums_of_impossible_tokens_never_leave_a_databases_numbers(count: float) -> None:
    watch = UsageWatch()
    watch.plain(b'{"usage":{"prompt_tokens":%d,"completion_tokens":3}}' % int(count))
    told = watch.read().prompt
    from_host = row(tokens={"input_tokens": count, "cache_tokens": count, "output_tokens": 5}).prompt_tokens
    table = RequestsTable(open_database(URL.create("sqlite")))
    now = datetime.now(UTC)
    for tokens in (told, from_host):
        for _ in range(3):
            table.add([_request(now, tokens) for _ in range(500)])


def _request(now: datetime, tokens: int | None) -> ActivityRow:
    return ActivityRow(
        id=uuid.uuid4().hex,
        time=now,
        ref="box/m",
        provider="box",
        endpoint="/x",
        outcome="ok",
        duration_ms=1,
        prompt_tokens=tokens,
        client="c",
    )


def test_means_hold_only_so_many_gpus_whatever_they_are_called() -> None:
    table, now = SamplesTable(open_database(URL.create("sqlite"))), datetime.now(UTC)
    for n in range(10):
        gpus = tuple(GpuSample(id=i, name=f"gpu-{n}-{i}") for i in range(64))
        table.add("box", [Sample(at=now + timedelta(seconds=n), span_s=0, gpus=gpus)])
    (mean,) = table.read("box", now - timedelta(days=2), now + timedelta(days=1), 1)
    assert len(mean.gpus) <= 64


def test_a_host_that_floods_the_story_is_told_in_part() -> None:
    calm = Calm()
    assert len(calm.most("box", range(10_000), NOW)) == BURST
    assert len(calm.most("box", range(10_000), NOW)) == 0
    assert len(calm.most("den", range(10), NOW)) == 10, "each host for itself"
    assert len(calm.most("box", range(10_000), NOW + 10)) == 10 * PER_S
    assert len(calm.most("box", range(10_000), NOW + 1e6)) == BURST


class Pouring:
    """A store during whose work more happens, always."""

    def __init__(self) -> None:
        self.history: History | None = None
        self.batches = 0

    async def add_events(self, events: Sequence[Any]) -> None:
        assert self.history is not None
        self.batches += 1
        assert self.batches < 50, "it never ends"
        for n in range(20):
            self.history.load_asked(ModelRef("box", f"m{n}"), "test")

    async def events(self, *_: Any) -> tuple[Any, ...]:
        return ()


async def test_storing_ends_however_much_comes_meanwhile() -> None:
    store = Pouring()
    fleet: Any = None
    store.history = History(store, fleet, InFlight(), EventHub("i1"))  # type: ignore[arg-type]
    store.history.load_asked(ModelRef("box", "q"), "test")
    async with asyncio.timeout(5):
        await store.history.flush()
    assert store.batches == 1


class OneOdd:
    """Two hosts, of which one tells a number that no float holds."""

    def hosts(self) -> tuple[Host, ...]:
        odd = Host.model_construct(id="odd", state="up", in_flight=10**400, cpu=None, memory=None, gpus=None)
        fine = Host.model_construct(
            id="fine", state="up", in_flight=2, cpu=None, memory=None, gpus=None, latency_ms=1.0
        )
        return odd, fine

    def real_name(self, provider_id: str, wire_id: str) -> str:
        return wire_id


async def test_one_hosts_figures_do_not_end_the_sampling_of_all() -> None:
    history = History(Pouring(), OneOdd(), InFlight(), EventHub("i1"))  # type: ignore[arg-type]
    sampling = asyncio.ensure_future(history._keep_sampling())
    await asyncio.sleep(0)
    assert [provider for provider, _ in history._new_samples] == ["fine"]
    assert not sampling.done()
    sampling.cancel()
    await asyncio.gather(sampling, return_exceptions=True)


def test_rows_that_lie_years_apart_are_not_compared_with_all_between(monkeypatch: pytest.MonkeyPatch) -> None:
    database = open_database(URL.create("sqlite"))
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    RequestsTable(database).add([_request(begin + timedelta(hours=n), 5) for n in range(2000)])
    read: list[int] = []
    real = host_rows.rows_of

    def counted(connection: Any, found: Sequence[Any]) -> tuple[ActivityRow, ...]:
        read.append(len(found))
        return real(connection, found)

    monkeypatch.setattr(host_rows, "rows_of", counted)
    times = ("2026-01-01T00:00:01Z", "2026-01-01T00:00:02Z", "2026-02-20T10:00:01Z")
    rows = [row(id=n, timestamp=when, req_path="/x") for n, when in enumerate(times)]
    merged = host_rows.merge(database, [arrival(HostView(BOX), r, 0.0, NOW) for r in rows])
    assert sum(read) == 2
    assert (len(merged.completed), len(merged.added)) == (2, 1)
