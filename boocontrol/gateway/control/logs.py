"""The logs of a host as a stream of events."""

from __future__ import annotations

from contextlib import aclosing
from typing import Any, Final, cast

from fastapi import APIRouter, Request, Response
from starlette.responses import StreamingResponse
from starlette.types import Send

from boocontrol.core.errors import BadInput
from boocontrol.core.logs import SOURCES, LogEnd, LogGap, LogLive, LogSource, LogText
from boocontrol.gateway.control.reads import present_id
from boocontrol.gateway.control.schema import good, problems
from boocontrol.gateway.control.services import Services

Json = dict[str, Any]

_LONGEST: Final = 1024
_EVENT: Final[Json] = {
    "type": "object",
    "description": "One event of the stream.",
    "properties": {
        "event": {"type": "string", "enum": ["log", "gap", "live", "end"]},
        "data": {
            "description": "JSON on one line: LogText, LogGap, LogLive or LogEnd.",
            "oneOf": [kind.model_json_schema(by_alias=True) for kind in (LogText, LogGap, LogLive, LogEnd)],
        },
    },
}
_STREAM: Final = good(200, "Server-sent events.", schema=_EVENT, media="text/event-stream")
_HEADERS: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def _parameter(name: str, description: str, **schema: Any) -> Json:
    return {"name": name, "in": "query", "description": description, "schema": {"type": "string", **schema}}


_PARAMETERS: Final = [
    _parameter("source", "Which log; `all`: the host's own and its models'.", enum=list(SOURCES), default="all"),
    _parameter("model", "A wire id or alias, for source=model.", maxLength=_LONGEST),
    _parameter("history", "Whether what the host has kept comes first.", enum=["true", "false"], default="true"),
    _parameter("follow", "false ends the stream once that is told.", enum=["true", "false"], default="true"),
]  # fmt: skip


def router(services: Services) -> APIRouter:
    """Route of /api/hosts/{id}/logs."""
    routes = APIRouter()

    @routes.get(
        "/api/hosts/{provider_id}/logs",
        response_class=Response,
        responses={**problems(404, 422), **_STREAM},
        openapi_extra={"parameters": _PARAMETERS},
        tags=["hosts"],
    )
    async def get_logs(request: Request, provider_id: str) -> Response:
        """Lines of a host's logs as `log`, what was kept first, then `live`, then lines as they are written.

        `gap` stands where something is missing: bytes that a slow reader or the host dropped, or a connection that
        was lost and is taken up again. `end` is the last event and says why, also where a host has no such log.
        Keys in command lines, headers and addresses are taken out.
        """
        given = request.query_params
        source = _one_of(given.get("source", ""), SOURCES, "source") or "all"
        model = given.get("model", "")
        if len(model) > _LONGEST or not model.isprintable() or (source == "model") != bool(model):
            advice = "source=model needs a model, and no other source takes one."
            raise BadInput("The model cannot be used.", advice, code="bad_query", param="model")
        history = _one_of(given.get("history", ""), ("true", "false"), "history") != "false"
        follow = _one_of(given.get("follow", ""), ("true", "false"), "follow") != "false"
        frames = services.logs.stream(
            present_id(services, provider_id), cast(LogSource, source), model, history=history, follow=follow
        )
        return _Closing(frames, headers=_HEADERS, media_type="text/event-stream")

    return routes


class _Closing(StreamingResponse):
    """Closes its source at once when the client has left, wherever it is waiting then."""

    async def stream_response(self, send: Send) -> None:
        source = cast(Any, self.body_iterator)
        async with aclosing(source):
            await super().stream_response(send)


def _one_of(text: str, words: tuple[str, ...], name: str) -> str:
    if text and text not in words:
        raise BadInput(
            f"The value of {name} cannot be used.", f"It is one of {', '.join(words)}.", code="bad_query", param=name
        )
    return text
