"""What is said of a request: its end, its figures, who asked. Missing is empty, never a zero or a dash."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from PySide6.QtCore import QDateTime, QLocale

from boocontrol.core.activity import RUNNING, ActivityRow
from boocontrol.desktop.itemmodels.ages import exact_time, span_text
from boocontrol.desktop.itemmodels.host_words import who_text
from boocontrol.desktop.stores.activity_query import ENDED_WELL
from boocontrol.desktop.text import digits
from boocontrol.desktop.text import tr as _tr

THOUSAND, MILLION, BILLION = 10**3, 10**6, 10**9


def outcome_shape(outcome: str) -> str:
    """The shape of an end: check, stop (a person or the client ended it), cut, failed; ready for one that runs."""
    if outcome == RUNNING:
        return "ready"
    if outcome == "ok":
        return "check"
    if outcome in ENDED_WELL:
        return "stop"
    return "cut" if outcome == "cut" else "failed"


def outcome_tone(outcome: str) -> str:
    """The tone (a field of Tokens) of the words of an end."""
    return "muted" if outcome in ENDED_WELL else "warn"


def outcome_words(outcome: str) -> str:
    """An end in a few words; a code that is not known is told as words."""
    return {
        RUNNING: _tr("runs"),
        "ok": _tr("done"),
        "client_left": _tr("client left"),
        "cancelled": _tr("cancelled"),
        "cut": _tr("cut off"),
        "refused": _tr("refused by the host"),
        "provider_offline": _tr("host is down"),
        "provider_busy": _tr("host is busy"),
        "provider_paused": _tr("host is paused"),
        "provider_refused_key": _tr("key refused"),
        "model_not_found": _tr("no such model"),
        "upstream_failed": _tr("host failed"),
        "upstream_refused": _tr("refused by the host"),
        "upstream_error": _tr("error in the answer"),
        "upstream_no_stream": _tr("no stream came"),
        "upstream_redirect": _tr("host redirects"),
        "gateway_stopping": _tr("gateway stopped"),
    }.get(outcome, outcome.replace("_", " "))


def filter_words(outcome: str) -> str:
    """An end as a choice of the filter."""
    chosen = {"": _tr("Any outcome"), "ok": _tr("Done"), "failed": _tr("Failed"), "refused": _tr("Refused")}
    words = chosen.get(outcome) or outcome_words(outcome)
    return words[:1].upper() + words[1:]


def span_words(span_s: int | None) -> str:
    """How far back: as a choice of the filter."""
    if span_s is None:
        return _tr("All that is kept")
    days = span_s // 86400
    if not days:
        return _tr("Last hour")
    return _tr("Last 24 hours") if days == 1 else _tr("Last {n} days").format(n=days)


def seconds_text(ms: float | None) -> str:
    """A measured time: `4 ms`, `40 ms`, `0.31 s`, `12.4 s`, `2 min`."""
    if ms is None:
        return ""
    seconds = ms / 1000
    if seconds >= 100:
        return span_text(seconds)
    if 0 < seconds < 0.095:
        return _tr("{n} ms").format(n=digits(ms, 0 if ms >= 1 else 1))
    return _tr("{n} s").format(n=digits(seconds, 2 if seconds < 9.95 else 1))


def elapsed_text(ms: float) -> str:
    """How long something has been going on, in whole seconds."""
    return span_text(ms / 1000)


def count_of(value: int | None) -> str:
    """A count of tokens."""
    return "" if value is None else digits(value)


def rate_text(value: float | None) -> str:
    """Tokens a second."""
    if value is None:
        return ""
    return digits(value, 0 if value >= 9.95 else 1)


def short_count(value: int) -> str:
    """A large count in three digits: `148 k`, `1.9 M`."""
    for size, unit in ((BILLION, "G"), (MILLION, "M"), (THOUSAND, "k")):
        if value >= size:
            shown = value / size
            return f"{digits(shown, 1 if shown < 10 else 0)} {unit}"
    return digits(value)


def bytes_text(value: int) -> str:
    """A size in decimal units; empty for nothing, which is what is not known."""
    if not value:
        return ""
    for size, unit in ((BILLION, "GB"), (MILLION, "MB"), (THOUSAND, "kB")):
        if value >= size:
            shown = value / size
            return f"{digits(shown, 1 if shown < 10 else 0)} {unit}"
    return _tr("{n} bytes").format(n=digits(value))


def who_asked(row: ActivityRow) -> str:
    """The agent, else the client's name without its version and what follows."""
    if row.agent:
        return row.agent
    return row.client.split("/", 1)[0].split(" ", 1)[0] if "/" in row.client else row.client


