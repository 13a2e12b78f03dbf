"""Request bodies: JSON only, bounded, read strictly. What was sent is never repeated in an error: it may be a key."""

from __future__ import annotations

import math
from typing import Any, Final, TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from boocontrol.core.errors import BadInput

T = TypeVar("T", bound=BaseModel)

LONGEST: Final = 1 << 20
_ADVICE: Final = "Correct the body; /api/openapi.json describes it."


async def read_value(request: Request, kind: type[T]) -> T:
    """The body as a value. Raises BadInput (415, 413, 400, 422 by its code)."""
    raw = await _read(request)
    _parsed(raw)
    try:
        return kind.model_validate_json(raw, strict=True)
    except ValidationError as e:
        raise _bad(e) from None


async def read_object(request: Request) -> dict[str, Any]:
    """The body as a JSON object of any keys. Raises BadInput (415, 413, 400, 422 by its code)."""
    value = _parsed(await _read(request))
    if not isinstance(value, dict):
        raise BadInput("The body is not a JSON object.", _ADVICE, code="bad_body")
    if not _is_finite(value):
        raise BadInput("A number in the body is too large.", _ADVICE, code="bad_body")
    return value


async def _read(request: Request) -> bytes:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    # A web form cannot send this type, so it cannot be made to change anything here.
    if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
        advice = "Send Content-Type: application/json."
        raise BadInput("The body is not sent as JSON.", advice, code="wrong_content_type")
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > LONGEST:
            raise BadInput("The body is larger than 1 MiB.", "Send less.", code="body_too_large")
    return bytes(data)


def _parsed(raw: bytes) -> Any:
    try:
        return from_json(raw, allow_inf_nan=False)
    except ValueError as e:
        raise BadInput(f"The body is not JSON: {e}.", _ADVICE, code="not_json") from None


def _bad(error: ValidationError) -> BadInput:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    field = ".".join(str(p) for p in first["loc"])
    message = "is missing" if first["type"] == "missing" else first["msg"][:1].lower() + first["msg"][1:]
    return BadInput(f"{field or 'The body'}: {message}.", _ADVICE, code="bad_body", param=field or None)


def _is_finite(value: Any) -> bool:
    """False for 1e999, which JSON allows and no JSON can say again."""
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, dict):
        return all(_is_finite(v) for v in value.values())
    return all(_is_finite(v) for v in value) if isinstance(value, list) else True
