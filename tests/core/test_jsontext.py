"""The span scanner: accepts what json.loads accepts, says where things stand, and names what is wrong."""

from __future__ import annotations

import json
import sys
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from boocontrol.core.jsontext import (
    MAX_DEPTH,
    JsonTextError,
    Node,
    content_start,
    deepest,
    line_column,
    locate,
    scan,
    value,
)

# A busy machine is no failure.
untimed = settings(deadline=None)
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.floats(allow_nan=False, allow_infinity=False)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)
PIECES = st.sampled_from(
    [
        *"{}[]:,\"\\/-+.0123456789eEuabtrfnl \t\r\n\x00\x0b\x1f\x7f\xa0\u0660\u2028\ufeff\ud800'",
        "//",
        "/*",
        "*/",
        "true",
    ]
    + ["null", "NaN", "-Infinity", "\\u12", "\\u00e4", "\\ud83d", '"a":', "1e5", "-0", "01", "1.", "False"]
)


@st.composite
def texts(draw: st.DrawFn) -> str:
    blanks = st.text(" \t\r\n", max_size=2)
    return json.dumps(
        draw(VALUES),
        indent=draw(st.none() | st.integers(0, 3) | st.just("\t")),
        ensure_ascii=draw(st.booleans()),
        separators=(draw(blanks) + "," + draw(blanks), draw(blanks) + ":" + draw(blanks)),
    )


@st.composite
def broken_texts(draw: st.DrawFn) -> str:
    text = draw(texts())
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(text)))
        cut = draw(st.integers(0, 2))
        text = text[:at] + draw(st.just("") | PIECES) + text[at + cut :]
    return text


def refuse(constant: str) -> None:
    raise ValueError(constant)


def agrees_with_json(text: str) -> None:
    try:
        expected = json.loads(text, parse_constant=refuse)
    except ValueError:
        with pytest.raises(JsonTextError) as caught:
            scan(text)
        assert 0 <= caught.value.offset <= len(text)
        assert (caught.value.line, caught.value.column) == line_column(text, caught.value.offset)
        return
    assert value(text, scan(text)) == expected


@untimed
@given(texts())
def test_reads_what_json_writes(text: str) -> None:
    agrees_with_json(text)


@untimed
@given(broken_texts() | st.lists(PIECES, max_size=8).map("".join))
@example('"\\ud800\\u"')
@example("1" * 4300)
@example("-" + "1" * 4300)
@example("1" * 4301)
@example("1" * 4301 + ".5")
@example("1e999")
@example("\ufeff{}")
def test_accepts_exactly_what_json_accepts(text: str) -> None:
    agrees_with_json(text)


@untimed
@given(texts())
def test_strict_text_is_jsonc_too(text: str) -> None:
    assert scan(text, comments=True) == scan(text)


@untimed
@given(texts())
def test_spans_hold_their_values(text: str) -> None:
    def check(node: Node) -> None:
        assert json.loads(text[node.start : node.end]) == value(text, node)
        for member in node.members:
            assert json.loads(text[member.key_start : member.key_end]) == member.key
            check(member.value)
        for item in node.items:
            check(item)

    check(scan(text))


@pytest.mark.parametrize(
    ("text", "message", "line", "column"),
    [
        ("", "there is no JSON value in this text", 1, 1),
        (" \n", "there is no JSON value in this text", 2, 1),
        ('{"a": 1\n "b": 2}', "expected ',' or '}' after this member", 1, 8),
        ("[1 2]", "expected ',' or ']' after this item", 1, 3),
        ("[1}", "expected ',' or ']' after this item", 1, 3),
        ('{"a" 1}', "expected ':' after this key", 1, 5),
        ('{"a": }', "expected a value before this '}'", 1, 7),
        ('{"a":', "expected a value, but the text ends here", 1, 6),
        ("{,}", "expected a key before this ','", 1, 2),
        ("{", "expected a key or '}', but the text ends here", 1, 2),
        ("{a: 1}", "expected a key in double quotes or '}'", 1, 2),
        ("[,]", "expected a value before this ','", 1, 2),
        ('{"a": 1,}', "no comma is allowed after the last member", 1, 8),
        ("[1,]", "no comma is allowed after the last item", 1, 3),
        ("[1,,2]", "expected a value before this ','", 1, 4),
        ("{}\r\n{}", "nothing may follow the end of the first value", 2, 1),
        ("{} // x", "comments are not allowed in this file", 1, 4),
        ("{} / x", "a lone '/' has no meaning here", 1, 4),
        ("\ufeff{}", "a byte order mark (BOM) is not allowed here", 1, 1),
        ("NaN", "NaN is not a JSON number", 1, 1),
        ("[-Infinity]", "-Infinity is not a JSON number", 1, 2),
        ("True", "True must be written true", 1, 1),
        ("['a']", "strings need double quotes", 1, 2),
        ("[hello]", "expected a value, found 'hello'; strings need double quotes", 1, 2),
        ("+1", "a number may not start with '+'", 1, 1),
        (".5", "a number may not start with '.': write a digit before it", 1, 1),
        ("-", "expected a digit after '-'", 1, 1),
        ("-01", "a number may not have leading zeros", 1, 3),
        ("1.", "expected a digit after the decimal point", 1, 2),
        ("1e+", "expected digits in the exponent", 1, 2),
        ("12ab", "'a' does not belong in a number", 1, 3),
        ('["a', "this string is never closed", 1, 2),
        ('"a\nb"', "the line ends inside a string: its closing quote is missing", 1, 3),
        ('"a\tb"', "the control character U+0009 in a string must be written \\u0009", 1, 3),
        ('"\\x"', "\\x is not an escape; a backslash is written \\\\", 1, 2),
        ('"\\u12"', "\\u needs four hexadecimal digits", 1, 2),
    ],
)
def test_errors_say_what_and_where(text: str, message: str, line: int, column: int) -> None:
    with pytest.raises(JsonTextError) as caught:
        scan(text)
    assert (caught.value.message, caught.value.line, caught.value.column) == (message, line, column)
    assert str(caught.value) == f"{message} (line {line}, column {column})"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('\ufeff// head\r\n{"a": [1, 2,], /* x */}\r\n// end', {"a": [1, 2]}),
        ("/**/ [ /***/ 1 /* * / */ , /*//*/ ] //", [1]),
        ('{"a": "// no /* comment */"}', {"a": "// no /* comment */"}),
        ("// mac\r1", 1),
        ("[] /* {} */", []),
    ],
)
def test_jsonc(text: str, expected: object) -> None:
    assert value(text, scan(text, comments=True)) == expected


