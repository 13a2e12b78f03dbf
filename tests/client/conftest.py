"""A small gateway on loopback that speaks the control API's contract, for the client and the command line."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

KEY = "test-gateway-key"
NOW = "2026-11-22T16:12:50Z"
Json = dict[str, Any]


def problem(status: int, code: str, message: str, advice: str = "", **more: Any) -> JSONResponse:
    error = {"message": message, "type": "invalid_request_error", "param": None, "code": code}
    return JSONResponse({"error": error, "advice": advice, **more}, status)


def sse(*events: tuple[str, str, Json]) -> bytes:
    return b"".join(f"id: {i}\nevent: {kind}\ndata: {json.dumps(data)}\n\n".encode() for i, kind, data in events)


def chunk(delta: Json, **more: Any) -> bytes:
    data = {"model": "gpu-box/qwen3", "choices": [{"index": 0, "delta": delta, "finish_reason": None, **more}]}
    return f"data: {json.dumps(data)}\n\n".encode()


def model(ref: str, **more: Any) -> Json:
    wire_id = ref.partition("/")[2]
    return {"ref": ref, "wireId": wire_id, "name": wire_id, "state": "stopped", **more}


def host(provider: str, **more: Any) -> Json:
    return {
        "id": provider,
        "label": provider,
        "kind": "llama-swap",
        "location": "local",
        "enabled": True,
        "oftenOff": False,
        "baseUrl": f"http://{provider}:8401",
        "state": "up",
        **more,
    }


class Stub:
    """The gateway's state, open to the test: change it, or look at what came in (`seen`)."""

    def __init__(self) -> None:
        self.url = ""
        self.instance_id = "instance-1"
        self.seen: list[tuple[str, str, Json | None]] = []
        self.keys: list[str | None] = []
        self.headers: list[dict[str, str]] = []
        self.document: Json = {
            "defaultProvider": "gpu-box",
            "providers": [
                {"id": "gpu-box", "label": "GPU box", "baseUrl": "http://gpu-box:8401", "mine": 1},
                {"id": "attic", "baseUrl": "http://attic:8401", "apiKey": {"keyring": "attic"}},
            ],
        }
        self.settings: Json = {"favorite_models": ["gpu-box/qwen3"], "default_model": None}
        self.hosts = [host("gpu-box"), host("attic", state="down", reason="no answer")]
        self.catalog: Json = {
            "defaultProvider": "gpu-box",
            "providers": [
                {
                    "id": "gpu-box",
                    "label": "GPU box",
                    "state": "up",
                    "extra": "kept",
                    "models": [
                        model("gpu-box/qwen3", name="Qwen 3", state="ready", contextLength=32768),
                        model("gpu-box/phi", description="small and quick"),
                    ],
                },
                {"id": "attic", "label": "Attic", "state": "down", "stale": True, "models": [model("attic/llama")]},
            ],
        }
        self.status: Json = {
            "version": "0.1.0",
            "instanceId": self.instance_id,
            "startedAt": NOW,
            "uptimeS": 90.0,
            "url": "",
            "registry": {"path": "/x/llama-providers.json", "source": "file", "stamp": "1"},
            "counts": {"providers": 2, "up": 1, "models": 3, "inFlight": 0},
        }
        self.probe: Json = {
            "ok": True,
            "baseUrl": "http://box:8080",
            "kind": "llama-swap",
            "models": ["llama"],
            "stages": [{"stage": "connect", "outcome": "ok", "detail": "1 ms"}],
        }
        self.answers: dict[str, Callable[[], Response]] = {}
        self.meanwhile: list[Callable[[], None]] = []
        self.streams: list[bytes] = []
        self.chat: list[bytes] = [chunk({"content": "Hello"}), b"data: [DONE]\n\n"]

    def etag(self, value: Json) -> str:
        return '"' + sha256(json.dumps(value).encode()).hexdigest()[:12] + '"'

    def app(self) -> Starlette:
        methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
        return Starlette(routes=[Route("/{path:path}", self.handle, methods=methods)])

    async def handle(self, request: Request) -> Response:
        path, body = request.url.path, await request.body()
        parsed = json.loads(body) if body else None
        self.seen.append((request.method, path, parsed))
        self.keys.append(request.headers.get("authorization"))
        self.headers.append(dict(request.headers))
        if path == "/healthz":
            return JSONResponse({"status": "ok", "instanceId": self.instance_id, "version": "0.1.0"})
        if path.startswith("/api") and request.headers.get("authorization") != f"Bearer {KEY}":
            return problem(401, "key_wrong", "This is not the gateway's key.")
        if f"{request.method} {path}" in self.answers:
            return self.answers[f"{request.method} {path}"]()
        return self.route(request, path, parsed)

    def route(self, request: Request, path: str, body: Json | None) -> Response:
        reads = {"/api/models": self.catalog, "/api/hosts": {"hosts": self.hosts}, "/api/status": self.status}
        if path in reads:
            return JSONResponse(reads[path])
        if path == "/api/settings":
            return self.held(request, "settings", lambda: {**self.settings, **(body or {})})
        if path == "/api/providers/probe":
            return JSONResponse(self.probe)
        if path.endswith("/key"):
            return JSONResponse({"provider": path.split("/")[3], "source": "keyring", "present": bool(body)})
        if path.startswith("/api/providers"):
            return self.held(request, "document", lambda: self.edited(request.method, path, body or {}))
        if path.startswith("/api/hosts/") and path.endswith("/refresh"):
            return JSONResponse({"asked": path.split("/")[3:-1] or [h["id"] for h in self.hosts]}, 202)
        if path.startswith("/api/models/"):
            return JSONResponse({"asked": [(body or {}).get("ref") or "attic"]}, 202)
        return self.stream(path)

    def stream(self, path: str) -> Response:
        if path == "/api/events":
            return StreamingResponse(iter([self.streams.pop(0)]), media_type="text/event-stream")
        if path == "/v1/chat/completions":
            return StreamingResponse(iter(self.chat), media_type="text/event-stream")
        return problem(404, "not_found", f"There is nothing at {path}.")

    def held(self, request: Request, name: str, after: Callable[[], Json]) -> Response:
        """A value with an ETag; `meanwhile` is what another writer does between a reading and a writing."""
        now = getattr(self, name)
        if request.method == "GET":
            answer = JSONResponse(now, headers={"etag": self.etag(now)})
            if self.meanwhile:
                self.meanwhile.pop(0)()
            return answer
        if "if-match" not in request.headers:
            return problem(428, "if_match_required", "If-Match is missing.")
        if request.headers["if-match"] not in ("*", self.etag(now)):
            return problem(412, "changed_meanwhile", "It changed.")
        try:
            setattr(self, name, after())
        except KeyError as e:
            return problem(404, "not_found", f"There is no provider {e}.")
        return JSONResponse(getattr(self, name), headers={"etag": self.etag(getattr(self, name))})

    def edited(self, method: str, path: str, body: Json) -> Json:
        entries = {p["id"]: p for p in self.document["providers"]}
        name = path.removeprefix("/api/providers").strip("/")
        if method == "PUT":
            return body
        if method == "POST":
            return {**self.document, "providers": [*self.document["providers"], body]}
        changed = {k: v for k, v in {**entries[name], **body}.items() if v is not None}
        kept = [changed if p["id"] == name else p for p in self.document["providers"]]
        return {**self.document, "providers": [p for p in kept if method != "DELETE" or p["id"] != name]}


