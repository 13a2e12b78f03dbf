"""Agents whose settings are a JSON file: what we want in it, as entries. No key ever, only references to one."""

from __future__ import annotations

from typing import Final

from boocontrol.agents.entries import Entry
from boocontrol.agents.keys import EnvKey, FileKey
from boocontrol.agents.offers import Offer
from boocontrol.agents.others_setting import Setting

# For agents that must be told a context: as much as an agent needs to work at all.
ASSUMED_CONTEXT: Final = 16384
ID: Final = "boocontrol"
# Agents that refuse to start without a key get this word; the gateway takes any on this machine.
NO_KEY: Final = "boocontrol"


def claude(setting: Setting) -> list[Entry]:
    """`env` takes no references, so the key comes from a command."""
    env = {
        "ANTHROPIC_BASE_URL": setting.root_url,
        "ANTHROPIC_MODEL": setting.model,
        "ANTHROPIC_DEFAULT_HAIKU_MODEL": setting.small or setting.model,
    }
    return [Entry(("env",), env, shared=True), Entry((), {"apiKeyHelper": setting.command()}, shared=True)]


def zed(setting: Setting) -> list[Entry]:
    """Zed takes the key from the variable named after the provider, or from the keychain."""
    models = [_zed_model(offer) for offer in setting.models]
    values = {"api_url": setting.base_url, "available_models": models}
    return [Entry(("language_models", "openai_compatible", ID), values)]


def _zed_model(offer: Offer) -> dict[str, object]:
    able = offer.capabilities
    model: dict[str, object] = {
        "name": offer.ref,
        "display_name": offer.name,
        "max_tokens": offer.context or ASSUMED_CONTEXT,
    }
    if offer.limit:
        model["max_output_tokens"] = offer.limit[1]
    model["capabilities"] = {"tools": True, "images": bool(able.get("vision")), "parallel_tool_calls": False}
    return model


def crush(setting: Setting) -> list[Entry]:
    """Crush expands `$NAME` and `$(command)` in `api_key`."""
    values = {
        "name": "BooControl",
        "type": "openai-compat",
        "base_url": setting.base_url,
        "api_key": _expanded(setting),
        "models": [_crush_model(offer) for offer in setting.models],
    }
    return [Entry(("providers", ID), values)]


def _crush_model(offer: Offer) -> dict[str, object]:
    context, output = offer.limit or (ASSUMED_CONTEXT, ASSUMED_CONTEXT // 4)
    model: dict[str, object] = {
        "id": offer.ref,
        "name": offer.name,
        "context_window": context,
        "default_max_tokens": output,
    }
    return model | ({"supports_attachments": True} if offer.capabilities.get("vision") else {})


def qwen(setting: Setting) -> list[Entry]:
    """A provider of our own, so that the list `openai`, which is the user's, stays untouched."""
    models = [_qwen_model(offer, setting) for offer in setting.models]
    return [
        Entry(("modelProviders",), {ID: models}, shared=True),
        Entry(("providerProtocol",), {ID: "openai"}, shared=True),
    ]


def _qwen_model(offer: Offer, setting: Setting) -> dict[str, object]:
    model: dict[str, object] = {
        "id": offer.ref,
        "name": offer.name,
        "baseUrl": setting.base_url,
        "envKey": setting.key_env,
    }
    if offer.context:
        model["generationConfig"] = {"contextWindowSize": offer.context}
    return model


def pi(setting: Setting) -> list[Entry]:
    """pi reads `$NAME` and `!command` in `apiKey`; llama.cpp does not know the role `developer`."""
    values = {
        "baseUrl": setting.base_url,
        "api": "openai-completions",
        "apiKey": f"!{setting.command()}" if isinstance(setting.key, FileKey) else _expanded(setting),
        "compat": {"supportsDeveloperRole": False, "supportsReasoningEffort": False},
        "models": [_pi_model(offer) for offer in setting.models],
    }
    return [Entry(("providers", ID), values)]


def _pi_model(offer: Offer) -> dict[str, object]:
    model: dict[str, object] = {"id": offer.ref, "name": offer.name}
    if offer.capabilities.get("reasoning"):
        model["reasoning"] = True
    if offer.capabilities.get("vision"):
        model["input"] = ["text", "image"]
    if offer.limit:
        model |= {"contextWindow": offer.limit[0], "maxTokens": offer.limit[1]}
    return model


def _expanded(setting: Setting) -> str:
    if isinstance(setting.key, FileKey):
        return f"$({setting.command()})"
    return f"${setting.key.name}" if isinstance(setting.key, EnvKey) else NO_KEY
