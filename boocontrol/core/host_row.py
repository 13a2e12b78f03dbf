"""A request as the host itself recorded it, whatever version told it. What it did not tell is None."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter


@dataclass(frozen=True, slots=True)
class HostRow:
    """One entry of a host's own activity. `ended` is by the host's clock, in whole seconds; `model` is the real id.

    Prompt tokens include those from the cache.
    """

    id: int
    ended: datetime
    model: str
    path: str = ""
    status: int | None = None
    content_type: str = ""
    duration_ms: float = 0.0
    prompt_tokens: int | None = None
    output_tokens: int | None = None
    cached_tokens: int | None = None
    prompt_speed: float | None = None
    output_speed: float | None = None
    error: str = ""

    def key(self, provider: str) -> int:
        """What names this row for ever: its id alone does not, hosts count from 0 again after a restart."""
        return key_of(self.digest(provider))

    def digest(self, provider: str) -> bytes:
        """16 bytes over all of it."""
        text = json.dumps([provider, *_VALUES(self)], default=str)
        return hashlib.blake2b(text.encode(), digest_size=16).digest()


def key_of(digest: bytes) -> int:
    """The key of the row that has this digest."""
    return int.from_bytes(digest[:8], "big", signed=True)


_VALUES = attrgetter(*(f.name for f in fields(HostRow)))
