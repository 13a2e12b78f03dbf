"""`boocontrol wake`: what is said while the host wakes, and how it ends."""

from __future__ import annotations

import pytest
from starlette.responses import JSONResponse

SINCE = "2026-11-22T16:12:50Z"


@pytest.fixture
def told(running, tools):
    def tell(*hosts):
        running.answers["POST /api/hosts/attic/wake"] = lambda: JSONResponse({"asked": ["attic"]}, 202)
        status = {**running.status, "url": running.url}
        first, *others = (tools.host("attic", macAddress="00:11:22:33:44:55", **host) for host in hosts)
        data = {"status": status, "hosts": [first], "catalog": running.catalog, "settings": running.settings}
        frames = [("0", "snapshot", data), *((str(n), "host", host) for n, host in enumerate(others, 1))]
        running.streams.append(tools.sse(*frames))

    return tell


def test_it_answers(boo, told):
    told({"state": "down", "wakingSince": SINCE}, {"state": "up"})
    done = boo("wake", "attic")
    assert (done.code, done.out, done.err) == (0, "attic answers: up.\n", "Waking attic.\n")


def test_it_does_not(boo, told):
    told({"state": "down", "wakingSince": SINCE}, {"state": "down", "reason": "No answer."})
    done = boo("wake", "attic", "--json")
    assert done.code == 4
    assert done.json["error"]["message"] == "attic was woken and did not answer."


def test_nobody_waits(boo, told):
    told({"state": "down", "wakingSince": SINCE})
    assert boo("wake", "attic", "--no-wait").out == "Asked to wake: attic\n"
