"""The endpoint families of the data plane: one table, one rule for all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from boocontrol.core.resolver import Purpose
from boocontrol.gateway.sse import Style


@dataclass(frozen=True, slots=True)
class Family:
    """One endpoint: the path served, the host's path, what it is for, how its errors and streams are shaped."""

    path: str
    purpose: Purpose
    style: Style = "other"
    form: bool = False
    upstream: str = ""

    @property
    def host_path(self) -> str:
        """The path on the host."""
        return self.upstream or self.path

    @property
    def anthropic(self) -> bool:
        """True where clients expect Anthropic's error shape."""
        return self.path.startswith("/v1/messages")


FAMILIES: Final = {
    family.path: family
    for family in (
        Family("/v1/chat/completions", "chat", "chat"),
        Family("/v1/completions", "completions", "chat"),
        Family("/v1/responses", "responses", "responses"),
        Family("/v1/messages", "messages", "messages"),
        Family("/v1/messages/count_tokens", "messages"),
        Family("/v1/embeddings", "embeddings"),
        Family("/v1/rerank", "rerank"),
        Family("/v1/reranking", "rerank"),
        Family("/v1/audio/transcriptions", "audio", form=True),
        Family("/v1/audio/speech", "audio"),
        Family("/v1/images/generations", "images"),
        Family("/v1/images/edits", "images", form=True),
        Family("/infill", "infill"),
        Family("/v1/infill", "infill", upstream="/infill"),
    )
}


_READABLE: Final = re.compile(r"/v1/models(/.+)?|/healthz|/metrics|/upstream/.+/props")


def right_path(path: str) -> str | None:
    """The path that a mistyped one most likely means: doubled or missing /v1, a trailing slash. None if unknown."""
    tidy = "/" + "/".join(part for part in path.split("/") if part)
    while tidy.startswith("/v1/v1/"):
        tidy = tidy[3:]
    for candidate in (tidy, f"/v1{tidy}", tidy.removeprefix("/api")):
        if candidate != path and (candidate in FAMILIES or _READABLE.fullmatch(candidate)):
            return candidate
    return None
