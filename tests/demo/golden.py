"""The golden exchanges as data: scenarios, the configs they ran with, and placeholders."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import yaml

from boocontrol.demo import (
    Capabilities,
    HostConfig,
    MachineConfig,
    ModelConfig,
    PeerConfig,
    ProfileConfig,
    SelectorConfig,
)

FOLDER = Path(__file__).parent.parent / "golden" / "llama-swap-250"
SCENARIOS = sorted(path.stem for path in FOLDER.glob("*.json"))

_PATTERNS = {
    "model_port": r"\d{4,5}",
    "time": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)",
    "date": r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT",
    "unix": r"\d{10}",
    "dur": r"[\d.hm]*[\d.]+(ns|µs|ms|s)",
    "path": r"\S+",
    "id": r"[\w-]+",
    "len": r"\d+",
    "bytes": r"\d+",
    "count": r"\d+",
}


def load(scenario: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((FOLDER / f"{scenario}.json").read_text())
    return loaded


def pattern(text: str, names: dict[str, str]) -> re.Pattern[str]:
    """A golden text as a pattern; `names` are the addresses of this run."""
    parts = re.split(r"\{\{(\w+)\}\}", text)
    for index in range(0, len(parts), 2):
        parts[index] = re.escape(parts[index])
    for index in range(1, len(parts), 2):
        name = parts[index]
        parts[index] = re.escape(names[name]) if name in names else _PATTERNS.get(name, r'[^"]*')
    return re.compile("".join(parts), re.DOTALL)


def parse(text: str) -> Any:
    """Golden JSON, whose bare placeholders are numbers."""
    return json.loads(re.sub(r"(?<=[:,\[])\{\{(unix|count|bytes)\}\}", "1", text))


def host_config(name: str, ports: dict[str, int]) -> HostConfig:
    """A file of config/ as values. `ports` are peer_port and down_port."""
    text = (FOLDER / "config" / name).read_text()
    text = re.sub(r"\{\{(\w+)\}\}", lambda match: str(ports.get(match[1], 5800)), text)
    raw = yaml.safe_load(text)
    machine = MachineConfig(cores=2, memory_mb=24105, nics=("lo", "eth0", "eth1"))
    return HostConfig(
        name=name,
        api_keys=tuple(raw.get("apiKeys", ())),
        models=tuple(_model(model_id, block) for model_id, block in raw["models"].items()),
        peers=tuple(
            PeerConfig(peer_id, block["proxy"], tuple(block["models"]), block.get("apiKey", ""))
            for peer_id, block in raw.get("peers", {}).items()
        ),
        selectors=tuple(
            SelectorConfig(selector_id, block["strategy"], tuple(block["targets"]))
            for selector_id, block in raw.get("selectors", {}).items()
        ),
        profiles=tuple(
            ProfileConfig(profile_id, block["description"], block["pins"])
            for profile_id, block in raw.get("profiles", {}).items()
        ),
        include_aliases_in_list=raw.get("includeAliasesInList", False),
        health_check_timeout=raw.get("healthCheckTimeout", 120),
        performance=not raw.get("performance", {}).get("disabled", False),
        start_port=raw["startPort"],
        machine=machine,
    )


def _model(model_id: str, block: dict[str, Any]) -> ModelConfig:
    env = dict(line.split("=") for line in block.get("env", ()))
    context = re.search(r"-c (\d+)", block["cmd"])
    return ModelConfig(
        model_id,
        name=block.get("name", ""),
        description=block.get("description", ""),
        aliases=tuple(block.get("aliases", ())),
        unlisted=block.get("unlisted", False),
        load_s=float(env.get("LOAD_S", 0)),
        fail_s=float(env["FAIL_S"]) if "FAIL_S" in env else None,
        stop_s=float(env.get("STOP_S", 0)),
        ctx=int(context[1]) if context else 8192,
        capabilities=_capabilities(block.get("capabilities")),
        metadata=block.get("metadata", {}),
        ttl=block.get("ttl"),
        concurrency_limit=block.get("concurrencyLimit", 0),
        send_loading_state=block.get("sendLoadingState", False),
        use_model_name=block.get("useModelName", ""),
        cmd=block["cmd"],
    )


def _capabilities(block: dict[str, Any] | None) -> Capabilities | None:
    if block is None:
        return None
    return Capabilities(tuple(block["in"]), tuple(block["out"]), block["tools"], context=block["context"])
