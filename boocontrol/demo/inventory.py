"""What a host lists: /v1/models, /running and the modelStatus message. Pure functions."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import Any

from boocontrol.demo.config import Capabilities, HostConfig, ModelConfig
from boocontrol.demo.process import ModelProcess
from boocontrol.demo.versions import Version

Processes = Mapping[str, ModelProcess]


def capability_flags(given: Capabilities) -> dict[str, bool]:
    takes, gives = given.inputs, given.outputs
    flags = {
        "vision": "image" in takes and "text" in gives,
        "audio_transcriptions": "audio" in takes and "text" in gives,
        "audio_speech": "audio" in gives,
        "image_generation": "text" in takes and "image" in gives,
        "image_to_image": "image" in takes and "image" in gives,
        "function_calling": given.tools,
        "reranker": given.reranker,
    }
    return {name: True for name in sorted(flags) if flags[name]}


def model_list(config: HostConfig, version: Version, processes: Processes, pins: Mapping[str, str]) -> dict[str, Any]:
    """GET /v1/models; `pins` are the names of the active profile."""
    records = [*_local(config, version, processes), *_foreign(config, version, processes)]
    records += [_record(version, pin, ModelConfig(pin), {"type": "profile"}, False) for pin in pins]
    records.sort(key=lambda record: str(record["id"]))
    if version.gin:
        records = [dict(sorted(record.items())) for record in records]
    return {"data": records, "object": "list"}


def _local(config: HostConfig, version: Version, processes: Processes) -> Iterable[dict[str, Any]]:
    for model in config.models:
        if model.unlisted:
            continue
        loaded = processes[model.id].state != "stopped"
        about: dict[str, Any] = {"type": "model"}
        if model.aliases:
            about["aliases"] = sorted(model.aliases)
        yield _record(version, model.id, model, about, loaded)
        if config.include_aliases_in_list:
            for alias in model.aliases:
                about = {"type": "alias", "modelID": model.id}
                yield _record(version, alias, model, about, loaded)


def _foreign(config: HostConfig, version: Version, processes: Processes) -> Iterable[dict[str, Any]]:
    for peer in config.peers if version.number >= 179 else ():
        for name in peer.models:
            listed = f"{peer.id}/{name}" if version.number >= 242 else name
            stand_in = ModelConfig(listed, name=f"{peer.id}: {name}")
            peer_id = {"peerID": peer.id}
            if version.number < 236:
                stand_in = ModelConfig(listed, name=stand_in.name, metadata=peer_id)
            yield _record(version, listed, stand_in, peer_id | {"type": "peer"}, False)
    for selector in config.selectors if version.number >= 241 else ():
        loaded = any(processes[name].state != "stopped" for name in selector.targets if name in processes)
        about: dict[str, Any] = {"strategy": selector.strategy, "targets": list(selector.targets)}
        if selector.spillover:
            about["spillover"] = selector.spillover
        stand_in = ModelConfig(selector.id)
        yield _record(version, selector.id, stand_in, about | {"type": "selector"}, loaded)


def _record(
    version: Version, listed: str, model: ModelConfig, about: Mapping[str, Any], loaded: bool
) -> dict[str, Any]:
    record: dict[str, Any] = {
        "id": listed,
        "object": "model",
        "created": int(time.time()),
        "owned_by": "llama-swap",
    }
    if model.name:
        record["name"] = model.name
    if model.description:
        record["description"] = model.description
    if version.number >= 225 and model.capabilities is not None:
        record |= _abilities(model.capabilities)
    # Own keys win over those of the user.
    meta = {**model.metadata, **(about if version.number >= 236 else {})}
    if meta:
        record["meta"] = {"llamaswap": dict(sorted(meta.items()))}
        if version.number >= 250 and model.capabilities and model.capabilities.context:
            record["meta"]["n_ctx"] = model.capabilities.context
    if version.number >= 236:
        record["status"] = {"value": "loaded" if loaded else "unloaded"}
    return record


def _abilities(given: Capabilities) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "architecture": {
            "input_modalities": list(given.inputs),
            "modality": f"{'+'.join(given.inputs)}->{'+'.join(given.outputs)}",
            "output_modalities": list(given.outputs),
        }
    }
    flags = capability_flags(given)
    if flags:
        shown["capabilities"] = flags
    if given.tools:
        shown["supported_parameters"] = ["tools", "tool_choice"]
    if given.context:
        shown["context_length"] = given.context
    return shown


def running(version: Version, processes: Processes) -> dict[str, Any]:
    """GET /running. Before v218 only what was ready, before v186 only its state."""
    shown = []
    for model_id in sorted(processes):
        process = processes[model_id]
        if process.state == "stopped" or (version.gin and process.state != "ready"):
            continue
        entry: dict[str, Any] = {"model": model_id, "state": process.state}
        if version.number >= 186:
            entry |= {
                "cmd": process.cmd,
                "proxy": f"http://localhost:{process.port}",
                "ttl": process.ttl,
                "name": process.model.name,
                "description": process.model.description,
            }
        shown.append(dict(sorted(entry.items())) if version.gin else entry)
    return {"running": shown}


def model_status(config: HostConfig, version: Version, processes: Processes) -> list[Any]:
    """The data of a modelStatus message: local models by id, then those of peers."""
    shown = [_status(version, processes[m], m) for m in sorted(processes)]
    for peer in config.peers if version.number >= 179 else ():
        for name in peer.models:
            listed = f"{peer.id}/{name}" if version.number >= 242 else name
            shown.append(
                {
                    "id": listed,
                    "name": "",
                    "description": "",
                    "state": "",
                    "unlisted": False,
                    "peerID": peer.id,
                }
            )
    return shown


def _status(version: Version, process: ModelProcess, model_id: str) -> dict[str, Any]:
    model = process.model
    entry: dict[str, Any] = {
        "id": model_id,
        "name": model.name,
        "description": model.description,
        "state": process.state,
        "unlisted": model.unlisted,
    }
    if version.number >= 179:
        entry["peerID"] = ""
    if version.number >= 194 and model.aliases:
        entry["aliases"] = list(model.aliases)
    if version.number >= 225 and model.capabilities is not None:
        flags = capability_flags(model.capabilities)
        if flags:
            entry["capabilities"] = flags
        if model.capabilities.context:
            entry["context_length"] = model.capabilities.context
    return entry
