"""Files written so that nothing is lost: atomic, guarded against a change meanwhile, mode and symlink kept."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from boocontrol.core.errors import BooError, Stale


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a file was when it was read: a digest of its bytes, None when it was absent."""

    digest: str | None

    @property
    def etag(self) -> str:
        """The stamp as an HTTP entity tag."""
        return f'"{self.digest or "absent"}"'


def stamp_of(data: bytes | None) -> Stamp:
    """The stamp of a file's content; None is an absent file."""
    return Stamp(None if data is None else hashlib.sha256(data).hexdigest()[:20])


def read_bytes(path: Path) -> bytes | None:
    """The file's content, None when there is no file. Other faults of the system are told as BooError."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as e:
        raise _told(e, path, "read") from e


def write_atomic(path: Path, data: bytes, *, expect: Stamp | None = None, mode: int = 0o600) -> Stamp:
    """Replace a file's content in one step: temporary file beside it, fsync, rename.

    A symlink is followed, the mode bits of an existing file stay (`mode` is for a new one). With `expect`, the
    write is refused (Stale) when the file is no longer what was read.
    """
    target = Path(os.path.realpath(path))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        bits = _mode(target, mode)
        temporary = _temporary(target, data, bits)
    except OSError as e:
        raise _told(e, path, "write") from e
    try:
        if expect is not None and stamp_of(read_bytes(target)) != expect:
            raise Stale(f"{path} changed since it was read.", "Read it again and repeat the change.")
        os.replace(temporary, target)
    except OSError as e:
        raise _told(e, path, "write") from e
    finally:
        with suppress(FileNotFoundError):
            os.unlink(temporary)
    _sync_folder(target.parent)
    return stamp_of(data)


def backup(path: Path, *, keep: int = 5) -> Path | None:
    """Copy a file beside itself as `name.bak-1` (newest) … `name.bak-<keep>`; None when there is nothing to copy."""
    target = Path(os.path.realpath(path))
    data = read_bytes(target)
    if data is None:
        return None
    for number in range(keep - 1, 0, -1):
        with suppress(FileNotFoundError):
            os.replace(_backup_name(target, number), _backup_name(target, number + 1))
    newest = _backup_name(target, 1)
    write_atomic(newest, data, mode=stat.S_IMODE(target.stat().st_mode))
    return newest


def _backup_name(target: Path, number: int) -> Path:
    return target.with_name(f"{target.name}.bak-{number}")


def _mode(target: Path, default: int) -> int:
    try:
        return stat.S_IMODE(target.stat().st_mode)
    except FileNotFoundError:
        return default


def _temporary(target: Path, data: bytes, bits: int) -> str:
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".new", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as f:
            f.write(data)
            f.flush()
            os.fsync(f.fileno())
        os.chmod(name, bits)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(name)
        raise
    return name


def _sync_folder(folder: Path) -> None:
    """Make the rename itself durable, where the system lets a folder be opened."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _told(error: OSError, path: Path, verb: str) -> BooError:
    why = error.strerror or type(error).__name__
    return BooError(f"Cannot {verb} {path}: {why}.", "Check the path, its permissions and the free space.", code="file")
