"""What the cells of the Models list say: shown text, tooltips, and what a screen reader reads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QObject, Qt

from boocontrol.core.catalog import ModelEntry, ProviderEntry
from boocontrol.desktop.itemmodels.ages import Clock, age_text, exact_time, wall_clock
from boocontrol.desktop.itemmodels.host_words import count_text, host_word
from boocontrol.desktop.itemmodels.load_news import progress_text
from boocontrol.desktop.itemmodels.model_rows import ModelRow, SectionRow
from boocontrol.desktop.sentences import told
from boocontrol.desktop.text import digits

STAR, MODEL, STATE, CONTEXT, ACTION = range(5)
COLUMNS: Final = 5
Role = Qt.ItemDataRole
Word = Callable[["ModelWords", ModelRow], str]


class ModelWords(QObject):
    """Words for rows and titles. `clock` gives seconds of the epoch."""

    def __init__(self, parent: QObject | None = None, *, clock: Clock = wall_clock) -> None:
        super().__init__(parent)
        self._clock = clock

    def head(self, column: int) -> str:
        """The title of a column."""
        return ("", self.tr("Model"), self.tr("State"), self.tr("Context"), "")[column]

    def of_row(self, row: ModelRow, column: int, role: int) -> Any:
        """One role of one cell of a model's row."""
        word = _WORDS.get((role, column))
        return word(self, row) or None if word else None

    def of_section(self, head: SectionRow, role: int) -> Any:
        """One role of a title row."""
        if role == Role.DisplayRole:
            return self.section_title(head)
        if role in (Role.AccessibleTextRole, Role.ToolTipRole):
            return f"{self.section_title(head)}: {self.section_line(head)}"
        return None

    def section_title(self, head: SectionRow) -> str:
        """The name of a section."""
        return head.provider.label if head.provider else self.tr("Favorites")

    def section_line(self, head: SectionRow) -> str:
        """What stands behind the name: how many, the host's state, how old that is."""
        host = head.provider
        if host is None:
            if not head.total:
                return self.tr("none yet: press S on a model, or click its star")
            return self.tr("%n, drag to reorder", "", head.total)
        word = host_word(host.state)
        if head.lost or (head.stale and host.answers):
            word = self.tr("was {state}").format(state=word.lower())
        parts = [self._counted(head, host), word]
        if head.stale and host.as_of and not host.models:
            parts.append(age_text(host.as_of, self._clock()))
        return " · ".join(p for p in parts if p)

    def _counted(self, head: SectionRow, host: ProviderEntry) -> str:
        if not head.total:
            return self.tr("no models") if host.as_of else self.tr("no inventory yet")
        counted = count_text("model", head.total)
        if head.stale and host.as_of:
            age = age_text(host.as_of, self._clock())
            return self.tr("{models}, last known {age}").format(models=counted, age=age)
        if not head.loaded:
            return counted
        return self.tr("{models}, {loaded} loaded").format(models=counted, loaded=head.loaded)

    def state(self, row: ModelRow) -> str:
        """The model's state in llama-swap's own words, how far its load is, or how long ago something was asked."""
        if row.load is not None:
            return progress_text(row.load, self._clock())
        if row.asked is not None:
            return self.tr("asked, %n s", "", max(0, int(self._clock() - row.asked)))
        if row.stale and row.entry.state != "unknown":
            return self.tr("was {state}").format(state=row.entry.state)
        return row.entry.state

    def context(self, row: ModelRow) -> str:
        """The context length in thousands of tokens; empty when it is not known."""
        return short_tokens(row.entry.context_length)

    def source(self, row: ModelRow) -> str:
        """Where the context length comes from, in one word."""
        if row.entry.context_length is None:
            return ""
        if row.stale and row.as_of:
            return age_text(row.as_of, self._clock())
        return self.source_word(row.entry)

    def source_word(self, entry: ModelEntry) -> str:
        """The place a context length was read from."""
        return {
            "override": self.tr("own"),
            "props": self.tr("props"),
            "context_length": self.tr("list"),
            "meta": self.tr("model"),
            "metadata": self.tr("config"),
            "command": self.tr("cmd"),
        }.get(entry.context_source or "", "")

    def action(self, row: ModelRow) -> str:
        """The word of what can be done with it now, or why nothing can."""
        if row.asked is not None:
            return ""
        if row.can_unload:
            return self.tr("Cancel") if row.loading else self.tr("Unload")
        return self.tr("Load") if row.can_load else ""

    def why_not(self, row: ModelRow) -> str:
        """Why a row has no action, said quietly; empty when it has one or needs no reason."""
        if not row.available and (row.provider is None or row.provider.answers):
            return self.tr("not offered now")
        if row.provider and not row.provider.answers:
            return {
                "down": self.tr("host is down"),
                "needs_key": self.tr("needs key"),
                "paused": self.tr("host is paused"),
            }.get(row.provider.state, "")
        return ""

    def progress(self, row: ModelRow) -> str:
        """How far a load of it is, whole; why it waits, where the host tells."""
        if row.load is None:
            return self.state(row)
        return f"{progress_text(row.load, self._clock(), short=False)}. {told(row.load.reason)}".strip(" .")

    def fraction(self, row: ModelRow) -> float | None:
        """Elapsed of the usual time of its load."""
        return row.load.fraction(self._clock()) if row.load is not None and not row.stale else None

    def state_tip(self, row: ModelRow) -> str:
        """Why the last load failed, how far the present one is, or as of when the state is known."""
        return row.problem or (self.progress(row) if row.load is not None else exact_time(row.as_of))

    def model_tip(self, row: ModelRow) -> str:
        """Name, ref and description."""
        lines = (row.entry.name, row.ref, row.entry.description)
        return "\n".join(dict.fromkeys(line for line in lines if line))

    def context_tip(self, row: ModelRow) -> str:
        """The exact number, where it comes from, and as of when."""
        if row.entry.context_length is None:
            return self.tr("The host does not tell the context length.")
        told = {
            "override": self.tr("set by you for this provider"),
            "props": self.tr("told by the running model (/props)"),
            "context_length": self.tr("told in the host's model list"),
            "meta": self.tr("told in the host's model list (meta)"),
            "metadata": self.tr("written in the host's config"),
            "command": self.tr("read from the model's start command"),
        }.get(row.entry.context_source or "", self.tr("source not known"))
        tokens = self.tr("{n} tokens, {told}").format(n=digits(row.entry.context_length), told=told)
        return f"{tokens}\n{exact_time(row.as_of)}".strip()

    def star_spoken(self, row: ModelRow) -> str:
        """The star for a screen reader, and what went wrong with it."""
        word = self.tr("Favorite") if row.favorite else self.tr("Not a favorite")
        return f"{word}. {row.star_problem}".strip() if row.star_problem else word

    def spoken(self, row: ModelRow) -> str:
        """The whole row for a screen reader."""
        where = self.tr("{model} on {host}").format(model=row.entry.wire_id, host=row.label)
        context = self.tr("context {n}").format(n=self.context(row)) if self.context(row) else ""
        parts = (where if row.label else row.ref, self.state(row), context, self.star_spoken(row))
        return ", ".join(p for p in (*parts, self.why_not(row), row.problem) if p)


