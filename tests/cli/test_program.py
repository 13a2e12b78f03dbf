"""The program as it is started: light, right exit codes, JSON and nothing else on stdout."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest

HEAVY = ("fastapi", "starlette", "sqlalchemy", "aiohttp", "httpx", "keyring", "rich", "uvicorn")
PROGRAM = "import sys; from boocontrol.cli.main import main; main()"


def program(*args, stdin="", **env):
    command = [sys.executable, "-W", "error", "-c", PROGRAM, *args]
    return subprocess.run(
        command, input=stdin, capture_output=True, text=True, env={**os.environ, **env}, timeout=60, check=False
    )


@pytest.mark.parametrize("args", [["--version"], ["--help"], [], ["providers", "--help"]])
def test_start_is_light(home, args):
    code = (
        "import sys\nfrom boocontrol.cli.main import run\n"
        f"code = run({args!r})\nprint(code, [m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr)"
    )
    shown = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")  # with one of them the desktop would open
    blind = {name: value for name, value in os.environ.items() if name not in shown}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60, env=blind)
    assert done.stderr.strip().splitlines()[-1] == "0 []"
    assert done.stdout


def test_version(home):
    from boocontrol import __version__

    assert program("--version").stdout == f"boocontrol {__version__}\n"


@pytest.mark.parametrize("args", [["nope"], ["load"], ["--nope"], ["favorites", "move", "a/b", "x"]])
def test_usage(home, args):
    people, programs = program(*args), program(*args, "--json")
    assert (people.returncode, programs.returncode) == (2, 2)
    assert people.stdout == ""
    assert people.stderr
    assert json.loads(programs.stdout)["error"]["code"] == "usage"


def test_no_gateway(home):
    done = program("status", "--json")
    assert done.returncode == 3
    assert json.loads(done.stdout)["error"]["code"] == "no_gateway"
    assert done.stderr == ""


def test_on_a_gateway(running):
    done = program("models", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == running.catalog
    chat = program("chat", "-m", "gpu-box/qwen3", stdin="Hi")
    assert (chat.returncode, chat.stdout) == (0, "Hello\n")


def test_terminal_colours_and_width(running, tools):
    """On a real terminal: colours unless NO_COLOR, whole refs however narrow it is."""
    pty = pytest.importorskip("pty")
    long = "gpu-box/" + "y" * 90
    running.catalog["providers"][0]["models"].append(tools.model(long))
    plain = on_terminal(pty, "models", NO_COLOR="1", COLUMNS="40", TERM="xterm")
    assert "\x1b[3" not in plain
    assert plain.count("y") == 90 + plain.count("ready")
    assert all(len(re.sub("\x1b\\[[0-9;]*m", "", line)) <= 40 for line in plain.splitlines())
    assert "\x1b[3" in on_terminal(pty, "models", COLUMNS="80", TERM="xterm")


def test_thinking_is_dimmed_on_a_terminal(running, tools):
    pty = pytest.importorskip("pty")
    running.chat = [tools.chunk({"reasoning_content": "hm"}), tools.chunk({"content": "Hi"}, finish_reason="stop")]
    assert "\x1b[2mhm\x1b[0m" in on_terminal(pty, "chat", "-m", "gpu-box/qwen3", "ask", TERM="xterm")


def on_terminal(pty, *args, **env):
    """What the program writes on a terminal of its own."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", PROGRAM, *args]
    null = subprocess.DEVNULL
    started = subprocess.Popen(command, stdin=null, stdout=theirs, stderr=null, env={**os.environ, **env})
    os.close(theirs)
    data = b""
    try:
        while part := os.read(ours, 65536):
            data += part
    except OSError:  # Linux tells the end of a terminal this way
        pass
    os.close(ours)
    assert started.wait(timeout=60) == 0
    return data.decode()


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_ctrl_c_ends_a_chat_cleanly(running, tools):
    import signal
    import threading

    go_on = threading.Event()

    def slow():
        yield tools.chunk({"content": "Hel"})
        go_on.wait(30)

    running.chat = slow()
    command = [sys.executable, "-c", PROGRAM, "chat", "-m", "gpu-box/qwen3", "Hi"]
    pipe = subprocess.PIPE
    started = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, text=True)
    try:
        assert started.stdout.read(3) == "Hel"
        started.send_signal(signal.SIGINT)
        out, err = started.communicate(timeout=30)
    finally:
        go_on.set()
    assert started.returncode == 130
    assert (out, err) == ("\n", "")
