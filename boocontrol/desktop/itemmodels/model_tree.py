"""The sections that a Models list holds and the part of them that is shown. Without Qt."""

from __future__ import annotations

from collections.abc import Iterable

from boocontrol.desktop.itemmodels.model_filter import ModelQuery
from boocontrol.desktop.itemmodels.model_rows import FAVORITES, ModelRow, Section, SectionRow
from boocontrol.desktop.itemmodels.row_changes import keep_order


class Node:
    """A section as it stands in a tree. `uid` names it for ever; `rows` are shown, at `position` among sections."""

    def __init__(self, uid: int, head: SectionRow) -> None:
        self.uid = uid
        self.head = head
        self.position = 0
        self.all: list[ModelRow] = []
        self.rows: list[ModelRow] = []
        self.changed = False
        self._section: Section | None = None

    def take(self, section: Section) -> None:
        """These are the rows now. Favorites stand in their order; elsewhere what is new comes in at the end."""
        self.changed = section is not self._section
        if not self.changed:
            return
        self._section = section
        by_key = {row.key: row for row in section.rows}
        keys = list(by_key)
        if section.head.key != FAVORITES:
            keys = keep_order([row.key for row in self.all], keys)
        self.all = [by_key[key] for key in keys]

    def wanted(self, query: ModelQuery) -> list[ModelRow]:
        """What is to be shown: what matches, and what is shown already, so that no row runs away by itself.

        An unloaded model stays in a list of loaded ones until the query changes.
        """
        if not self.changed:
            return self.rows
        if query.empty:
            return list(self.all)
        shown = {row.key for row in self.rows}
        matching = {row.key for row in query.pick(self.all)} | shown
        return [row for row in self.all if row.key in matching]


class Nodes:
    """Nodes by section key; a section that comes again is a new node."""

    def __init__(self) -> None:
        self.in_order: list[Node] = []
        self._last_uid = 0

    def take(self, sections: Iterable[Section]) -> None:
        """These are the sections now, in this order."""
        known = {node.head.key: node for node in self.in_order}
        self.in_order = []
        for section in sections:
            node = known.get(section.head.key) or self._new(section.head)
            node.take(section)
            self.in_order.append(node)

    def _new(self, head: SectionRow) -> Node:
        self._last_uid += 1
        return Node(self._last_uid, head)

    def listed(self) -> list[ModelRow]:
        """Every row of the providers' own sections."""
        return [row for node in self.in_order if node.head.key != FAVORITES for row in node.all]
