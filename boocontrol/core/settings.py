"""Settings: the keys this program knows, their types and defaults, and what a PATCH does. Unknown keys are kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, ConfigDict, Field, ValidationError

from boocontrol.core.control import Scene, distinct
from boocontrol.core.errors import BadInput
from boocontrol.core.values import Value

Json = Any
ModelText = Annotated[str, Field(min_length=1, max_length=1024)]


class Settings(Value):
    """Every known setting with its default. Refs are stored as the user gave them."""

    model_config = ConfigDict(extra="allow")

    favorite_models: tuple[ModelText, ...] = Field((), description="Refs of the favorite models, in the user's order.")
    default_model: ModelText | None = Field(None, description="The model that new chats start with.")
    fast_model: ModelText | None = Field(None, description="The model for titles and other small tasks.")
    task_model_url: str | None = Field(None, description="OpenAI-compatible base URL for small tasks.")
    auto_sync: bool = Field(False, description="Keep opencode's file in step, once it was written.")
    require_key: bool = Field(False, description="Ask for the gateway's key on this machine too.")
    allowed_hosts: tuple[str, ...] = Field((), description="Host names by which the gateway may be called.")
    allowed_origins: tuple[str, ...] = Field((), description="Web origins that may call the gateway.")
    first_byte_timeout: Annotated[float, Field(gt=0, le=86400)] = Field(
        1800.0, description="Seconds to wait for the first byte of an answer."
    )
    keepalive_after: Annotated[float, Field(gt=0, le=3600)] = Field(
        45.0, description="Seconds of silence after which a streaming request is kept alive with comments."
    )
    keepalive_every: Annotated[float, Field(gt=0, le=3600)] = Field(10.0, description="Seconds between such comments.")
    scenes: Annotated[tuple[Scene, ...], Field(max_length=200), AfterValidator(distinct)] = Field(
        (), description="Named sets of models that are loaded together."
    )
    auto_wake: bool = Field(False, description="Wake a sleeping host that has a macAddress when a request needs it.")
    wake_timeout: Annotated[float, Field(gt=0, le=3600)] = Field(
        120.0, description="Seconds that a woken host has to answer."
    )
    history_days: Annotated[int, Field(ge=1, le=3650)] = Field(365, description="Days that the history is kept.")
    history_max_mb: Annotated[int, Field(ge=16, le=1024 * 1024)] = Field(
        1024, description="MiB that the database may take; the oldest goes first."
    )
    samples_days: Annotated[int, Field(ge=1, le=3650)] = Field(
        30, description="Days that single measurements of hosts are kept; after that means of five minutes."
    )


KNOWN = frozenset(Settings.model_fields)


def whole(stored: Mapping[str, Json]) -> dict[str, Json]:
    """Every known setting, stored or default, and the unknown keys as they are. Raises BadInput naming a bad key."""
    return validated(stored).model_dump(mode="json")


def validated(stored: Mapping[str, Json]) -> Settings:
    """The stored values as Settings; BadInput, with the key as `param`, for a wrong type."""
    try:
        return Settings.model_validate_json(_text(stored), strict=True)
    except ValidationError as e:
        error = e.errors(include_url=False, include_input=False, include_context=False)[0]
        key = str(error["loc"][0]) if error["loc"] else ""
        place = "".join(f"[{p}]" for p in error["loc"][1:])
        title = f"The setting {key}{place} is not usable: {_lower(error['msg'])}."
        raise BadInput(title, "Correct the value; nothing was changed.", code="bad_setting", param=key) from None


def patched(stored: Mapping[str, Json], patch: Mapping[str, Json]) -> dict[str, Json]:
    """What is stored after a PATCH: a key given replaces, null resets, keys not given stay. Raises BadInput."""
    after = {**stored, **patch}
    after = {key: value for key, value in after.items() if value is not None}
    validated(after)
    return after


def _text(stored: Mapping[str, Json]) -> str:
    import json

    return json.dumps(stored)


def _lower(message: str) -> str:
    return message[:1].lower() + message[1:]
