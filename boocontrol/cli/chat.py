"""`boocontrol chat`: one question, the answer as it comes."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Annotated, Any

import typer

from boocontrol.cli.connect import on_gateway
from boocontrol.cli.output import note, one_line, safe, write_json
from boocontrol.cli.verb import JsonOption, usage, verb

if TYPE_CHECKING:
    from boocontrol.client import ChatEnd, ChatText, GatewayClient

Messages = list[dict[str, str]]
MEASURABLE_S = 0.2


@verb
def chat(
    ctx: typer.Context,
    prompt: Annotated[list[str] | None, typer.Argument(metavar="[PROMPT]...", help="Else standard input.")] = None,
    model: Annotated[
        str | None, typer.Option("--model", "-m", metavar="REF", help="Default: your default model or first favorite.")
    ] = None,
    system: Annotated[str | None, typer.Option(metavar="TEXT", help="How the model should behave.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Ask a model once and show its answer as it comes."""
    messages = _messages(_prompt(prompt or []), system)
    answer = Answer(live=not as_json)

    async def work(gateway: GatewayClient) -> str:
        return await _ask(gateway, model, messages, answer)

    try:
        ref = on_gateway(ctx, work)
    finally:
        answer.close()
    if as_json:
        write_json(answer.for_programs(ref))
    else:
        note(answer.figures())


def _prompt(words: list[str]) -> str:
    """What is asked: the arguments, then what is piped in (`boocontrol chat explain < file`)."""
    piped = "" if sys.stdin.isatty() else sys.stdin.read()
    text = "\n\n".join(part for part in (" ".join(words), piped.strip()) if part)
    if not text:
        raise usage("There is nothing to ask.", 'Write it behind the verb: boocontrol chat "Why is the sky blue?"')
    return text


def _messages(prompt: str, system: str | None) -> Messages:
    before = [{"role": "system", "content": system}] if system else []
    return [*before, {"role": "user", "content": prompt}]


async def _ask(gateway: GatewayClient, model: str | None, messages: Messages, answer: Answer) -> str:
    from contextlib import aclosing

    from boocontrol.client import ChatEnd

    ref = model or await _usual_model(gateway)
    answer.started = monotonic()
    async with aclosing(gateway.chat_stream(ref, messages)) as pieces:
        async for piece in pieces:
            if isinstance(piece, ChatEnd):
                answer.ended(piece)
            else:
                answer.heard(piece)
    return ref


async def _usual_model(gateway: GatewayClient) -> str:
    """The default model, else the first favorite that can be had now."""
    from boocontrol.core import derive_picker

    settings = (await gateway.settings()).value
    if settings.get("default_model"):
        return str(settings["default_model"])
    picker = derive_picker(await gateway.models(), settings.get("favorite_models") or ())
    first = next((s for s in picker.sections if s.provider is None and s.entries), None)
    if first is None:
        raise usage("No model is chosen.", "Name one with -m PROVIDER/MODEL, or add a favorite.")
    return first.entries[0].model.ref


@dataclass
class Answer:
    """One answer: shown as it comes when `live`, and held. Thinking is shown (dimmed) on a terminal only."""

    live: bool
    started: float = 0.0
    _first: float | None = None
    _last: float = 0.0
    _text: list[str] = field(default_factory=list)
    _thinking: list[str] = field(default_factory=list)
    _end: ChatEnd | None = None
    _shown: str = ""

    def heard(self, piece: ChatText) -> None:
        """Take a piece, and show it."""
        self._last = monotonic()
        self._first = self._first or self._last
        (self._thinking if piece.thinking else self._text).append(piece.text)
        if self.live:
            self._show(piece)

    def ended(self, end: ChatEnd) -> None:
        """The answer is whole."""
        self._end = end

    def close(self) -> None:
        """Leave the terminal as it was, whatever happened."""
        if self.live and self._shown:
            typer.echo("")
            self._shown = ""

    def _show(self, piece: ChatText) -> None:
        kind = "thinking" if piece.thinking else "text"
        if piece.thinking and not sys.stdout.isatty():
            return
        if self._shown == "thinking" and not piece.thinking:
            typer.echo("\n")
        self._shown = kind
        text = safe(piece.text)
        typer.echo(typer.style(text, dim=True) if piece.thinking and _colours() else text, nl=False)
        sys.stdout.flush()

    def figures(self) -> str:
        """The line of figures: the model, tokens, speed and times, as far as they are known."""
        end = self._end
        parts = [one_line(end.model)] if end else []
        usage_, timings = (dict(end.usage), dict(end.timings)) if end else ({}, {})
        for key, words in (("prompt_tokens", "tokens in"), ("completion_tokens", "out")):
            if isinstance(usage_.get(key), int):
                parts.append(f"{usage_[key]} {words}")
        speed = _speed(timings, usage_, self._seconds())
        parts += [f"{speed:.1f} tok/s"] if speed else []
        if self._first is not None:
            parts.append(f"first token {self._first - self.started:.1f} s")
        if end and end.finish_reason not in (None, "stop"):
            parts.append(f"ended by {one_line(end.finish_reason)}")
        return ", ".join(parts)

    def for_programs(self, ref: str) -> dict[str, Any]:
        """The answer as one object."""
        end = self._end
        usage_, timings = (dict(end.usage), dict(end.timings)) if end else ({}, {})
        return {
            "ref": end.model if end else ref,
            "text": "".join(self._text),
            "thinking": "".join(self._thinking),
            "finishReason": end.finish_reason if end else None,
            "usage": usage_,
            "ttftMs": None if self._first is None else round((self._first - self.started) * 1000),
            "outputTokensPerSecond": _speed(timings, usage_, self._seconds()),
        }

    def _seconds(self) -> float:
        return self._last - (self._first or self._last)


def _speed(timings: dict[str, Any], usage_: dict[str, Any], seconds: float) -> float | None:
    """Output tokens per second: the host's own figure, else what was seen here if that was long enough to tell."""
    own = timings.get("predicted_per_second")
    if isinstance(own, (int, float)):
        return round(float(own), 1)
    count = usage_.get("completion_tokens")
    return round((count - 1) / seconds, 1) if isinstance(count, int) and count > 1 and seconds >= MEASURABLE_S else None


def _colours() -> bool:
    import os

    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")
