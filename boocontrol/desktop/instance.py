"""One window per user and registry: the second start asks the first to show itself, and ends."""

from __future__ import annotations

import getpass
import hashlib
import logging
import os
from pathlib import Path
from typing import Final

from PySide6.QtCore import QDir, QLockFile, QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from boocontrol.core.paths import runtime_dir

log = logging.getLogger(__name__)

RAISE: Final = b"raise\n"
OK: Final = b"ok\n"
ANSWER_MS: Final = 1000
# Of 108 (Linux) or 104 bytes; Qt binds in a folder beside it first, whose name it adds.
LONGEST_PATH: Final = 80


class Instance(QObject):
    """The claim of one desktop. `claim` is True for the first; `raised` comes when another one was started."""

    raised = Signal()

    def __init__(self, registry: Path, parent: QObject | None = None, *, folder: Path | None = None) -> None:
        super().__init__(parent)
        name = _name(registry)
        base = folder or runtime_dir()
        base.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.address = _address(base, name)
        self._lock = QLockFile(str(base / f"{name}.lock"))
        # Only the death of its owner makes a lock stale, not its age.
        self._lock.setStaleLockTime(0)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._called)

    def claim(self) -> bool:
        """Be the one, or ask the one to show itself. False: there is one already, and this process should end.

        One that crashed is no more the one: its lock and its socket are cleared away. One that hangs is still the
        one, so that two never write over each other; it takes ANSWER_MS to find that out.
        """
        if not self._lock.tryLock(0):
            self._ask()
            return False
        QLocalServer.removeServer(self.address)
        if not self._server.listen(self.address):
            log.warning("a second start cannot raise this window: %s", self._server.errorString())
        return True

    def release(self) -> None:
        """Let another one be the one."""
        self._server.close()
        self._lock.unlock()

    def _ask(self) -> bool:
        socket = QLocalSocket()
        socket.connectToServer(self.address)
        if not socket.waitForConnected(ANSWER_MS):
            return False
        socket.write(RAISE)
        answered = socket.waitForReadyRead(ANSWER_MS) and bytes(socket.readAll().data()) == OK
        socket.disconnectFromServer()
        return answered

    def _called(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.setReadBufferSize(64)
            socket.readyRead.connect(lambda socket=socket: self._read(socket))
            socket.disconnected.connect(socket.deleteLater)

    def _read(self, socket: QLocalSocket) -> None:
        if socket.canReadLine() and bytes(socket.readLine().data()) == RAISE:
            socket.write(OK)
            socket.flush()
            self.raised.emit()


def _address(folder: Path, name: str) -> str:
    """Where the socket is: beside the lock, unless its path would be longer than sockets' paths may be."""
    if os.name != "posix":
        return name
    path = str(folder / name)
    return path if len(os.fsencode(path)) <= LONGEST_PATH else str(Path(QDir.tempPath()) / name)


def _name(registry: Path) -> str:
    whose = f"{getpass.getuser()}\0{os.path.realpath(registry)}"
    return f"boocontrol-{hashlib.sha256(whose.encode()).hexdigest()[:12]}"
