"""Keys by reference. What cannot be read says which of the ways it failed."""

from __future__ import annotations

from collections.abc import Iterator

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError

from boocontrol.core import KeyRef, SecretError
from boocontrol.core.secrets import KeyringStore, MemoryStore, read_key


class Backend(KeyringBackend):
    """A keyring in memory that can be locked."""

    priority = 1  # type: ignore[assignment]
    locked = False

    def __init__(self) -> None:
        super().__init__()
        self.held: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise KeyringLocked("sk-inner")
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.locked:
            raise RuntimeError(password)
        self.held[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if (service, username) not in self.held:
            raise PasswordDeleteError
        del self.held[service, username]


@pytest.fixture
def backend() -> Iterator[Backend]:
    before, mine = keyring.get_keyring(), Backend()
    keyring.set_keyring(mine)
    yield mine
    keyring.set_keyring(before)


def test_a_keyring_name(backend: Backend) -> None:
    store = KeyringStore()
    store.set("attic", "sk-1")
    assert backend.held == {("boocontrol", "attic"): "sk-1"}
    key = read_key(KeyRef(keyring="attic"), store)
    assert key is not None and key.get_secret_value() == "sk-1"
    assert "sk-1" not in repr(key) + str(key)
    store.delete("attic")
    store.delete("attic")
    with pytest.raises(SecretError) as told:
        read_key(KeyRef(keyring="attic"), store)
    assert told.value.code == "key_missing"


def test_a_locked_or_failing_keyring_is_its_own_error(backend: Backend) -> None:
    backend.locked = True
    with pytest.raises(SecretError) as told:
        KeyringStore().get("attic")
    assert told.value.code == "keyring_locked"
    with pytest.raises(SecretError) as told:
        KeyringStore().set("attic", "sk-2")
    assert told.value.code == "keyring_failed"
    assert "sk-" not in str(told.value)


def test_a_keyring_that_is_started_later_is_found(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> None:
    from keyring.backend import KeyringBackend
    from keyring.backends import fail

    keyring.set_keyring(fail.Keyring())
    monkeypatch.setattr(KeyringBackend, "get_viable_backends", lambda: [type(backend), fail.Keyring])
    store = KeyringStore()
    store.set("attic", "k")
    assert store.get("attic") == "k" and type(keyring.get_keyring()) is type(backend)


def test_no_keyring_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    from keyring.backend import KeyringBackend
    from keyring.backends import fail

    before = keyring.get_keyring()
    monkeypatch.setattr(KeyringBackend, "get_viable_backends", lambda: [fail.Keyring])
    keyring.set_keyring(fail.Keyring())
    try:
        with pytest.raises(SecretError) as told:
            KeyringStore().get("attic")
    finally:
        keyring.set_keyring(before)
    assert told.value.code == "keyring_missing"


def test_an_environment_variable() -> None:
    key = read_key(KeyRef(env="MY_KEY"), MemoryStore(), {"MY_KEY": " sk-3 "})
    assert key is not None and key.get_secret_value() == "sk-3"
    with pytest.raises(SecretError, match="MY_KEY"):
        read_key(KeyRef(env="MY_KEY"), MemoryStore(), {"MY_KEY": ""})
    assert read_key(None, MemoryStore()) is None
