"""Edits of JSONC text that leave every byte outside the change as it was: comments, order, indents, line ends.

Pure functions from text to text. Paths name keys of objects and indexes of arrays. All raise JsonTextError
for text that is not JSONC and for paths that lead through something that is not an object or array.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from boocontrol.core.jsontext import (
    BOM,
    JsonTextError,
    Member,
    Node,
    Path,
    child,
    content_start,
    deepest,
    locate,
    scan,
    value,
)

_TRIVIA = re.compile(r"(?P<blank>[ \t\r\n]+)|(?P<line>//[^\r\n]*)|(?P<block>/\*[^*]*+(?:\*(?!/)[^*]*+)*+\*/)")
_BREAK = re.compile(r"\r\n|\n|\r")
_SURROGATE = re.compile("[\ud800-\udfff]")


def replace_value(text: str, path: Path, new: object) -> str:
    """The text with another value at an existing path; the very same text when the value is equal already."""
    root = _root(text)
    node = _reach(text, root, path)
    if _same(value(text, node), new):
        return text
    holder = locate(root, path[:-1]) if path else None
    flat = _on_one_line(text, holder) or (bool(node.members or node.items) and _on_one_line(text, node))
    rendered = _Style.of(text, root).render(new, None if flat else _line_indent(text, node.start))
    return _splice(text, (node.start, node.end, rendered))


def insert_member(text: str, path: Path, key: str, new: object) -> str:
    """The text with a new last member in the object at the path. A text without any value becomes an object.

    A key that the object already has is an error, unless its value is equal: then the text stays.
    """
    if is_blank(text):
        if path:
            raise JsonTextError("there is no object in this text yet", text, len(text))
        return _first_value(text, {key: new})
    root = _root(text)
    node = _reach(text, root, path)
    _check_step(text, node, key)
    old = next((m for m in reversed(node.members) if m.key == key), None)
    if old is None:
        style = _Style.of(text, root)
        if not node.members:
            holder = locate(root, path[:-1]) if path else None
            return _insert_only(text, style, node, key, new, flat=_on_one_line(text, holder))
        return _insert_last(text, style, node, key, new)
    if _same(value(text, old.value), new):
        return text
    raise JsonTextError(f"this object already has a member {_quoted(key)}", text, old.key_start)


def set_value(text: str, path: Path, new: object) -> str:
    """The text with the value at the path, replaced where it is, else inserted with the objects above it."""
    if is_blank(text):
        return _first_value(text, _nested(text, path, new))
    root = _root(text)
    node, done = root, 0
    for step in path:
        _check_step(text, node, step)
        below = child(node, step)
        if below is None:
            break
        node, done = below, done + 1
    if done == len(path):
        return replace_value(text, path, new)
    key = path[done]
    if not isinstance(key, str):
        raise _missing(text, node, key)
    return insert_member(text, path[:done], key, _nested(text, path[done + 1 :], new))


def delete_member(text: str, path: Path) -> str:
    """The text without a member, its comma and the comment behind it on its line; duplicates go too.

    Comments on lines of their own stay. A member that is not there leaves the text as it is.
    """
    if not path or not isinstance(path[-1], str):
        raise JsonTextError("only a member of an object can be deleted", text, 0)
    while not is_blank(text):
        root = _root(text)
        for depth, step in enumerate(path):
            _check_step(text, deepest(root, path[:depth]), step)
            if locate(root, path[: depth + 1]) is None:
                return text
        holder = _reach(text, root, path[:-1])
        index = max(i for i, member in enumerate(holder.members) if member.key == path[-1])
        text = _delete_at(text, holder, index)
    return text


def is_blank(text: str) -> bool:
    """Whether the text holds no value at all, only blanks and comments."""
    return content_start(text, comments=True) == len(text)


# Paths


def _root(text: str) -> Node:
    return scan(text, comments=True)


def _reach(text: str, node: Node, path: Path) -> Node:
    for step in path:
        _check_step(text, node, step)
        below = child(node, step)
        if below is None:
            raise _missing(text, node, step)
        node = below
    return node


def _check_step(text: str, node: Node, step: str | int) -> None:
    wanted = "object" if isinstance(step, str) else "array"
    if node.kind != wanted:
        raise JsonTextError(f"expected an {wanted} that holds {_quoted(step)}, found {_named(node)}", text, node.start)


def _named(node: Node) -> str:
    if node.kind in ("true", "false", "null"):
        return node.kind
    return f"an {node.kind}" if node.kind in ("object", "array") else f"a {node.kind}"


def _missing(text: str, node: Node, step: str | int) -> JsonTextError:
    noun = "member" if isinstance(step, str) else "item"
    return JsonTextError(f"this {node.kind} has no {noun} {_quoted(step)}", text, node.start)


def _quoted(step: str | int) -> str:
    return json.dumps(step)


def _nested(text: str, path: Path, new: object) -> object:
    for step in reversed(path):
        if not isinstance(step, str):
            raise JsonTextError(f"there is no array that holds item {step}", text, len(text))
        new = {step: new}
    return new


def _same(old: object, new: object) -> bool:
    """JSON's equality: true is not 1, as it is in Python; the order of keys does not count."""
    if isinstance(old, bool) or isinstance(new, bool):
        return old is new
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return old.keys() == new.keys() and all(_same(old[key], new[key]) for key in old)
    if isinstance(old, list) and isinstance(new, list | tuple):
        return len(old) == len(new) and all(map(_same, old, new))
    return old == new


