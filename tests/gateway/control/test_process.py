"""The process around the gateway: its claim on a registry, its key file, its socket and its end."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from boocontrol.core.api import RuntimeInfo
from boocontrol.core.errors import BooError
from boocontrol.core.paths import runtime_file
from boocontrol.core.runtime_file import read_runtime
from boocontrol.gateway import keyfile, serve
from boocontrol.gateway.runtime import AnotherGateway, claim

posix = pytest.mark.skipif(os.name != "posix", reason="mode bits and signals")


def info(registry: Path, pid: int = 4711) -> RuntimeInfo:
    return RuntimeInfo(
        url="http://127.0.0.1:1", pid=pid, instance_id="i", version="1", key_file="/k", registry=str(registry)
    )


# --- runtime file


def test_the_claim_is_published_and_released(tmp_path: Path) -> None:
    registry, folder = tmp_path / "r.json", tmp_path / "run"
    runtime = claim(registry, folder)
    assert runtime.path == runtime_file(registry, folder)
    assert read_runtime(runtime.path) is None
    runtime.publish(info(registry))
    assert read_runtime(runtime.path) == info(registry)
    if os.name == "posix":
        assert (runtime.path.stat().st_mode & 0o777, folder.stat().st_mode & 0o777) == (0o600, 0o700)
    runtime.release()
    assert not runtime.path.exists()
    claim(registry, folder).release()


HOLDER = """
import sys, pathlib
from boocontrol.core.api import RuntimeInfo
from boocontrol.gateway.runtime import claim
registry, folder = map(pathlib.Path, sys.argv[1:3])
runtime = claim(registry, folder)
runtime.publish(RuntimeInfo(
    url="http://127.0.0.1:1", pid=4711, instance_id="i", version="1", key_file="/k", registry=str(registry)))
print("ready", flush=True)
sys.stdin.read()
"""


def test_a_second_gateway_is_told_of_the_first_and_a_dead_one_is_forgotten(tmp_path: Path) -> None:
    registry, folder = tmp_path / "r.json", tmp_path / "run"
    registry.write_text("{}")
    command = [sys.executable, "-c", HOLDER, str(registry), str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == b"ready"
        link = tmp_path / "link.json"
        link.symlink_to(registry)
        for name in (registry, link):
            with pytest.raises(AnotherGateway, match=r"http://127.0.0.1:1 \(process 4711\)") as caught:
                claim(name, folder)
            assert (caught.value.exit_code, caught.value.info) == (8, info(registry))
        claim(tmp_path / "other.json", folder).release()
        assert read_runtime(runtime_file(registry, folder)) is not None
        holder.kill()
    assert runtime_file(registry, folder).exists()
    again = claim(registry, folder)
    assert not runtime_file(registry, folder).exists()
    again.release()


@posix
@pytest.mark.parametrize(("text", "mode"), [("{}", 0o600), ("no json", 0o600), (None, 0o622)])
def test_a_runtime_file_that_cannot_be_trusted_is_none(tmp_path: Path, text: str | None, mode: int) -> None:
    path = tmp_path / "gateway-x.json"
    path.write_text(info(tmp_path).model_dump_json(by_alias=True) if text is None else text)
    path.chmod(mode)
    assert read_runtime(path) is None


# --- key file


def test_the_key_is_made_once_and_renewed_on_demand(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    key = keyfile.gateway_key(folder)
    assert len(key) >= 40
    assert all(c.isalnum() or c in "-_" for c in key)
    assert keyfile.gateway_key(folder) == key
    renewed = keyfile.renew_key(folder)
    assert renewed != key
    assert keyfile.gateway_key(folder) == renewed
    assert [p.name for p in folder.iterdir()] == ["gateway.key"]


@posix
def test_the_key_is_closed_to_others_again(tmp_path: Path) -> None:
    key = keyfile.gateway_key(tmp_path)
    path = keyfile.key_file(tmp_path)
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    assert keyfile.gateway_key(tmp_path) == key
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    keyfile.renew_key(tmp_path)
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_key_of_the_users_own_is_taken_and_nonsense_refused(tmp_path: Path) -> None:
    keyfile.key_file(tmp_path).write_text("my-own-key-0123456789\n")
    assert keyfile.gateway_key(tmp_path) == "my-own-key-0123456789"
    keyfile.key_file(tmp_path).write_text("short")
    with pytest.raises(BooError) as caught:
        keyfile.gateway_key(tmp_path)
    assert "short" not in str(caught.value)
    keyfile.key_file(tmp_path).write_text("")
    assert len(keyfile.gateway_key(tmp_path)) >= 40


def test_gateways_that_start_together_agree_on_the_key(tmp_path: Path) -> None:
    found: list[str] = []
    barrier = threading.Barrier(8)

    def start() -> None:
        barrier.wait()
        found.append(keyfile.gateway_key(tmp_path))

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1


# --- socket


def test_port_zero_takes_a_free_one() -> None:
    with serve.bind("127.0.0.1", 0) as sock:
        assert serve.url_of(sock).startswith("http://127.0.0.1:")
        assert serve.url_of(sock) != "http://127.0.0.1:0"


def test_a_taken_port_is_told_with_its_holder_and_a_free_one() -> None:
    with serve.bind("127.0.0.1", 0) as held:
        port = held.getsockname()[1]
        with pytest.raises(serve.PortTaken, match=f"Port {port} on 127.0.0.1 is taken") as caught:
            serve.bind("127.0.0.1", port)
    assert caught.value.exit_code == 9
    assert caught.value.free
    if sys.platform == "linux":
        assert f"(process {os.getpid()})" in str(caught.value)
    with serve.bind("127.0.0.1", caught.value.free):
        pass


@pytest.mark.parametrize("host", ["192.0.2.1", "no such host", "300.1.1.1"])
def test_an_address_of_another_machine_is_told(host: str) -> None:
    with pytest.raises(BooError) as caught:
        serve.bind(host, 0)
    assert caught.value.code == "bad_host"


# --- serving, in a process of its own

SERVER = """
import asyncio, json, sys, time
from boocontrol.gateway import serve

