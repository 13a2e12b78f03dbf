"""Models as opencode wants them: the keys of one model in `provider.boocontrol.models`, and what we own around them."""

from __future__ import annotations

from typing import Final

from boocontrol.agents.entries import Entry, Path
from boocontrol.agents.offers import Offer

SCHEMA: Final = "https://opencode.ai/config.json"
PROVIDER_ID: Final = "boocontrol"
PROVIDER: Final[Path] = ("provider", PROVIDER_ID)
OPTIONS: Final[Path] = (*PROVIDER, "options")
MODELS: Final[Path] = (*PROVIDER, "models")
NPM: Final = "@ai-sdk/openai-compatible"
# A cold load takes minutes before the first byte: no hanging up on it, nor waiting for ever on a dead stream.
CHUNK_TIMEOUT_MS: Final = 1_800_000
_LASTING: Final = frozenset({"limit"})


def model_entry(offer: Offer) -> Entry:
    """What we want of one model. A known limit stays when the host can no longer tell it."""
    return Entry((*MODELS, offer.ref), model_values(offer), lasting=_LASTING, partial=not offer.fresh)


def model_values(offer: Offer) -> dict[str, object]:
    """The keys of one model: facts that are known, and `limit` completely or not at all."""
    values: dict[str, object] = {"name": offer.name}
    if offer.limit is not None:
        context, output = offer.limit
        values["limit"] = {"context": context, "output": output}
    able = offer.capabilities
    if able.get("vision"):
        # `attachment` alone is not enough: without the modality opencode replaces an image by an error text.
        values["attachment"] = True
        values["modalities"] = {"input": ["text", "image"], "output": ["text"]}
    if able.get("reasoning"):
        values["reasoning"] = True
    if able.get("tools"):
        values["tool_call"] = True
    return values


def provider_entries(base_url: str, api_key: str | None) -> list[Entry]:
    """What we want of the provider itself."""
    options: dict[str, object] = {"baseURL": base_url}
    if api_key is not None:
        options["apiKey"] = api_key
    options |= {"headerTimeout": False, "chunkTimeout": CHUNK_TIMEOUT_MS}
    return [
        Entry(PROVIDER, {"npm": NPM, "name": "BooControl"}, restored=frozenset({"npm"})),
        Entry(OPTIONS, options, restored=frozenset({"baseURL"})),
    ]
