"""From a form to an entry and a patch."""

from __future__ import annotations

import pytest

from boocontrol.core.errors import BadInput
from boocontrol.desktop.dialogs.provider_entry import (
    Typed,
    entry_of,
    moved,
    patch_of,
    shared_names,
    typed_of,
)
from tests.desktop.dialogs.fakes import sample_catalog

NAS = {"id": "nas", "baseUrl": "http://nas:8080", "apiKey": {"keyring": "nas"}, "theirs": 1}


def test_an_entry_leaves_defaults_out() -> None:
    typed = Typed(address="nas:8080/v1/", label="NAS", provider_id="nas")
    assert entry_of(typed, "openai") == {"id": "nas", "label": "NAS", "baseUrl": "http://nas:8080", "kind": "openai"}


def test_an_entry_keeps_what_was_chosen() -> None:
    typed = Typed("nas", "", "nas", "openai", "cloud", True, 3, False, " /ca.pem ", " 3c:52:82:1a:0f:77 ")
    assert entry_of(typed, "llama-swap") == {
        "id": "nas",
        "baseUrl": "http://nas",
        "kind": "openai",
        "location": "cloud",
        "oftenOff": True,
        "priority": 3,
        "verifyTls": False,
        "caFile": "/ca.pem",
        "macAddress": "3c:52:82:1a:0f:77",
    }


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(BadInput):
        entry_of(Typed(address="two words", provider_id="x"))


def test_an_untouched_form_changes_nothing() -> None:
    assert patch_of(NAS, typed_of(NAS)) == {}


def test_a_patch_holds_only_what_changed_and_null_for_what_goes() -> None:
    before = {**NAS, "oftenOff": True, "label": "NAS"}
    typed = Typed(address="nas:8080", label="NAS", provider_id="nas", kind="llama-swap")
    assert patch_of(before, typed) == {"oftenOff": None}


def test_a_moved_address_takes_its_key_along_only_when_confirmed() -> None:
    typed = Typed(address="nas:9090", label="nas", provider_id="nas", kind="llama-swap")
    assert moved(NAS, "nas:9090") and not moved(NAS, "http://nas:8080/v1")
    assert patch_of(NAS, typed) == {"baseUrl": "http://nas:9090"}
    confirmed = Typed("nas:9090", "nas", "nas", "llama-swap", confirm_key=True)
    assert patch_of(NAS, confirmed) == {"baseUrl": "http://nas:9090", "confirmKey": True}


def test_names_that_are_elsewhere_too() -> None:
    assert shared_names(sample_catalog(), ("qwen3", "new"), "attic") == {"den": ("qwen3",)}
    assert shared_names(None, ("qwen3",), "x") == {}
