"""Batches of edits: the value comes out as meant, and comments beside what stays do too."""

from __future__ import annotations

import copy
import random
import re
from typing import Any

import pytest

from boocontrol.agents.splices import Drop, Leaf, Patch, patched
from boocontrol.core.jsontext import JsonTextError, scan, value


def read(text: str) -> Any:
    return value(text, scan(text, comments=True))


def written(rng: random.Random, count: int, newline: str) -> str:
    """An object of many members with comments on lines of their own and behind members."""
    lines = ["{"]
    for number in range(count):
        if rng.random() < 0.3:
            lines.append(f"    // above {number}.")
        comma = "," if number < count - 1 or rng.random() < 0.5 else ""
        behind = f" // behind {number}." if rng.random() < 0.3 else ""
        lines.append(f'    "k{number}": {{"a": {number}, "b": [1]}}{comma}{behind}')
    return newline.join([*lines, "}"])


@pytest.mark.parametrize("seed", range(150))
def test_batches(seed: int) -> None:
    rng = random.Random(seed)
    count = rng.randint(0, 14)
    inner = written(rng, count, rng.choice(["\n", "\r\n"]))
    text = rng.choice(["", "// top\n"]) + f'{{"x": {{"models": {inner}}}, "y": 1}}'
    before = read(text)
    want = copy.deepcopy(before)
    models: Patch = {}
    for key in [f"k{n}" for n in range(count)]:
        what = rng.choice(["drop", "drop", "drop", "set", "below", "stay"])
        if what == "drop":
            models[key] = Drop()
            del want["x"]["models"][key]
        elif what == "set":
            models[key] = Leaf({"new": True})
            want["x"]["models"][key] = {"new": True}
        elif what == "below":
            models[key] = {"a": Leaf({"deep": [key]}), "b": Drop(), "c": Leaf(None)}
            want["x"]["models"][key] = {"a": {"deep": [key]}, "c": None}
    for number in range(rng.randint(0, 4)):
        models[f"n{number}"] = Leaf({"z": {"w": 1}})
        want["x"]["models"][f"n{number}"] = {"z": {"w": 1}}
    after = patched(text, {"x": {"models": models}})
    assert read(after) == want
    stay = [n for n in range(count) if not isinstance(models.get(f"k{n}"), Drop)]
    for note in re.findall(r"// above \d+\.", text) + [f"// behind {n}." for n in stay if f"// behind {n}." in text]:
        assert note in after
    assert patched(after, {"x": {"models": {key: Leaf(v) for key, v in want["x"]["models"].items()}}}) == after


def test_indents_and_line_ends_are_the_files_own() -> None:
    text = '{\r\n\t"a": {\r\n\t\t"b": {}\r\n\t}\r\n}\r\n'
    after = patched(text, {"a": {"b": {"c": Leaf(1), "d": Leaf({"e": 2})}, "f": Leaf([]), "g": Leaf({"h": 1})}})
    assert after == (
        '{\r\n\t"a": {\r\n\t\t"b": {\r\n\t\t\t"c": 1,\r\n\t\t\t"d": {\r\n\t\t\t\t"e": 2\r\n\t\t\t}\r\n\t\t},\r\n'
        '\t\t"f": [],\r\n\t\t"g": {\r\n\t\t\t"h": 1\r\n\t\t}\r\n\t}\r\n}\r\n'
    )


def test_nothing_to_do_and_nothing_there() -> None:
    assert patched("// only this", {}) == "// only this"
    assert patched("// only this", {"a": {"b": Drop()}}) == "// only this"
    assert read(patched("// only this", {"a": {"b": Leaf(1)}})) == {"a": {"b": 1}}
    assert patched('{"a": 1}', {"z": {"y": Drop()}, "b": Drop()}) == '{"a": 1}'
    with pytest.raises(JsonTextError):
        patched('{"a": 1}', {"a": {"b": Leaf(1)}})