def model_name(row: ActivityRow) -> str:
    """The model without its provider, which stands beside it."""
    return row.ref.removeprefix(f"{row.provider}/") if row.provider else row.ref


def precise_time(at: datetime) -> str:
    """The local date and time to the second."""
    moment = QDateTime.fromMSecsSinceEpoch(int(at.timestamp() * 1000))
    return QLocale().toString(moment.date(), QLocale.FormatType.ShortFormat) + moment.toString(" HH:mm:ss")


def facts(row: ActivityRow) -> list[tuple[str, str]]:
    """All that is known of a request, by name, in the order to read it; what is not known is left out."""
    tokens = _tr("{n} tokens")
    rate = _tr("{n} tokens/s")
    asked_as = row.requested if row.requested != row.ref else ""
    via = _tr("through the gateway") if row.via == "gateway" else _tr("straight to the host")
    said = outcome_words(row.outcome)
    told: list[tuple[str, str]] = [
        (_tr("Outcome"), said if row.status is None else _tr("{words}, status {n}").format(words=said, n=row.status)),
        (_tr("Ended by"), who_text(row.ended_by)),
        (_tr("Model"), row.ref),
        (_tr("Asked for as"), asked_as),
        (_tr("Host"), row.provider),
        (_tr("Endpoint"), row.endpoint),
        (_tr("Came"), precise_time(row.time)),
        (_tr("First token"), seconds_text(row.ttft_ms)),
        (_tr("Duration"), seconds_text(row.duration_ms)),
        (_tr("Prompt"), tokens.format(n=count_of(row.prompt_tokens)) if row.prompt_tokens is not None else ""),
        (_tr("From the cache"), tokens.format(n=count_of(row.cached_tokens)) if row.cached_tokens is not None else ""),
        (_tr("Output"), tokens.format(n=count_of(row.output_tokens)) if row.output_tokens is not None else ""),
        (_tr("Prompt speed"), _filled(rate, rate_text(row.prompt_tokens_per_second))),
        (_tr("Output speed"), _filled(rate, rate_text(row.output_tokens_per_second))),
        (_tr("Received"), bytes_text(row.bytes_received)),
        (_tr("Sent"), bytes_text(row.bytes_sent)),
        (_tr("Streamed"), _tr("yes") if row.streamed else _tr("no")),
        (_tr("Agent"), row.agent),
        (_tr("Client"), row.client),
        (_tr("Session"), row.session),
        (_tr("Way"), via),
        (_tr("Id"), row.id),
    ]
    return [(name, words) for name, words in told if words]


def as_text(told: Iterable[tuple[str, str]]) -> str:
    """Facts as lines, to copy."""
    return "\n".join(f"{name}: {words}" for name, words in told)


def spoken(row: ActivityRow) -> str:
    """A request for a screen reader."""
    asked = _tr("asked by {who}").format(who=who_asked(row)) if row.client or row.agent else ""
    parts = (outcome_words(row.outcome), row.ref, asked, seconds_text(row.duration_ms), exact_time(row.time))
    return ", ".join(part for part in parts if part)


def _filled(words: str, value: str) -> str:
    return words.format(n=value) if value else ""
