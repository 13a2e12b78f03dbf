"""Answers that are not errors."""

from __future__ import annotations

import json
from typing import Any

from fastapi import Response
from pydantic import BaseModel


def value(body: BaseModel, status: int = 200) -> Response:
    """A shape as JSON."""
    return Response(body.model_dump_json(by_alias=True), status, media_type="application/json")


def document(body: dict[str, Any], etag: str, status: int = 200) -> Response:
    """A JSON object with the tag under which it may be changed."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Response(text, status, {"ETag": etag, "Cache-Control": "no-store"}, media_type="application/json")
