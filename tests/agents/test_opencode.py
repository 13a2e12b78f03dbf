"""The export to opencode: what is written, what is kept, and that nothing of the user's moves."""

from __future__ import annotations

import json
import random
import re
import time
from pathlib import Path
from typing import Any

import pytest

from boocontrol.agents import opencode
from boocontrol.agents.keys import EnvKey, FileKey
from boocontrol.agents.offers import Choice
from boocontrol.agents.plan import BrokenFile, Plan
from boocontrol.agents.record import TargetRecord
from boocontrol.core.catalog import Catalog
from boocontrol.core.errors import BadInput
from boocontrol.core.jsontext import scan, value

GOLDEN = """\
{
  "$schema": "https://opencode.ai/config.json",
  "provider": {
    "boocontrol": {
      "npm": "@ai-sdk/openai-compatible",
      "name": "BooControl",
      "options": {
        "baseURL": "http://127.0.0.1:9503/v1",
        "apiKey": "{file:~/data/gateway.key}",
        "headerTimeout": false,
        "chunkTimeout": 1800000
      },
      "models": {
        "box/qwen3": {
          "name": "Qwen 3 (GPU box)",
          "limit": {
            "context": 32768,
            "output": 8192
          },
          "attachment": true,
          "modalities": {
            "input": [
              "text",
              "image"
            ],
            "output": [
              "text"
            ]
          },
          "tool_call": true
        },
        "box/tiny": {
          "name": "Tiny (GPU box)",
          "limit": {
            "context": 4096,
            "output": 1024
          }
        },
        "box/dark": {
          "name": "Dark (GPU box)"
        },
        "den/qwen3": {
          "name": "Qwen 3 (DEN)",
          "limit": {
            "context": 16384,
            "output": 4096
          },
          "tool_call": true
        },
        "any/qwen3": {
          "name": "Qwen 3 (any host)",
          "limit": {
            "context": 16384,
            "output": 4096
          },
          "tool_call": true
        }
      }
    }
  }
}
"""


def read(text: str) -> Any:
    return value(text, scan(text, comments=True))


def models(text: str) -> Any:
    return read(text)["provider"]["boocontrol"]["models"]


def recorded(plan: Plan) -> TargetRecord:
    return TargetRecord(agent="opencode", written=plan.written, made=plan.made)


def with_provider(catalog: Catalog, provider_id: str, **keys: Any) -> Catalog:
    changed = (p.model_copy(update=keys) if p.id == provider_id else p for p in catalog.providers)
    return Catalog(default_provider=catalog.default_provider, providers=tuple(changed))


def test_golden(export: Any, tmp_path: Path) -> None:
    plan = opencode.plan(export(key=FileKey(tmp_path / "data" / "gateway.key")), None)
    assert plan.text == GOLDEN
    plan.check(plan.text)
    assert plan.key_file == tmp_path / "data" / "gateway.key"
    assert [c.ref for c in plan.of("added")] == list(models(GOLDEN))


def test_the_second_plan_changes_nothing(export: Any) -> None:
    first = opencode.plan(export(), None)
    second = opencode.plan(export(), first.text, recorded(first))
    assert second.unchanged and second.changes == () and second.same == 5 and second.written == first.written
    assert opencode.plan(export(), first.text, None).unchanged, "also when the record was lost"


def test_no_key_and_the_environment(export: Any) -> None:
    options = read(opencode.plan(export(key=None), None).text)["provider"]["boocontrol"]["options"]
    assert "apiKey" not in options
    options = read(opencode.plan(export(key=EnvKey("MY_KEY")), None).text)["provider"]["boocontrol"]["options"]
    assert options["apiKey"] == "{env:MY_KEY}"
    with pytest.raises(BadInput):
        EnvKey('A"B')


def test_user_text_stays_and_the_schema_is_added(export: Any) -> None:
    user = '// my file\r\n{\r\n\t"theme": "dark", // keep\r\n\t/* and this */ "provider": { "x": {} },\r\n}\r\n'
    text = opencode.plan(export(), user).text
    for part in ("// my file\r\n", '\t"theme": "dark", // keep\r\n', '/* and this */ "provider": { "x": {}'):
        assert part in text
    assert read(text)["$schema"] == opencode.SCHEMA
    assert list(read(text)["provider"]) == ["x", "boocontrol"]


@pytest.mark.parametrize("other", ['"https://x"', "null"])
def test_a_schema_of_the_user_stays(export: Any, other: str) -> None:
    text = opencode.plan(export(), f'{{"$schema": {other}}}').text
    if other != "null":
        assert f'"$schema": {other}' in text


