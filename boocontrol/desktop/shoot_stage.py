"""A living fleet to draw: models are loaded and asked, one is always starting, one host is down and one asks for a key.

Everything goes through the gateway by its client, so what the pictures show is true. It writes to the registry and
loads models: only for a fleet that is there to be played with, never for a person's own.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager, suppress
from typing import Final

from PySide6.QtCore import QObject, SignalInstance

from boocontrol.client import Gateway, GatewayClient
from boocontrol.core.catalog import ProviderEntry
from boocontrol.core.errors import BooError
from boocontrol.desktop.stores import Stores
from boocontrol.desktop.tasks import spawn

ANSWERS: Final = 12
"""Answers that have ended before the first picture is taken."""
READY_S: Final = 60.0
ONE_LOAD_S: Final = 40.0
DOWN, LOCKED = "workshop", "nas"
QUESTIONS: Final = (
    "Why does a dead host not slow the panel?",
    "Write a haiku about a graphics card.",
    "Which model fits into 24 GB beside an embedding model?",
)


REASON: Final = (
    "The panel asks every host by itself and waits for none of them. A host that does not answer is shown with its "
    "last news in grey, and asked again after a while. Whatever the others say is shown as soon as it comes. "
)


@asynccontextmanager
async def living_fleet(stores: Stores) -> AsyncIterator[None]:
    """Inside, the fleet lives: `async with living_fleet(stores): draw`. Chats go on until the end; nothing is put back.

    Waits until models are loaded and some answers have ended, 40 s at most for each; what does not come by then is
    not in the pictures.
    """
    gateway, client = stores.connection.gateway, stores.connection.client
    if gateway is None or client is None:
        yield
        return
    life = QObject()
    try:
        await _set_up(stores, client)
        with suppress(TimeoutError):
            await asyncio.wait_for(_begin(stores, gateway, life), READY_S)
        yield
    finally:
        life.deleteLater()


async def _set_up(stores: Stores, client: GatewayClient) -> None:
    """One host that nobody answers for, and one that asks for a key that we do not have."""
    locked = next((h for h in stores.fleet.hosts if h.often_off), None)
    with suppress(BooError):
        await client.add_provider({"id": DOWN, "label": "Workshop", "baseUrl": "http://127.0.0.1:9"})
        for ref in _best(stores):
            stores.favorites.toggle(ref)
        if locked is not None:
            await client.add_provider({"id": LOCKED, "label": "NAS", "baseUrl": f"{locked.base_url}/"})


def _best(stores: Stores) -> list[str]:
    """The first model of each host that answers, to be a favorite."""
    firsts = [p.models[0].ref for p in stores.catalog.catalog.providers if p.answers and p.models]
    return [ref for ref in firsts if not stores.favorites.is_favorite(ref)]


async def _begin(stores: Stores, gateway: Gateway, life: QObject) -> None:
    """Load, begin to talk, and wait until there is something to see."""
    hosts = [p for p in stores.catalog.catalog.providers if p.answers and p.models]
    ended: list[str] = []
    heard = asyncio.Event()

    def done(ref: str) -> None:
        ended.append(ref)
        heard.set()

    lives = [_busy, _starting, _calm]
    for host, live in zip(hosts, lives, strict=False):
        spawn(life, live(stores, gateway, host, life, done), lambda _error: None)
    while len(ended) < ANSWERS or len(set(ended)) < min(len(hosts), len(lives)):
        heard.clear()
        await heard.wait()
    down = (DOWN, LOCKED)
    await until(stores.fleet.changed, lambda: all(h.state != "checking" for h in stores.fleet.hosts if h.id in down))


async def _busy(
    stores: Stores, gateway: Gateway, host: ProviderEntry, life: QObject, done: Callable[[str], None]
) -> None:
    """The first host: one model pushes another out, a small one stays, three clients ask at once."""
    models = [m.ref for m in host.models]
    small = min(host.models, key=lambda model: model.context_length or float("inf"))
    for ref in (models[min(1, len(models) - 1)], models[0], small.ref):
        await load(stores, ref)
    for n, source in enumerate(("opencode", "Chat", "Arena")):
        spawn(life, talk(gateway, source, models[0], done, QUESTIONS[n:]), lambda _error: None)


async def _starting(
    stores: Stores, gateway: Gateway, host: ProviderEntry, life: QObject, done: Callable[[str], None]
) -> None:
    """The second host: after an answer its big model is loaded, again and again, so that one is always starting."""
    models = [m.ref for m in host.models]
    async with GatewayClient.of(gateway, source="Chat") as client:
        while True:
            await load(stores, models[0])
            await _ask(client, models[0], QUESTIONS[0])
            done(models[0])
            await load(stores, models[min(1, len(models) - 1)])


async def _calm(
    stores: Stores, gateway: Gateway, host: ProviderEntry, life: QObject, done: Callable[[str], None]
) -> None:
    """The third host: one small model, one client, and a model that once fell over in the middle of an answer."""
    async with GatewayClient.of(gateway, source="opencode") as client:
        with suppress(BooError):
            await _ask(client, host.models[-1].ref, QUESTIONS[0], sim={"die_after": 9})
    await talk(gateway, "opencode", host.models[-1].ref, done, QUESTIONS)


async def load(stores: Stores, ref: str) -> None:
    """Load a model and wait until it is ready; ask again when nothing comes of it. Raises BooError."""

    def ready() -> bool:
        return any(m.ref == ref and m.state == "ready" for m in stores.catalog.catalog.models())

    while not ready():
        await stores.connection.need().load(ref)
        with suppress(TimeoutError):
            await asyncio.wait_for(until(stores.catalog.changed, ready), ONE_LOAD_S)


async def talk(gateway: Gateway, source: str, ref: str, done: Callable[[str], None], questions: Sequence[str]) -> None:
    """Ask one question after the other, for ever, under the name of a client; `done(ref)` after each answer."""
    async with GatewayClient.of(gateway, source=source) as client:
        at = 0
        while True:
            with suppress(BooError):
                await _ask(client, ref, questions[at % len(questions)], sim=_answer(len(source) + at))
                done(ref)
            at += 1


def _answer(number: int) -> dict[str, object]:
    """What the simulated model is to say: longer or shorter, sooner or later, no two in a row alike."""
    think = REASON if number % 3 == 1 else ""
    return {
        "text": REASON * 5,
        "tokens": 60 + 23 * (number % 7),
        "reasoning": think,
        "first_byte_s": 0.2 + number % 4 / 9,
    }


async def _ask(client: GatewayClient, ref: str, question: str, **options: object) -> None:
    """`options` are for a simulated model; a real one takes no notice."""
    async with aclosing(client.chat_stream(ref, [{"role": "user", "content": question}], **options)) as answer:
        async for _piece in answer:
            pass


async def until(signal: SignalInstance, true: Callable[[], bool]) -> None:
    """Wait for a signal that makes something true; not at all when it is."""
    heard = asyncio.Event()
    signal.connect(heard.set)
    try:
        while True:
            heard.clear()
            if true():
                return
            await heard.wait()
    finally:
        signal.disconnect(heard.set)
