"""Who calls the control API, as it is kept beside what was done."""

from __future__ import annotations

from typing import Final

from fastapi import Request

from boocontrol.core.values import plain

LONGEST: Final = 200
_NAMES: Final = {"desktop": "panel"}


def caller(request: Request) -> str:
    """The client's name: X-Boo-Source, else User-Agent; empty when it tells neither."""
    told = request.headers.get("x-boo-source") or request.headers.get("user-agent", "")
    name = plain(told).strip()[:LONGEST]
    return _NAMES.get(name, name)
