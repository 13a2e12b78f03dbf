"""Edits of JSONC text: the value comes out as meant, and nothing else moves."""

from __future__ import annotations

import copy
import json
import re
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from boocontrol.agents.jsonc import delete_member, insert_member, is_blank, replace_value, set_value
from boocontrol.core.jsontext import JsonTextError, Node, locate, scan, value

# A busy machine is no failure.
untimed = settings(deadline=None)
KEYS = st.sampled_from(["a", "b", "c", "ä", 'q"\\', "", "//", "/*", "x y", "\U0001f47b"])
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.sampled_from([1.5, -0.25, 1e30])
    | st.sampled_from(["", "// no", "/* no */", "},{", '"', "\n", "\u2028", "\ud800", "\U0001f47b"])
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=5,
)
COMMENT = re.compile(r"// #\d+|/\* #\d+[^*]*\*/")


class Writer:
    """Writes one random document: `text` and the Python value that it means."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.newline = draw(st.sampled_from(["\n", "\r\n"]))
        self.unit = draw(st.sampled_from(["  ", "    ", "\t"]))
        self.messy = draw(st.booleans())
        self.commas = draw(st.booleans())
        self.count = 0

    def comment(self) -> str:
        self.count += 1
        return self.draw(
            st.sampled_from(
                [
                    f"/* #{self.count} */",
                    f"/* #{self.count}{self.newline} x */",
                    f"// #{self.count}{self.newline}",
                ]
            )
        )

    def gap(self, usual: str = "") -> str:
        """Blanks and comments between two tokens."""
        if not self.messy or self.draw(st.integers(0, 2)):
            return usual
        parts = st.sampled_from([" ", "\t", self.newline, "comment", self.unit])
        drawn = self.draw(st.lists(parts, max_size=3))
        return "".join(self.comment() if part == "comment" else part for part in drawn)

    def lines(self, indent: str) -> str:
        """The gap before a member on its own line, with comments of its own now and then."""
        lead = self.newline + indent
        if self.draw(st.integers(0, 3)) == 0:
            self.count += 1
            lead += self.draw(st.sampled_from([f"// #{self.count}", f"/* #{self.count} */"])) + self.newline + indent
        if self.draw(st.integers(0, 5)) == 0:
            lead = self.newline + lead
        return self.gap(lead)

    def behind(self) -> str:
        """A comment behind a comma or a last value, on its line."""
        if self.draw(st.integers(0, 3)):
            return ""
        self.count += 1
        return self.draw(st.sampled_from([f" // #{self.count}", f" /* #{self.count} */", "  "]))

    def close(self, behind: str, gap: str) -> str:
        """A line comment needs a line end before anything else."""
        line_end = self.newline if "//" in behind and not gap.startswith(self.newline) else ""
        return behind + line_end + gap

    def scalar(self, new: object) -> str:
        return json.dumps(new, ensure_ascii=self.draw(st.booleans()) or "\ud800" in repr(new) or new == "\ud800")

    def any(self, depth: int, indent: str, flat: bool) -> tuple[str, Any]:
        kind = self.draw(st.sampled_from("oas" if depth < 3 else "s"))
        if kind == "s":
            new = self.draw(SCALARS)
            return self.scalar(new), new
        return self.object(depth, indent, flat) if kind == "o" else self.array(depth, indent, flat)

    def object(self, depth: int, indent: str, flat: bool) -> tuple[str, dict[str, Any]]:
        def entry(inner: str, flat: bool) -> tuple[str, tuple[str, Any]]:
            key = self.draw(KEYS)
            text, new = self.any(depth + 1, inner, flat)
            return self.scalar(key) + self.gap() + ":" + self.gap(" ") + text, (key, new)

        text, pairs = self.block("{}", entry, indent, flat)
        return text, dict(pairs)

    def array(self, depth: int, indent: str, flat: bool) -> tuple[str, list[Any]]:
        return self.block("[]", lambda inner, flat: self.any(depth + 1, inner, flat), indent, flat)

    def block(self, brackets: str, entry: Any, indent: str, flat: bool) -> tuple[str, list[Any]]:
        flat = flat or self.draw(st.booleans())
        inner = indent + self.unit
        count = self.draw(st.integers(0, 3))
        text, values = brackets[0], []
        behind = ""
        for i in range(count):
            part, new = entry(inner, flat)
            values.append(new)
            text += self.close(behind, self.gap(" " if i else "") if flat else self.lines(inner))
            comma = "," if i < count - 1 or self.commas else ""
            text += part + self.gap() + comma
            behind = "" if flat else self.behind()
        text += self.close(behind, self.gap() if flat else self.lines(indent))
        return text + brackets[1], values


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    writer = Writer(draw)
    head = draw(st.sampled_from(["", "\ufeff", "\ufeff// #900\r\n", "/* #901 */\n"]))
    text, new = writer.object(0, "", False)
    return head + writer.gap() + text + writer.gap(writer.newline), new


def parse(text: str) -> Any:
    return value(text, scan(text, comments=True))


def paths(node: Node, kind: str | None = None) -> list[list[str | int]]:
    """Every effective path of the tree, with the root's, that leads to a node of the kind."""
    found: list[list[str | int]] = [[]] if kind in (None, node.kind) else []
    below: dict[str | int, Node] = {m.key: m.value for m in node.members} or dict(enumerate(node.items))
    for step, inner in below.items():
        found += [[step, *rest] for rest in paths(inner, kind)]
    return found


