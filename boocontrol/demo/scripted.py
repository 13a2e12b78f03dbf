"""A scripted model server of llama-server's shape, without a socket."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

from boocontrol.demo.backends import Gone, Outgoing, Reply
from boocontrol.demo.config import ModelConfig
from boocontrol.demo.dialects import ChatDialect, Dialect, TextDialect
from boocontrol.demo.dialects_typed import MessagesDialect, ResponsesDialect, error_event
from boocontrol.demo.formats import http_date, plain_json
from boocontrol.demo.script import PROMPT_TOKENS, Turn, turn_of
from boocontrol.demo.wire import Headers

_SERVER = ("Server", "llama.cpp")
_DIALECTS: dict[str, Dialect] = {
    "/v1/chat/completions": ChatDialect(),
    "/v1/completions": TextDialect(),
    "/completion": TextDialect(),
    "/infill": TextDialect(),
    "/v1/responses": ResponsesDialect(),
    "/v1/messages": MessagesDialect(),
}
_RERANK = ("/rerank", "/reranking", "/v1/rerank", "/v1/reranking")
_IMAGES = ("/v1/images/generations", "/v1/images/edits", "/sdapi/v1/txt2img", "/sdapi/v1/img2img")
# The smallest PNG there is: one transparent pixel.
_PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="


def json_reply(document: Any, status: int = 200) -> Reply:
    return _reply(status, "application/json; charset=utf-8", plain_json(document))


def error_reply(status: int, message: str, kind: str = "invalid_request_error") -> Reply:
    return json_reply({"error": {"code": status, "message": message, "type": kind}}, status)


def _reply(status: int, content_type: str, body: bytes) -> Reply:
    headers: Headers = [("Content-Length", str(len(body))), ("Content-Type", content_type)]
    return Reply(status, [*headers, ("Date", http_date()), _SERVER], body)


class ScriptedServer:
    """Serves one model. `log` takes lines of its output, `die` ends its process."""

    def __init__(self, model: ModelConfig, pace: float, log: Callable[[str], None], die: Callable[[], None]) -> None:
        self._model = model
        self._pace = model.pace if model.pace is not None else pace
        self._log = log
        self._die = die

    async def close(self) -> None:
        pass

    @asynccontextmanager
    async def send(self, request: Outgoing) -> AsyncIterator[Reply]:
        """Raises Gone when the script lets the server die before it answers."""
        path = request.target.partition("?")[0]
        if request.method == "HEAD":
            # As the stand-in of the golden exchanges, which knew no HEAD.
            headers = [("Content-Length", "357"), ("Content-Type", "text/html;charset=utf-8")]
            yield Reply(501, [*headers, ("Date", http_date()), _SERVER], b"")
        elif request.method == "GET":
            yield self._get(path)
        else:
            yield await self._post(request, path)

    def _get(self, path: str) -> Reply:
        model_path = f"{self._model.id.rpartition('/')[2]}.gguf"
        if self._model.cmd:
            words = self._model.cmd.split()
            model_path = words[words.index("-m") + 1] if "-m" in words[:-1] else model_path
        settings = {"n_ctx": self._model.ctx}
        answers: dict[str, Any] = {
            "/": {"root": self._model.id},
            "/health": {"status": "ok"},
            "/props": {
                "default_generation_settings": settings,
                "total_slots": 1,
                "model_path": model_path,
            },
            "/slots": [{"id": 0, **settings, "speculative": False, "is_processing": False}],
            "/v1/models": {"object": "list", "data": [{"id": self._model.id, "object": "model"}]},
            "/v1/audio/voices": {"voices": ["alloy"]},
            "/sdapi/v1/loras": [],
        }
        if path not in answers:
            return error_reply(404, "File Not Found", "not_found_error")
        return json_reply(answers[path])

    async def _post(self, request: Outgoing, path: str) -> Reply:
        headers = {name.lower(): value for name, value in request.headers}
        if "multipart/form-data" in headers.get("content-type", ""):
            return self._of_form(path)
        try:
            body = json.loads(request.body or b"{}")
        except ValueError:
            body = None
        if not isinstance(body, dict):
            return error_reply(400, "not JSON")
        if body.get("bad") is True:
            return error_reply(400, "bad request of the model server")
        turn = turn_of(self._model, self._pace, body)
        if turn.script.status:
            message = {"error": {"code": turn.script.status, "message": "as the script says"}}
            return json_reply(turn.script.body or message, turn.script.status)
        if f"/v1{path}" in _DIALECTS:
            path = f"/v1{path}"
        if path in _DIALECTS:
            return await self._generate(request, path, turn, body.get("stream") is True)
        return self._of_json(path, body)

    async def _generate(self, request: Outgoing, path: str, turn: Turn, streaming: bool) -> Reply:
        self._log(f"slot launch: task, model {turn.model}, n {len(turn.tokens)}")
        dialect = _DIALECTS[path]
        if streaming:
            await asyncio.sleep(turn.script.first_byte_s)
            headers = [("Content-Type", "text/event-stream"), ("Date", http_date()), _SERVER]
            return Reply(200, headers, self._stream(dialect, turn))
        await self._work(turn)
        answer = dialect.whole(turn)
        if path == "/v1/chat/completions":
            # Shows what reached the model server, for those who look only at the answer.
            answer["x_headers"] = {name.lower(): value for name, value in request.headers}
            answer["x_path"] = request.target
        return json_reply(answer)

    async def _work(self, turn: Turn) -> None:
        deadly = turn.script.die_after
        count = turn.count if deadly is None else min(turn.count, deadly)
        try:
            await asyncio.sleep(turn.script.first_byte_s + count * turn.pace)
        except asyncio.CancelledError:
            self._log("srv stop: cancel task")
            raise
        if deadly is not None:
            self._end_process()

    async def _stream(self, dialect: Dialect, turn: Turn) -> AsyncGenerator[bytes, None]:
        done = False
        try:
            for event in dialect.opening(turn):
                yield _encode(turn, event)
            async for text in self._pieces(dialect, turn):
                yield _encode(turn, text)
            if turn.script.error_after is None:
                for event in dialect.closing(turn):
                    yield _encode(turn, event)
            done = True
        finally:
            if not done:
                self._log("srv stop: cancel task")

    async def _pieces(self, dialect: Dialect, turn: Turn) -> AsyncIterator[str]:
        loop = asyncio.get_running_loop()
        start = loop.time()
        script = turn.script
        for index, (kind, text) in enumerate(_kinds(turn)):
            if index == script.die_after:
                self._end_process()
            if index == script.error_after:
                yield error_event("as the script says")
                return
            if script.comment_every and index % script.comment_every == 0:
                yield ": still here\n\n"
            yield dialect.piece(turn, kind, text)
            # Against the start, so that the pace holds over many tokens.
            await asyncio.sleep(max(0.0, start + (index + 1) * turn.pace - loop.time()))
        if script.die_after is not None:
            self._end_process()
        if script.error_after is not None:
            yield error_event("as the script says")

    def _end_process(self) -> None:
        self._die()
        raise Gone("the script lets the model server die")

    def _of_json(self, path: str, body: dict[str, Any]) -> Reply:
        model = str(body.get("model") or self._model.id)
        if path == "/v1/embeddings":
            return json_reply(_embeddings(model, body))
        if path in _RERANK:
            documents = body.get("documents") or []
            results = [{"index": i, "relevance_score": round(1 / (i + 1), 3)} for i in range(len(documents))]
            return json_reply({"model": model, "object": "list", "results": results})
        if path == "/v1/messages/count_tokens":
            return json_reply({"input_tokens": PROMPT_TOKENS})
        if path == "/tokenize":
            return json_reply({"tokens": list(range(len(str(body.get("content", "")).split())))})
        if path == "/detokenize":
            return json_reply({"content": " ".join(f"t{t}" for t in body.get("tokens", []))})
        if path == "/v1/audio/speech":
            return _reply(200, "audio/mpeg", b"ID3" + bytes(range(256)) * 4)
        if path in _IMAGES:
            return json_reply({"created": 0, "data": [{"b64_json": _PIXEL}], "images": [_PIXEL]})
        return error_reply(404, "File Not Found", "not_found_error")

    def _of_form(self, path: str) -> Reply:
        if path == "/v1/audio/transcriptions":
            return json_reply({"text": "a short recording"})
        if path in _IMAGES:
            return json_reply({"created": 0, "data": [{"b64_json": _PIXEL}]})
        return error_reply(400, "not JSON")


def _kinds(turn: Turn) -> Iterator[tuple[str, str]]:
    for text in turn.reasoning:
        yield "reasoning", text
    for text in turn.tokens:
        yield "text", text


def _encode(turn: Turn, event: str) -> bytes:
    return (event.replace("\n", "\r\n") if turn.script.crlf else event).encode()


def _embeddings(model: str, body: dict[str, Any]) -> dict[str, Any]:
    given = body.get("input")
    inputs = given if isinstance(given, list) else [given]
    vectors = [
        {"embedding": [round(0.01 * (i + j), 3) for j in range(8)], "index": i, "object": "embedding"}
        for i in range(len(inputs))
    ]
    tokens = 3 * len(inputs)
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    return {"model": model, "object": "list", "usage": usage, "data": vectors}
