"""JSON text as a tree of spans: where each value and each key stands, so that it can be pointed at or edited.

Strict JSON (RFC 8259) as `json.loads` reads it, or JSONC. Text in, offsets into it out; no files, no edits.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind = Literal["object", "array", "string", "number", "true", "false", "null"]
JsonValue: TypeAlias = "None | bool | int | float | str | list[JsonValue] | dict[str, JsonValue]"  # the usual seven
Path: TypeAlias = Sequence[str | int]
"""Keys of objects and indexes of arrays, from the root down."""

MAX_DEPTH = 200
BOM = "\ufeff"

_SPACE = re.compile(r"[ \t\r\n]*+")
_TRIVIA = re.compile(r"(?:[ \t\r\n]++|//[^\r\n]*+|/\*[^*]*+(?:\*(?!/)[^*]*+)*+\*/)*+")
_STRING_BODY = re.compile(r'"[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+)*+')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][-+]?[0-9]++)?")
_NUMBER_GOES_ON = re.compile(r"[\w.+-]")
_WORD = re.compile(r"[-+]?\w+")
_LINE_BREAK = re.compile(r"\r\n|\n|\r")
_LITERALS: dict[str, Literal["true", "false", "null"]] = {
    "true": "true",
    "false": "false",
    "null": "null",
}


class JsonTextError(ValueError):
    """Text that is not JSON, or a path that it does not have. `line` and `column` are 1-based."""

    def __init__(self, message: str, text: str, offset: int) -> None:
        self.message = message
        self.offset = offset
        self.line, self.column = line_column(text, offset)
        super().__init__(f"{message} (line {self.line}, column {self.column})")


@dataclass(frozen=True, slots=True)
class Node:
    """A value from `start` to `end` (exclusive). `members` of an object, `items` of an array, in order."""

    kind: Kind
    start: int
    end: int
    members: tuple[Member, ...] = ()
    items: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """One `"key": value` of an object; the key's span includes its quotes. Duplicates are kept."""

    key: str
    key_start: int
    key_end: int
    value: Node


def scan(text: str, *, comments: bool = False) -> Node:
    """The root value; raises JsonTextError. `comments` reads JSONC: comments, trailing commas, a leading BOM."""
    return _Scanner(text, comments).root()


def value(text: str, node: Node) -> JsonValue:
    """What the node says, as Python values. The last of duplicate keys wins."""
    if node.kind == "object":
        return {member.key: value(text, member.value) for member in node.members}
    if node.kind == "array":
        return [value(text, item) for item in node.items]
    scalar: JsonValue = json.loads(text[node.start : node.end])
    return scalar


def child(node: Node, step: str | int) -> Node | None:
    """The value under a key (the last duplicate, which is the one that counts) or at an index from 0."""
    if isinstance(step, str):
        return next((m.value for m in reversed(node.members) if m.key == step), None)
    return node.items[step] if 0 <= step < len(node.items) else None


def locate(node: Node, path: Path) -> Node | None:
    """The value at the path, None when any step of it is missing."""
    found: Node | None = node
    for step in path:
        if found is None:
            return None
        found = child(found, step)
    return found


def deepest(node: Node, path: Path) -> Node:
    """The last value on the path that exists: the object to point at when a key is missing."""
    for step in path:
        below = child(node, step)
        if below is None:
            break
        node = below
    return node


def line_column(text: str, offset: int) -> tuple[int, int]:
    """1-based line and column in characters. CRLF is one line break; a leading BOM takes no column."""
    line, line_start = 1, 1 if text.startswith(BOM) else 0
    # One character further, so that a CRLF which the offset splits is not taken for a lone CR.
    for match in _LINE_BREAK.finditer(text, 0, offset + 1):
        if match.end() <= offset:
            line, line_start = line + 1, match.end()
    return line, max(offset - line_start, 0) + 1


def content_start(text: str, *, comments: bool = False) -> int:
    """Where the first value begins, after BOM, blanks and comments; len(text) when there is none."""
    return _Scanner(text, comments).content_start()


