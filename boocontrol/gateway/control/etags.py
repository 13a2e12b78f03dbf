"""Conditional requests: If-Match on what writes, If-None-Match on what reads."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from boocontrol.core.errors import BooError, Stale

_TAG: Final = re.compile(r'(?:W/)?"[^"]*"')


class Unconditional(BooError):
    """A write without If-Match: it could undo somebody else's change without a word."""

    code = "precondition_required"


@dataclass(frozen=True)
class Expected:
    """What the writer believes to be there: one of these tags, or whatever it is (None)."""

    tags: frozenset[str] | None

    def __call__(self, etag: str) -> bool:
        """True when the writer's belief holds."""
        return self.tags is None or etag in self.tags

    def check(self, etag: str, what: str) -> None:
        """Raises Stale when it does not hold."""
        if not self(etag):
            raise Stale(f"{what} changed since it was read.", "Read it again and repeat the change.")


WHATEVER: Final = Expected(None)


def if_match(header: str | None) -> Expected:
    """The header's meaning. Raises Unconditional without one. Weak tags match nothing, as RFC 9110 says."""
    if header is None or not header.strip():
        raise Unconditional(
            "The header If-Match is missing.", "Send the ETag of what you read, or * to override knowingly."
        )
    if header.strip() == "*":
        return WHATEVER
    return Expected(frozenset(_TAG.findall(header)))


def is_known(header: str | None, etag: str) -> bool:
    """Whether If-None-Match says that the reader has just this."""
    if header is None:
        return False
    return header.strip() == "*" or etag in {tag.removeprefix("W/") for tag in _TAG.findall(header)}
