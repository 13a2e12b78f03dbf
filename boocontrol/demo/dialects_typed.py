"""How a model server words an answer with typed events: OpenAI responses, Anthropic messages."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from typing import Any

from boocontrol.demo.dialects import call_of, data_event, named_event
from boocontrol.demo.script import CACHED_TOKENS, PROMPT_TOKENS, Turn


class ResponsesDialect:
    """POST /v1/responses."""

    def _response(self, turn: Turn, status: str) -> dict[str, Any]:
        done = status == "completed"
        return {
            "id": "resp_x",
            "object": "response",
            "created_at": int(time.time()),
            "status": status,
            "model": turn.model,
            "output": self._output(turn) if done else [],
            **({"usage": self._usage(turn), "completed_at": int(time.time())} if done else {}),
        }

    def _usage(self, turn: Turn) -> dict[str, Any]:
        return {
            "input_tokens": PROMPT_TOKENS,
            "output_tokens": turn.count,
            "total_tokens": PROMPT_TOKENS + turn.count,
            "input_tokens_details": {"cached_tokens": CACHED_TOKENS},
        }

    def _output(self, turn: Turn) -> list[dict[str, Any]]:
        output = [self._message(turn, "completed")]
        if turn.tool_call is not None:
            call = call_of(turn)
            item = {"type": "function_call", "id": "fc_x", "call_id": call["id"]}
            output.append({**item, **call["function"], "status": "completed"})
        return output

    def _part(self, text: str) -> dict[str, Any]:
        return {"type": "output_text", "annotations": [], "logprobs": [], "text": text}

    def _message(self, turn: Turn, status: str) -> dict[str, Any]:
        content = [self._part(turn.text)] if status == "completed" else []
        item = {"content": content, "id": "msg_x", "role": "assistant"}
        return {**item, "status": status, "type": "message"}

    def whole(self, turn: Turn) -> dict[str, Any]:
        return self._response(turn, "completed")

    def opening(self, turn: Turn) -> Iterable[str]:
        for kind in ("response.created", "response.in_progress"):
            yield named_event({"type": kind, "response": self._response(turn, "in_progress")})
        item = self._message(turn, "in_progress")
        yield named_event({"type": "response.output_item.added", "output_index": 0, "item": item})
        yield named_event(self._at("response.content_part.added") | {"part": self._part("")})

    def piece(self, turn: Turn, kind: str, text: str) -> str:
        name = "response.reasoning_text.delta"
        if kind != "reasoning":
            name = "response.output_text.delta"
        return named_event(self._at(name) | {"delta": text})

    def closing(self, turn: Turn) -> Iterable[str]:
        yield named_event(self._at("response.output_text.done") | {"text": turn.text})
        yield named_event(self._at("response.content_part.done") | {"part": self._part(turn.text)})
        for index, item in enumerate(self._output(turn)):
            done = {"type": "response.output_item.done", "output_index": index, "item": item}
            yield named_event(done)
        if not turn.script.no_finish:
            done = {"type": "response.completed", "response": self._response(turn, "completed")}
            yield named_event(done)

    def _at(self, kind: str) -> dict[str, Any]:
        return {"type": kind, "item_id": "msg_x", "output_index": 0, "content_index": 0}


class MessagesDialect:
    """POST /v1/messages, as llama.cpp speaks it."""

    def whole(self, turn: Turn) -> dict[str, Any]:
        content: list[dict[str, Any]] = []
        if turn.reasoning:
            thinking = "".join(turn.reasoning).strip()
            content.append({"type": "thinking", "thinking": thinking, "signature": ""})
        if turn.tokens:
            content.append({"type": "text", "text": turn.text})
        if turn.tool_call is not None:
            content.append(self._tool(turn, json.loads(call_of(turn)["function"]["arguments"])))
        usage = self._input() | {"output_tokens": turn.count}
        return self._message(turn, content, self._stop(turn)) | {"usage": usage}

    def _message(self, turn: Turn, content: Any, stop: str | None) -> dict[str, Any]:
        return {
            "id": "chatcmpl-x",
            "type": "message",
            "role": "assistant",
            "content": content,
            "model": turn.model,
            "stop_reason": stop,
            "stop_sequence": None,
        }

    def _input(self) -> dict[str, Any]:
        fresh = PROMPT_TOKENS - CACHED_TOKENS
        return {"cache_read_input_tokens": CACHED_TOKENS, "input_tokens": fresh}

    def _stop(self, turn: Turn) -> str:
        return "tool_use" if turn.tool_call is not None else "end_turn"

    def _tool(self, turn: Turn, arguments: Any) -> dict[str, Any]:
        call = call_of(turn)
        name = call["function"]["name"]
        return {"type": "tool_use", "id": call["id"], "name": name, "input": arguments}

    def opening(self, turn: Turn) -> Iterable[str]:
        message = self._message(turn, [], None) | {"usage": self._input() | {"output_tokens": 0}}
        yield named_event({"type": "message_start", "message": message})
        if turn.reasoning:
            yield self._start(0, {"type": "thinking", "thinking": "", "signature": ""})
        if turn.tokens:
            yield self._start(self._text_index(turn), {"type": "text", "text": ""})

    def piece(self, turn: Turn, kind: str, text: str) -> str:
        if kind == "reasoning":
            return self._delta(0, {"type": "thinking_delta", "thinking": text})
        return self._delta(self._text_index(turn), {"type": "text_delta", "text": text})

    def closing(self, turn: Turn) -> Iterable[str]:
        blocks = self._text_index(turn) + bool(turn.tokens)
        for index in range(blocks):
            yield named_event({"type": "content_block_stop", "index": index})
        if turn.tool_call is not None:
            arguments = call_of(turn)["function"]["arguments"]
            yield self._start(blocks, self._tool(turn, {}))
            yield self._delta(blocks, {"type": "input_json_delta", "partial_json": arguments})
            yield named_event({"type": "content_block_stop", "index": blocks})
        if not turn.script.no_finish:
            delta = {"stop_reason": self._stop(turn), "stop_sequence": None}
            usage = {"output_tokens": turn.count}
            yield named_event({"type": "message_delta", "delta": delta, "usage": usage})
        if not turn.script.no_done:
            yield named_event({"type": "message_stop"})

    def _text_index(self, turn: Turn) -> int:
        return int(bool(turn.reasoning))

    def _start(self, index: int, block: dict[str, Any]) -> str:
        return named_event({"type": "content_block_start", "index": index, "content_block": block})

    def _delta(self, index: int, delta: dict[str, Any]) -> str:
        return named_event({"type": "content_block_delta", "index": index, "delta": delta})


def error_event(message: str) -> str:
    """An error in the middle of a stream, as llama.cpp sends it."""
    return data_event({"error": {"code": 500, "message": message, "type": "server_error"}})
