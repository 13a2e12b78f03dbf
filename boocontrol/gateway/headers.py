"""Which headers pass, up and down. Everything not named here stays behind."""

from __future__ import annotations

from typing import Final

from multidict import CIMultiDict, CIMultiDictProxy
from pydantic import SecretStr

from boocontrol.core.resolver import Route

Raw = list[tuple[bytes, bytes]]

_UP: Final = frozenset(
    (
        b"user-agent",
        b"traceparent",
        b"tracestate",
        b"x-boo-source",
        b"x-parent-session-id",
        b"idempotency-key",
        b"anthropic-version",
        b"anthropic-beta",
        b"openai-beta",
    )
)
_DOWN: Final = ("content-type", "content-disposition", "retry-after")
STREAM_HINTS: Final = ((b"cache-control", b"no-cache"), (b"x-accel-buffering", b"no"))
PLAIN_HINTS: Final = ((b"cache-control", b"no-store"),)


def upward(client: Raw, route: Route, key: SecretStr | None, content_type: str) -> CIMultiDict[str]:
    """The headers for the host: the client's that may pass, the provider's own, and the host's key."""
    headers: CIMultiDict[str] = CIMultiDict()
    for name, value in client:
        if name in _UP or name.startswith(b"x-session-"):
            headers.add(name.decode("latin-1"), value.decode("latin-1"))
        elif name == b"x-agent-flags" and route.kind == "sidecar":
            headers.add("X-Agent-Flags", value.decode("latin-1"))
    for header, text in route.provider.headers.items():
        headers[header] = text
    # Older llama-swap answers errors in JSON only to those who accept it by name.
    headers["Accept"] = "application/json, text/event-stream, */*"
    headers["Accept-Encoding"] = "identity"
    headers["Content-Type"] = content_type
    if key is not None:
        headers["Authorization"] = f"Bearer {key.get_secret_value()}"
    return headers


def downward(upstream: CIMultiDictProxy[str]) -> Raw:
    """The host's headers that may pass to the client."""
    found = ((name, upstream.get(name)) for name in _DOWN)
    return [(name.encode(), value.encode("latin-1", "replace")) for name, value in found if value is not None]