def test_own_edits_are_kept(export: Any) -> None:
    first = opencode.plan(export(), None)
    mine = first.text.replace('"name": "Tiny (GPU box)"', '"name": "Mine", "options": {"top_k": 4} /* ! */')
    mine = mine.replace('"models": {', '"models": {\n        // by hand\n        "hand/made": {"name": "H"},')
    mine = mine.replace('"context": 16384', '"context": 12000', 1)
    plan = opencode.plan(export(), mine, recorded(first))
    assert plan.unchanged
    assert {c.ref: c.kind for c in plan.changes} == {"box/tiny": "kept", "den/qwen3": "kept"}
    assert "provider.boocontrol.models.box/tiny.name" in plan.edited
    again = opencode.plan(export(take_over=True), mine, recorded(first))
    assert models(again.text)["box/tiny"] == {"name": "Tiny (GPU box)", "options": {"top_k": 4}} | {
        "limit": {"context": 4096, "output": 1024}
    }
    assert "hand/made" in models(again.text) and "// by hand" in again.text and "/* ! */" in again.text


def test_a_key_taken_out_by_hand_stays_out_but_the_address_comes_back(export: Any) -> None:
    first = opencode.plan(export(), None)
    tree = json.loads(first.text)
    del tree["provider"]["boocontrol"]["models"]["box/tiny"]["limit"]
    del tree["provider"]["boocontrol"]["options"]["chunkTimeout"]
    del tree["provider"]["boocontrol"]["options"]["baseURL"]
    plan = opencode.plan(export(), json.dumps(tree), recorded(first))
    after = read(plan.text)["provider"]["boocontrol"]
    assert "limit" not in after["models"]["box/tiny"] and "chunkTimeout" not in after["options"]
    assert after["options"]["baseURL"] == "http://127.0.0.1:9503/v1"


def test_a_model_changes_where_it_is_still_ours(export: Any, catalog: Catalog, provider: Any, model: Any) -> None:
    first = opencode.plan(export(), None)
    den = provider("den", model("den", "qwen3", name="Qwen 3", context_length=65536))
    after = opencode.plan(export(Catalog(providers=(catalog.providers[0], den))), first.text, recorded(first))
    assert [(c.ref, c.note) for c in after.of("changed")] == [
        ("den/qwen3", "64k context now, 16k written"),
        ("any/qwen3", "32k context now, 16k written"),
    ]
    assert models(after.text)["den/qwen3"] == {"name": "Qwen 3 (DEN)", "limit": {"context": 65536, "output": 8192}}


@pytest.mark.parametrize("state", ["down", "checking", "needs_key", "paused"])
def test_a_host_that_is_away_loses_nothing(export: Any, catalog: Catalog, state: str, now: Any) -> None:
    first = opencode.plan(export(), None)
    for keys in ({"state": state}, {"state": state, "models": ()}, {"stale": True, "models": ()}):
        plan = opencode.plan(export(with_provider(catalog, "den", **keys)), first.text, recorded(first))
        assert "den/qwen3" in models(plan.text) and "any/qwen3" in models(plan.text)
        assert [c.since for c in plan.of("kept") if c.ref == "den/qwen3"] == [now]
        assert plan.written["/provider/boocontrol/models/den~1qwen3"]


def test_a_forgotten_context_keeps_the_limit(export: Any, catalog: Catalog) -> None:
    first = opencode.plan(export(), None)
    forgot = tuple(m.model_copy(update={"context_length": None}) for m in catalog.providers[1].models)
    plan = opencode.plan(export(with_provider(catalog, "den", models=forgot)), first.text, recorded(first))
    assert models(plan.text)["den/qwen3"]["limit"] == {"context": 16384, "output": 4096}


def test_what_is_gone_goes_unless_it_was_edited(export: Any, catalog: Catalog) -> None:
    first = opencode.plan(export(), None)
    mine = first.text.replace('"name": "Tiny (GPU box)"', '"name": "Mine"')
    no_box = Catalog(providers=catalog.providers[1:])
    plan = opencode.plan(export(no_box), mine, recorded(first))
    assert list(models(plan.text)) == ["box/tiny", "den/qwen3"]
    assert {c.ref for c in plan.of("removed")} == {"box/qwen3", "box/dark", "any/qwen3"}
    empty = with_provider(catalog, "den", models=())
    assert "den/qwen3" not in models(opencode.plan(export(empty), first.text, recorded(first)).text)


def test_a_hand_made_provider_is_left_alone(export: Any) -> None:
    user = '{"provider": {"boocontrol": {"options": {"baseURL": "http://other/v1"}, "models": {"box/tiny": {}}}}}'
    plan = opencode.plan(export(), user)
    after = read(plan.text)["provider"]["boocontrol"]
    assert after["options"] == {"baseURL": "http://other/v1"}, "our key must not go to another address"
    assert after["models"]["box/tiny"] == {}
    assert "not_ours" in {n.code for n in plan.notices}
    took = read(opencode.plan(export(take_over=True), user).text)["provider"]["boocontrol"]
    assert took["options"]["baseURL"] == "http://127.0.0.1:9503/v1"


