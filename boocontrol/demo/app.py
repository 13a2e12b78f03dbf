"""`boocontrol demo`: the simulated fleet, a throw-away registry and data folder, and a gateway on them.

The gateway is a process of its own, as it is for real. Nothing of the user's is read or written.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import json
import os
import signal
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from boocontrol.core.errors import BooError
from boocontrol.demo.config import HostConfig
from boocontrol.demo.fleet import ATTIC_KEY, Fleet, demo_fleet, scaled_fleet

ATTIC_VARIABLE = "BOOCONTROL_DEMO_ATTIC_KEY"
START_S = 20.0
_LABELS = {"gpu-box": "GPU box", "mac": "Mac", "attic": "Attic"}


@dataclass(frozen=True)
class Started:
    """The gateway of the demo: where it listens and where its key is."""

    url: str
    key_file: str
    process: asyncio.subprocess.Process


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the demo until it is told to stop. The result is the exit code."""
    parser = argparse.ArgumentParser(prog="boocontrol demo")
    parser.add_argument("--headless", action="store_true", help="without the desktop")
    parser.add_argument("--hosts", type=int, default=None, help="how many simulated hosts")
    parser.add_argument("--models", type=int, default=None, help="how many models on each")
    parser.add_argument("--port", type=int, default=0, help="the gateway's port; default a free one")
    parser.add_argument("--json", action="store_true", help="tell what is up as one JSON object")
    parser.add_argument("--shoot", default=None, help="draw every page into PNG files in this folder, and end")
    parser.add_argument("--language", default="", help="of the window and the pictures: en or de")
    options = parser.parse_args(arguments)
    try:
        return asyncio.run(_demo(options))
    except BooError as e:
        sys.stderr.write(f"{e}\n")
        return int(getattr(e, "exit_code", 1))


async def _demo(options: argparse.Namespace) -> int:
    scaled = options.hosts is not None or options.models is not None
    configs = scaled_fleet(options.hosts or 3, options.models or 5) if scaled else demo_fleet()
    stop = _stop_event()
    with tempfile.TemporaryDirectory(prefix="boocontrol-demo-") as folder:
        async with Fleet(configs, flapping=not scaled and options.shoot is None) as fleet:
            registry = Path(folder) / "llama-providers.json"
            registry.write_text(json.dumps(_registry(fleet, configs), indent=2))
            gateway = await _start_gateway(registry, Path(folder) / "data", options.port)
            try:
                return await _run_beside(options, gateway, registry, fleet, stop)
            finally:
                await _end(gateway.process)


async def _run_beside(
    options: argparse.Namespace, gateway: Started, registry: Path, fleet: Fleet, stop: asyncio.Event
) -> int:
    """Until somebody says stop, the window is closed, or the gateway ends by itself (which is a failure)."""
    reason = "headless" if options.headless and not options.shoot else no_desktop(drawn=options.shoot is not None)
    if options.shoot is None:
        _tell(options, gateway, registry, fleet, reason)
    elif reason:
        raise BooError("The pictures cannot be drawn.", reason)
    desktop = None if reason else await _start_desktop(gateway, registry, options.shoot, options.language)
    ended = asyncio.ensure_future(gateway.process.wait())
    others: list[asyncio.Future[Any]] = [asyncio.ensure_future(stop.wait())]
    if desktop is not None:
        others.append(asyncio.ensure_future(desktop.wait()))
    try:
        await asyncio.wait({ended, *others}, return_when=asyncio.FIRST_COMPLETED)
        if ended.done():
            return ended.result() or 1
        return desktop.returncode or 0 if desktop is not None and desktop.returncode is not None else 0
    finally:
        for waiting in (ended, *others):
            waiting.cancel()
        if desktop is not None:
            await _end(desktop)


def no_desktop(*, drawn: bool = False) -> str | None:
    """Why the demo runs without its window, None when it has one. Pictures are `drawn` without a display."""
    if importlib.util.find_spec("PySide6") is None or importlib.util.find_spec("qasync") is None:
        return "The desktop is not installed (pip install 'boocontrol[desktop]'): the demo runs headless."
    shown = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if not drawn and sys.platform.startswith("linux") and not any(os.environ.get(name) for name in shown):
        return "There is no display here: the demo runs headless."
    return None


