"""Every way a request can end, as a row; what runs, cancelled; and a database that cannot be written."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from boocontrol.core.activity import ActivityNews, ActivityRow
from boocontrol.core.errors import BooError
from boocontrol.demo.config import HostConfig
from boocontrol.gateway.activity import Activity
from boocontrol.gateway.activity_measure import Ended
from boocontrol.gateway.activity_news import Telling
from boocontrol.gateway.events import EventHub
from boocontrol.gateway.inflight import InFlight
from boocontrol.store.desk import Desk, RequestsDesk
from boocontrol.store.engine import database_url
from boocontrol.store.wanted import Wanted

from .conftest import CHAT, QUICK, House, Start, models
from .raw_host import chunked, raw_host

LONG = {"tokens": 100000, "pace": 0.01}


class Kept:
    """A history behind a house: rows as they end, and those stored."""

    def __init__(self, house: House, activity: Activity, rows: asyncio.Queue[ActivityRow]) -> None:
        self.house = house
        self.gateway = house.gateway
        self.activity = activity
        self._rows = rows

    async def last(self) -> ActivityRow:
        """The next row that ended; it is stored too."""
        row = await asyncio.wait_for(self._rows.get(), 5)
        page = await self.activity.page(Wanted(), None, 1)
        assert page.data[0] == row
        return row

    async def ask(self, model: str = "den/qwen", **more: Any) -> ActivityRow:
        await self.gateway.chat(model, **more)
        return await self.last()


@pytest.fixture
def kept(house: Start, tmp_path: Path):
    @asynccontextmanager
    async def start(**parts: Any) -> AsyncIterator[Kept]:
        desk = Desk()
        database = await desk.open(database_url(tmp_path / "data", {}))
        async with house(**parts) as h:
            rows: asyncio.Queue[ActivityRow] = asyncio.Queue()
            activity = Activity(RequestsDesk(desk, database), h.gateway.state.in_flight)

            def ended(request: Ended) -> None:
                activity.ended(request)
                rows.put_nowait(request.row())

            h.gateway.app.forwarder.observe(lambda: None, ended)
            yield Kept(h, activity, rows)
            await activity.stop()
        await desk.close()

    return start


def den(**more: Any) -> HostConfig:
    return HostConfig(models=models("qwen", **more), **QUICK)


async def test_a_streamed_answer_with_all_figures(kept: Any) -> None:
    async with kept(den=den(), mac=HostConfig(models=models("phi"), **QUICK)) as k:
        await k.gateway.known("den/qwen")
        body = {"model": "any/qwen", "messages": [], "stream": True}
        headers = {"X-Boo-Source": "arena", "X-Session-Id": "s-1", "User-Agent": "x"}
        answer = await k.gateway.client.post(CHAT, json=body, headers=headers)
        row = await k.last()
        assert (row.ref, row.requested, row.provider) == ("den/qwen", "any/qwen", "den")
        assert (row.endpoint, row.status, row.outcome, row.via) == (CHAT, 200, "ok", "gateway")
        assert (row.client, row.session, row.streamed) == ("arena", "s-1", True)
        assert row.bytes_sent == len(answer.content)
        assert row.ttft_ms is not None and 0 < row.ttft_ms <= row.duration_ms
        timings = json.loads(answer.text.split("data: ")[-2])["timings"]
        assert row.output_tokens == timings["predicted_n"]
        assert row.output_tokens_per_second == pytest.approx(timings["predicted_per_second"], abs=0.01)
        assert row.prompt_tokens is not None and row.cached_tokens is not None
        assert answer.headers["x-boocontrol-request-id"] == row.id


async def test_a_plain_answer(kept: Any) -> None:
    async with kept(den=den()) as k:
        row = await k.ask()
        assert (row.outcome, row.streamed, row.ttft_ms) == ("ok", False, None)
        assert row.output_tokens and row.prompt_tokens and row.output_tokens_per_second
        assert row.client.startswith("python-httpx")


@pytest.mark.parametrize(("path", "style"), [("/v1/messages", "anthropic"), ("/v1/responses", "responses")])
@pytest.mark.parametrize("stream", [True, False])
async def test_other_apis_tell_their_tokens(kept: Any, path: str, style: str, stream: bool) -> None:
    async with kept(den=den()) as k:
        body = {"model": "den/qwen", "messages": [{"role": "user", "content": "hi"}], "input": "hi", "stream": stream}
        await k.gateway.client.post(path, json=body)
        row = await k.last()
        assert (row.outcome, row.endpoint) == ("ok", path)
        assert row.output_tokens and row.prompt_tokens
        assert (row.ttft_ms is not None) is stream


async def test_chatter_of_loading_is_not_the_first_token(kept: Any) -> None:
    chatter = b'data: {"choices":[{"delta":{"reasoning_content":"loading"}}]}\n\n'
    first, go_on = asyncio.Event(), asyncio.Event()

    async def answer(reader: Any, writer: Any, request: bytes) -> None:
        pieces = chunked(chatter, b'data: {"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}\n\n')
        writer.write(b"".join(pieces[:2]))
        first.set()
        await go_on.wait()
        writer.write(b"".join(pieces[2:]))

    async with raw_host(answer) as url, kept(entries={"den": {"baseUrl": url, "kind": "openai"}}) as k:
        body = {"model": "den/qwen", "messages": [], "stream": True}
        async with k.gateway.client.stream("POST", CHAT, json=body) as live:
            arriving = live.aiter_bytes()
            await anext(arriving)
            (running,) = k.activity.running()
            assert (running.ttft_ms, running.bytes_sent) == (None, len(chatter))
            go_on.set()
            async for _ in arriving:
                pass
        row = await k.last()
        assert row.ttft_ms is not None and row.ttft_ms >= running.duration_ms


@pytest.mark.parametrize(
    ("last", "outcome"), [(b"data: [DONE]\n\n", "ok"), (b'data: {"choices":[{"delta":{}}]}\n\n', "client_left")]
)
async def test_a_client_that_hangs_up_after_done_has_its_answer(kept: Any, last: bytes, outcome: str) -> None:
    async def answer(reader: Any, writer: Any, request: bytes) -> None:
        writer.write(b"".join(chunked(b'data: {"choices":[{"delta":{"content":"a"}}]}\n\n', last, end=False)))

    async with raw_host(answer) as url, kept(entries={"den": {"baseUrl": url, "kind": "openai"}}) as k:
        body = {"model": "den/qwen", "messages": [], "stream": True}
        async with k.gateway.client.stream("POST", CHAT, json=body) as live:
            read = b""
            async for piece in live.aiter_bytes():
                read += piece
                if read.endswith(last):
                    break
        assert (await k.last()).outcome == outcome


async def test_refusals_before_and_by_a_host(kept: Any, dead_port: int) -> None:
    entries = {
        "dead": {"baseUrl": f"http://127.0.0.1:{dead_port}"},
        "off": {"baseUrl": f"http://127.0.0.1:{dead_port}", "enabled": False},
    }
    async with kept(den=den(), entries=entries) as k:
        found = [await k.ask(m) for m in ("nowhere/x", "den/nothing", "dead/qwen", "off/x")]
        assert [(r.ref, r.provider, r.status, r.outcome) for r in found] == [
            ("nowhere/x", "", 404, "model_not_found"),
            ("den/nothing", "den", 404, "model_not_found"),
            ("dead/qwen", "dead", 503, "provider_offline"),
            ("off/x", "", 404, "provider_paused"),
        ]
        await k.gateway.client.post(CHAT, content=b"{", headers={"content-type": "application/json"})
        broken = await k.last()
        assert (broken.ref, broken.status) == ("", 400)


async def test_a_name_that_no_database_takes(kept: Any) -> None:
    async with kept(den=den()) as k:
        for name in ("den/\\ud800x", "\\ud800\\u0000x", "den/" + "x" * 5000):
            content = f'{{"model":"{name}","messages":[]}}'
            await k.gateway.client.post(CHAT, content=content, headers={"content-type": "application/json"})
            row = await k.last()
            assert row.status in (400, 404) and len(row.ref) <= 512


async def test_a_hosts_own_refusal(kept: Any) -> None:
    async with kept(den=HostConfig(models=models("qwen"), api_keys=("k",), **QUICK)) as k:
        row = await k.ask()
        assert (row.status, row.provider, row.outcome) == (401, "den", "refused") or row.outcome.startswith("provider_")


async def test_a_cut_stream(kept: Any) -> None:
    async with kept(den=den()) as k:
        row = await k.ask(stream=True, sim={"no_finish": True, "no_done": True})
        assert (row.status, row.outcome) == (200, "cut")


async def test_a_client_that_leaves(kept: Any) -> None:
    async with kept(den=den()) as k:
        body = {"model": "den/qwen", "messages": [], "stream": True, "sim": LONG}
        async with k.gateway.client.stream("POST", CHAT, json=body) as live:
            await anext(live.aiter_bytes())
        row = await k.last()
        assert (row.outcome, row.status) == ("client_left", 200)


async def test_a_running_request_is_shown_and_cancelled(kept: Any) -> None:
    async with kept(den=den()) as k:
        await k.ask()
        body = {"model": "den/qwen", "messages": [], "stream": True, "sim": LONG}
        async with k.gateway.client.stream("POST", CHAT, json=body) as live:
            arriving = live.aiter_text()
            await anext(arriving)
            page = await k.activity.page(Wanted(), None, 10)
            assert [r.outcome for r in page.data] == ["running", "ok"]
            assert page.total == 2
            assert [r.ref for r in (await k.activity.page(Wanted(outcome="running"), None, 9)).data] == ["den/qwen"]
            narrow = await k.activity.page(Wanted(), None, 1)
            assert [r.outcome for r in narrow.data] == ["running"] and narrow.next
            assert k.activity.cancel(page.data[0].id)
            text_ = "".join([t async for t in arriving])
        assert "request_cancelled" in text_
        row = await k.last()
        assert (row.id, row.outcome) == (page.data[0].id, "cancelled")
        assert not k.activity.cancel(row.id)
        record = [r for r in k.house["den"].requests if r.method == "POST"][-1]
        await asyncio.wait_for(record.done.wait(), 1)
        assert record.client_left


async def test_no_word_of_a_prompt_or_an_answer_is_stored(kept: Any, tmp_path: Path) -> None:
    async with kept(den=den()) as k:
        for stream in (True, False):
            await k.ask(messages=[{"role": "user", "content": "s3cret-prompt"}], stream=stream)
            answer = await k.gateway.chat("den/qwen", stream=stream)
            await k.last()
    stored = b"".join(p.read_bytes() for p in (tmp_path / "data").iterdir())
    assert b"s3cret-prompt" not in stored
    assert answer.content[:200] not in stored


async def test_metrics_have_histograms(kept: Any) -> None:
    async with kept(den=den()) as k:
        await k.ask(stream=True)
        await k.ask()
        said = (await k.gateway.client.get("/metrics")).text
        labels = f'endpoint="{CHAT}",provider="den"'
        assert f"boocontrol_request_duration_seconds_count{{{labels}}} 2.0" in said
        assert f"boocontrol_time_to_first_token_seconds_count{{{labels}}} 1.0" in said
        assert f'boocontrol_request_duration_seconds_bucket{{endpoint="{CHAT}",le="+Inf",provider="den"}} 2.0' in said


def made(number: int) -> ActivityRow:
    return ActivityRow(
        id=f"{number:032x}",
        time="2026-11-22T16:12:50Z",  # type: ignore[arg-type]
        endpoint=CHAT,
        outcome="ok",
        duration_ms=1,
    )


async def test_a_full_disk_is_told_and_made_up_for(tmp_path: Path) -> None:
    desk = Desk()
    database = await desk.open(database_url(tmp_path, {}))
    stored: list[str] = []

    def keep(rows: Sequence[ActivityRow]) -> None:
        stored.extend(r.id for r in rows)

    activity = Activity(RequestsDesk(desk, database), InFlight(), on_stored=keep)

    def limit(pages: int | None) -> None:
        with database.reading() as connection:
            used = connection.execute(text("PRAGMA page_count")).scalar()
            connection.execute(text(f"PRAGMA max_page_count = {pages or used}"))

    await desk.run(limit, None)
    for number in range(2000):
        activity.keep(made(number))
    page = await activity.page(Wanted(), None, 5)
    assert (page.total, len(stored) < 2000) == (2000, True), "what waits is shown too"
    seen = [row.id for row in page.data]
    while page.next:
        time, _, id_ = page.next.partition("-")
        page = await activity.page(Wanted(), (int(time), id_), 300)
        seen += [row.id for row in page.data]
    assert (len(seen), len(set(seen))) == (2000, 2000)
    assert "the disk is full" in activity.problems[0]
    await desk.run(limit, 1 << 30)
    assert (await activity.page(Wanted(), None, 5)).total == 2000
    assert (activity.problems, len(set(stored))) == ((), 2000)
    await activity.stop()
    await desk.close()


class Broken:
    """A store that takes nothing until it is mended."""

    def __init__(self) -> None:
        self.mended = False
        self.rows: list[ActivityRow] = []

    async def add(self, rows: Sequence[ActivityRow]) -> None:
        if not self.mended:
            raise BooError("The database x cannot be used: the disk is full.", "Free some space.")
        self.rows += rows

    async def page(self, *args: Any) -> Any:
        return tuple(self.rows), len(self.rows)

    async def stats(self, *args: Any) -> Any:
        raise AssertionError

    async def prune(self, *args: Any) -> int:
        return 0


async def test_too_many_that_wait_push_out_the_oldest() -> None:
    store = Broken()
    activity = Activity(store, InFlight(), waiting=10)
    for number in range(15):
        activity.keep(made(number))
    await activity.flush()
    assert "5 requests were not kept" in activity.problems[0]
    store.mended = True
    await activity.stop()
    assert [int(r.id, 16) for r in store.rows] == list(range(5, 15))


async def test_news_are_few_and_complete() -> None:
    hub = EventHub("i")
    telling = Telling(hub, tuple, every_s=0.02)
    reader = hub.stream(f"i:{0}", lambda: b"{}")
    await anext(reader)
    for number in range(30):
        telling.began()
        telling.stored([made(number)])
    frame = await asyncio.wait_for(anext(reader), 2)
    news = ActivityNews.model_validate_json(frame.split(b"data: ")[1])
    assert (len(news.ended), news.stored, int(news.ended[0].id, 16)) == (30, 30, 29)
    telling.stored([made(30)])
    frame = await asyncio.wait_for(anext(reader), 2)
    assert ActivityNews.model_validate_json(frame.split(b"data: ")[1]).stored == 31
    await reader.aclose()


async def test_rows_are_written_without_anybody_asking(kept: Any) -> None:
    async with kept(den=den()) as k:
        done = asyncio.Event()
        k.activity._on_stored = lambda rows: done.set()
        await k.gateway.chat("den/qwen")
        await asyncio.wait_for(done.wait(), 5)