def test_the_key_does_not_follow_an_edited_address(export: Any) -> None:
    first = opencode.plan(export(), None)
    moved = first.text.replace("http://127.0.0.1:9503/v1", "http://elsewhere/v1")
    plan = opencode.plan(export(key=EnvKey("OTHER")), moved, recorded(first))
    assert "{env:OTHER}" not in plan.text and "base_url_kept" in {n.code for n in plan.notices}
    port = opencode.plan(export(gateway_url="http://127.0.0.1:9999/v1/"), first.text, recorded(first))
    assert read(port.text)["provider"]["boocontrol"]["options"]["baseURL"] == "http://127.0.0.1:9999/v1"


def test_choices(export: Any) -> None:
    def chosen(**keys: Any) -> list[str]:
        return list(models(opencode.plan(export(**keys), None).text))

    assert chosen(choice=Choice(kind="providers", ids=("den",))) == ["den/qwen3"]
    assert chosen(choice=Choice(kind="favorites"), favorites=["den/qwen3", "tiny", "any/qwen3", "gone"]) == [
        "den/qwen3",
        "box/tiny",
        "any/qwen3",
    ]
    assert chosen(choice=Choice(kind="models", ids=("box/q",))) == ["box/q"], "an alias that was asked for"
    plan = opencode.plan(export(choice=Choice(kind="favorites"), favorites=["box/gone"]), None)
    assert {n.code for n in plan.notices} >= {"no_models", "favorites_hidden"}
    first = opencode.plan(export(), None)
    less = opencode.plan(export(choice=Choice(kind="providers", ids=("den",))), first.text, recorded(first))
    assert list(models(less.text)) == ["den/qwen3"]


def test_defaults_only_when_asked(export: Any) -> None:
    user = '{"model": "a/b"}'
    assert read(opencode.plan(export(), user).text)["model"] == "a/b"
    plan = opencode.plan(export(model="box/qwen3", small_model="box/tiny"), user)
    assert read(plan.text)["model"] == "boocontrol/box/qwen3"
    assert read(plan.text)["small_model"] == "boocontrol/box/tiny"
    assert opencode.plan(export(), plan.text, recorded(plan)).unchanged
    with pytest.raises(BadInput):
        opencode.plan(export(model="box/gone"), user)


def test_a_name_cannot_make_opencode_read_a_file(export: Any, provider: Any, model: Any) -> None:
    bad = model("box", "x", name="{file:/etc/passwd} {env:HOME}\x1b")
    worse = model("box", "{file:/etc/passwd}")
    plan = opencode.plan(export(Catalog(providers=(provider("box", bad, worse, label="{env:A}"),))), None)
    assert "{file:" not in plan.text and plan.text.count("{env:") == 1
    assert "unsafe_name" in {n.code for n in plan.notices}


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ('{\n  "a": 1,\n  oops\n}', 3, 3),
        ("[]", 1, 1),
        ('{\n"provider": []}', 2, 13),
        ('{"provider": {"boocontrol": {"models": 3}}}', 1, 40),
        ('{"a": "x', 1, 7),
        ("/* open", 1, 1),
    ],
)
def test_a_broken_file_is_refused(export: Any, text: str, line: int, column: int) -> None:
    with pytest.raises(BrokenFile) as caught:
        opencode.plan(export(), text)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert f"line {line}, column {column}" in caught.value.title and caught.value.advice


@pytest.mark.parametrize(
    "limit",
    [
        '{"context": 8}',
        '{"context": 8, "output": 8}',
        '{"context": 8, "output": 0}',
        "5",
        '{"output": 1, "context": "8"}',
    ],
)
def test_a_result_that_stops_opencode_is_refused(export: Any, limit: str) -> None:
    first = opencode.plan(export(), None)
    text = first.text.replace('"models": {', f'"models": {{"a/b": {{"limit": {limit}}},')
    with pytest.raises(BrokenFile, match="a/b"):
        first.check(text)
    with pytest.raises(BrokenFile, match="twice"):
        first.check(first.text.replace('"box/dark"', '"box/tiny"'))
    with pytest.raises(BrokenFile, match="baseURL"):
        first.check("{}")


