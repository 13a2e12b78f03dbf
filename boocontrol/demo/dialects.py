"""How a model server words one answer: OpenAI chat and text completions, and what they share."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from boocontrol.demo.formats import plain_json
from boocontrol.demo.script import Turn


class Dialect(Protocol):
    """Events are whole, with their empty line. `piece` gets "text" or "reasoning"."""

    def whole(self, turn: Turn) -> dict[str, Any]: ...
    def opening(self, turn: Turn) -> Iterable[str]: ...
    def piece(self, turn: Turn, kind: str, text: str) -> str: ...
    def closing(self, turn: Turn) -> Iterable[str]: ...


def data_event(document: Any) -> str:
    return f"data: {plain_json(document).decode()}\n\n"


def named_event(document: Mapping[str, Any]) -> str:
    return f"event: {document['type']}\n{data_event(document)}"


def call_of(turn: Turn) -> dict[str, Any]:
    call = dict(turn.tool_call or {})
    function = {"name": call.get("name", "tool"), "arguments": call.get("arguments", "{}")}
    return {"id": call.get("id", "call_x"), "type": "function", "function": function}


class ChatDialect:
    """POST /v1/chat/completions."""

    def _base(self, turn: Turn, kind: str) -> dict[str, Any]:
        return {
            "id": "chatcmpl-x",
            "created": int(time.time()),
            "model": turn.model,
            "system_fingerprint": "b0-x",
            "object": kind,
        }

    def whole(self, turn: Turn) -> dict[str, Any]:
        message: dict[str, Any] = {"role": "assistant", "content": turn.text}
        if turn.reasoning:
            message["reasoning_content"] = "".join(turn.reasoning).strip()
        if turn.tool_call is not None:
            message["tool_calls"] = [call_of(turn)]
        choice = {"finish_reason": finish_of(turn), "index": 0, "message": message}
        return {
            "choices": [choice],
            **self._base(turn, "chat.completion"),
            "usage": turn.usage,
            "timings": turn.timings,
        }

    def _delta(self, turn: Turn, delta: dict[str, Any], finish: str | None = None) -> str:
        choice = {"finish_reason": finish, "index": 0, "delta": delta}
        return data_event({"choices": [choice], **self._base(turn, "chat.completion.chunk")})

    def opening(self, turn: Turn) -> Iterable[str]:
        yield self._delta(turn, {"role": "assistant", "content": None})

    def piece(self, turn: Turn, kind: str, text: str) -> str:
        return self._delta(turn, {"reasoning_content" if kind == "reasoning" else "content": text})

    def closing(self, turn: Turn) -> Iterable[str]:
        if turn.tool_call is not None:
            yield from self._call_deltas(turn)
        if not turn.script.no_finish:
            yield self._delta(turn, {}, finish_of(turn))
        last = {"choices": [], **self._base(turn, "chat.completion.chunk")}
        done = "" if turn.script.no_done else "data: [DONE]\n\n"
        yield data_event(last | {"usage": turn.usage, "timings": turn.timings}) + done

    def _call_deltas(self, turn: Turn) -> Iterable[str]:
        call = call_of(turn)
        arguments = call["function"]["arguments"]
        call["function"] = {"name": call["function"]["name"], "arguments": ""}
        yield self._delta(turn, {"tool_calls": [{"index": 0, **call}]})
        half = len(arguments) // 2
        for part in (arguments[:half], arguments[half:]):
            yield self._delta(turn, {"tool_calls": [{"index": 0, "function": {"arguments": part}}]})


class TextDialect:
    """POST /v1/completions, /completion and /infill."""

    def _answer(self, turn: Turn, text: str, finish: str | None) -> dict[str, Any]:
        choice = {"text": text, "index": 0, "logprobs": None, "finish_reason": finish}
        return {
            "choices": [choice],
            "created": int(time.time()),
            "model": turn.model,
            "system_fingerprint": "b0-x",
            "object": "text_completion",
            "id": "chatcmpl-x",
        }

    def whole(self, turn: Turn) -> dict[str, Any]:
        answer = self._answer(turn, turn.text, "stop")
        return answer | {"usage": turn.usage, "timings": turn.timings}

    def opening(self, turn: Turn) -> Iterable[str]:
        return ()

    def piece(self, turn: Turn, kind: str, text: str) -> str:
        return data_event(self._answer(turn, text, None))

    def closing(self, turn: Turn) -> Iterable[str]:
        finish = None if turn.script.no_finish else "stop"
        last = self._answer(turn, "", finish) | {"usage": turn.usage, "timings": turn.timings}
        yield data_event(last)
        if not turn.script.no_done:
            yield "data: [DONE]\n\n"


def finish_of(turn: Turn) -> str:
    return "tool_calls" if turn.tool_call is not None else "stop"
