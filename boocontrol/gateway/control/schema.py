"""What routes cannot say to OpenAPI by their types: bodies read by hand, headers, problems."""

from __future__ import annotations

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from boocontrol.core.api import KeyValue, LoadRequest, ProbeRequest, Problem
from boocontrol.core.control import CancelLoad, SceneRequest
from boocontrol.core.registry import Provider, Registry
from boocontrol.core.settings import Settings
from boocontrol.gateway.control.entries import CONFIRM

Json = dict[str, Any]
Answers = dict[int | str, Json]

_REF: Final = "#/components/schemas/{model}"
_TEXTS: Final = {
    400: "The request cannot be read.",
    401: "The gateway's key is missing or wrong.",
    403: "Host or Origin is not one that may call this gateway.",
    404: "There is no such thing.",
    409: "Not now: what is there forbids it.",
    412: "It changed since it was read; nothing was written.",
    413: "The body is too large.",
    415: "The body is not sent as application/json.",
    422: "A value in the body is not usable; nothing was changed.",
    428: "If-Match is missing.",
    500: "The gateway failed, or its disk did.",
    502: "The host answers with an error.",
    503: "The host does not answer.",
}
_BODY: Final = (413, 415, 422)
_WRITE: Final = (409, 412, 428)
ETAG: Final[Json] = {"ETag": {"description": "Names just this content.", "schema": {"type": "string"}}}
IF_MATCH: Final[Json] = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "The ETag of what was read, or * to override knowingly.",
    "schema": {"type": "string", "minLength": 1, "pattern": r'^(\*|"[\x21\x23-\x7e]+")$'},
}


def problems(
    *more: int, body: bool = False, write: bool = False, kinds: dict[int, type[BaseModel]] | None = None
) -> Answers:
    """The answers that say no, for a route's `responses`."""
    named = {400, 401, 403, 500, *more, *(_BODY if body else ()), *(_WRITE if write else ())}
    return {s: {"model": (kinds or {}).get(s, Problem), "description": _TEXTS[s]} for s in sorted(named)}


def good(status: int, description: str, *, etag: bool = False, schema: Json | None = None, media: str = "") -> Answers:
    """The answer that says yes."""
    answer: Json = {"description": description}
    if etag:
        answer["headers"] = ETAG
    if schema is not None:
        answer["content"] = {media or "application/json": {"schema": schema}}
    return {status: answer}


def takes(name: str = "", *, if_match: bool = False) -> Json:
    """For a route's `openapi_extra`: the component that its body is, and the header If-Match."""
    extra: Json = {}
    if name:
        content = {"application/json": {"schema": {"$ref": _REF.format(model=name)}}}
        extra["requestBody"] = {"required": True, "content": content}
    if if_match:
        extra["parameters"] = [IF_MATCH]
    return extra


def describe(app: FastAPI) -> Json:
    """The OpenAPI description, made once."""
    if app.openapi_schema is None:
        made = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        components = made.setdefault("components", {})
        schemas = components.setdefault("schemas", {})
        for name, schema in _bodies().items():
            for inner, definition in schema.pop("$defs", {}).items():
                schemas.setdefault(inner, definition)
            schemas[name] = schema
        _forget_own_validation(made)
        schemas["Provider"]["properties"]["id"] |= {"pattern": r"^(?!any$)[a-z0-9][a-z0-9._-]{0,62}$"}
        scheme = {"type": "http", "scheme": "bearer", "description": "The gateway's key: boocontrol gateway key"}
        components["securitySchemes"] = {"gatewayKey": scheme}
        made["security"] = [{"gatewayKey": []}]
        app.openapi_schema = made
    return app.openapi_schema


def _forget_own_validation(made: Json) -> None:
    """Take out what the framework adds for every parameter: texts in a path are never of a wrong type."""
    for operations in made["paths"].values():
        for operation in operations.values():
            schema = operation["responses"].get("422", {}).get("content", {}).get("application/json", {}).get("schema")
            if schema == {"$ref": _REF.format(model="HTTPValidationError")}:
                del operation["responses"]["422"]
    for name in ("HTTPValidationError", "ValidationError"):
        made["components"]["schemas"].pop(name, None)


def _bodies() -> dict[str, Json]:
    plain: tuple[type[BaseModel], ...] = (ProbeRequest, KeyValue, LoadRequest, CancelLoad, SceneRequest)
    bodies = {kind.__name__: _schema(kind) for kind in plain}
    bodies["RegistryInput"] = _schema(Registry)
    bodies["ProviderInput"] = _schema(Provider)
    bodies["ProviderPatch"] = _patch(_schema(Provider), {CONFIRM: {"type": "boolean"}})
    bodies["SettingsPatch"] = _patch(_schema(Settings), {})
    return bodies


def _schema(kind: type[BaseModel]) -> Json:
    return kind.model_json_schema(by_alias=True, ref_template=_REF, mode="validation")


def _patch(schema: Json, more: Json) -> Json:
    """The schema of a change: every key may be left out, and null resets it."""
    schema.pop("required", None)
    for name, value in schema["properties"].items():
        value.pop("default", None)
        schema["properties"][name] = {"anyOf": [value, {"type": "null"}]}
    schema["properties"] |= more
    return schema