def test_removal(export: Any) -> None:
    user = '{\n  // mine\n  "theme": "dark"\n}\n'
    first = opencode.plan(export(model="box/tiny"), user)
    away = opencode.removal(first.text, recorded(first))
    assert read(away.text) == {"theme": "dark", "$schema": opencode.SCHEMA} and "// mine" in away.text
    assert len(away.of("removed")) == 5
    other = first.text.replace('"boocontrol": {', '"other": {},\n    "boocontrol": {', 1)
    assert read(opencode.removal(other, recorded(first)).text)["provider"] == {"other": {}}
    lost = opencode.removal(first.text, None)
    assert read(lost.text)["provider"] == {} and [n.code for n in lost.notices] == ["default_left"]
    assert opencode.removal(None).unchanged


def test_print_env(export: Any) -> None:
    assert json.loads(opencode.print_env(export())) == json.loads(opencode.plan(export(), None).text)
    assert opencode.try_command(export()).startswith("OPENCODE_CONFIG_CONTENT='{")


def test_notices_about_contexts(export: Any) -> None:
    notices = {n.code: n for n in opencode.plan(export(), None).notices}
    assert "box/tiny" in notices["small_context"].text and "box/dark" in notices["unknown_context"].text


USER_FILES = [
    '{\n  // one\n  "theme": "x", /* two */\n  "provider": {\n    // three\n    "local": { "npm": "y" } // four\n  },\n'
    '  "keybinds": {"a": [1, 2,],}, // five\n}\n// six\n',
    '{"theme":"x","provider":{"local":{"npm":"y"}},"keybinds":{"a":[1,2]}}',
    '\ufeff{\r\n\t"provider": {"local": {"npm": "y"}}, // one\r\n\r\n\t"theme": "x" // two\r\n}',
    '{\n    "theme": "x" // one\n    , "provider": {}\n}\n',
]


def random_catalog(rng: random.Random, provider: Any, model: Any) -> Catalog:
    found = []
    for host in rng.sample(["a", "b", "c", "d"], rng.randint(0, 4)):
        names = rng.sample(["m1", "m2", "org/m3:Q4", "m.4", "ü", 'q"5', "m6", "m7", "m8"], rng.randint(0, 9))
        listed = [
            model(
                host,
                name,
                context_length=rng.choice([None, 2, 4096, 32768, 131072]),
                capabilities=rng.choice([{}, {"tools": True}, {"vision": True}]),
            )
            for name in names
        ]
        found.append(provider(host, *listed, state=rng.choice(["up", "up", "down", "paused"])))
    return Catalog(providers=tuple(found))


@pytest.mark.parametrize("user", USER_FILES)
def test_many_catalogs_in_a_row_move_nothing_of_the_users(user: str, export: Any, provider: Any, model: Any) -> None:
    rng = random.Random(len(user))
    comments = re.findall(r"//[^\r\n]*|/\*.*?\*/", user)
    before = {key: v for key, v in read(user).items() if key != "provider"}
    text, record, keepsake = user, None, '"by/hand": {"name": "me" /* inside */}, // behind'
    for _ in range(120):
        catalog = random_catalog(rng, provider, model)
        plan = opencode.plan(export(catalog), text, record)
        plan.check(plan.text)
        record = recorded(plan)
        again = opencode.plan(export(catalog), plan.text, record)
        assert again.text == plan.text and again.written == plan.written
        text = plan.text
        tree = read(text)
        assert {k: v for k, v in tree.items() if k not in ("provider", "$schema")} == before
        assert tree["provider"].get("local") == read(user)["provider"].get("local")
        assert all(comment in text for comment in comments)
        ours = tree["provider"]["boocontrol"].get("models", {})
        offered = opencode.offers(catalog, Choice()).models
        assert set(offered) <= set(ours)
        if "by/hand" not in ours and "\n" in user and '"models": {' in text:
            text = text.replace('"models": {', f'"models": {{\n{keepsake}\n', 1)
            comments += ["/* inside */", "// behind"]
    away = opencode.removal(text, record)
    assert {k: v for k, v in read(away.text).items() if k not in ("provider", "$schema")} == before


def test_thousands_of_models_are_quick(export: Any, provider: Any, model: Any) -> None:
    def of(context: int, first: int) -> Catalog:
        hosts = [
            provider(f"h{h}", *(model(f"h{h}", f"m{i}-{h}", context_length=context) for i in range(first, first + 400)))
            for h in range(5)
        ]
        return Catalog(providers=tuple(hosts))

    plan = opencode.plan(export(of(32768, 0)), None)
    text = plan.text.replace('"h0/m1-0": {', '// mine\n"h0/m1-0": {')
    start = time.process_time()
    changed = opencode.plan(export(of(65536, 0)), text, recorded(plan))
    moved = opencode.plan(export(of(32768, 200)), text, recorded(plan))
    assert time.process_time() - start < 4
    assert len(changed.of("changed")) == 2000 and "// mine" in changed.text
    assert len(moved.of("added")) == len(moved.of("removed")) == 1000
    assert len(models(moved.text)) == 2000
