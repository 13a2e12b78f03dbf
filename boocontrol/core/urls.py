"""Addresses that people type, brought to one form: scheme, host, port, path without slash, /v1 or /ui at the end."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

from boocontrol.core.errors import BadInput

_SCHEME = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*://")
_TYPED_TAIL = re.compile(
    r"/(v1(/(models|chat(/completions)?|completions|responses|messages|embeddings))?|ui(/.*)?|upstream|running|health)$"
)
_HOST = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_])?\.?")


def normalise_base_url(text: str) -> str:
    """The base URL meant by what was typed: `box:8080/v1/` becomes `http://box:8080`.

    Raises BadInput (param `baseUrl`) for what is no http address, or holds a user name, a key or a query.
    """
    typed = text.strip()
    if not typed:
        raise _bad(
            "The address is empty.",
            "Type the host and port of the server, such as 192.168.1.20:8080.",
        )
    url = _split(typed if _SCHEME.match(typed) else f"http://{typed}", typed)
    _check(url, typed)
    host = (url.hostname or "").rstrip(".")
    shown = f"[{host}]" if ":" in host else host
    port = f":{url.port}" if url.port is not None else ""
    return f"{url.scheme.lower()}://{shown}{port}{_path(url.path)}"


def _split(url: str, typed: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise _bad(f"{typed!r} is not an address.", "Check the port and the brackets of an IPv6 address.") from None
    return parts


def _check(url: SplitResult, typed: str) -> None:
    if url.scheme.lower() not in ("http", "https"):
        raise _bad(f"{url.scheme}:// is not spoken by model servers.", "Use http:// or https://.")
    if url.username is not None or url.password is not None:
        raise _bad(
            "The address holds a user name or password.",
            "Leave it out and store the key as the provider's key.",
        )
    if url.query or url.fragment:
        raise _bad(f"The address {typed!r} has a part after ? or #.", "Leave that part out.")
    if not _is_host(url.hostname or ""):
        raise _bad(
            f"{typed!r} names no host.",
            "Type the host and port of the server, such as 192.168.1.20:8080.",
        )


def _is_host(host: str) -> bool:
    if ":" in host:
        try:
            ipaddress.IPv6Address(host.partition("%")[0])
        except ValueError:
            return False
        return True
    return bool(_HOST.fullmatch(host))


def _path(path: str) -> str:
    """The path without what belongs to the API or the web page. A prefix of a reverse proxy stays."""
    path = re.sub(r"/{2,}", "/", path).rstrip("/")
    while match := _TYPED_TAIL.search(path):
        path = path[: match.start()].rstrip("/")
    return path


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port of a normalised URL: a key belongs to one origin."""
    parts = urlsplit(url)
    return (
        parts.scheme,
        parts.hostname or "",
        parts.port or (443 if parts.scheme == "https" else 80),
    )


def is_loopback(host: str) -> bool:
    """True for the names and addresses by which this machine calls itself."""
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]").partition("%")[0]).is_loopback
    except ValueError:
        return False


def _bad(title: str, advice: str) -> BadInput:
    return BadInput(title, advice, code="bad_address", param="baseUrl")
