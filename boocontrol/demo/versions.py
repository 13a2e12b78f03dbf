"""Which llama-swap is simulated: one number, and what it decides. Pure functions."""

from __future__ import annotations

from dataclasses import dataclass

from boocontrol.demo.config import VERSIONS


@dataclass(frozen=True)
class Version:
    """`number` is 251 for "main", which still calls itself 250."""

    number: int
    label: str

    @property
    def gin(self) -> bool:
        """Before v218 the host was written on gin: other errors, other 404, no HEAD."""
        return self.number < 218

    @property
    def object_errors(self) -> bool:
        return self.number > 250

    @property
    def activity(self) -> bool:
        """Rows by /api/metrics/activity; before, all rows at once as `metrics`."""
        return self.number >= 236

    @property
    def inflight(self) -> str:
        """How the event stream tells requests in flight: none, total, list or operations."""
        if self.number < 192:
            return "none"
        if self.number < 235:
            return "total"
        return "list" if self.number < 240 else "operations"


def version_of(name: str) -> Version:
    """Raises ValueError for a version that is not simulated."""
    if name not in VERSIONS:
        raise ValueError(f"no such version: {name} (known: {', '.join(VERSIONS)})")
    return Version(251, "250") if name == "main" else Version(int(name), name)
