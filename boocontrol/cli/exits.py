"""Exit codes, and which error ends with which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from boocontrol.core.errors import BooError

OK: Final = 0
FAILED: Final = 1
USAGE: Final = 2
NO_GATEWAY: Final = 3
HOST_DOWN: Final = 4
NOT_FOUND: Final = 5
KEY_REFUSED: Final = 6
BUSY: Final = 7
ALREADY_SERVED: Final = 8
PORT_TAKEN: Final = 9

_BY_CODE: Final[Mapping[str, int]] = {
    "not_found": NOT_FOUND,
    "model_not_found": NOT_FOUND,
    "duplicate_id": FAILED,
    "key_missing": KEY_REFUSED,
    "busy": BUSY,
    "provider_offline": HOST_DOWN,
    "key_refused": KEY_REFUSED,
}


def code_of(error: BooError) -> int:
    """The exit code of an error: by its class where it has one of its own, else by its code."""
    from boocontrol.client import errors as client
    from boocontrol.core import errors as core

    by_class: tuple[tuple[type[BooError], int], ...] = (
        (client.KeyRefused, KEY_REFUSED),
        (client.NotFound, NOT_FOUND),
        (client.HostDown, HOST_DOWN),
        (client.Busy, BUSY),
        (core.Unreachable, NO_GATEWAY),
    )
    for kind, code in by_class:
        if isinstance(error, kind):
            return code
    if error.code in _BY_CODE:
        return _BY_CODE[error.code]
    return USAGE if isinstance(error, core.BadInput) else FAILED


def shown(error: BooError) -> dict[str, Any]:
    """The error for programs: what the control API would answer."""
    from boocontrol.client.errors import as_json

    return dict(as_json(error))