def holder_of(document: Any, path: list[str | int]) -> Any:
    for step in path:
        document = document[step]
    return document


def comments(text: str) -> list[str]:
    return COMMENT.findall(text)


def exactly(new: object) -> str:
    """Tells 1 from true."""
    return json.dumps(new, sort_keys=True)


@untimed
@given(documents())
def test_documents_mean_what_the_writer_says(document: tuple[str, Any]) -> None:
    assert exactly(parse(document[0])) == exactly(document[1])


@untimed
@given(documents(), st.data(), VALUES)
def test_replace(document: tuple[str, Any], data: st.DataObject, new: Any) -> None:
    text, expected = document
    root = scan(text, comments=True)
    path = data.draw(st.sampled_from(paths(root)))
    node = locate(root, path)
    assert node
    result = replace_value(text, path, new)
    if path:
        expected = copy.deepcopy(expected)
        holder_of(expected, path[:-1])[path[-1]] = new
    else:
        expected = new
    assert parse(result) == expected
    assert result.startswith(text[: node.start]) and result.endswith(text[node.end :])
    assert replace_value(result, path, new) == result
    assert set_value(text, path, new) == result
    assert replace_value(text, path, value(text, node)) == text


@untimed
@given(documents(), st.data(), VALUES)
def test_insert(document: tuple[str, Any], data: st.DataObject, new: Any) -> None:
    text, expected = document
    root = scan(text, comments=True)
    path = data.draw(st.sampled_from(paths(root, "object")))
    node = locate(root, path)
    assert node
    result = insert_member(text, path, "new", new)
    expected = copy.deepcopy(expected)
    holder_of(expected, path)["new"] = new
    assert parse(result) == expected
    after = node.members[-1].value.end if node.members else node.start + 1
    assert result.startswith(text[:after]) and result.endswith(text[node.end - 1 :])
    assert comments(result) == comments(text)
    assert insert_member(result, path, "new", new) == result
    assert set_value(text, [*path, "new"], new) == result
    inserted = locate(scan(result, comments=True), path)
    assert inserted and inserted.members[-1].key == "new"
    if node.members:
        assert delete_member(result, [*path, "new"]) == text
    else:
        assert parse(delete_member(result, [*path, "new"])) == parse(text)


@untimed
@given(documents(), st.data())
def test_delete(document: tuple[str, Any], data: st.DataObject) -> None:
    text, expected = document
    root = scan(text, comments=True)
    members = [path for path in paths(root) if path and isinstance(path[-1], str)]
    assume(members)
    path = data.draw(st.sampled_from(members))
    holder = locate(root, path[:-1])
    assert holder
    result = delete_member(text, path)
    expected = copy.deepcopy(expected)
    del holder_of(expected, path[:-1])[path[-1]]
    assert parse(result) == expected
    gone = [i for i, member in enumerate(holder.members) if member.key == path[-1]]
    first, last = gone[0], gone[-1]
    before = holder.members[first - 1].value.end if first else holder.start + 1
    after = holder.members[last + 1].key_start if last + 1 < len(holder.members) else holder.end - 1
    assert result.startswith(text[:before]) and result.endswith(text[after:])
    assert set(surviving(text, holder, gone)) <= set(comments(result)) <= set(comments(text))
    assert delete_member(result, path) == result


def surviving(text: str, holder: Node, gone: list[int]) -> list[str]:
    """The comments that a deletion has no right to: neither inside a member nor behind it on its line."""
    spans = []
    for member in (holder.members[i] for i in gone):
        line_end = re.compile(r"[\r\n]").search(text, member.value.end)
        spans.append((member.key_start, line_end.start() if line_end else len(text)))
    return [
        match[0]
        for match in COMMENT.finditer(text)
        if not any(start <= match.start() and match.end() <= end for start, end in spans)
    ]


