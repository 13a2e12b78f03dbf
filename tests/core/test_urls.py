"""Addresses as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boocontrol.core import BadInput
from boocontrol.core.urls import is_loopback, normalise_base_url, origin


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("box:8080", "http://box:8080"),
        (" http://Box:8080/ ", "http://box:8080"),
        ("http://box:8080/v1", "http://box:8080"),
        ("http://box:8080/v1/", "http://box:8080"),
        ("http://box:8080/v1/chat/completions", "http://box:8080"),
        ("box/v1/models", "http://box"),
        ("http://box:8080/ui", "http://box:8080"),
        ("http://box:8080/ui/models", "http://box:8080"),
        ("https://lab.example/llama/v1/", "https://lab.example/llama"),
        ("HTTPS://h", "https://h"),
        ("192.168.1.20:8401", "http://192.168.1.20:8401"),
        ("[::1]:8080", "http://[::1]:8080"),
        ("localhost:8080", "http://localhost:8080"),
        ("box.:80//", "http://box:80"),
    ],
)
def test_typed_forms(typed: str, meant: str) -> None:
    assert normalise_base_url(typed) == meant
    assert normalise_base_url(meant) == meant


@pytest.mark.parametrize(
    "typed",
    ["", "  ", "ftp://box", "http://", "http://user:secret@box", "http://box?key=1", "http://box#x", "box:port",
     "http://[::1", "http://a b", "box:99999", "http://[nonsense]:80"],
)  # fmt: skip
def test_what_is_no_address_says_why(typed: str) -> None:
    with pytest.raises(BadInput) as told:
        normalise_base_url(typed)
    assert told.value.advice
    assert "secret" not in str(told.value)


@given(st.text(max_size=40))
def test_any_text_gives_an_address_or_a_reason(typed: str) -> None:
    try:
        meant = normalise_base_url(typed)
    except BadInput:
        return
    assert normalise_base_url(meant) == meant


def test_origins_and_loopback() -> None:
    assert origin("http://box") == ("http", "box", 80)
    assert origin("https://box/x") == ("https", "box", 443)
    assert is_loopback("127.0.0.2") and is_loopback("::1") and is_loopback("LocalHost")
    assert not is_loopback("10.0.0.1") and not is_loopback("localhost.example")