# Blanks and comments


@dataclass(frozen=True, slots=True)
class _Trivia:
    """A run of blanks (`newline` says whether a line ends in it) or one comment."""

    kind: str
    start: int
    end: int
    newline: bool


def _trivia(text: str, start: int) -> Iterator[_Trivia]:
    while match := _TRIVIA.match(text, start):
        start = match.end()
        kind = match.lastgroup or ""
        yield _Trivia(kind, match.start(), start, _BREAK.search(match[0]) is not None)


def _skip(text: str, at: int) -> int:
    for trivia in _trivia(text, at):
        at = trivia.end
    return at


def _blanks_back(text: str, at: int) -> int:
    while text[at - 1 : at] in (" ", "\t"):
        at -= 1
    return at


def _blanks_on(text: str, at: int) -> int:
    while text[at : at + 1] in (" ", "\t"):
        at += 1
    return at


def _ends_line(text: str, at: int) -> bool:
    return text[at : at + 1] in ("\r", "\n")


def _begins_line(text: str, at: int) -> bool:
    return at > 0 and text[at - 1] in "\r\n"


def _line_indent(text: str, at: int) -> str:
    """The blanks that begin the line of this offset."""
    start = max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1
    start += text.startswith(BOM, start)
    return text[start : _blanks_on(text, start)]


def _on_one_line(text: str, node: Node | None) -> bool:
    return node is not None and _BREAK.search(text, node.start, node.end) is None


def _gap_indent(text: str, start: int) -> str | None:
    """The indent of what follows the gap from `start`, None when it does not begin a line."""
    indent = None
    for trivia in _trivia(text, start):
        if trivia.kind == "blank" and trivia.newline:
            indent = _line_indent(text, trivia.end)
    return indent


def _comma(text: str, member: Member) -> int | None:
    """Where the comma behind a member stands, None when it has none."""
    at = _skip(text, member.value.end)
    return at if text.startswith(",", at) else None


def _gap_start(text: str, node: Node, index: int) -> int:
    """Where the gap before a member begins: behind the bracket or the comma before it."""
    comma = _comma(text, node.members[index - 1]) if index else None
    return node.start + 1 if comma is None else comma + 1


# Splices


@dataclass(frozen=True, slots=True)
class _Style:
    """How this file indents by one level, and how it ends its lines."""

    unit: str
    newline: str

    @classmethod
    def of(cls, text: str, root: Node | None) -> _Style:
        first = _BREAK.search(text)
        newline = "\r\n" if first and first[0] == "\r\n" else "\n"
        return cls((root and first and _unit(text, root)) or "  ", newline)

    def render(self, new: object, indent: str | None) -> str:
        """JSON text: on one line without an indent, else one entry a line below a line with that indent."""
        unit = None if indent is None else self.unit
        # A NaN must not get in; a lone surrogate could not be written as UTF-8.
        rendered = json.dumps(new, ensure_ascii=False, allow_nan=False, indent=unit)
        rendered = _SURROGATE.sub(lambda m: f"\\u{ord(m[0]):04x}", rendered)
        return rendered.replace("\n", f"{self.newline}{indent}")

    def member(self, key: str, new: object, indent: str | None) -> str:
        return f"{self.render(key, None)}: {self.render(new, indent)}"


def _unit(text: str, node: Node) -> str | None:
    """The first indent by which something in the tree stands further in than what holds it."""
    below = [(m.key_start, m.value) for m in node.members] or [(i.start, i) for i in node.items]
    for start, _ in below:
        if _begins_line(text, _blanks_back(text, start)):
            outer, inner = _line_indent(text, node.start), _line_indent(text, start)
            if len(inner) > len(outer) and inner.startswith(outer):
                return inner[len(outer) :]
    found = (_unit(text, child) for _, child in below if child.members or child.items)
    return next(filter(None, found), None)


