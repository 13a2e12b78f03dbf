"""Which key a request carries, and whether it fits."""

from __future__ import annotations

import base64
import binascii

from boocontrol.demo.versions import Version
from boocontrol.demo.wire import Request


def key_of(request: Request, version: Version) -> str:
    """Basic before Bearer before x-api-key; of two Authorization lines the first."""
    scheme, _, rest = request.header("Authorization").partition(" ")
    if version.number >= 181 and scheme.lower() == "basic":
        try:
            _, colon, password = base64.b64decode(rest, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            password = ""
        if password:
            return password
    elif scheme.lower() == "bearer" and rest:
        return rest
    return request.header("x-api-key")


def allowed(request: Request, version: Version, keys: tuple[str, ...]) -> bool:
    """Hosts before v179 know no keys."""
    if not keys or version.number < 179:
        return True
    return key_of(request, version) in keys
