"""The gateway's own key: made at the first start, in a file that only its user can read."""

from __future__ import annotations

import os
import re
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

from boocontrol.core.errors import BooError, SecretError
from boocontrol.core.files import read_bytes, write_atomic

NAME: Final = "gateway.key"
_USABLE: Final = re.compile(r"[A-Za-z0-9._~+/=-]{16,512}")


def key_file(data_dir: Path) -> Path:
    """Where the key is kept."""
    return data_dir / NAME


def gateway_key(data_dir: Path) -> str:
    """The key, made if there is none; permissions are repaired. Raises BooError."""
    path = key_file(data_dir)
    found = _read(path)
    if found is None:
        _create(path)
        found = _read(path)
    if found is None:
        raise BooError(
            f"The key file {path} is empty.", "Remove the file and start the gateway: it makes a new key.", code="file"
        )
    _close_to_others(path)
    return found


def renew_key(data_dir: Path) -> str:
    """A new key in place of the old one. Raises BooError."""
    path = key_file(data_dir)
    key = secrets.token_urlsafe(32)
    write_atomic(path, f"{key}\n".encode())
    _close_to_others(path)
    return key


def _read(path: Path) -> str | None:
    """The key in the file; None for no file or an empty one."""
    data = read_bytes(path)
    text = (data or b"").decode("ascii", "replace").strip()
    if not text:
        return None
    if not _USABLE.fullmatch(text):
        title = f"The key file {path} holds no usable key: 16 letters and digits or more, on one line."
        raise SecretError(title, "Remove the file and start the gateway: it makes a new key.", code="key_unusable")
    return text


def _create(path: Path) -> None:
    """Write a new key, unless another gateway that starts at the same moment did so first."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}.new")
    write_atomic(fresh, f"{secrets.token_urlsafe(32)}\n".encode())
    try:
        if path.exists() and path.stat().st_size == 0:
            os.replace(fresh, path)
            return
        os.link(fresh, path)
    except FileExistsError:
        return
    except OSError:
        # Some file systems have no hard links.
        with suppress(OSError):
            os.replace(fresh, path)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(fresh)


def _close_to_others(path: Path) -> None:
    try:
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
    except OSError as e:
        why = (e.strerror or type(e).__name__).lower()
        raise BooError(f"The key file {path} is open to others: {why}.", f"Run: chmod 600 {path}", code="file") from e
