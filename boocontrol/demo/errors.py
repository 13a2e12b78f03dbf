"""The shapes of llama-swap's own errors, by version and by what the client accepts."""

from __future__ import annotations

from dataclasses import dataclass

from boocontrol.demo.formats import go_json
from boocontrol.demo.versions import Version

_CODES = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    409: "conflict",
    429: "concurrency_limit",
    500: "internal_error",
    502: "bad_gateway",
    503: "service_unavailable",
    504: "gateway_timeout",
}


@dataclass(frozen=True)
class Refusal(Exception):
    """A request that the host itself turns down. `old` is what gin versions say and send."""

    status: int
    message: str
    old_status: int = 0
    old_message: str = ""

    def for_version(self, version: Version) -> tuple[int, str]:
        if not version.gin:
            return self.status, self.message
        return self.old_status or self.status, self.old_message or self.message


def envelope(version: Version, status: int, message: str) -> str:
    """The JSON error of this version."""
    if version.gin:
        return go_json({"error": message})
    if not version.object_errors:
        return go_json({"error": message, "src": "llama-swap"})
    error = {"message": message, "type": _kind(status), "param": None, "code": _CODES[status]}
    return go_json({"src": "llama-swap", "error": error})


def error_body(version: Version, status: int, message: str, accept: str) -> tuple[str, bytes]:
    """Content type and body."""
    if version.gin:
        if "application/json" in accept:
            return "application/json; charset=utf-8", envelope(version, status, message).encode()
        return "text/plain; charset=utf-8", message.encode()
    wanted = _wanted(accept)
    if wanted == "text/plain":
        return wanted, f"llama-swap: {message}".encode()
    if wanted == "text/html":
        return wanted, f"<html><body><h1>llama-swap</h1><p>{message}</p></body></html>".encode()
    return "application/json", envelope(version, status, message).encode()


def _wanted(accept: str) -> str:
    # The first type of the list that is known decides, whatever its q says.
    for item in accept.split(","):
        kind = item.split(";")[0].strip()
        if kind in ("application/json", "text/html", "text/plain"):
            return kind
    return "application/json"


def _kind(status: int) -> str:
    if status == 401:
        return "authentication_error"
    if status == 429:
        return "rate_limit_error"
    return "server_error" if status >= 500 else "invalid_request_error"
