"""What a frame of `boocontrol top` shows, and what is kept of the news."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest
from rich.console import Console

from boocontrol.cli.top_frame import Fleet, bar, frame
from boocontrol.core.activity import ActivityNews, ActivityRow
from boocontrol.core.api import Gpu, Host, HostRequest, LoadedModel, LoadProgress

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def host(**more):
    plain = {
        "label": "den",
        "state": "up",
        "kind": "llama-swap",
        "location": "local",
        "enabled": True,
        "often_off": False,
    }
    return Host(id="den", base_url="http://den:1", **{**plain, **more})


def row(number, **more):
    known = {
        "ref": "den/q",
        "provider": "den",
        "endpoint": "/v1/chat/completions",
        "outcome": "ok",
        "duration_ms": 1500,
    }
    return ActivityRow(id=f"r{number}", time=NOW - timedelta(seconds=9), **{**known, **more})


def text(fleet, width=160):
    out = io.StringIO()
    Console(file=out, width=width, highlight=False, markup=False).print(frame(fleet, NOW))
    return out.getvalue()


def fleet(*hosts):
    return Fleet(url="http://gateway", version="1", hosts={h.id: h for h in hosts})


def test_a_host_with_all_that_can_be_known():
    since = NOW - timedelta(minutes=12)
    models = (
        LoadedModel(ref="den/q", state="ready", since=since, in_flight=0, idle_since=NOW - timedelta(minutes=3)),
        LoadedModel(ref="den/b", state="starting", since=NOW - timedelta(seconds=4), usual_load_s=30.0, load_samples=2),
    )
    gpu = Gpu(
        name="RTX", memory_used_mb=12288, memory_total_mb=24576, utilisation_pct=50, temperature_c=62, power_w=310
    )
    out = text(fleet(host(label="Den box", latency_ms=3.2, in_flight=2, loaded=models, gpus=(gpu,))))
    assert "● up  den  Den box  3 ms  2 requests" in out
    assert "q  ready 12 min  idle 3 min" in out
    assert "b  starting 4 s of usually 30 s" in out
    assert "RTX  ██████░░░░░░ 12.0 of 24.0 GiB  ██████░░░░░░ 50 %  62 °C  310 W" in out


def test_loads_that_wait_and_that_failed():
    loads = (
        LoadProgress(ref="den/a", state="failed", asked_at=NOW, ended_at=NOW, reason="exited prematurely"),
        LoadProgress(ref="den/b", state="queued", asked_at=NOW, by="panel"),
    )
    out = text(
        fleet(host(loads=loads, state="down", reason="Nothing listens.", waking_since=NOW - timedelta(seconds=5)))
    )
    assert "a  failed: exited prematurely" in out
    assert "b  waits, asked by panel" in out
    assert "✗ down  den  waking for 5 s  Nothing listens." in out


def test_requests_of_ours_and_of_others():
    path = "/v1/chat/completions"
    since = NOW - timedelta(seconds=30)
    told = tuple(HostRequest(id=str(i), model="q", path=path, since=since, ours=i == 0) for i in range(2))
    seen = fleet(host(requests=told))
    seen.rows([row(1, outcome="running", client="agent"), row(2, ttft_ms=250, output_tokens_per_second=41.5)])
    out = text(seen)
    running = out[out.index("Running") : out.index("Recent")]
    assert running.count("den/q") == 2, "ours is not shown twice"
    assert "agent" in running
    assert "other, den#1" in running and "den#0" not in running
    assert "30 s" in running
    assert "250 ms  1.5 s  41.5" in out[out.index("Recent") :]


def test_news_keep_the_last_and_each_once():
    seen = fleet(host())
    seen.rows([row(i) for i in range(3)])
    seen.news(ActivityNews(running=(), ended=(row(9), row(0)), stored=2))
    assert [r.id for r in seen.ended] == ["r9", "r0", "r1", "r2"]
    seen.news(ActivityNews(running=(), ended=tuple(row(i) for i in range(20, 40)), stored=20))
    assert len(seen.ended) == 8
    assert seen.ended[0].id == "r20"


def test_nothing_at_all_and_a_gateway_that_is_gone():
    empty = Fleet(lost="No news: gone\x1b[2J.")
    out = text(empty)
    assert "providers add" in out
    assert "No news: gone[2J." in out


@pytest.mark.parametrize(("part", "full"), [(-1, 0), (0, 0), (0.5, 6), (1, 12), (7, 12)])
def test_bars(part, full):
    assert bar(part) == "█" * full + "░" * (12 - full)
