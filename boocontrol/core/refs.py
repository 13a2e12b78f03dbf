"""ModelRef: which model on which provider. The only place that knows how `provider/model` is written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

ANY: Final = "any"
PROVIDER_ID: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")


@dataclass(frozen=True, slots=True, order=True)
class ModelRef:
    """`provider/model`, a value and not a text: the provider's id and what its host calls the model (the wire id)."""

    provider: str
    model: str

    def __str__(self) -> str:
        return f"{self.provider}/{self.model}"

    @property
    def is_fleet(self) -> bool:
        """True for `any/model`, which leads to whichever host suits best."""
        return self.provider == ANY

    @property
    def segment(self) -> str:
        """The wire id percent-encoded as one segment of a URL path."""
        return quote(self.model, safe="")


def split(text: str, heads: Mapping[str, str]) -> ModelRef | None:
    """Read `provider/model`; None when the text is a legacy bare id.

    `heads` maps each known head (present and former provider ids) to the present id. The text is split at the
    first slash, once, and only if what stands before it is such a head or `any`; wire ids may hold slashes.
    """
    head, slash, rest = text.partition("/")
    if not slash:
        return None
    if head == ANY:
        return ModelRef(ANY, rest)
    present = heads.get(head)
    return None if present is None else ModelRef(present, rest)
