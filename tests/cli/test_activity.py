"""`boocontrol activity` and `boocontrol cancel`."""

from __future__ import annotations

import pytest
from starlette.responses import JSONResponse


def row(number, **more):
    return {
        "id": f"{number:032x}",
        "time": "2026-11-22T16:12:50Z",
        "ref": "gpu-box/qwen3",
        "provider": "gpu-box",
        "endpoint": "/v1/chat/completions",
        "status": 200,
        "outcome": "ok",
        "ttftMs": 210.4,
        "durationMs": 4210.0,
        "promptTokens": 12,
        "outputTokens": 345,
        "outputTokensPerSecond": 41.26,
        "client": "opencode",
        **more,
    }


@pytest.fixture
def rows(running):
    """What the gateway has to tell, newest first."""
    held = [row(3, outcome="running", ttftMs=None), row(2, outcome="cut"), row(1)]
    running.answers["GET /api/activity"] = lambda: JSONResponse({"data": held, "total": 40, "next": "1-0"})
    return held


def test_a_table_newest_last(boo, rows):
    out = boo("activity").out
    assert out.index("ok") < out.index("cut") < out.index("running")
    for word in ("gpu-box/qwen3", "210 ms", "4.2 s", "345", "41.3", "opencode", rows[0]["id"]):
        assert word in out
    assert "The last 3 of 40 requests." in out


def test_json_is_the_answer_as_it_is(boo, rows):
    assert boo("activity", "--json").json == {"data": rows, "total": 40, "next": "1-0"}


def test_the_client_cannot_steer_the_terminal(boo, running, rows):
    rows[:] = [row(1, client="\x1b[31mred\u202e", ref="a\nb")]
    assert "\x1b" not in boo("activity").out and "\u202e" not in boo("activity").out


def test_nothing_ran(boo, rows, running):
    running.answers["GET /api/activity"] = lambda: JSONResponse({"data": [], "total": 0})
    assert "No request" in boo("activity").out


def test_wrong_use(boo, rows):
    assert boo("activity", "--follow", "--json").code == 2
    assert boo("activity", "--limit", "0").code == 2


def test_follow_tells_each_once(boo, rows, running, tools):
    news = {"running": [], "ended": [], "stored": 1}
    running.streams += [tools.sse(("i:1", "activity", news), ("i:2", "activity", news)), b""]
    held = iter([rows, rows, [row(3), *rows[1:]]])
    running.answers["GET /api/activity"] = lambda: JSONResponse({"data": next(held), "total": 3})
    done = boo("activity", "--follow", "--limit", "1")
    assert done.code == 3  # the stub's stream ends for good
    assert [line.split()[-1] for line in done.out.splitlines()] == [row(2)["id"], row(3)["id"]]


def test_cancel(boo, running, tools):
    running.answers["POST /api/activity/r1/cancel"] = lambda: JSONResponse({"asked": ["r1"]}, 202)
    assert "r1" in boo("cancel", "r1").out
    assert boo("cancel", "r1", "--json").json == {"asked": ["r1"]}
    gone = tools.problem(404, "not_found", "No request 'r2' runs.")
    running.answers["POST /api/activity/r2/cancel"] = lambda: gone
    assert boo("cancel", "r2").code == 5


def test_one_past_the_gateway_is_cancelled_as_top_names_it(boo, running, tools):
    running.answers["POST /api/hosts/gpu-box/requests/8/cancel"] = lambda: JSONResponse({"asked": ["8"]}, 202)
    assert "8" in boo("cancel", "gpu-box#8").out
    assert boo("cancel", "gpu-box#9").code == 5


async def test_the_client_reads_rows_and_statistics(running, tools, rows):
    from boocontrol.client import GatewayClient

    window = {"since": "2026-11-22T16:00:00Z", "until": "2026-11-22T17:00:00Z"}
    stats = {**window, "requests": 0, "outcomes": {}, "models": []}
    running.answers["GET /api/activity/stats"] = lambda: JSONResponse(stats)
    news = {"running": [rows[0]], "ended": [rows[1]], "stored": 1}
    running.streams.append(tools.sse(("i:1", "activity", news)))
    async with GatewayClient(running.url, tools.KEY) as client:
        page = await client.activity(outcome="ok", limit=3)
        assert (page.total, page.data[2].output_tokens) == (40, 345)
        assert (await client.activity_stats(**window)).requests == 0
        events = client.events()
        assert (await anext(events)).data.ended[0].outcome == "cut"
        await events.aclose()
