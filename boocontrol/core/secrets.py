"""Keys: read by reference from the OS keyring or a named environment variable, written to the keyring only.

The library `keyring` is imported on first use: it costs 40 ms and many installations never need it. Every call
may block on the desktop's password service, so async callers run it in a thread.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, NoReturn, Protocol

from pydantic import SecretStr

from boocontrol.core.errors import SecretError
from boocontrol.core.registry import KeyRef

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "boocontrol"


class KeyStore(Protocol):
    """Where named keys are kept: the OS keyring, or memory in tests."""

    def get(self, name: str) -> str | None: ...
    def set(self, name: str, value: str) -> None: ...
    def delete(self, name: str) -> None: ...


class KeyringStore:
    """The OS keyring (service `boocontrol`, user = the name in the reference)."""

    def get(self, name: str) -> str | None:
        """The stored key, None when there is none. Raises SecretError when the keyring cannot be asked."""
        try:
            return _backend().get_password(SERVICE, name)
        except Exception as e:
            _tell(e)

    def set(self, name: str, value: str) -> None:
        """Store a key. Raises SecretError."""
        try:
            _backend().set_password(SERVICE, name, value)
        except Exception as e:
            _tell(e)

    def delete(self, name: str) -> None:
        """Forget a key; one that is not there is no error. Raises SecretError."""
        from keyring.errors import PasswordDeleteError

        try:
            _backend().delete_password(SERVICE, name)
        except PasswordDeleteError:
            return
        except Exception as e:
            _tell(e)

    def describe(self) -> str:
        """The name of the keyring in use, for doctor. Raises SecretError when there is none."""
        return str(_backend().name)


class MemoryStore:
    """Keys in memory, for tests and the demo."""

    def __init__(self, keys: Mapping[str, str] | None = None) -> None:
        self._keys = dict(keys or {})

    def get(self, name: str) -> str | None:
        return self._keys.get(name)

    def set(self, name: str, value: str) -> None:
        self._keys[name] = value

    def delete(self, name: str) -> None:
        self._keys.pop(name, None)


def read_key(ref: KeyRef | None, store: KeyStore, environ: Mapping[str, str] = os.environ) -> SecretStr | None:
    """The key behind a reference, None without a reference. Raises SecretError naming what is missing."""
    if ref is None:
        return None
    if ref.env is not None:
        value = environ.get(ref.env, "").strip()
        if not value:
            title = f"The environment variable {ref.env}, which holds the key, is not set."
            raise SecretError(title, "Set it for the gateway's process, or store the key in the keyring.")
        return _usable(value, f"The environment variable {ref.env}")
    name = ref.keyring or ""
    stored = store.get(name)
    if not stored:
        title = f"The keyring holds no key named {name!r}."
        raise SecretError(title, "Store it: boocontrol providers key set PROVIDER.")
    return _usable(stored, f"The keyring's entry {name!r}")


def _usable(value: str, where: str) -> SecretStr:
    """The key, if it is one that a header can carry."""
    if not (value.isascii() and value.isprintable()):
        raise SecretError(f"{where} holds something else than a key.", "Store the key again.", code="key_unusable")
    return SecretStr(value)


def _backend() -> KeyringBackend:
    """The keyring of this desktop. A null, failing or plain-text one is none: keys are never kept in clear."""
    import keyring
    from keyring.backends import fail, null

    backend = keyring.get_keyring()
    if isinstance(backend, fail.Keyring) and (found := _started_since()) is not None:
        keyring.set_keyring(backend := found)
    plain_text = "plaintext" in type(backend).__name__.lower()
    if isinstance(backend, (fail.Keyring, null.Keyring)) or plain_text:
        raise SecretError(
            "This computer has no password store that can be used.",
            "Start one (such as GNOME Keyring or KWallet), or name an environment variable as the key's source.",
            code="keyring_missing",
        )
    return backend


def _started_since() -> KeyringBackend | None:
    """The best keyring that is there now: the library looks once, and a password service may be started later."""
    from keyring.backend import KeyringBackend
    from keyring.backends.chainer import ChainerBackend
    from keyring.core import load_config, load_env

    if load_env() is not None or load_config() is not None:
        return None  # the user has chosen
    # Below 1 the library itself does not recommend one; the chain is made of what was there at first.
    kinds = [k for k in KeyringBackend.get_viable_backends() if k.priority >= 1 and k is not ChainerBackend]
    return max(kinds, key=lambda kind: kind.priority)() if kinds else None


def _tell(error: Exception) -> NoReturn:
    """Say a keyring fault in words; the foreign text is left out, since it may hold what was stored."""
    if isinstance(error, SecretError):
        raise error
    from keyring.errors import InitError, KeyringLocked, NoKeyringError

    if isinstance(error, KeyringLocked):
        raise SecretError(
            "The keyring is locked.", "Unlock it (log in to the desktop) and try again.", code="keyring_locked"
        ) from error
    if isinstance(error, (NoKeyringError, InitError)):
        raise SecretError(
            "The keyring does not answer.",
            "Start the desktop's password service, or use an environment variable as the key's source.",
            code="keyring_missing",
        ) from error
    raise SecretError(
        f"The keyring failed ({type(error).__name__}).", "Look at the password service.", code="keyring_failed"
    ) from error
