"""The logs of a host: rings of text, and those who follow them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

LIMIT = 100 * 1024
Follower = Callable[[str], None]


class LogRing:
    """The last 100 KiB of a log."""

    def __init__(self) -> None:
        self._pieces: deque[str] = deque()
        self._size = 0
        self._followers: list[Follower] = []

    @property
    def text(self) -> str:
        return "".join(self._pieces)

    def write(self, text: str) -> None:
        self._pieces.append(text)
        self._size += len(text)
        while self._size > LIMIT and len(self._pieces) > 1:
            self._size -= len(self._pieces.popleft())
        for follower in list(self._followers):
            follower(text)

    def follow(self, follower: Follower) -> Callable[[], None]:
        """Returns how to stop."""
        self._followers.append(follower)
        return lambda: self._followers.remove(follower)


class LogBook:
    """What the host says (`proxy`) and what its model servers say (`upstream`, and each)."""

    def __init__(self) -> None:
        self.proxy = LogRing()
        self.upstream = LogRing()
        self._models: dict[str, LogRing] = {}

    def info(self, text: str) -> None:
        self.proxy.write(f"[INFO] {text}\n")

    def warn(self, text: str) -> None:
        self.proxy.write(f"[WARN] {text}\n")

    def model(self, model_id: str) -> LogRing:
        return self._models.setdefault(model_id, LogRing())

    def from_model(self, model_id: str, text: str) -> None:
        self.model(model_id).write(f"{text}\n")
        self.upstream.write(f"{text}\n")
