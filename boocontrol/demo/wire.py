"""HTTP/1.1 as values: a request as it came, and the head of an answer as Go would write it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qsl, unquote

from boocontrol.demo.formats import http_date

Headers = list[tuple[str, str]]
HOP_BY_HOP = frozenset(
    (
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    )
)
# Go holds back the first 2048 bytes; an answer that fits gets a Content-Length by itself.
GO_BUFFER = 2048


@dataclass(frozen=True)
class Request:
    """`target` is raw, `path` is its undecoded path; headers in the order sent."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    http_version: str = "1.1"
    remote_ip: str = "127.0.0.1"
    keep_alive: bool = True

    @property
    def raw_path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def path(self) -> str:
        return unquote(self.raw_path)

    @property
    def query_text(self) -> str:
        return self.target.partition("?")[2]

    def query(self, name: str) -> str | None:
        for key, value in parse_qsl(self.query_text, keep_blank_values=True):
            if key == name:
                return value
        return None

    def header(self, name: str) -> str:
        """The first line of that name, "" when there is none."""
        wanted = name.lower()
        for key, value in self.headers:
            if key.lower() == wanted:
                return value
        return ""


def reason_of(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return f"status code {status}"


def head_bytes(status: int, headers: Iterable[tuple[str, str]], extra: Headers) -> bytes:
    """Own headers sorted by name, then Date and what the framing adds, as Go orders them."""
    own = sorted(headers, key=lambda item: item[0])
    if not any(name == "Date" for name, _ in own):
        own.append(("Date", http_date()))
    lines = [f"HTTP/1.1 {status} {reason_of(status)}"]
    lines += [f"{name}: {value}" for name, value in own + extra]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def bodyless(status: int) -> bool:
    return status in (204, 304) or status < 200


def end_to_end(headers: Iterable[tuple[str, str]]) -> Headers:
    return [(name, value) for name, value in headers if name.lower() not in HOP_BY_HOP]
