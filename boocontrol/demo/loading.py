"""The text that sendLoadingState puts into a stream while a model loads."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from boocontrol.demo.formats import go_json

PIECE = 5  # characters
PIECE_S = 0.0675
TICK_S = 0.75
RULE = "━━━━━"
_REMARKS = (
    "Herding the tensors into their pen",
    "Asking the weights to hold still",
    "Counting parameters by hand",
    "Polishing the attention heads",
)


async def narrate(write: Callable[[bytes], None], model_id: str, ended: asyncio.Event, clock: float) -> None:
    """Writes deltas until `ended`, and then "Done!", even when the start has failed."""
    start = asyncio.get_running_loop().time()
    narrator = _Narrator(write, clock)
    narrator.put(RULE)
    narrator.put("\n")
    await narrator.say(f"llama-swap loading model: {model_id}")
    narrator.put("\n")
    tick = 0
    while not await narrator.ended_within(ended, TICK_S):
        if tick % 13 == 0:
            narrator.put("\n")
            await narrator.say(_REMARKS[(len(model_id) + tick) % len(_REMARKS)])
            narrator.put(" ")
        else:
            narrator.put(".")
        tick += 1
    narrator.put("\n")
    await narrator.say(f"Done! ({asyncio.get_running_loop().time() - start:.2f}s)")
    for piece in ("\n", RULE, "\n", " ", "\n"):
        narrator.put(piece)


class _Narrator:
    def __init__(self, write: Callable[[bytes], None], clock: float) -> None:
        self._write = write
        self._clock = clock
        self._next_tick = 0.0

    def put(self, text: str) -> None:
        delta = {"choices": [{"delta": {"reasoning_content": text}}]}
        self._write(f"data: {go_json(delta)}\n\n".encode())

    async def say(self, text: str) -> None:
        pieces = [text[i : i + PIECE] for i in range(0, len(text), PIECE)]
        for number, piece in enumerate(pieces):
            if number:
                await asyncio.sleep(PIECE_S * self._clock)
            self.put(piece)

    async def ended_within(self, ended: asyncio.Event, seconds: float) -> bool:
        """Waits for the next tick of a steady clock, or for the end."""
        now = asyncio.get_running_loop().time()
        if self._next_tick == 0.0:
            self._next_tick = now
        self._next_tick = max(self._next_tick + seconds * self._clock, now)
        try:
            async with asyncio.timeout_at(self._next_tick):
                await ended.wait()
        except TimeoutError:
            return ended.is_set()
        return True
