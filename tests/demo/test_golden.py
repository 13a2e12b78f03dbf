"""The simulator against the golden exchanges of a real llama-swap, all scenarios at once."""

from __future__ import annotations

import asyncio
import importlib.util
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from boocontrol.demo import Launched, ModelConfig
from tests.demo.compare import REAL_LLAMA, differences
from tests.demo.golden import SCENARIOS, host_config
from tests.demo.replay import Replayed, replay

pytestmark = pytest.mark.asyncio(loop_scope="session")
AT_ONCE = 12  # more would make times slip on a small machine


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def replays(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[dict[str, asyncio.Task[Replayed]]]:
    """One task per scenario that somebody asks for; a test awaits its own."""
    asked = {item.callspec.params["name"] for item in request.session.items if "name" in _params(item)}
    if not all(importlib.util.find_spec(name) for name in ("xllamacpp", "gguf")):
        asked -= set(REAL_LLAMA)
    real = real_models(tmp_path_factory.mktemp("golden")) if asked & set(REAL_LLAMA) else {}
    free = asyncio.Semaphore(AT_ONCE)

    async def play(name: str) -> Replayed:
        async with free:
            return await replay(name, real if name in REAL_LLAMA else {})

    # The longest first, so that none is left waiting for at the end.
    first = ("092", "067", "102", "042", "074")
    order = sorted(asked, key=lambda name: (not name.startswith(first), name))
    tasks = {name: asyncio.create_task(play(name)) for name in order}
    yield tasks
    for task in tasks.values():
        task.cancel()
    await asyncio.gather(*tasks.values(), return_exceptions=True)


def _params(item: pytest.Item) -> dict[str, object]:
    callspec = getattr(item, "callspec", None)
    return callspec.params if callspec is not None else {}


def real_models(folder: Path) -> dict[str, ModelConfig]:
    """`llama` and `embed` with llama.cpp behind them, as when the exchanges were captured."""
    from boocontrol.demo.llama import LlamaOptions, LlamaServer
    from boocontrol.demo.tiny_gguf import write_tiny_gguf

    models = {model.id: model for model in host_config("main.yaml", {"peer_port": 1, "down_port": 1}).models}

    def served(model_id: str, path: Path, options: LlamaOptions) -> ModelConfig:
        async def launch() -> Launched:
            server = LlamaServer(path, options)
            return Launched(await server.start(), server.stop)

        return replace(models[model_id], launch=launch)

    chat = write_tiny_gguf(folder / "tiny.gguf")
    embed = write_tiny_gguf(folder / "embed.gguf", embeddings=True)
    return {
        "llama": served("llama", chat, LlamaOptions(context=1024, alias="llama", slots=2)),
        "embed": served("embed", embed, LlamaOptions(context=512, alias="embed", embeddings=True)),
    }


@pytest.mark.parametrize("name", [name for name in SCENARIOS if name not in REAL_LLAMA])
async def test_scripted(name: str, replays: dict[str, asyncio.Task[Replayed]]) -> None:
    assert differences(await replays[name]) == []


@pytest.mark.llama
@pytest.mark.parametrize("name", REAL_LLAMA)
async def test_llama_cpp(name: str, replays: dict[str, asyncio.Task[Replayed]]) -> None:
    pytest.importorskip("xllamacpp")
    pytest.importorskip("gguf")
    assert differences(await replays[name]) == []