def _splice(text: str, *edits: tuple[int, int, str]) -> str:
    """The text with each span (start, end) replaced; edits at one place keep their order."""
    parts, at = [], 0
    for start, end, new in sorted(edits, key=lambda edit: edit[:2]):
        parts += [text[at:start], new]
        at = end
    return "".join([*parts, text[at:]])


def _first_value(text: str, new: object) -> str:
    style = _Style.of(text, None)
    kinds = [t.kind for t in _trivia(text, int(text.startswith(BOM)))]
    lead = style.newline if kinds and kinds[-1] != "blank" else ""
    return text + lead + style.render(new, "") + style.newline


def _insert_last(text: str, style: _Style, node: Node, key: str, new: object) -> str:
    last = node.members[-1]
    comma = _comma(text, last)
    gaps = (_gap_indent(text, _gap_start(text, node, i)) for i in range(len(node.members))[::-1])
    indent = next((gap for gap in gaps if gap is not None), None)
    tail_start = last.value.end if comma is None else comma + 1
    tail = list(_trivia(text, tail_start))
    at = max((t.end for t in tail if t.kind != "blank"), default=tail_start)
    own_comma = "" if comma is None else ","
    if indent is None and not any(t.kind == "blank" and t.newline for t in tail):
        # The comma goes behind a comment, which else would seem to belong to the new member.
        lead = ", " if comma is None else " "
        return _splice(text, (at, at, lead + style.member(key, new, None) + own_comma))
    if indent is None:
        indent = _line_indent(text, node.start) + style.unit
    if _ends_line(text, _blanks_on(text, at)):
        at = _blanks_on(text, at)
    line = style.newline + indent + style.member(key, new, indent) + own_comma
    separator = "," if comma is None else ""
    return _splice(text, (last.value.end, last.value.end, separator), (at, at, line))


def _insert_only(text: str, style: _Style, node: Node, key: str, new: object, *, flat: bool) -> str:
    start, close = node.start + 1, node.end - 1
    comments = [t for t in _trivia(text, start) if t.kind != "blank"]
    if comments:
        start = comments[-1].end
    if flat:
        member = style.member(key, new, None)
        return _splice(text, (start, start, f" {member}") if comments else (start, close, member))
    outer = _line_indent(text, node.start)
    indent = outer + style.unit
    line = style.newline + indent + style.member(key, new, indent)
    if comments and _BREAK.search(text, start, close):
        return _splice(text, (start, start, line))
    return _splice(text, (start, close, line + style.newline + outer))


def _delete_at(text: str, node: Node, index: int) -> str:
    member = node.members[index]
    comma = _comma(text, member)
    left, right = member.key_start, _right_end(text, member, comma)
    edits = []
    apart = comma is None or comma >= right
    if apart and index:
        before = _gap_start(text, node, index) - 1
        if text[before + 1 : left].strip(" \t"):
            edits.append((before, before + 1, ""))
        else:
            left = before
    elif apart and comma is not None:
        edits.append((comma, comma + 1, ""))
    result = _splice(text, *edits, (*_with_blanks(text, node, index, left, right), ""))
    close = node.end - 1 - (len(text) - len(result))
    if len(node.members) == 1 and not result[node.start + 1 : close].strip():
        return _splice(result, (node.start + 1, close, ""))
    return result


def _right_end(text: str, member: Member, comma: int | None) -> int:
    """Where a member ends with its comma and the comments behind it, as far as its line goes.

    A comment behind the comma counts only if no other member follows it there, and no comment that
    goes on to the next line counts.
    """
    sure = reach = at = member.value.end
    while True:
        if at == comma:
            sure = reach = at = at + 1
        trivia = next(_trivia(text, at), None)
        if trivia is None or trivia.newline:
            break
        at = trivia.end
        if trivia.kind != "blank":
            reach = at
    return sure if text[at] in '"/' else reach


def _with_blanks(text: str, node: Node, index: int, left: int, right: int) -> tuple[int, int]:
    """The span of a deletion widened by the blanks that would be left over: all of the line if it can."""
    back, on = _blanks_back(text, left), _blanks_on(text, right)
    cut = back
    if _begins_line(text, back):
        cut -= 2 if text.endswith("\r\n", 0, back) else 1
    if _ends_line(text, on):
        return cut, on
    if not text.startswith("}", on):
        return left, on
    # The bracket must not become part of a line comment.
    starts = (_gap_start(text, node, index), node.members[index - 1].value.end if index else left)
    comments = (t for start in starts for t in _trivia(text, start))
    if any(t.kind == "line" and t.end == cut for t in comments):
        return left, right
    return cut, right