@pytest.mark.parametrize(
    ("text", "message", "offset"),
    [
        ("{} /* x", "this comment is never closed: '*/' is missing", 3),
        ("/*/", "this comment is never closed: '*/' is missing", 0),
        ("// only", "there is no JSON value in this text", 7),
        ("[,]", "expected a value before this ','", 1),
        ("[1,,]", "expected a value before this ','", 3),
        ("\ufeff\ufeff1", "expected a value, found '\\ufeff'; strings need double quotes", 1),
        ("{'a': 1}", "expected a key in double quotes or '}'", 1),
    ],
)
def test_jsonc_errors(text: str, message: str, offset: int) -> None:
    with pytest.raises(JsonTextError) as caught:
        scan(text, comments=True)
    assert (caught.value.message, caught.value.offset) == (message, offset)


def test_duplicates_are_kept_and_the_last_one_counts() -> None:
    text = '{"a": 1, "\\u0061": {"b": 2}}'
    root = scan(text)
    assert [member.key for member in root.members] == ["a", "a"]
    assert value(text, root) == {"a": {"b": 2}}
    assert locate(root, ["a", "b"]) == root.members[1].value.members[0].value


def test_locate_and_deepest() -> None:
    text = '{"a": [{"b": null}], "c": 1}'
    root = scan(text)
    found = locate(root, ["a", 0, "b"])
    assert found and text[found.start : found.end] == "null"
    assert locate(root, []) is root
    for path in (["x"], ["a", 1], ["a", -1], ["a", "b"], ["c", "d", "e"], [0]):
        assert locate(root, path) is None
    assert deepest(root, ["a", 0, "x", "y"]) == locate(root, ["a", 0])
    assert deepest(root, ["x"]) is root


def test_line_and_column() -> None:
    text = "\ufeffa\r\nb\rc\n\nd"
    places = [line_column(text, offset) for offset in range(len(text) + 1)]
    assert places == [
        *[(1, 1), (1, 1), (1, 2), (1, 3)],
        *[(2, 1), (2, 2), (3, 1), (3, 2), (4, 1), (5, 1), (5, 2)],
    ]


def test_content_start() -> None:
    assert content_start("\ufeff // x\n [", comments=True) == 8
    assert content_start(" // x", comments=True) == 5
    assert content_start(" {") == 1


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_depth_has_a_limit(opening: str, closing: str) -> None:
    fits = opening * MAX_DEPTH + "1" + closing * MAX_DEPTH
    assert value(fits, scan(fits)) == json.loads(fits)
    for text in (opening + fits + closing, opening * 100_000):
        with pytest.raises(JsonTextError, match="inside each other") as caught:
            scan(text)
        assert caught.value.offset == len(opening) * MAX_DEPTH


def test_whole_numbers_follow_pythons_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "get_int_max_str_digits", lambda: 0)
    assert scan("1" * 5000).end == 5000


def test_a_large_file_is_quick() -> None:
    models = {
        f"host/model-{i}": {
            "name": f"Model {i} " + "ä" * 250,
            "limit": {"context": 131072, "output": 8192},
            "modalities": {"input": ["text", "image"], "output": ["text"]},
        }
        for i in range(5000)
    }
    text = "// head\n" + json.dumps({"provider": {"models": models}}, indent=2, ensure_ascii=False)
    assert len(text) > 2_000_000
    start = time.process_time()
    root = scan(text, comments=True)
    # Well under a second in practice; the margin is for slow and busy machines.
    assert time.process_time() - start < 3
    assert value(text, root) == {"provider": {"models": models}}
