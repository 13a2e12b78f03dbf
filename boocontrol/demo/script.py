"""What a scripted model server is to do for one request: tokens, pace, and misbehaviour.

A test asks for it with the body key `sim`, or with a last message that reads `sim:{...}`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from boocontrol.demo.config import ModelConfig

DEFAULT_TOKENS = 4
PROMPT_TOKENS = 7
CACHED_TOKENS = 2


@dataclass(frozen=True)
class Script:
    """`sim` as read; None means as usual."""

    tokens: int | None = None
    pace: float | None = None
    first_byte_s: float = 0.0
    die_after: int | None = None
    error_after: int | None = None
    no_finish: bool = False
    no_done: bool = False
    comment_every: int = 0
    crlf: bool = False
    tool_call: Mapping[str, Any] | None = None
    reasoning: str = ""
    text: str = ""
    status: int = 0
    body: Any = None


def script_of(body: Mapping[str, Any]) -> Script:
    """Unknown keys are ignored, so that a newer test does not break an older script."""
    raw = body.get("sim")
    if raw is None:
        raw = _from_prompt(_last_text(body))
    if not isinstance(raw, Mapping):
        return Script()
    return Script(**{key: raw[key] for key in Script.__dataclass_fields__ if key in raw})


def _from_prompt(text: str) -> Any:
    if text.startswith("sim:"):
        with suppress(ValueError):
            return json.loads(text[4:])
    return None


def _last_text(body: Mapping[str, Any]) -> str:
    messages = body.get("messages") or body.get("input") or body.get("prompt")
    if isinstance(messages, str):
        return messages
    last = messages[-1] if isinstance(messages, list) and messages else None
    content = last.get("content") if isinstance(last, dict) else last
    if isinstance(content, list):
        content = "".join(p.get("text", "") for p in content if isinstance(p, dict))
    return content if isinstance(content, str) else ""


@dataclass(frozen=True)
class Turn:
    """One answer, cut into tokens."""

    model: str
    tokens: tuple[str, ...]
    reasoning: tuple[str, ...]
    tool_call: Mapping[str, Any] | None
    pace: float
    script: Script

    @property
    def text(self) -> str:
        return "".join(self.tokens).strip()

    @property
    def count(self) -> int:
        return len(self.tokens) + len(self.reasoning)

    @property
    def usage(self) -> dict[str, int]:
        total = PROMPT_TOKENS + self.count
        return {
            "completion_tokens": self.count,
            "prompt_tokens": PROMPT_TOKENS,
            "total_tokens": total,
        }

    @property
    def timings(self) -> dict[str, float]:
        pace = self.pace or 0.001
        return {
            "cache_n": CACHED_TOKENS,
            "prompt_n": PROMPT_TOKENS - CACHED_TOKENS,
            "prompt_ms": 10.0,
            "prompt_per_second": 500.0,
            "predicted_n": self.count,
            "predicted_ms": round(self.count * pace * 1000, 3),
            "predicted_per_second": round(1 / pace, 3),
        }


def turn_of(model: ModelConfig, pace: float, body: Mapping[str, Any]) -> Turn:
    script = script_of(body)
    tool_call = script.tool_call or _asked_tool(body)
    wanted = _wanted_tokens(body, script)
    if tool_call is not None and script.tokens is None:
        tokens: tuple[str, ...] = ()
    else:
        tokens = _tokens(script.text or model.reply, wanted)
    return Turn(
        model=str(body.get("model") or model.id),
        tokens=tokens,
        reasoning=_tokens(script.reasoning, None) if script.reasoning else (),
        tool_call=tool_call,
        pace=pace if script.pace is None else script.pace,
        script=script,
    )


def _tokens(text: str, wanted: int | None) -> tuple[str, ...]:
    if not text:
        count = DEFAULT_TOKENS if wanted is None else wanted
        return tuple(f"t{number} " for number in range(count))
    words = tuple(f"{word} " for word in text.split(" "))
    return words if wanted is None else words[:wanted]


def _wanted_tokens(body: Mapping[str, Any], script: Script) -> int | None:
    if script.tokens is not None:
        return script.tokens
    for key in ("max_tokens", "max_completion_tokens", "max_output_tokens", "n_predict"):
        value = body.get(key)
        if isinstance(value, int) and value >= 0:
            return value
    return None


def _asked_tool(body: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """A required tool call is made to the first tool, with empty arguments."""
    tools = body.get("tools")
    if not tools or body.get("tool_choice") not in ("required", {"type": "any"}):
        return None
    tool = tools[0]
    name = tool.get("name") or tool.get("function", {}).get("name", "tool")
    return {"name": name, "arguments": "{}"}