async def _start_desktop(
    gateway: Started, registry: Path, shoot: str | None, language: str = ""
) -> asyncio.subprocess.Process:
    # The window keeps its size and settings beside the registry: with the demo's, not with the user's.
    options = ["--gateway", gateway.url, "--key-file", gateway.key_file, "--registry", str(registry)]
    options += ["--language", language] if language else []
    environ = _environment()
    if shoot is not None:
        options += ["--shoot", shoot, "--stage"]
        environ["QT_QPA_PLATFORM"] = "offscreen"
    command = (sys.executable, "-m", "boocontrol.desktop", *options)
    return await asyncio.create_subprocess_exec(*command, env=environ, start_new_session=True)


def _registry(fleet: Fleet, configs: Sequence[HostConfig]) -> dict[str, Any]:
    providers = []
    for config in configs:
        entry: dict[str, Any] = {"id": config.name, "label": _LABELS.get(config.name, config.name)}
        entry["baseUrl"] = fleet.hosts[config.name].url
        if config.api_keys:
            entry["apiKey"] = {"env": ATTIC_VARIABLE}
        if config.flaps:
            entry["oftenOff"] = True
        providers.append(entry)
    return {"defaultProvider": configs[0].name, "providers": providers}


async def _start_gateway(registry: Path, data: Path, port: int) -> Started:
    options = ("--registry", str(registry), "--data-dir", str(data), "--port", str(port), "--json")
    log = registry.with_name("gateway.log")
    with log.open("wb") as errors:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "boocontrol.gateway"),
            *options,
            env=_environment(),
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
            start_new_session=True,  # Ctrl-C is for the demo, which ends the gateway itself
        )
    assert process.stdout is not None
    line = b""
    try:
        line = await asyncio.wait_for(process.stdout.readline(), START_S)
        said = json.loads(line)
        return Started(said["url"], said["keyFile"], process)
    except (TimeoutError, ValueError, KeyError):
        await _end(process)
        raise _not_started(line, log) from None


def _not_started(line: bytes, log: Path) -> BooError:
    """What the gateway said of its failure, else the last line of its log."""
    with suppress(ValueError, KeyError):
        said = json.loads(line)
        return BooError(f"The demo's gateway did not start: {said['error']['message']}", said["advice"])
    last = log.read_text(errors="replace").strip().rpartition("\n")[2]
    return BooError(f"The demo's gateway did not start: {last or 'it told no reason'}.", "Run boocontrol doctor.")


def _environment() -> dict[str, str]:
    """The user's environment without what would point the demo's gateway at the user's own things."""
    ours = ("LLAMA_", "BOOCONTROL_", "DEEPSEEK_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {ATTIC_VARIABLE: ATTIC_KEY}


async def _end(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), 6)
        except TimeoutError:
            process.kill()
            await process.wait()


def _stop_event() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, stop.set)
        except NotImplementedError:
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
    return stop


def _tell(options: argparse.Namespace, gateway: Started, registry: Path, fleet: Fleet, reason: str | None) -> None:
    if options.json:
        hosts = [{"id": name, "url": host.url, "faultUrl": host.fault_url} for name, host in fleet.hosts.items()]
        told = {
            "gateway": {"url": gateway.url, "keyFile": gateway.key_file},
            "registry": str(registry),
            "hosts": hosts,
        }
        _say(json.dumps(told))
        return
    first = next(iter(fleet.hosts.values()))
    _say(_words(options, gateway, fleet, first.config, reason))


def _words(options: argparse.Namespace, gateway: Started, fleet: Fleet, first: HostConfig, reason: str | None) -> str:
    model = f"{first.name}/{first.models[0].id}"
    body = json.dumps({"model": model, "stream": True, "messages": [{"role": "user", "content": "Hello"}]})
    lines = [
        f"The demo fleet is up: {', '.join(fleet.hosts) if len(fleet.hosts) < 6 else f'{len(fleet.hosts)} hosts'}.",
        f"Endpoint:  {gateway.url}/v1",
        f"Key file:  {gateway.key_file} (for the control API)",
        "",
        "Try:",
        f"  curl -N {gateway.url}/v1/chat/completions -H 'Content-Type: application/json' \\",
        f"    -d '{body}'",
        f"  curl {gateway.url}/v1/models",
        "",
        f'Break a host:  curl {next(iter(fleet.hosts.values())).fault_url}/__demo__/fault -d \'{{"fault":"kill"}}\'',
        "Ctrl-C ends the demo. Nothing of yours is touched.",
    ]
    if reason and not options.headless:
        lines.insert(1, reason)
    return "\n".join(lines)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(run())
