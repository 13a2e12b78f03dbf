"""What `load` says while it waits, and how each end is told."""

from __future__ import annotations

import json

import pytest

NOW = "2026-11-22T16:12:50Z"
LATER = "2026-11-22T16:12:56.5Z"


@pytest.fixture
def told(running, tools):
    """Have the gateway tell these states of the load, each with the host's own; the last one ends it."""

    def tell(*states, **host):
        status = {**running.status, "url": running.url}
        frames = []
        for number, (load, state) in enumerate(states):
            progress = {"ref": "gpu-box/phi", "askedAt": NOW, "by": "cli", **load}
            loaded = [{"ref": "gpu-box/phi", "state": state}] if state else []
            queue = [{"ref": "gpu-box/phi", "askedAt": NOW}] if load["state"] == "queued" else []
            shown = tools.host("gpu-box", loads=[progress], loaded=loaded, queue=queue, **host)
            if number == 0:
                data = {"status": status, "hosts": [shown], "catalog": running.catalog, "settings": running.settings}
                frames.append((str(number), "snapshot", data))
            else:
                frames.append((str(number), "host", shown))
        running.streams.append(tools.sse(*frames))

    return tell


def preview(running, tools, **more):
    from starlette.responses import JSONResponse

    body = {"ref": "gpu-box/phi", "state": "stopped", "certain": False, "usualLoadS": 30.0, "loadSamples": 4, **more}
    running.answers["GET /api/models/preview"] = lambda: JSONResponse(body)


def test_it_waits_starts_and_is_ready(boo, running, told, tools):
    preview(running, tools)
    loading = {"state": "loading", "beganAt": NOW}
    told(({"state": "queued"}, ""), (loading, "starting"), (loading | {"state": "loaded", "endedAt": LATER}, "ready"))
    done = boo("load", "gpu-box/phi")
    assert (done.code, done.out) == (0, "gpu-box/phi is ready after 6.5 s.\n")
    assert done.err.splitlines() == [
        "gpu-box/phi waits: 1 load comes first.",
        "gpu-box/phi: starting. (usually 30 s)",
    ]


def test_ten_minutes_are_told_and_it_goes_on_waiting(boo, running, told, tools):
    words = "It has not ended after 10 minutes; the host says starting."
    long = {"state": "loading", "beganAt": NOW, "reason": words}
    told((long, "starting"), (long | {"state": "loaded", "endedAt": LATER, "reason": ""}, "ready"))
    done = boo("load", "gpu-box/phi")
    assert done.code == 0
    assert words in done.err


@pytest.mark.parametrize(
    ("state", "reason", "host", "code", "words"),
    [
        ("failed", "exited prematurely", "up", 1, "gpu-box/phi was not loaded: exited prematurely"),
        ("failed", "Nothing listens.", "down", 4, "gpu-box/phi was not loaded: Nothing listens."),
        ("cancelled", "Cancelled by panel.", "up", 1, "Cancelled by panel."),
    ],
)
def test_other_ends(boo, running, told, tools, state, reason, host, code, words):
    end = {"state": state, "beganAt": NOW, "endedAt": LATER, "reason": reason}
    told((end, ""), state=host)
    done = boo("load", "gpu-box/phi")
    assert done.code == code
    assert words in done.err
    told((end, ""), state=host)
    programs = boo("load", "gpu-box/phi", "--json")
    assert programs.code == code
    assert reason in json.dumps(programs.json)


def test_a_preview_is_said_in_words(boo, running, tools):
    preview(running, tools, words=["It may push out gpu-box/qwen3."])
    done = boo("load", "gpu-box/phi", "--dry-run")
    assert done.out == "It may push out gpu-box/qwen3.\nThis is what is likely, not what is certain.\n"
    assert not [path for method, path, _ in running.seen if path == "/api/models/load"]
