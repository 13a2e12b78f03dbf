"""Who may come in: Host, Origin and key, judged before anything else is read. Pure functions."""

from __future__ import annotations

import hmac
import ipaddress
from functools import lru_cache
from typing import Final

from boocontrol.core.urls import is_loopback
from boocontrol.gateway.errors import Trouble
from boocontrol.gateway.headers import Raw
from boocontrol.gateway.state import Security

ALWAYS_OPEN: Final = frozenset(("/healthz", "/api/openapi.json"))


def check_framing(headers: Raw) -> None:
    """Refuse what two programs may read differently: two lengths, a length and chunks, two hosts. Raises Trouble."""
    seen: dict[bytes, bytes] = {}
    for name, value in headers:
        if name in (b"content-length", b"host", b"transfer-encoding"):
            if name in seen and (name == b"host" or seen[name] != value):
                raise Trouble(400, "ambiguous_request", f"The header {name.decode()} stands there twice.")
            seen[name] = value
    if b"content-length" in seen and b"transfer-encoding" in seen:
        raise Trouble(400, "ambiguous_request", "Content-Length and Transfer-Encoding exclude each other.")


def admit(path: str, headers: Raw, rules: Security) -> bool:
    """Whether the request brought the gateway's key. Raises Trouble (400, 401, 403) when it may not come in."""
    check_framing(headers)
    fields = dict(headers)
    host = fields.get(b"host", b"").decode("latin-1")
    if not _is_ours(host, rules.allowed_hosts):
        text = f"The host name {_short(host.encode())} is not one of this gateway's."
        raise Trouble(403, "host_refused", f"{text} Add it to allowed_hosts in the settings.")
    origin = fields.get(b"origin")
    if origin is not None and not origin_allowed(origin, rules):
        text = f"The web origin {_short(origin)} may not call this gateway. Add it to allowed_origins in the settings."
        raise Trouble(403, "origin_refused", text)
    good = holds_key(headers, rules)
    if not good and _needs_key(path, rules):
        raise _no_key(_offered(fields))
    return good


def holds_key(headers: Raw, rules: Security) -> bool:
    """Whether a request brought the gateway's key, as it is now."""
    offered = _offered(dict(headers))
    return offered is not None and hmac.compare_digest(offered, rules.key.encode())


def is_addressed(headers: Raw, rules: Security) -> bool:
    """Whether a request names this machine, and only once. Raises Trouble for an ambiguous one."""
    check_framing(headers)
    return _is_ours(dict(headers).get(b"host", b"").decode("latin-1"), rules.allowed_hosts)


def origin_allowed(origin: bytes, rules: Security) -> bool:
    """Whether the user let pages of this origin call the gateway."""
    return origin.decode("latin-1").rstrip("/").lower() in rules.allowed_origins


def _needs_key(path: str, rules: Security) -> bool:
    if path in ALWAYS_OPEN:
        return False
    return rules.require_key or path == "/api" or path.startswith("/api/")


def _offered(fields: dict[bytes, bytes]) -> bytes | None:
    """The key in `Authorization: Bearer` or `x-api-key`, None without one."""
    scheme, _, token = fields.get(b"authorization", b"").partition(b" ")
    if scheme.lower() == b"bearer":
        return token.strip()
    return fields.get(b"x-api-key")


def _no_key(offered: bytes | None) -> Trouble:
    if offered is None:
        text = "This needs the gateway's key. Send it as Authorization: Bearer KEY; boocontrol gateway key shows it."
        return Trouble(401, "key_required", text)
    return Trouble(401, "key_wrong", "This is not the gateway's key. boocontrol gateway key shows the right one.")


@lru_cache(256)
def _is_ours(host: str, allowed: frozenset[str]) -> bool:
    """Whether a Host header names this machine. Another name means that a web page made its own point here."""
    name = _name(host)
    return bool(name) and (is_loopback(name) or _is_address(name) or name.lower().rstrip(".") in allowed)


def _name(host: str) -> str:
    if host.startswith("["):
        name, closed, port = host[1:].partition("]")
        return name if closed and (not port or port.startswith(":")) else ""
    return host.rpartition(":")[0] if host.count(":") == 1 else host


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _short(text: bytes) -> str:
    return ascii(text.decode("latin-1")[:100])
