"""What leaves this machine in a report: no key, no user name in an address, no home folder."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from boocontrol.cli.checks import Check

_USER_INFO = re.compile(r"(?<=://)[^/\s@]+@")
_SECRET = re.compile(
    r"(?i)\b((?:authorization[\"']?\s*[=:]\s*[\"']?)?(?:bearer|basic)\s+|(?:api[_-]?key|token|secret|password|authorization)[\"']?\s*[=:]\s*[\"']?)[^\s\"',;]+"
    r"|\b(?:sk|hf|gsk|xai)[-_][A-Za-z0-9_-]{8,}"
)


def redacted(check: Check) -> Check:
    """The check as it may be shown to others."""
    texts = {name: redact(getattr(check, name)) for name in ("name", "detail", "advice")}
    return check.model_copy(update=texts)


def redact(text: str, home: Path | None = None) -> str:
    """Text without what looks like a key, user names in addresses, and the path of the home folder."""
    text = _USER_INFO.sub("", text)
    text = _SECRET.sub(lambda m: f"{m.group(1) or ''}[removed]", text)
    folder = home or Path.home()
    for path in {str(folder), os.path.realpath(folder)} - {"/", ""}:
        text = re.sub(re.escape(path.rstrip("/\\")) + r"(?![\w.-])", "~", text)
    return text
