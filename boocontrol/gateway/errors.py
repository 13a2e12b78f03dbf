"""Error answers of the data plane, in the shape that the client's API has, with words that no client retries on."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import Any, Final

from boocontrol.core.errors import BooError

Json = dict[str, Any]

# Coding agents retry on these digits and phrases wherever they stand in an error, even under a final status.
_RETRIED_DIGITS: Final = re.compile(r"(429|50[0234]|524)")
_RETRIED_PHRASES: Final = {
    "connection refused": "nobody listens there",
    "server error": "fault of the host",
    "overloaded": "busy",
    "rate limit": "limit",
    "timed out": "took too long",
    "timeout": "time limit",
    "try again later": "try again",
}
_TYPES: Final = {400: "invalid_request_error", 401: "authentication_error", 403: "permission_error"}
_ANTHROPIC_TYPES: Final = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
}


@dataclass(eq=False)  # not frozen: raising an exception sets its traceback
class Trouble(Exception):
    """An error answer: status, code, words. `retry_after` is in seconds."""

    status: int
    code: str
    message: str
    param: str | None = None
    retry_after: int | None = None
    allow: str = ""

    @property
    def type(self) -> str:
        """OpenAI's class of errors for this status."""
        if self.status == 429:
            return "rate_limit_error"
        if self.status >= 500:
            return "upstream_error"
        return _TYPES.get(self.status, "invalid_request_error")

    def body(self, *, anthropic: bool = False) -> Json:
        """The answer's JSON: OpenAI's error object, or Anthropic's."""
        if anthropic:
            kind = _ANTHROPIC_TYPES.get(self.status, "invalid_request_error" if self.status < 500 else "api_error")
            return {"type": "error", "error": {"type": kind, "message": self.message}}
        error = {"message": self.message, "type": self.type, "param": self.param, "code": self.code}
        return {"error": error}

    @property
    def is_passing(self) -> bool:
        """Whether clients may well ask again: then the words need not hide it."""
        return self.status >= 500 or self.status == 429

    def calm(self) -> Trouble:
        """The same trouble in words that are final to every client."""
        return replace(self, message=calm(self.message))


def from_error(error: BooError, status: int) -> Trouble:
    """A refusal of the core as an answer."""
    return Trouble(status, error.code, calm(str(error)), error.param)


def calm(text: str) -> str:
    """The text without the digits and phrases that clients take for a passing fault."""
    text = _RETRIED_DIGITS.sub(lambda m: m.group()[0] + "…", text)
    for phrase, words in _RETRIED_PHRASES.items():
        text = re.sub(phrase, words, text, flags=re.IGNORECASE)
    return text


def stream_error(trouble: Trouble, style: str, last: bytes = b"") -> bytes:
    """The last event of a stream that fails: an error event of the client's API, and no [DONE]."""
    if style == "messages":
        return b"event: error\ndata: " + _dump(trouble.body(anthropic=True)) + b"\n\n"
    if style == "responses":
        return b"event: response.failed\ndata: " + _dump(_failed_response(trouble, last)) + b"\n\n"
    return b"data: " + _dump(trouble.body()) + b"\n\n"


def _failed_response(trouble: Trouble, last: bytes) -> Json:
    number = re.search(rb'"sequence_number"\s*:\s*(\d+)', last)
    response: Json = {
        "id": "resp_failed",
        "object": "response",
        "status": "failed",
        "error": {"code": trouble.code, "message": trouble.message},
        "output": [],
    }
    return {
        "type": "response.failed",
        "sequence_number": int(number.group(1)) + 1 if number else 0,
        "response": response,
    }


def _dump(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def host_words(body: bytes) -> str:
    """What a host's error body says, of any of the shapes that hosts have had; empty when it says nothing."""
    text = body.decode("utf-8", "replace").strip()
    try:
        value = json.loads(text)
    except RecursionError:
        return ""
    except ValueError:
        text = "" if text.startswith("<") else text
        return _line(text.removeprefix("llama-swap:"))
    if isinstance(value, dict):
        value = value.get("error", value.get("detail", value.get("message", "")))
    if isinstance(value, dict):
        value = value.get("message", "")
    return _line(value) if isinstance(value, str) else ""


def _line(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text).strip()[:2000]
