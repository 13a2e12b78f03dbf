"""The registry file: nothing of the user's is lost, and every fault is told by line and column."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boocontrol.core import RegistryError, Stale, load_registry, parse_registry, save_registry
from boocontrol.core.edits import add_provider, remove_provider, reorder, set_default, update_provider
from boocontrol.core.errors import BadInput, BooError
from boocontrol.core.registry_file import render, replace_registry

GOOD = {
    "defaultProvider": "a",
    "providers": [{"id": "a", "baseUrl": "http://h:1"}, {"id": "b", "baseUrl": "http://h:2"}],
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "llama-providers.json"


def write(path: Path, value: object) -> Path:
    path.write_text(value if isinstance(value, str) else json.dumps(value))
    return path


class TestAbsent:
    def test_no_file_and_no_variables_is_an_empty_registry(self, path: Path) -> None:
        loaded = load_registry(path, {})
        assert (len(loaded.registry), loaded.source, loaded.error) == (0, "empty", None)

    def test_the_legacy_variables_make_providers_that_are_not_written(self, path: Path) -> None:
        environ = {"LLAMA_SWAP_URL": "box:8401/v1", "LLAMA_SIDECAR_URL": "http://box:8402/", "DEEPSEEK_API_KEY": "sk-x"}
        loaded = load_registry(path, environ)
        swap, cloud = loaded.registry
        assert (swap.id, swap.base_url, swap.sidecar_url) == ("llama-swap", "http://box:8401", "http://box:8402")
        assert (cloud.id, cloud.kind, cloud.location, loaded.source) == ("deepseek", "openai", "cloud", "environment")
        assert "sk-x" not in repr(loaded)
        assert not path.exists()

    def test_empty_variables_count_as_unset(self, path: Path) -> None:
        assert load_registry(path, {"LLAMA_SWAP_URL": " ", "DEEPSEEK_API_KEY": ""}).source == "empty"

    def test_a_bad_variable_is_told_and_start_up_goes_on(self, path: Path) -> None:
        loaded = load_registry(path, {"LLAMA_SWAP_URL": "ftp://x"})
        assert loaded.error is not None and "LLAMA_SWAP_URL" in loaded.error.title

    def test_the_path_comes_from_the_environment(self, path: Path) -> None:
        write(path, GOOD)
        assert len(load_registry(environ={"LLAMA_PROVIDERS_PATH": str(path)}).registry) == 2


BROKEN = [
    ('{"providers": [\n  {"id": "a", "baseUrl": "h"},\n]}', 2, 30, None),
    ('{"providers": [', 1, None, None),
    ('{"providers": [\n {"id": "a"}]}', 2, 2, "providers[0].baseUrl"),
    ('{"providers": [\n {"id": "A b",\n "baseUrl": "h"}]}', 2, 9, "providers[0].id"),
    ('{"providers": [{"id": "any", "baseUrl": "h"}]}', 1, 23, "providers[0].id"),
    ('{"providers": [{"id": "a", "baseUrl": "h"},\n{"id": "a", "baseUrl": "i"}]}', 2, 8, "providers[1].id"),
    ('{"defaultProvider": "zz",\n "providers": []}', 1, 21, "defaultProvider"),
    ('{"providers": [{"id": "a", "baseUrl": "h",\n "apiKey": "sk-secret"}]}', 2, 12, "providers[0].apiKey"),
    ('{"providers": [{"id": "a", "baseUrl": "h", "apiKey": {}}]}', 1, 54, "providers[0].apiKey"),
    ('{"providers": [{"id": "a", "baseUrl": "h", "enabled": "yes"}]}', 1, 55, "providers[0].enabled"),
    ('{"providers": [{"id": "a", "baseUrl": "h", "headers": {"Authorization": "Bearer sk-secret"}}]}', 1, 55, None),
    ('{"providers": [{"id": "a", "baseUrl": "h",\n "id": "b"}]}', 2, 2, "id"),
    ('{"providers": {}}', 1, 15, "providers"),
    ("[]", 1, 1, None),
    ("", 1, 1, None),
]


class TestBroken:
    @pytest.mark.parametrize(("text", "line", "column", "field"), BROKEN)
    def test_the_place_and_the_reason_are_told(
        self, text: str, line: int, column: int | None, field: str | None
    ) -> None:
        with pytest.raises(RegistryError) as told:
            parse_registry(text.encode())
        error = told.value
        assert error.line == line
        if column is not None:
            assert error.column == column
        if field is not None:
            assert error.field == field
        assert "sk-secret" not in f"{error} {error!r}"
        assert error.advice

    def test_at_start_it_is_an_empty_registry_and_the_error(self, path: Path) -> None:
        loaded = load_registry(write(path, "{"), {"LLAMA_SWAP_URL": "box"})
        assert (len(loaded.registry), loaded.source) == (0, "file")
        assert loaded.error is not None and loaded.error.line == 1

    def test_the_last_good_one_stays_in_force(self, path: Path) -> None:
        good = load_registry(write(path, GOOD), {})
        broken = load_registry(write(path, "{"), {}, previous=good)
        assert broken.registry == good.registry and broken.error is not None
        assert load_registry(write(path, GOOD), {}, previous=broken).error is None

    def test_a_broken_file_is_never_overwritten(self, path: Path) -> None:
        good = load_registry(write(path, GOOD), {})
        broken = load_registry(write(path, "{ my edit"), {}, previous=good)
        with pytest.raises(RegistryError):
            save_registry(broken, broken.document())
        assert path.read_text() == "{ my edit"

    def test_replacing_it_on_purpose_keeps_a_copy(self, path: Path) -> None:
        broken = load_registry(write(path, "{ my edit"), {})
        assert replace_registry(broken, GOOD).error is None
        assert json.loads(path.read_text()) == GOOD
        assert path.with_name(path.name + ".bak-1").read_text() == "{ my edit"

    def test_bytes_that_are_no_text(self) -> None:
        with pytest.raises(RegistryError, match="UTF-8"):
            parse_registry(b'{"providers":[]}\xff')

    def test_a_byte_order_mark_is_no_fault(self) -> None:
        assert len(parse_registry(b"\xef\xbb\xbf" + json.dumps(GOOD).encode())) == 2

    def test_a_folder_in_its_place(self, path: Path) -> None:
        path.mkdir()
        loaded = load_registry(path, {})
        assert loaded.error is not None and str(path) in loaded.error.title


class TestSave:
    def test_unknown_keys_and_order_survive(self, path: Path) -> None:
        document = {
            "note": {"by": "hand"},
            "providers": [{"colour": "x", "id": "b", "baseUrl": "http://h", "extra": [1.50]}],
        }
        loaded = load_registry(write(path, document), {})
        saved = save_registry(loaded, add_provider(loaded.document(), {"id": "c", "baseUrl": "h2"}))
        after = json.loads(path.read_text())
        assert after["note"] == document["note"]
        assert after["providers"][0] == document["providers"][0]
        assert list(after) == ["note", "providers"]
        assert [p.id for p in saved.registry] == ["b", "c"]
        assert load_registry(path, {}).stamp == saved.stamp

    def test_a_change_meanwhile_is_not_undone(self, path: Path) -> None:
        loaded = load_registry(write(path, GOOD), {})
        path.write_text(json.dumps({"providers": []}))
        with pytest.raises(Stale):
            save_registry(loaded, loaded.document())
        assert json.loads(path.read_text()) == {"providers": []}
        assert os.listdir(path.parent) == [path.name]

    def test_an_edit_that_breaks_a_rule_writes_nothing(self, path: Path) -> None:
        loaded = load_registry(write(path, GOOD), {})
        before = path.read_bytes()
        with pytest.raises(RegistryError):
            save_registry(loaded, {"defaultProvider": "zz", "providers": []})
        assert path.read_bytes() == before

    def test_mode_and_symlink_stay(self, path: Path, tmp_path: Path) -> None:
        real = tmp_path / "dotfiles" / "providers.json"
        real.parent.mkdir()
        write(real, GOOD).chmod(0o640)
        path.symlink_to(real)
        loaded = load_registry(path, {})
        save_registry(loaded, set_default(loaded.document(), "b"))
        assert path.is_symlink()
        assert json.loads(real.read_text())["defaultProvider"] == "b"
        assert stat.S_IMODE(real.stat().st_mode) == 0o640

    def test_the_first_save_makes_folder_and_file(self, tmp_path: Path) -> None:
        path = tmp_path / "new" / "folder" / "p.json"
        loaded = load_registry(path, {"LLAMA_SWAP_URL": "box:1"})
        save_registry(loaded, add_provider(loaded.document(), {"id": "b", "baseUrl": "h"}))
        assert [p.id for p in load_registry(path, {}).registry] == ["llama-swap", "b"]

    def test_a_full_disk_leaves_the_file_whole(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        loaded = load_registry(write(path, GOOD), {})

        def full(_: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(BooError, match="No space left"):
            save_registry(loaded, {"providers": []})
        assert json.loads(path.read_text()) == GOOD
        assert os.listdir(path.parent) == [path.name]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda v: st.lists(v, max_size=2) | st.dictionaries(st.text(max_size=5), v, max_size=2),
    max_leaves=5,
)
extras = st.dictionaries(st.text(min_size=1, max_size=6).map(lambda k: f"x-{k}"), json_values, max_size=3)


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    ids = draw(st.lists(st.from_regex(r"[a-z][a-z0-9._-]{0,8}", fullmatch=True), unique=True, max_size=5))
    providers = [{"id": f"p{i}", "baseUrl": "http://h", **draw(extras)} for i in ids]
    return {"providers": providers, **draw(extras)}


@given(documents())
def test_any_registry_round_trips(document: dict[str, Any]) -> None:
    registry = parse_registry(render(document))
    dumped = registry.model_dump(mode="json", by_alias=True, exclude_unset=True)
    assert dumped == document
    assert parse_registry(render(dumped)) == registry


@given(st.binary(max_size=60))
def test_any_bytes_give_a_registry_or_a_reason(data: bytes) -> None:
    try:
        parse_registry(data)
    except RegistryError as e:
        assert e.title and e.line is not None


class TestEdits:
    def test_rename_keeps_the_old_id_as_a_former_one(self) -> None:
        after = update_provider(GOOD, "a", {"id": "den", "label": "Den"})
        assert after["providers"][0] == {"id": "den", "baseUrl": "http://h:1", "label": "Den", "formerIds": ["a"]}
        assert after["defaultProvider"] == "den"
        back = update_provider(after, "den", {"id": "a"})
        assert back["providers"][0]["formerIds"] == ["den"]
        parse_registry(render(back))

    def test_null_removes_a_key(self) -> None:
        after = update_provider(update_provider(GOOD, "a", {"label": "x"}), "a", {"label": None})
        assert after == GOOD

    def test_order_default_and_removal(self) -> None:
        assert [p["id"] for p in reorder(GOOD, ["b"])["providers"]] == ["b", "a"]
        assert set_default(GOOD, "b")["defaultProvider"] == "b"
        after = remove_provider(GOOD, "a")
        assert after == {"providers": [GOOD["providers"][1]]}  # type: ignore[index]

    def test_faults_name_the_remedy(self) -> None:
        with pytest.raises(BadInput, match="already"):
            add_provider(GOOD, {"id": "a", "baseUrl": "h"})
        with pytest.raises(BadInput, match="Providers: a, b"):
            update_provider(GOOD, "zz", {})

    def test_a_former_id_that_belongs_to_another_is_refused(self) -> None:
        document = {"providers": [{"id": "a", "baseUrl": "h"}, {"id": "b", "baseUrl": "h", "formerIds": ["a"]}]}
        with pytest.raises(RegistryError, match="former id"):
            parse_registry(render(document))
