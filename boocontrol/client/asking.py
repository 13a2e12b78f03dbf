"""What is asked for by name, checked before it is sent: a name that no path or request holds is told in words."""

from __future__ import annotations

from typing import Any, Final, TypeVar
from urllib.parse import quote

from pydantic import BaseModel, ValidationError

from boocontrol.client.errors import NotFound
from boocontrol.core.errors import BadInput
from boocontrol.core.values import plain

M = TypeVar("M", bound=BaseModel)

# Also percent-encoded these would be another path, and the answer "nothing at this address" tells nobody why.
_NO_SEGMENTS: Final = ("", ".", "..")
_SHOWN: Final = 64


def segment(name: str, what: str = "provider") -> str:
    """A name as one segment of a path. Raises NotFound for one that cannot be one, since nothing is called so."""
    if name in _NO_SEGMENTS or "/" in name:
        raise NotFound(f"There is no {what} {plain(name)[:_SHOWN]!r}.")
    return quote(name, safe="")


def request(kind: type[M], **fields: Any) -> M:
    """A request as a value. Raises BadInput, naming the field, for what no such request can hold."""
    try:
        return kind(**fields)
    except ValidationError as e:
        error = e.errors(include_url=False, include_input=False, include_context=False)[0]
        field = ".".join(str(place) for place in error["loc"])
        title = f"What was given as {field} cannot be used: {error['msg'][:1].lower()}{error['msg'][1:]}."
        raise BadInput(title, code="usage", param=field) from None