@pytest.fixture
def stub() -> Iterator[Stub]:
    """The stub, listening on a free loopback port."""
    made = Stub()
    listener = socket.create_server(("127.0.0.1", 0))
    made.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    made.status["url"] = made.url
    config = uvicorn.Config(made.app(), log_level="error", ws="none", lifespan="off", access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield made
    server.should_exit = True
    thread.join()
    listener.close()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder of the test's own; no variable of the real user is in force."""
    for name, folder in {"CONFIG_HOME": "config", "DATA_HOME": "data", "STATE_HOME": "state"}.items():
        monkeypatch.setenv(f"XDG_{name}", str(tmp_path / folder))
    run = tmp_path / "run"
    run.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(run))
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("LLAMA_PROVIDERS_PATH", "LLAMA_SWAP_URL", "LLAMA_SIDECAR_URL", "DEEPSEEK_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    for name in ("BOOCONTROL_GATEWAY", "DEFAULT_MODEL", "FAST_MODEL", "TASK_MODEL_URL", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    # Proxies would catch loopback requests if anything trusted the environment.
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    return tmp_path


@pytest.fixture
def running(stub: Stub, home: Path) -> Stub:
    """The stub, registered in the runtime file as the gateway of the user's registry."""
    write_runtime(stub, home)
    return stub


def write_runtime(stub: Stub, home: Path, **other: Any) -> Path:
    from boocontrol.core.paths import registry_path, runtime_file

    key_file = home / "gateway.key"
    key_file.write_text(KEY + "\n")
    key_file.chmod(0o600)
    path = runtime_file(registry_path())
    path.parent.mkdir(parents=True, exist_ok=True)
    info = {
        "url": stub.url,
        "pid": 1,
        "instanceId": stub.instance_id,
        "version": "0.1.0",
        "keyFile": str(key_file),
        "registry": str(registry_path()),
    }
    path.write_text(json.dumps(info | other))
    path.chmod(0o600)
    return path


@pytest.fixture
def dead_url() -> Iterator[str]:
    """An address where nobody listens: the port is held, unheard, while the test runs."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{held.getsockname()[1]}"


class Tools:
    """What tests need of this file without importing it by name."""

    KEY = KEY
    chunk = staticmethod(chunk)
    host = staticmethod(host)
    model = staticmethod(model)
    problem = staticmethod(problem)
    sse = staticmethod(sse)
    write_runtime = staticmethod(write_runtime)


@pytest.fixture
def tools() -> type[Tools]:
    return Tools
