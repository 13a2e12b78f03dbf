"""What a name in a request leads to: a model of this host, or one of a peer. Pure functions."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from email import message_from_bytes
from typing import Any
from urllib.parse import parse_qsl

from boocontrol.demo.config import HostConfig, ModelConfig, PeerConfig, SelectorConfig
from boocontrol.demo.versions import Version
from boocontrol.demo.wire import Request


@dataclass(frozen=True)
class Target:
    """`shown` is what histories call it; `sent` is the model in the body passed on."""

    shown: str
    sent: str
    model: ModelConfig | None = None
    peer: PeerConfig | None = None
    renamed: bool = False  # by a profile or a selector, before anything else looks at it


# Tells of a model id: is it ready, and how many requests it is serving.
Ready = Callable[[str], bool]
Load = Callable[[str], int]


def local_model(config: HostConfig, name: str) -> ModelConfig | None:
    for model in config.models:
        if name == model.id or name in model.aliases:
            return model
    return None


def peer_target(config: HostConfig, name: str, version: Version) -> Target | None:
    """The full name always works; the bare one when no other peer has it."""
    for peer in config.peers:
        prefix, slash, rest = name.partition("/")
        if version.number >= 242 and slash and prefix == peer.id and rest in peer.models:
            return Target(name, rest, peer=peer)
    holders = [peer for peer in config.peers if name in peer.models]
    return Target(name, name, peer=holders[0]) if len(holders) == 1 else None


def resolve(
    config: HostConfig, version: Version, name: str, pins: dict[str, str], ready: Ready, load: Load
) -> Target | None:
    """Where the name of an inference request leads, None when nowhere."""
    pinned = pins.get(name, name)
    if version.number >= 241:
        for selector in config.selectors:
            if selector.id == pinned:
                pinned = _pick(selector, ready, load)
    model = local_model(config, pinned)
    if model is not None:
        # An alias is passed on as it was written, a pin and a selector are not.
        sent = model.use_model_name or (name if pinned == name else model.id)
        return Target(model.id, sent, model=model, renamed=pinned != name)
    if version.number < 179:
        return None
    return peer_target(config, pinned, version)


def _pick(selector: SelectorConfig, ready: Ready, load: Load) -> str:
    if selector.strategy == "warm":
        return next((target for target in selector.targets if ready(target)), selector.targets[0])
    if selector.strategy == "spillover":
        free = (t for t in selector.targets if load(t) < max(selector.spillover, 1))
        return next(free, selector.targets[-1])
    return selector.targets[0]


def in_path(config: HostConfig, version: Version, path: str) -> tuple[Target, str] | None:
    """Splits what follows /upstream/ by the longest name that is configured."""
    parts = path.split("/")
    for count in range(len(parts), 0, -1):
        name = "/".join(parts[:count])
        model = local_model(config, name)
        target = Target(model.id, "", model=model) if model else None
        if target is None and version.number >= 218:
            target = peer_target(config, name, version)
        if target is not None:
            rest = parts[count:]
            return replace(target, shown=model.id if model else name), "/".join(["", *rest])
    return None


def model_of(request: Request, version: Version) -> str:
    """The model an inference request names, "" when none can be found."""
    if request.method in ("GET", "HEAD"):
        return request.query("model") or ""
    content_type = request.header("Content-Type")
    if "multipart/form-data" in content_type:
        return _form_fields(content_type, request.body).get("model", "")
    if version.gin or "application/json" in content_type:
        return _named_in(_json_object(request.body))
    if "application/x-www-form-urlencoded" in content_type:
        return dict(parse_qsl(request.body.decode("latin-1"))).get("model", "")
    return ""


def with_model(request: Request, sent: str) -> bytes:
    """The body with another model in it; a form is passed on as it is."""
    body = _json_object(request.body)
    if body is None or body.get("model") == sent or not sent:
        return request.body
    text = json.dumps(body | {"model": sent}, ensure_ascii=False, separators=(", ", ": "))
    return text.encode()


def _named_in(body: dict[str, Any] | None) -> str:
    value = (body or {}).get("model")
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def _json_object(body: bytes) -> dict[str, Any] | None:
    try:
        document = json.loads(body)
    except ValueError:
        return None
    return document if isinstance(document, dict) else None


def _form_fields(content_type: str, body: bytes) -> dict[str, str]:
    message = message_from_bytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body)
    fields: dict[str, str] = {}
    for part in message.get_payload() if message.is_multipart() else ():
        name = part.get_param("name", header="content-disposition")  # type: ignore[union-attr]
        payload = part.get_payload(decode=True)  # type: ignore[union-attr]
        if isinstance(name, str) and isinstance(payload, bytes):
            fields[name] = payload.decode("utf-8", "replace")
    return fields
