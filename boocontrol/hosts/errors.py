"""What goes wrong between here and a host, told once in words that a person understands."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterator
from http import HTTPStatus
from urllib.parse import urlsplit

import httpx

from boocontrol.core.errors import BooError, Unreachable
from boocontrol.core.urls import origin
from boocontrol.core.values import plain

EXPIRED = {10}
WRONG_NAME = {62, 64}


class HostRefused(BooError):
    """The host answers and does not take the key, or wants one."""

    code = "key_refused"


class BadAnswer(BooError):
    """The host answers, but not what was asked for: no JSON, another shape, an error. `status` is the HTTP status."""

    code = "bad_answer"

    def __init__(self, title: str, advice: str = "", *, code: str | None = None, status: int = 200) -> None:
        super().__init__(title, advice, code=code)
        self.status = status


def translate(error: Exception, url: str) -> BooError:
    """The house's error for one of httpx. Its texts hold no header, so no key."""
    where = place(url)
    if isinstance(error, (httpx.ConnectTimeout, httpx.PoolTimeout)):
        title = f"{where} does not answer: the machine is off, asleep or not reachable from here."
        return Unreachable(title, "Check that it is on, the network or VPN, and its firewall.", code="timeout")
    if isinstance(error, (httpx.TimeoutException, TimeoutError)):
        title = f"{where} takes connections but does not answer."
        return Unreachable(title, "The server there may hang: restart it.", code="timeout")
    if isinstance(error, httpx.ConnectError):
        return _connect(error, url, where)
    if isinstance(error, httpx.RemoteProtocolError) and "peer closed" in str(error):
        title = f"{where} closed the connection in the middle of its answer."
        return Unreachable(title, "Look at the server's log there.", code="closed")
    if isinstance(error, httpx.RemoteProtocolError) and "disconnected" not in str(error):
        title = f"What answers at {where} does not speak HTTP."
        return Unreachable(title, "Check the port, and http:// against https://.", code="not_http")
    if isinstance(error, (httpx.NetworkError, httpx.RemoteProtocolError)):
        title = f"{where} closed the connection without an HTTP answer."
        return Unreachable(title, "Check what listens there, and look at its log.", code="closed")
    if isinstance(error, (httpx.LocalProtocolError, UnicodeError)):
        title = "A header of this provider holds characters that cannot be sent."
        return Unreachable(title, "Correct the provider's headers.", code="bad_header")
    return Unreachable(f"{where} cannot be asked ({type(error).__name__}).", "Check the address.")


def redirected(url: str, target: str) -> Unreachable:
    """A redirect is never followed: it would show another server the key."""
    goal = httpx.URL(url).join(target) if target else None
    if goal is None or not goal.host:
        return Unreachable(f"{place(url)} redirects to nowhere.", "Check the address.", code="redirected")
    path = urlsplit(url).path
    if origin(str(goal)) == origin(url):
        title = f"{place(url)} sends {path} on to {plain(goal.path)}, so no model server answers there."
        return Unreachable(title, "Check the address and its path.", code="redirected")
    advice = "Enter the address itself. If a login page stands in front, let the gateway pass it without one."
    return Unreachable(f"{place(url)} redirects to {place(str(goal), scheme=True)}.", advice, code="redirected")


def unexpected(status: int, url: str) -> BooError:
    """An HTTP status that no rule above expects. No figures: clients retry on texts that hold some."""
    words = phrase(status)
    if status in (502, 503, 504):
        title = f"{place(url)} answers {words!r}: the server behind it is not ready."
        return Unreachable(title, "Look at that server, or at the proxy in front of it.", code="proxy")
    return BadAnswer(f"{place(url)}{plain(urlsplit(url).path)} answers {words!r}.", "Look at its log.", status=status)


def phrase(status: int) -> str:
    """A status in words."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "an unknown status"


def place(url: str, *, scheme: bool = False) -> str:
    """Host and port of a URL as a person reads them."""
    parts = urlsplit(url)
    host = parts.hostname or "?"
    shown = f"[{host}]" if ":" in host else host
    text = shown if parts.port is None else f"{shown}:{parts.port}"
    return plain(f"{parts.scheme}://{text}" if scheme else text)


def _connect(error: Exception, url: str, where: str) -> Unreachable:
    for cause in chain(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _certificate(cause, where)
        if isinstance(cause, ssl.SSLError):
            title = f"{where} speaks no TLS that can be used."
            return Unreachable(title, "If it is a plain server, type http:// instead of https://.", code="not_tls")
        if isinstance(cause, socket.gaierror):
            title = f"The name {urlsplit(url).hostname} is not known."
            return Unreachable(title, "Check the spelling, DNS and the VPN.", code="name_unknown")
        if isinstance(cause, ConnectionRefusedError):
            title = f"Nothing listens at {where}."
            return Unreachable(title, "Start the server there, or check the port.", code="refused")
        if isinstance(cause, ConnectionResetError):
            title = f"{where} closed the connection at once."
            return Unreachable(title, "Check the port and what listens there.", code="closed")
    title = f"There is no way from here to {where}."
    return Unreachable(title, "Check the network and the VPN.", code="no_route")


def _certificate(error: ssl.SSLCertVerificationError, where: str) -> Unreachable:
    if error.verify_code in EXPIRED:
        return Unreachable(f"The certificate of {where} has expired.", "Renew it there.", code="tls_expired")
    if error.verify_code in WRONG_NAME:
        title = f"The certificate of {where} is made out to another name."
        return Unreachable(title, "Use the name in the certificate as the address.", code="tls_hostname")
    title = f"The certificate of {where} is not trusted ({re.sub('[0-9]', '', plain(error.verify_message)).strip()})."
    advice = "Give the provider the certificate of its authority (caFile), or turn verifyTls off for it."
    return Unreachable(title, advice, code="tls_untrusted")


def chain(error: BaseException) -> Iterator[BaseException]:
    """An error and what lies behind it, groups opened."""
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        if isinstance(seen, BaseExceptionGroup):
            for part in seen.exceptions:
                yield from chain(part)
        seen = seen.__cause__ or seen.__context__


def key_refused(url: str, *, sent: bool, status: int) -> HostRefused:
    """401 or 403."""
    if status == 403:
        title = f"{place(url)} forbids the request" + (" with this key." if sent else ".")
        return HostRefused(title, "Check the rights of the key, or the proxy in front of the host.")
    if sent:
        return HostRefused("The host refuses the key.", "Store the right key for this provider.")
    return HostRefused("The host needs a key.", "Store the key of this host.", code="key_wanted")