class _Scanner:
    """Recursive descent over one text. Every method takes an offset and returns nodes or the next offset."""

    def __init__(self, text: str, comments: bool) -> None:
        self._text = text
        self._comments = comments
        self._gap = (_TRIVIA if comments else _SPACE).match

    def root(self) -> Node:
        start = self.content_start()
        if start == len(self._text):
            raise self._error("there is no JSON value in this text", start)
        node = self._value(start, 0)
        rest = self._skip(node.end)
        if rest < len(self._text):
            raise self._error("nothing may follow the end of the first value", rest)
        return node

    def content_start(self) -> int:
        if not self._text.startswith(BOM):
            return self._skip(0)
        if not self._comments:
            raise self._error("a byte order mark (BOM) is not allowed here", 0)
        return self._skip(1)

    def _error(self, message: str, offset: int) -> JsonTextError:
        return JsonTextError(message, self._text, offset)

    def _skip(self, at: int) -> int:
        char = self._text[at : at + 1]
        if char > " " and char != "/":
            return at
        match = self._gap(self._text, at)
        end = match.end() if match else at
        if self._text.startswith("/", end):
            raise self._error(_slash_words(self._text, end, self._comments), end)
        return end

    def _value(self, at: int, depth: int) -> Node:
        char = self._text[at : at + 1]
        if char == '"':
            return Node("string", at, self._string_end(at))
        if char == "{":
            return self._object(at, depth + 1)
        if char == "[":
            return self._array(at, depth + 1)
        if match := _NUMBER.match(self._text, at):
            return self._number(at, match.end())
        word = _WORD.match(self._text, at)
        if word and (literal := _LITERALS.get(word[0])):
            return Node(literal, at, word.end())
        raise self._error(_no_value_words(char, word[0] if word else ""), at)

    def _object(self, start: int, depth: int) -> Node:
        self._check_depth(start, depth)
        members: list[Member] = []
        at = self._skip(start + 1)
        while not self._text.startswith("}", at):
            if not self._text.startswith('"', at):
                raise self._error(_no_key_words(self._text[at : at + 1]), at)
            key_end = self._string_end(at)
            colon = self._skip(key_end)
            if not self._text.startswith(":", colon):
                raise self._error("expected ':' after this key", key_end)
            node = self._value(self._skip(colon + 1), depth)
            members.append(Member(self._decode(at, key_end), at, key_end, node))
            at = self._next(node.end, "}", "member")
        return Node("object", start, at + 1, members=tuple(members))

    def _array(self, start: int, depth: int) -> Node:
        self._check_depth(start, depth)
        items: list[Node] = []
        at = self._skip(start + 1)
        while not self._text.startswith("]", at):
            node = self._value(at, depth)
            items.append(node)
            at = self._next(node.end, "]", "item")
        return Node("array", start, at + 1, items=tuple(items))

    def _next(self, end: int, close: str, noun: str) -> int:
        """Where the next member or item begins, or where the closing bracket stands."""
        at = self._skip(end)
        if self._text.startswith(close, at):
            return at
        if not self._text.startswith(",", at):
            raise self._error(f"expected ',' or '{close}' after this {noun}", end)
        after = self._skip(at + 1)
        if not self._comments and self._text.startswith(close, after):
            raise self._error(f"no comma is allowed after the last {noun}", at)
        return after

    def _check_depth(self, at: int, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise self._error(f"more than {MAX_DEPTH} objects and arrays inside each other", at)

    def _string_end(self, start: int) -> int:
        match = _STRING_BODY.match(self._text, start)
        end = match.end() if match else start
        if self._text.startswith('"', end):
            return end + 1
        message, at = _string_words(self._text, start, end)
        raise self._error(message, at)

    def _decode(self, start: int, end: int) -> str:
        inner = self._text[start + 1 : end - 1]
        return str(json.loads(self._text[start:end])) if "\\" in inner else inner

    def _number(self, start: int, end: int) -> Node:
        if _NUMBER_GOES_ON.match(self._text, end):
            raise self._error(_number_words(self._text, start, end), end)
        # Python refuses to convert whole numbers beyond its limit, and so does json.loads.
        limit = sys.get_int_max_str_digits()
        if 0 < limit < end - start:
            digits = self._text[start:end].removeprefix("-")
            if digits.isdigit() and len(digits) > limit:
                raise self._error(f"a whole number of more than {limit} digits", start)
        return Node("number", start, end)


def _slash_words(text: str, at: int, comments: bool) -> str:
    if comments and text.startswith("/*", at):
        return "this comment is never closed: '*/' is missing"
    if text.startswith(("//", "/*"), at):
        return "comments are not allowed in this file"
    return "a lone '/' has no meaning here"


def _no_value_words(char: str, word: str) -> str:
    if not char:
        return "expected a value, but the text ends here"
    if word.lstrip("+-") in ("NaN", "Infinity"):
        return f"{word} is not a JSON number"
    if word.lower() in _LITERALS:
        return f"{word} must be written {word.lower()}"
    if char == "'":
        return "strings need double quotes"
    if char == "-":
        return "expected a digit after '-'"
    if char == "+":
        return "a number may not start with '+'"
    if char == ".":
        return "a number may not start with '.': write a digit before it"
    if char in ",}]:":
        return f"expected a value before this '{char}'"
    return f"expected a value, found {_shown(word or char)}; strings need double quotes"


def _no_key_words(char: str) -> str:
    if not char:
        return "expected a key or '}', but the text ends here"
    if char == ",":
        return "expected a key before this ','"
    return "expected a key in double quotes or '}'"


def _string_words(text: str, start: int, at: int) -> tuple[str, int]:
    char = text[at : at + 1]
    if not char:
        return "this string is never closed", start
    if char in "\r\n":
        return "the line ends inside a string: its closing quote is missing", at
    if char != "\\":
        return f"the control character U+{ord(char):04X} in a string must be written \\u{ord(char):04x}", at
    escape = text[at + 1 : at + 2]
    if escape == "u":
        return "\\u needs four hexadecimal digits", at
    return f"\\{escape if escape.isprintable() else ''} is not an escape; a backslash is written \\\\", at


def _number_words(text: str, start: int, at: int) -> str:
    char = text[at]
    if text[start:at].removeprefix("-") == "0" and char.isdigit():
        return "a number may not have leading zeros"
    if char == "." and "." not in text[start:at]:
        return "expected a digit after the decimal point"
    if char in "eE":
        return "expected digits in the exponent"
    return f"{_shown(char)} does not belong in a number"


def _shown(text: str) -> str:
    short = text if len(text) <= 20 else text[:20] + "..."
    return f"'{short}'" if short.isprintable() else ascii(short)
