"""`boocontrol logs`: what is kept, following, several hosts, and how it ends."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys

import pytest
from starlette.responses import StreamingResponse

PROGRAM = [sys.executable, "-W", "error", "-c", "from boocontrol.cli.main import main; main()"]
TIME = "2026-11-22T16:12:50Z"


def event(kind, **data):
    return f"event: {kind}\ndata: {json.dumps(data)}\n\n".encode()


def log(text, seq=1, source="proxy", model="", time=None):
    return event("log", seq=seq, source=source, model=model, text=text, time=time)


LIVE, END = event("live"), event("end", why="That is all that was kept.")


@pytest.fixture
def tells(running):
    """`tells("gpu-box", event, ...)`: what the gateway says of a host's logs; it stays open with `hold`."""

    def say(host, *events, hold=False):
        async def stream():
            for one in events:
                yield one
            if hold:
                await asyncio.sleep(3600)

        answer = lambda: StreamingResponse(stream(), media_type="text/event-stream")  # noqa: E731
        running.answers[f"GET /api/hosts/{host}/logs"] = answer

    return say


def test_the_last_lines(boo, tells):
    tells("gpu-box", log("\n".join(f"line {n}" for n in range(300))), LIVE, END)
    done = boo("logs", "gpu-box", "--source", "proxy", "-n", "2")
    assert (done.code, done.out, done.err) == (0, "line 298\nline 299\n", "")


def test_the_source_stands_before_each_line(boo, tells):
    tells("gpu-box", log("up"), log("slot", source="model", model="qwen3.5-9b"), LIVE, END)
    assert boo("logs", "gpu-box").out == "proxy           up\nqwen3.5-9b      slot\n"


def test_several_hosts_have_their_names_before_each_line(boo, tells):
    tells("gpu-box", log("one\ntwo"), LIVE, END)
    tells("attic", log("three"), LIVE, END)
    out = boo("logs", "gpu-box", "attic", "--source", "proxy").out
    assert out == "gpu-box  one\ngpu-box  two\nattic    three\n"
    assert boo("logs", "--source", "proxy").out == out


def test_only_what_matches(boo, tells):
    tells("gpu-box", log("\x1b[31mred\x1b[0m one\nblue two"), LIVE, END)
    assert boo("logs", "gpu-box", "--source", "proxy", "--grep", "^red o").out == "red one\n"
    bad = boo("logs", "gpu-box", "--grep", "(")
    assert bad.code == 2 and "expression" in bad.err


def test_json_is_one_object_for_each_line(boo, tells):
    tells("gpu-box", log("a\x1b[1mb\nc", time=TIME), event("gap", bytes=7, why="dropped by the host"), LIVE, END)
    objects = [json.loads(line) for line in boo("logs", "gpu-box", "--json").out.splitlines()]
    assert [o.get("text") for o in objects] == ["ab", "c", None]
    assert objects[0]["time"].startswith("2026-11-22T16:12:50") and objects[2]["bytes"] == 7


def test_what_is_missing_is_noted_beside_the_lines(boo, tells):
    tells("gpu-box", log("x"), event("gap", bytes=1204, why="dropped by the host"), LIVE, END)
    done = boo("logs", "gpu-box")
    assert "gpu-box: 1204 bytes dropped by the host" in done.err and "1204" not in done.out


def test_the_terminal_cannot_be_steered(boo, tells):
    tells("gpu-box", log("a\x1b]0;title\x07b\u202ec"), LIVE, END)
    assert "\x1b" not in boo("logs", "gpu-box").out


@pytest.mark.parametrize(
    ("args", "code"),
    [(("--source", "nothing"), 2), (("--source", "model"), 2), (("--source", "proxy", "--model", "x"), 2)],
)
def test_wrong_use(boo, running, args, code):
    assert boo("logs", "gpu-box", *args).code == code


def test_the_model_is_asked_for_by_its_id(boo, running, tells):
    tells("gpu-box", log("slot", source="model", model="org/phi"), LIVE, END)
    assert boo("logs", "gpu-box", "--model", "org/phi").out == "slot\n"


def test_a_host_that_is_down_and_one_that_cannot_tell(boo, running, tells, tools):
    tells("attic", event("gap", bytes=0, why="The host is down."), LIVE, END)
    assert boo("logs", "attic").code == 4
    tells("attic", event("end", why="Servers of kind openai do not show their log."))
    done = boo("logs", "attic")
    assert done.code == 1 and "openai" in done.err
    running.answers["GET /api/hosts/nope/logs"] = lambda: tools.problem(404, "not_found", "There is no provider.")
    assert boo("logs", "nope").code == 5


def test_following_goes_on_after_what_was_kept(boo, tells):
    tells("gpu-box", log("old"), LIVE, log("new", time=TIME), event("end", why="The gateway stops."))
    tells("attic", LIVE, log("other"), event("end", why="The gateway stops."))
    done = boo("logs", "gpu-box", "attic", "-f", "--source", "proxy")
    lines = done.out.splitlines()
    assert lines[0] == "gpu-box  old" and sorted(lines[1:]) == ["attic    other", "gpu-box  new"]
    assert done.code == 1 and "stops" in done.err


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_control_c_ends_it_quietly(running, tells):
    tells("gpu-box", log("old"), LIVE, log("new"), hold=True)
    command = [*PROGRAM, "logs", "gpu-box", "-f", "--source", "proxy"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert [process.stdout.readline(), process.stdout.readline()] == ["old\n", "new\n"]
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (0, "", "")


@pytest.mark.skipif(os.name != "posix", reason="pipes")
def test_a_reader_of_the_pipe_that_leaves_ends_it_quietly(running, tells):
    tells("gpu-box", *(log("x" * 8000) for _ in range(200)), LIVE, END)
    command = [*PROGRAM, "logs", "gpu-box", "--source", "proxy", "-n", "1000"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    process.stdout.readline()
    process.stdout.close()
    err = process.stderr.read()
    assert (process.wait(timeout=20), err) == (0, "")
    process.stderr.close()
