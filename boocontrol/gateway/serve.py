"""Listening: the socket bound first, so that a taken port is told in words, then uvicorn until a signal."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, TypeVar

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from boocontrol.core.errors import BooError

log = logging.getLogger(__name__)

T = TypeVar("T")

EXIT_PORT_TAKEN: Final = 9
KEEP_ALIVE_S: Final = 75
STREAMS_END_S: Final = 3
EXIT_WITHIN_S: Final = 4.8
LONGEST_HEAD: Final = 64 * 1024
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


class PortTaken(BooError):
    """Somebody listens there already. `free` is a port that was free just now."""

    code = "port_taken"
    exit_code = EXIT_PORT_TAKEN

    def __init__(self, host: str, port: int, holder: str | None, free: int | None) -> None:
        by = f" by {holder}" if holder else ""
        offer = f"Port {free} is free: --port {free}, or" if free else "Choose another with --port, or"
        super().__init__(f"Port {port} on {host} is taken{by}.", f"{offer} --port 0 for any free one.")
        self.holder = holder
        self.free = free


def bind(host: str, port: int) -> socket.socket:
    """A socket that listens for nobody yet; port 0 takes a free one. Raises PortTaken and BooError."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (socket.gaierror, UnicodeError, OverflowError):
        raise BooError(f"{host!r} is no address of this machine.", "Use --host 127.0.0.1.", code="bad_host") from None
    sock = socket.socket(family, kind, protocol)
    try:
        if sys.platform == "win32":
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(address)
        # Two sockets may be bound to one port as long as neither listens: only this finds out.
        sock.listen(2048)
    except OSError as e:
        sock.close()
        raise _cannot_bind(e, host, port) from e
    sock.setblocking(False)
    return sock


def url_of(sock: socket.socket) -> str:
    """The address of a bound socket as a URL."""
    host, port = sock.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine on the quickest event loop of this system, and return its result."""
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        return runner.run(main)


async def serve(
    app: Any,
    sock: socket.socket,
    *,
    on_listening: Callable[[], None],
    on_stop: Callable[[], None],
    exit_within_s: float | None = None,
) -> None:
    """Answer requests until SIGINT or SIGTERM, then end within seconds.

    `on_listening` is called once requests are answered. `on_stop` is called at the signal, before the wait: it
    ends streams, each with its error event. Answers that still run after STREAMS_END_S are cut. With
    `exit_within_s` the process ends that long after the signal, whatever hangs in some thread.
    """
    server = _Server(_config(app), on_listening)
    loop = asyncio.get_running_loop()

    def stop() -> None:
        if server.should_exit:
            server.force_exit = True
            return
        server.should_exit = True
        if exit_within_s is not None:
            _end_after(exit_within_s)
        try:
            on_stop()
        except Exception:
            log.exception("the stop was not told to all")

    undo = _on_signals(loop, stop)
    try:
        await server.serve([sock])
    finally:
        undo()


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, on_listening: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_listening = on_listening

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        # uvicorn's own signal handling raises the signal again afterwards, which would skip the caller's ending.
        await self._serve(sockets)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_listening()


class _Protocol(HttpToolsProtocol):
    """Refuses request heads without end, which the parser would collect in memory."""

    _head = 0
    _in_head = False

    def data_received(self, data: bytes) -> None:
        continued = self._in_head
        super().data_received(data)
        self._head = self._head + len(data) if continued and self._in_head else 0
        if self._head > LONGEST_HEAD and not self.transport.is_closing():
            self.transport.write(b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\n\r\n")
            self.transport.close()

    def on_message_begin(self) -> None:
        self._in_head = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._in_head = False
        super().on_headers_complete()


def _end_after(seconds: float) -> None:
    """End the process hard if it lives too long: a password service or a disk that hangs would keep it for ever."""
    timer = threading.Timer(seconds, _end_hard)
    timer.daemon = True
    timer.start()


def _end_hard() -> None:
    log.warning("the end took too long; something still hangs")
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):
            stream.flush()
    os._exit(0)


def _config(app: Any) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=_Protocol,
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=STREAMS_END_S,
    )


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


def _on_signals(loop: asyncio.AbstractEventLoop, stop: Callable[[], None]) -> Callable[[], None]:
    """Call `stop` on the loop at each signal; what is returned takes that back."""
    if threading.current_thread() is not threading.main_thread():
        return lambda: None
    try:
        for number in _SIGNALS:
            loop.add_signal_handler(number, stop)
        return lambda: _forget(loop)
    except NotImplementedError:
        before = {n: signal.signal(n, lambda *_: loop.call_soon_threadsafe(stop)) for n in _SIGNALS}
        return lambda: _restore(before)


def _forget(loop: asyncio.AbstractEventLoop) -> None:
    for number in _SIGNALS:
        loop.remove_signal_handler(number)


def _restore(before: dict[signal.Signals, Any]) -> None:
    for number, handler in before.items():
        signal.signal(number, handler)


def _cannot_bind(error: OSError, host: str, port: int) -> BooError:
    if error.errno == errno.EADDRINUSE:
        return PortTaken(host, port, holder_of(port), _free_port(host))
    if error.errno == errno.EACCES:
        return BooError(f"Port {port} needs more rights than this user has.", "Use one above 1023.", code="bad_port")
    if error.errno == errno.EADDRNOTAVAIL:
        return BooError(f"{host} is no address of this machine.", "Use --host 127.0.0.1.", code="bad_host")
    why = error.strerror or type(error).__name__
    return BooError(f"Cannot listen on {host}, port {port}: {why}.", "Choose another with --host and --port.")


def _free_port(host: str) -> int | None:
    try:
        with bind(host, 0) as sock:
            return int(sock.getsockname()[1])
    except BooError:
        return None


def holder_of(port: int, proc: Path = Path("/proc")) -> str | None:
    """Name and id of the process that listens on a TCP port, where the system tells (Linux, own processes)."""
    wanted = {f"socket:[{inode}]" for inode in _listening(port, proc)}
    if not wanted:
        return None
    for folder in proc.glob("[0-9]*"):
        with suppress(OSError):
            if any(os.readlink(fd) in wanted for fd in (folder / "fd").iterdir()):
                return f"{(folder / 'comm').read_text().strip()} (process {folder.name})"
    return None


def _listening(port: int, proc: Path) -> set[str]:
    """Inodes of the sockets that listen on a port."""
    found: set[str] = set()
    for table in ("tcp", "tcp6"):
        with suppress(OSError):
            for line in (proc / "net" / table).read_text().splitlines()[1:]:
                fields = line.split()
                if fields[3] == "0A" and int(fields[1].rpartition(":")[2], 16) == port:
                    found.add(fields[9])
    return found