kind = sys.argv[1]
leave = asyncio.Event()

async def app(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
    if scope["path"] == "/now":
        return await send({"type": "http.response.body", "body": b"hi"})
    await send({"type": "http.response.body", "body": b"begun", "more_body": True})
    await (asyncio.Event() if kind == "deaf" else leave).wait()
    await send({"type": "http.response.body", "body": b" ended by the stop"})

async def main():
    sock = serve.bind("127.0.0.1", 0)
    say = lambda: print(json.dumps({"url": serve.url_of(sock)}), flush=True)
    await serve.serve(app, sock, on_listening=say, on_stop=leave.set, exit_within_s=4.8)
    print("clean", flush=True)
    if kind == "hung":
        asyncio.get_running_loop().run_in_executor(None, time.sleep, 600)

serve.run(main())
"""


class Served:
    def __init__(self, kind: str) -> None:
        command = [sys.executable, "-c", SERVER, kind]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        url = json.loads(self.process.stdout.readline())["url"]
        self.address = ("127.0.0.1", int(url.rpartition(":")[2]))

    def open(self, text: str) -> socket.socket:
        sock = socket.create_connection(self.address, timeout=10)
        sock.sendall(text.encode())
        return sock

    def end(self, number: int = signal.SIGTERM) -> tuple[float, str, str]:
        """Seconds until the process ended after the signal, what it printed, and its complaints."""
        started = time.monotonic()
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=20)
        return time.monotonic() - started, out, err


def read_all(sock: socket.socket) -> bytes:
    data = b""
    while piece := sock.recv(65536):
        data += piece
    return data


def read_until(sock: socket.socket, wanted: bytes) -> bytes:
    data = b""
    while wanted not in data:
        piece = sock.recv(65536)
        assert piece, data
        data += piece
    return data


GET = "GET {} HTTP/1.1\r\nHost: x\r\n\r\n"


@posix
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_streams_in_good_order(number: int) -> None:
    served = Served("good")
    with served.open(GET.format("/stream")) as stream, served.open("") as idle:
        read_until(stream, b"begun")
        seconds, out, err = served.end(number)
        assert b"ended by the stop" in read_all(stream)
        assert read_all(idle) == b""
    assert (seconds < 5, out, err, served.process.returncode) == (True, "clean\n", "", 0)


@posix
@pytest.mark.parametrize("kind", ["deaf", "hung"])
def test_whatever_hangs_the_process_ends_within_five_seconds(kind: str) -> None:
    served = Served(kind)
    with served.open(GET.format("/stream")) as stream:
        read_until(stream, b"begun")
        seconds, out, _ = served.end()
    assert (seconds < 5.5, out, served.process.returncode) == (True, "clean\n", 0)


@posix
def test_answers_name_no_server_and_heads_have_an_end() -> None:
    served = Served("good")
    with served.open(GET.format("/now")) as sock:
        head = read_until(sock, b"hi").lower()
        assert b"200 ok" in head
        assert b"server:" not in head
    with served.open("GET /now HTTP/1.1\r\nHost: x\r\n") as sock:
        answer = b""
        try:
            for _ in range(100):
                sock.sendall(b"x-more: " + b"a" * 32768 + b"\r\n")
            answer = sock.recv(65536)
        except OSError:
            pass
        assert b"200" not in answer
    both = "POST /now HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    with served.open(both) as sock:
        assert b" 400 " in read_all(sock)
    served.end()


async def test_the_loop_is_the_quick_one() -> None:
    factory = serve._loop_factory()
    if sys.platform != "win32":
        assert factory is not None
        loop = factory()
        assert isinstance(loop, asyncio.AbstractEventLoop)
        loop.close()
