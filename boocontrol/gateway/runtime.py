"""The runtime file of this gateway: claimed by a lock, so that one registry is served by one gateway."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from boocontrol.core.api import RuntimeInfo
from boocontrol.core.errors import BooError
from boocontrol.core.files import write_atomic
from boocontrol.core.paths import runtime_file
from boocontrol.core.runtime_file import read_runtime

EXIT_ANOTHER_GATEWAY: Final = 8


class AnotherGateway(BooError):
    """Another gateway serves this registry already; `info` says which, None while it is still starting."""

    code = "another_gateway"
    exit_code = EXIT_ANOTHER_GATEWAY

    def __init__(self, registry: Path, info: RuntimeInfo | None) -> None:
        where = f"at {info.url} (process {info.pid})" if info else "which is just starting"
        super().__init__(
            f"Another gateway {where} serves {registry} already.",
            "Use that one, stop it first, or serve another registry with --registry.",
        )
        self.info = info


class Runtime:
    """The claim on one registry. Held from `claim` until `release`, or until nobody holds this object."""

    def __init__(self, path: Path, lock: FileLock) -> None:
        self.path = path
        self._lock = lock

    def publish(self, info: RuntimeInfo) -> None:
        """Tell other programs where this gateway is. Raises BooError."""
        write_atomic(self.path, info.model_dump_json(by_alias=True).encode() + b"\n")
        with suppress(OSError):
            self.path.chmod(0o600)

    def release(self) -> None:
        """Remove the file, then let go of the lock. The lock's own file stays: removing it would split the lock."""
        if self._lock.is_locked:
            with suppress(OSError):
                self.path.unlink()
            self._lock.release()


def claim(registry: Path, folder: Path | None = None) -> Runtime:
    """Claim a registry for this process. What a dead gateway left for it is removed; other registries' is not ours.

    Raises AnotherGateway, and BooError when the runtime folder cannot be used.
    """
    path = runtime_file(registry, folder)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = _lock(path)
        lock.acquire()
    except Timeout:
        raise AnotherGateway(registry, read_runtime(path)) from None
    except (OSError, NotImplementedError) as e:
        why = getattr(e, "strerror", None) or type(e).__name__
        raise BooError(
            f"The runtime folder {path.parent} cannot be used: {why}.",
            "Check its permissions, or set XDG_RUNTIME_DIR to a folder of yours.",
            code="file",
        ) from e
    with suppress(FileNotFoundError):
        path.unlink()
    return Runtime(path, lock)


def _lock(path: Path) -> FileLock:
    return FileLock(f"{path}.lock", timeout=0, mode=0o600, thread_local=False)