@untimed
@given(documents(), st.lists(KEYS | st.just("new"), min_size=1, max_size=4), VALUES)
def test_set(document: tuple[str, Any], path: list[str | int], new: Any) -> None:
    text, expected = document
    expected = copy.deepcopy(expected)
    inner = expected
    for step in path[:-1]:
        inner = inner.setdefault(step, {})
        if not isinstance(inner, dict):
            with pytest.raises(JsonTextError, match="expected an object"):
                set_value(text, path, new)
            return
    inner[path[-1]] = new
    result = set_value(text, path, new)
    assert parse(result) == expected
    assert set_value(result, path, new) == result


@untimed
@given(st.sampled_from(["", "\ufeff", " ", "\r\n", "// c", "\ufeff// c\r\n", "/* c */", "/* c */\n\n"]), VALUES)
def test_text_without_a_value(text: str, new: Any) -> None:
    assert is_blank(text)
    result = set_value(text, ["a", "b"], new)
    assert result.startswith(text) and parse(result) == {"a": {"b": new}}
    assert insert_member(text, [], "a", {"b": new}) == result
    assert delete_member(text, ["a"]) == text


INSERTED = [
    ("{}", '{\n  "n": 1\n}'),
    ("{\r\n}\r\n", '{\r\n  "n": 1\r\n}\r\n'),
    ("{ /* c */ }", '{ /* c */\n  "n": 1\n}'),
    ("{\n  // c\n}", '{\n  // c\n  "n": 1\n}'),
    ('{"a": 1}', '{"a": 1, "n": 1}'),
    ('{ "a": 1 /* c */ }', '{ "a": 1 /* c */, "n": 1 }'),
    ('{ "a": 1, /* c */ }', '{ "a": 1, /* c */ "n": 1, }'),
    ('{\n\t"a": 1\n}', '{\n\t"a": 1,\n\t"n": 1\n}'),
    ('{\n\t"a": 1,\n}', '{\n\t"a": 1,\n\t"n": 1,\n}'),
    ('{\n  "a": 1 // c\n}', '{\n  "a": 1, // c\n  "n": 1\n}'),
    ('{\n  "a": 1, // c\n}', '{\n  "a": 1, // c\n  "n": 1,\n}'),
    ('{\n  "a": 1\n  // own\n}', '{\n  "a": 1,\n  // own\n  "n": 1\n}'),
    ('{"a": 1 // c\n}', '{"a": 1, // c\n  "n": 1\n}'),
    ('{\r\n   "a": 1, "b": 2\r\n}', '{\r\n   "a": 1, "b": 2,\r\n   "n": 1\r\n}'),
    ("", '{\n  "n": 1\n}\n'),
    ("// c", '// c\n{\n  "n": 1\n}\n'),
    ("\ufeff// c\r\n", '\ufeff// c\r\n{\r\n  "n": 1\r\n}\r\n'),
]


@pytest.mark.parametrize(("text", "expected"), INSERTED)
def test_inserted_text(text: str, expected: str) -> None:
    assert insert_member(text, [], "n", 1) == expected


DELETED = [
    ('{"n": 1}', "{}"),
    ('{\n  "n": 1,\n}', "{}"),
    ('{\n  // own\n  "n": 1, // c\n}', "{\n  // own\n}"),
    ('{"n": 1, "b": 2}', '{"b": 2}'),
    ('{"a": 1, "n": 1}', '{"a": 1}'),
    ('{ "a": 1, "n": 1, }', '{ "a": 1, }'),
    ('{"n": 1, /* b */ "b": 2}', '{/* b */ "b": 2}'),
    ('{"n": 1 /* n */, "b": 2}', '{"b": 2}'),
    ('{\r\n  "n": 1, // c\r\n  "b": 2\r\n}', '{\r\n  "b": 2\r\n}'),
    ('{\n  "a": 1, // a\n  "n": 1 // n\n}', '{\n  "a": 1 // a\n}'),
    ('{\n  "a": 1, // a\n  "n": 1 }', '{\n  "a": 1 // a\n   }'),
    ('{\n  "a": 1, // a\n  "n": 1, // n\n}', '{\n  "a": 1, // a\n}'),
    ('{\n  "a": 1,\n  // own\n  "n": 1\n}', '{\n  "a": 1\n  // own\n}'),
    ('{\n  "n": 1, /* x\n y */\n  "b": 2\n}', '{\n  /* x\n y */\n  "b": 2\n}'),
    ('{\n  "a": 1\n  , "n": 1\n  , "b": 2\n}', '{\n  "a": 1\n  , "b": 2\n}'),
    ('{\n  "a": 1\n  , "n": 1\n}', '{\n  "a": 1\n}'),
    ('{\n  "n": 1,\n  "a": 2,\n  "n": 3\n}', '{\n  "a": 2\n}'),
]


