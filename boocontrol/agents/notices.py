"""A notice: something the user should know about an export. A value; whoever shows it decides how."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Notice:
    """What is so, what to do about it, and a stable word for programs."""

    code: str
    text: str
    advice: str = ""


def listed(names: list[str] | tuple[str, ...], most: int = 3) -> str:
    """A few names as words: `a, b, c and 4 more`."""
    if len(names) <= most:
        return ", ".join(names)
    return f"{', '.join(names[:most])} and {len(names) - most} more"
