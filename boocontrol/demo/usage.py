"""Reads token counts and the reason of a failure out of an answer, as llama-swap does."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from boocontrol.demo.activity import Tokens
from boocontrol.demo.wire import reason_of


def tokens_of(content_type: str, body: bytes) -> Tokens | None:
    """None when nothing usable was said, as in a stream that was cut."""
    if "text/event-stream" in content_type:
        return _of_stream(body)
    document = _parse(body)
    return _of_document(document) if document is not None else None


def failure_of(status: int, body: bytes) -> str:
    document = _parse(body)
    error = document.get("error") if document else None
    if isinstance(error, dict) and isinstance(error.get("message"), str):
        return str(error["message"])
    return error if isinstance(error, str) else f"{status} {reason_of(status)}"


def _parse(body: bytes | str) -> dict[str, Any] | None:
    with suppress(ValueError):
        document = json.loads(body)
        if isinstance(document, dict):
            return document
    return None


def _of_stream(body: bytes) -> Tokens | None:
    for line in reversed(body.decode("utf-8", "replace").splitlines()):
        if line.startswith("data:"):
            document = _parse(line[5:].strip())
            found = _of_document(document) if document else None
            if found is not None:
                return found
    return None


def _of_document(document: dict[str, Any]) -> Tokens | None:
    inner = document.get("response")
    if isinstance(inner, dict):
        document = inner
    usage, timings = document.get("usage"), document.get("timings")
    if isinstance(timings, dict):
        return Tokens(
            cache=int(timings.get("cache_n", -1)),
            draft=int(timings.get("draft_n", -1)),
            draft_accepted=int(timings.get("draft_n_accepted", -1)),
            input=int(timings.get("prompt_n", 0)),
            output=int(timings.get("predicted_n", 0)),
            prompt_speed=float(timings.get("prompt_per_second", -1)),
            gen_speed=float(timings.get("predicted_per_second", -1)),
        )
    if not isinstance(usage, dict):
        return None
    found: dict[str, Any] = usage
    return Tokens(
        cache=int(found.get("cache_read_input_tokens", -1)),
        draft=-1,
        draft_accepted=-1,
        input=int(found.get("prompt_tokens", found.get("input_tokens", 0))),
        output=int(found.get("completion_tokens", found.get("output_tokens", 0))),
        prompt_speed=-1,
        gen_speed=-1,
    )
