"""llama.cpp's own server, run in a child process on the loopback address.

The server comes from the xllamacpp wheel, so no binary has to be built or
found. It gets a process of its own for two reasons: a crash in native code
then ends the child alone, and stopping it inside a process waits for every
open stream, while a process can be ended at any moment.

Run as a module, this file is that child: it prints one JSON line with its
URL (or with an error), then serves until its standard input closes. Input
closes as well when the parent dies, so no child is left behind.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn, Self

__all__ = ["LlamaError", "LlamaOptions", "LlamaServer", "main"]

_HOST = "127.0.0.1"
_START_TIMEOUT = 30.0
_STOP_TIMEOUT = 5.0
_POLL_INTERVAL = 0.02


class LlamaError(RuntimeError):
    """The server could not be started."""


@dataclass(frozen=True)
class LlamaOptions:
    """What a llama-server command line would say."""

    context: int = 2048  # tokens per slot
    alias: str = "tiny"
    embeddings: bool = False  # answer /v1/embeddings, with mean pooling
    slots: int = 1  # requests answered at the same time
    predict: int = 256  # tokens in an answer that asks for no limit; -1 fills the context
    threads: int = 1
    port: int = 0  # 0 picks a free one

    def arguments(self) -> list[str]:
        """The command line of the child process."""
        arguments = [
            f"--context={self.context}",
            f"--alias={self.alias}",
            f"--slots={self.slots}",
            f"--predict={self.predict}",
            f"--threads={self.threads}",
            f"--port={self.port}",
        ]
        return [*arguments, "--embeddings"] if self.embeddings else arguments


class LlamaServer:
    """One llama.cpp server: `start`, `stop` as llama-swap would, `kill` as a crash would.

    A stopped server can be started again, on another port unless the options
    name one. Also an async context manager. Use it from one event loop.
    """

    def __init__(self, model: str | Path, options: LlamaOptions | None = None) -> None:
        self.model = Path(model)
        self.options = options or LlamaOptions()
        self._process: asyncio.subprocess.Process | None = None
        self._url: str | None = None

    @property
    def url(self) -> str:
        """Where the server answers, such as http://127.0.0.1:40123."""
        if self._url is None:
            raise LlamaError("the server is not running")
        return self._url

    @property
    def pid(self) -> int | None:
        """The child's process id while there is one."""
        return self._process.pid if self._process else None

    @property
    def running(self) -> bool:
        """Whether the child is up; false as well after it crashed."""
        return self._url is not None and self._process is not None and self._process.returncode is None

    async def start(self, timeout: float = _START_TIMEOUT) -> str:
        """Start the child, wait until it answers, return its URL."""
        if self.running:
            return self.url
        await self.kill()  # what a crashed child left open
        self._process = await _spawn(self.model, self.options)
        try:
            async with asyncio.timeout(timeout):
                url = await _announced_url(self._process)
                await _until_healthy(url)
        except TimeoutError as error:
            await self.kill()
            raise LlamaError(f"llama.cpp was not ready after {timeout:g} s") from error
        except BaseException:
            await self.kill()
            raise
        self._url = url
        return url

    async def stop(self, timeout: float = _STOP_TIMEOUT) -> None:
        """End the child by closing its input, and by force if it does not follow."""
        process = self._process
        if process is None:
            return
        assert process.stdin is not None
        process.stdin.close()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), timeout)
        await self.kill()

    async def kill(self) -> None:
        """End the child at once, streams and all."""
        process, self._process, self._url = self._process, None, None
        if process is None:
            return
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
        assert process.stdin is not None
        process.stdin.close()
        with contextlib.suppress(OSError):
            await process.stdin.wait_closed()
        await process.wait()

    async def wait(self) -> int:
        """Return the child's exit code once it ends, however that comes about."""
        if self._process is None:
            raise LlamaError("the server is not running")
        return await self._process.wait()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()


async def _spawn(model: Path, options: LlamaOptions) -> asyncio.subprocess.Process:
    """Start this module as a child."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "boocontrol.demo.llama",
        f"--model={model}",
        *options.arguments(),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=_environment(),
    )


def _environment() -> dict[str, str]:
    """Let the child find the package where this process found it."""
    root = str(Path(__file__).resolve().parents[2])
    inherited = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": os.pathsep.join([root, inherited] if inherited else [root])}


async def _announced_url(process: asyncio.subprocess.Process) -> str:
    """Read the child's one line."""
    assert process.stdout is not None
    line = await process.stdout.readline()
    if not line:
        raise LlamaError(f"llama.cpp ended with code {await process.wait()} before it was ready")
    announcement: dict[str, str] = json.loads(line)
    if "error" in announcement:
        raise LlamaError(announcement["error"])
    return announcement["url"]


async def _until_healthy(url: str) -> None:
    """Poll /health, which answers 503 while a model is loading."""
    import httpx

    # Plain HTTP on loopback: reading certificates or proxy settings would only cost time.
    async with httpx.AsyncClient(base_url=url, trust_env=False, verify=False) as client:
        while True:
            with contextlib.suppress(httpx.TransportError):
                if (await client.get("/health")).status_code == 200:
                    return
            await asyncio.sleep(_POLL_INTERVAL)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Serve one model until standard input closes or a signal asks to end."""
    model, options = _parse(arguments)
    announce = _private_stdout()
    # An interrupt from the terminal reaches the parent too, which then closes our input.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    try:
        server = _serve(model, options)
    except Exception as error:
        _say(announce, {"error": f"{model}: {error}"})
        os._exit(1)
    _say(announce, {"url": server.listening_address, "pid": os.getpid()})
    while os.read(0, 4096):
        pass
    # Freeing the server would wait for every open stream to be read to its end.
    os._exit(0)


def _parse(arguments: Sequence[str] | None) -> tuple[Path, LlamaOptions]:
    """Read the command line that LlamaOptions.arguments writes."""
    default = LlamaOptions()
    parser = argparse.ArgumentParser(prog="python -m boocontrol.demo.llama", description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    for name in ("context", "slots", "predict", "threads", "port"):
        parser.add_argument(f"--{name}", type=int, default=getattr(default, name))
    parser.add_argument("--alias", default=default.alias)
    parser.add_argument("--embeddings", action="store_true")
    values = vars(parser.parse_args(arguments))
    return values.pop("model"), LlamaOptions(**values)


def _private_stdout() -> int:
    """Keep standard output for the one JSON line; llama.cpp writes some of its log there."""
    announce = os.dup(1)
    os.dup2(2, 1)
    return announce


def _say(announce: int, message: dict[str, Any]) -> None:
    """Write the line and close, so that a parent that reads on sees the end."""
    # The parent may have given up on us already.
    with contextlib.suppress(BrokenPipeError):
        os.write(announce, json.dumps(message).encode() + b"\n")
    os.close(announce)


def _serve(model: Path, options: LlamaOptions) -> Any:
    """Load the model and start llama.cpp's HTTP threads; returns when it is ready."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(model)
    params.model_alias = {options.alias}
    params.hostnames = [_HOST]
    params.port = options.port
    params.n_ctx = options.context * options.slots  # llama.cpp divides it among the slots
    params.n_parallel = options.slots
    params.n_predict = options.predict
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = options.threads
    params.embedding = options.embeddings
    if options.embeddings:
        params.pooling_type = xllamacpp.llama_pooling_type.LLAMA_POOLING_TYPE_MEAN
    params.endpoint_metrics = True
    params.warmup = False
    params.fit_params = False  # looks for graphics memory to fill
    params.n_gpu_layers = 0
    params.verbosity = 0
    return xllamacpp.Server(params)


if __name__ == "__main__":
    main()
