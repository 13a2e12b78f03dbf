"""Who may come in."""

from __future__ import annotations

import pytest

from boocontrol.gateway.errors import Trouble
from boocontrol.gateway.headers import Raw
from boocontrol.gateway.security import admit
from boocontrol.gateway.state import Security

LOCAL = Security("secret-key", True, False, frozenset({"panel.lan"}), frozenset({"https://panel.lan"}))
CLOSED = Security("secret-key", False, True, frozenset(), frozenset())
HOST = (b"host", b"127.0.0.1:9503")


def verdict(path: str, *headers: tuple[bytes, bytes], rules: Security = LOCAL, host: Raw | None = None) -> str:
    try:
        return "key" if admit(path, [*(host if host is not None else [HOST]), *headers], rules) else "open"
    except Trouble as t:
        return f"{t.status} {t.code}"


@pytest.mark.parametrize(
    "host", [b"127.0.0.1:9503", b"localhost", b"LOCALHOST:1", b"[::1]:9503", b"192.168.1.5", b"panel.lan:80"]
)
def test_hosts_that_are_ours(host: bytes) -> None:
    assert verdict("/v1/models", host=[(b"host", host)]) == "open"


@pytest.mark.parametrize(
    "host", [b"evil.example", b"evil.example:9503", b"", b"localhost.evil.example", b"[::1", b"[::1]evil"]
)
def test_foreign_hosts_are_refused(host: bytes) -> None:
    assert verdict("/v1/models", host=[(b"host", host)]) == "403 host_refused"
    assert verdict("/v1/models", host=[]) == "403 host_refused"


@pytest.mark.parametrize("origin", [b"null", b"http://localhost:3000", b"http://127.0.0.1:9503", b"https://x.example"])
def test_foreign_origins_are_refused(origin: bytes) -> None:
    assert verdict("/v1/models", (b"origin", origin)) == "403 origin_refused"


def test_an_allowed_origin_comes_in() -> None:
    assert verdict("/v1/models", (b"origin", b"https://panel.lan")) == "open"


def test_the_api_always_needs_the_key() -> None:
    assert verdict("/api/status") == "401 key_required"
    assert verdict("/api/openapi.json") == "open"
    assert verdict("/api/status", (b"authorization", b"Bearer wrong")) == "401 key_wrong"
    assert verdict("/api/status", (b"authorization", b"bearer secret-key")) == "key"
    assert verdict("/api/status", (b"x-api-key", b"secret-key")) == "key"


def test_v1_is_open_on_loopback_with_any_authorization() -> None:
    assert verdict("/v1/models", (b"authorization", b"Bearer sk-whatever")) == "open"


@pytest.mark.parametrize("path", ["/v1/models", "/metrics", "/upstream/a/b/props", "/api/status", "/nowhere"])
def test_off_loopback_everything_needs_the_key(path: str) -> None:
    assert verdict(path, rules=CLOSED) == "401 key_required"
    assert verdict(path, (b"authorization", b"Bearer secret-key"), rules=CLOSED) == "key"


def test_liveness_is_open_so_that_a_gateway_can_be_known_before_it_gets_a_key() -> None:
    assert verdict("/healthz", rules=CLOSED) == "open"


@pytest.mark.parametrize(
    "headers",
    [
        [HOST, HOST],
        [HOST, (b"host", b"localhost")],
        [HOST, (b"content-length", b"1"), (b"content-length", b"2")],
        [HOST, (b"content-length", b"1"), (b"transfer-encoding", b"chunked")],
    ],
)
def test_ambiguous_requests_are_refused(headers: Raw) -> None:
    assert verdict("/v1/models", host=headers) == "400 ambiguous_request"
