"""Which paths are proxied, by version. Pure data."""

from __future__ import annotations

from boocontrol.demo.versions import Version

# Path and the version that brought it.
_POSTS: dict[str, int] = {
    "/v1/chat/completions": 0,
    "/v1/responses": 182,
    "/v1/completions": 0,
    "/v1/messages": 175,
    "/v1/messages/count_tokens": 175,
    "/v1/embeddings": 0,
    "/rerank": 0,
    "/reranking": 0,
    "/v1/rerank": 0,
    "/v1/reranking": 0,
    "/infill": 0,
    "/completion": 0,
    "/v1/audio/speech": 0,
    "/v1/audio/voices": 190,
    "/v1/audio/transcriptions": 0,
    "/v1/images/generations": 0,
    "/v1/images/edits": 173,
    "/sdapi/v1/txt2img": 190,
    "/sdapi/v1/img2img": 190,
    "/audioapi/v1/tasks/run": 247,
}
_GETS: dict[str, int] = {"/v1/audio/voices": 190, "/sdapi/v1/loras": 190, "/props": 235}
_TWINS_SINCE = 218  # /v/chat/completions and so on


def is_model_post(version: Version, path: str) -> bool:
    if path.startswith("/v/") and version.number >= _TWINS_SINCE:
        path = f"/v1{path[2:]}"
    return _POSTS.get(path, 10_000) <= version.number


def is_model_get(version: Version, path: str) -> bool:
    return _GETS.get(path, 10_000) <= version.number