@pytest.mark.parametrize(("text", "expected"), DELETED)
def test_deleted_text(text: str, expected: str) -> None:
    assert delete_member(text, ["n"]) == expected


def test_values_take_the_files_indent_and_line_ends() -> None:
    text = '{\r\n\t"provider": {\r\n\t\t"x": {}, // mine\r\n\t},\r\n}\r\n'
    new = {"models": {"m": [1, "ä"]}, "e": {}}
    assert set_value(text, ["provider", "boo"], new) == text.replace(
        "// mine\r\n",
        '// mine\r\n\t\t"boo": {\r\n\t\t\t"models": {\r\n\t\t\t\t"m": [\r\n\t\t\t\t\t1,\r\n\t\t\t\t\t"ä"'
        '\r\n\t\t\t\t]\r\n\t\t\t},\r\n\t\t\t"e": {}\r\n\t\t},\r\n',
    )


def test_one_line_values_stay_on_one_line() -> None:
    text = '{\n  "limit": { "context": 1 },\n  "o": {"p": {}}\n}'
    assert replace_value(text, ["limit"], {"context": 2}) == text.replace('{ "context": 1 }', '{"context": 2}')
    assert set_value(text, ["o", "p", "q"], {"r": [1]}) == text.replace('"p": {}', '"p": {"q": {"r": [1]}}')


def test_equality_is_jsons() -> None:
    text = '{"a": 1.50, "b": {"x": 1, "y": [true]}}'
    assert set_value(text, ["a"], 1.5) == text
    assert set_value(text, ["b"], {"y": (True,), "x": 1}) == text
    assert set_value(text, ["b", "x"], True) == text.replace('"x": 1', '"x": true')
    assert set_value(text, ["b", "y", 0], 1) == text.replace("[true]", "[1]")


def test_the_last_duplicate_is_replaced() -> None:
    assert set_value('{"a": 1, "a": 2}', ["a"], 3) == '{"a": 1, "a": 3}'
    assert delete_member('{"a": 1, "b": 0, "a": 2,}', ["a"]) == '{"b": 0,}'


def test_values_that_no_file_can_hold() -> None:
    with pytest.raises(ValueError):
        set_value("{}", ["a"], float("nan"))
    assert set_value('{"a": 1}', ["a"], "\ud800ä") == '{"a": "\\ud800ä"}'


@pytest.mark.parametrize(
    ("path", "message", "column"),
    [
        (["s", "x"], 'expected an object that holds "x", found a string', 7),
        (["n", "x", "y"], 'expected an object that holds "x", found null', 17),
        (["l", "x"], 'expected an object that holds "x", found an array', 28),
        (["l", 3], "this array has no item 3", 28),
        (["s", 0], "expected an array that holds 0, found a string", 7),
    ],
)
def test_paths_that_lead_nowhere(path: list[str | int], message: str, column: int) -> None:
    text = '{"s": "t", "n": null, "l": [1]}'
    for edit in (set_value, replace_value):
        with pytest.raises(JsonTextError) as caught:
            edit(text, path, 1)
        assert (caught.value.message, caught.value.column) == (message, column)
    with pytest.raises(JsonTextError):
        delete_member(text, path)


def test_refusals() -> None:
    with pytest.raises(JsonTextError, match='this object has no member "b"'):
        replace_value('{"a": {}}', ["a", "b"], 1)
    with pytest.raises(JsonTextError, match='already has a member "a"'):
        insert_member('{"a": 1}', [], "a", 2)
    with pytest.raises(JsonTextError, match="no object in this text"):
        insert_member("// c", ["a"], "b", 1)
    with pytest.raises(JsonTextError, match="no array that holds item 0"):
        set_value("", ["a", 0], 1)
    with pytest.raises(JsonTextError, match="only a member"):
        delete_member("[1]", [0])
    for edit in (lambda t: set_value(t, ["a"], 1), lambda t: delete_member(t, ["a"])):
        with pytest.raises(JsonTextError, match="line 2, column 3"):
            edit("{\n  oops\n}")
