"""An id for a provider that was not given one: from its label, else from its host."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from boocontrol.core.refs import ANY

LONGEST: Final = 63


def derive_id(label: str | None, url: str, taken: Iterable[str]) -> str:
    """A free id: `gpu-box` from the label "GPU box", `192.168.1.20` from an address, with the port if that is taken."""
    parts = urlsplit(url)
    host = slug(parts.hostname or "")
    base = slug(label or "") or host or "host"
    names = [base, f"{host or base}-{parts.port}"] if parts.port and not label else [base]
    names += [f"{names[-1][: LONGEST - 4]}-{number}" for number in range(2, 1000)]
    used = {t.casefold() for t in taken} | {ANY}
    return next(name for name in names if name not in used)


def slug(text: str) -> str:
    """Text with only what an id may hold: `Büro 2` becomes `buro-2`. Empty when nothing is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9._]+", "-", plain).strip("-._")[:LONGEST].rstrip("-._")
