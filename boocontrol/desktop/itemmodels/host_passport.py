"""What a host is, as rows of a form and as markdown: address, kind, version, hardware, what it cannot tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from boocontrol.core.api import HealthCheck, Host
from boocontrol.core.catalog import ProviderEntry
from boocontrol.desktop.itemmodels.ages import exact_time
from boocontrol.desktop.itemmodels.host_figures import gigabytes
from boocontrol.desktop.itemmodels.host_words import count_text, host_word, kind_text
from boocontrol.desktop.text import tr as _tr


@dataclass(frozen=True, slots=True)
class Fact:
    """One row: what it is called, and its value. `short` rows are enough for a small card."""

    name: str
    value: str
    short: bool = False
    mono: bool = False


def passport(
    host: Host,
    entry: Mapping[str, Any] | None,
    provider: ProviderEntry | None,
    checks: Sequence[HealthCheck] = (),
    *,
    quiet: bool = False,
) -> list[Fact]:
    """All that is known of a host; what is not known has no row. `entry` is its part of the registry file, `quiet`
    that its notifications are switched off on this computer."""
    made = [
        Fact(_tr("Address"), host.base_url, True, True),
        Fact(_tr("Kind"), kind_text(host), True),
        Fact(_tr("Latency"), _latency(host, checks), True),
        Fact(_tr("Key"), _key(entry), True),
        Fact(_tr("Alerts"), _alerts(host, quiet=quiet), True),
        Fact(_tr("Name in refs"), f"{host.id}/", mono=True),
        Fact(_tr("Place"), _tr("in the cloud") if host.location == "cloud" else _tr("local")),
        Fact(_tr("Wake-up address"), host.mac_address or "", mono=True),
        Fact(_tr("State"), host_word(host.state)),
        Fact(_tr("Models"), count_text("model", host.models) if host.models else ""),
        Fact(_tr("Inventory as of"), exact_time(provider.as_of) if provider else ""),
        Fact(_tr("Processor"), _tr("{n} cores").format(n=host.cpu.cores) if host.cpu else ""),
        Fact(_tr("Memory"), _tr("{n} GB").format(n=gigabytes(host.memory.total_mb)) if host.memory else ""),
        *(Fact(_tr("GPU"), _gpu(name, mb)) for name, mb in _gpus(host)),
        *(Fact(_tr("Cannot tell"), words) for words in host.degraded_features),
    ]
    return [fact for fact in made if fact.value]


def markdown(host: Host, facts: Sequence[Fact]) -> str:
    """The passport as a markdown table. A key is never in it."""
    lines = [f"# {_cell(host.label)}", "", "| | |", "|---|---|"]
    for fact in facts:
        value = _cell(fact.value)
        lines.append(f"| {_cell(fact.name)} | {f'`{value}`' if fact.mono else value} |")
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ")


def _latency(host: Host, checks: Sequence[HealthCheck]) -> str:
    if host.latency_ms is None:
        return ""
    good = [check.latency_ms for check in checks if check.outcome == "ok"]
    now = _tr("{n} ms").format(n=f"{host.latency_ms:.0f}")
    return _tr("{now}, median {usual} ms").format(now=now, usual=f"{median(good):.0f}") if len(good) > 2 else now


def _key(entry: Mapping[str, Any] | None) -> str:
    """Where its key is kept; empty while the registry is not known."""
    if entry is None:
        return ""
    key = entry.get("apiKey")
    if not key:
        return _tr("none")
    if isinstance(key, Mapping) and "env" in key:
        return _tr("in the variable {name}").format(name=key["env"])
    if isinstance(key, Mapping) and "keyring" in key:
        return _tr("in the system keyring")
    return _tr("in the file")


def _alerts(host: Host, *, quiet: bool) -> str:
    if quiet:
        return _tr("off: switched off here")
    return _tr("off: marked as often off") if host.often_off else _tr("on, down and up")


def _gpus(host: Host) -> list[tuple[str, float | None]]:
    return [(gpu.name or _tr("unnamed"), gpu.memory_total_mb) for gpu in host.gpus or ()]


def _gpu(name: str, mb: float | None) -> str:
    return _tr("{name}, {n} GB").format(name=name, n=gigabytes(mb)) if mb else name