def short_tokens(length: int | None) -> str:
    """32768 is `32k`, 1048576 is `1M`, 500 is `500`."""
    if length is None:
        return ""
    if length < 1000:
        return str(length)
    base = 1000 if length % 1000 == 0 else 1024
    if length >= base * base:
        return f"{length / base / base:.3g}M"
    return f"{length / base:.3g}k" if length < 10 * base else f"{round(length / base)}k"


_WORDS: dict[tuple[int, int], Word] = {
    (Role.DisplayRole, MODEL): lambda words, row: row.entry.wire_id,
    (Role.DisplayRole, STATE): ModelWords.state,
    (Role.DisplayRole, CONTEXT): ModelWords.context,
    (Role.DisplayRole, ACTION): ModelWords.action,
    (Role.ToolTipRole, STAR): lambda words, row: row.star_problem or words.star_spoken(row),
    (Role.ToolTipRole, MODEL): ModelWords.model_tip,
    (Role.ToolTipRole, CONTEXT): ModelWords.context_tip,
    (Role.ToolTipRole, STATE): ModelWords.state_tip,
    (Role.ToolTipRole, ACTION): ModelWords.why_not,
    (Role.AccessibleTextRole, STAR): ModelWords.star_spoken,
    (Role.AccessibleTextRole, MODEL): ModelWords.spoken,
    (Role.AccessibleTextRole, STATE): ModelWords.progress,
    (Role.AccessibleTextRole, CONTEXT): ModelWords.context_tip,
    (Role.AccessibleTextRole, ACTION): ModelWords.action,
}
