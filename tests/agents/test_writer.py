"""Writing, undoing and every way it can go wrong: a clear message and the file as it was."""

from __future__ import annotations

import errno
import json
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from boocontrol.agents import opencode, writer
from boocontrol.agents.freshness import freshness
from boocontrol.agents.keys import FileKey
from boocontrol.agents.record import RecordFile
from boocontrol.core.catalog import Catalog
from boocontrol.core.errors import BadInput, BooError, SecretError, Stale

USER = '{\n  // mine\n  "theme": "dark"\n}\n'
Write = Callable[..., writer.Outcome]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "opencode" / "opencode.jsonc"


@pytest.fixture
def write(path: Path, export: Any, records: RecordFile, now: Any) -> Write:
    def act(**keys: Any) -> writer.Outcome:
        target = writer.read_target(path)
        plan = opencode.plan(export(**keys), target.text, records.get(path))
        return writer.write(target, plan, records, now)

    return act


def put(path: Path, text: str = USER) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def leftovers(folder: Path) -> list[str]:
    return [p.name for p in folder.iterdir() if p.name.endswith(".new")]


def test_a_missing_folder_is_made_and_the_second_write_writes_nothing(path: Path, write: Write) -> None:
    assert write().wrote
    before = path.stat().st_mtime_ns
    assert not write().wrote and path.stat().st_mtime_ns == before
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_undo_of_a_new_file_takes_it_away(path: Path, write: Write, records: RecordFile) -> None:
    write()
    writer.undo(path, records)
    assert not path.exists() and records.get(path) is None
    with pytest.raises(BooError, match="no write to undo"):
        writer.undo(path, records)


def test_undo_restores_file_and_record(path: Path, write: Write, records: RecordFile) -> None:
    put(path)
    write()
    first, known = path.read_text(), records.get(path)
    assert write(gateway_url="http://127.0.0.1:9999").backup is not None
    assert writer.can_undo(writer.read_target(path), records)
    writer.undo(path, records)
    assert path.read_text() == first
    after = records.get(path)
    assert known and after and after.written == known.written and after.before == known.before
    writer.undo(path, records)
    assert path.read_text() == USER


def test_undo_refuses_when_the_file_changed_since(path: Path, write: Write, records: RecordFile) -> None:
    put(path)
    write()
    path.write_text(path.read_text() + "// later\n")
    assert not writer.can_undo(writer.read_target(path), records)
    with pytest.raises(Stale, match="changed after"):
        writer.undo(path, records)
    assert path.read_text().endswith("// later\n")


def test_changed_between_diff_and_write(path: Path, export: Any, records: RecordFile, now: Any) -> None:
    target = writer.read_target(put(path))
    plan = opencode.plan(export(), target.text)
    path.write_text('{"theme": "light"}')
    with pytest.raises(Stale, match="changed since"):
        writer.write(target, plan, records, now)
    assert path.read_text() == '{"theme": "light"}' and records.get(path) is None
    assert [p.name for p in path.parent.iterdir()] == [path.name], "no backup either"
    with pytest.raises(Stale):
        writer.write(writer.read_target(path), plan, records, now)


def test_symlink_and_mode_stay(path: Path, write: Write, records: RecordFile, tmp_path: Path) -> None:
    real = put(tmp_path / "dotfiles" / "oc.jsonc")
    real.chmod(0o640)
    path.parent.mkdir(parents=True)
    path.symlink_to(real)
    write()
    assert path.is_symlink() and stat.S_IMODE(real.stat().st_mode) == 0o640
    assert (real.parent / "oc.jsonc.bak-1").read_text() == USER
    writer.undo(path, records)
    assert path.is_symlink() and real.read_text() == USER


@pytest.mark.parametrize("call", ["fsync", "replace"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_a_full_or_read_only_disk(
    path: Path, write: Write, records: RecordFile, monkeypatch: pytest.MonkeyPatch, call: str, number: int
) -> None:
    put(path)
    write()
    before, known = path.read_text(), records.get(path)

    def fail(*args: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(os, call, fail)
        with pytest.raises(BooError) as caught:
            write(gateway_url="http://127.0.0.1:9999")
    assert os.strerror(number) in caught.value.title and caught.value.advice
    assert path.read_text() == before and records.get(path) == known and not leftovers(path.parent)
    writer.undo(path, records)
    assert path.read_text() == USER, "the copy from before is still found"


def test_a_disk_that_fills_up_after_the_backup(
    path: Path, write: Write, records: RecordFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(path)
    write()
    calls: list[int] = []
    real = os.fsync

    def fail(handle: int) -> None:
        calls.append(handle)
        if len(calls) > 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(handle)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail)
        with pytest.raises(BooError, match="No space"):
            write(gateway_url="http://127.0.0.1:9999")
    writer.undo(path, records)
    assert path.read_text() == USER


def test_a_folder_in_place_of_the_file(path: Path, write: Write) -> None:
    path.mkdir(parents=True)
    with pytest.raises(BooError, match="Is a directory"):
        write()


def test_a_file_in_place_of_the_folder(path: Path, write: Write) -> None:
    put(path.parent)
    with pytest.raises(BooError) as caught:
        write()
    assert caught.value.code == "file" and path.parent.read_text() == USER


def test_not_utf8_and_broken_files_are_not_touched(path: Path, write: Write) -> None:
    put(path).write_bytes(b'{"a": "\xff"}')
    with pytest.raises(BadInput, match="not UTF-8"):
        write()
    path.write_text("{ oops")
    with pytest.raises(BadInput, match="line 1, column 3"):
        write()
    assert path.read_text() == "{ oops" and len(list(path.parent.iterdir())) == 1


def test_the_key_file_must_be_there_first(path: Path, write: Write, tmp_path: Path) -> None:
    key = FileKey(tmp_path / "gateway.key")
    with pytest.raises(SecretError):
        write(key=key)
    assert not path.exists()
    key.path.write_text("secret-of-the-gateway")
    assert write(key=key).wrote
    assert "{file:~/gateway.key}" in path.read_text() and "secret-of" not in path.read_text()


def test_backups_are_bounded(path: Path, write: Write) -> None:
    put(path)
    for port in range(9500, 9510):
        assert write(gateway_url=f"http://127.0.0.1:{port}").wrote
    assert len([p for p in path.parent.iterdir() if ".bak-" in p.name]) == writer.BACKUPS


def test_remove_and_undo_it(path: Path, write: Write, records: RecordFile, now: Any) -> None:
    put(path)
    write()
    full = path.read_text()
    target = writer.read_target(path)
    plan = opencode.removal(target.text, records.get(path))
    assert writer.write(target, plan, records, now).wrote
    assert json.loads(path.read_text().replace("// mine", "")) == {"theme": "dark", "$schema": opencode.SCHEMA}
    writer.undo(path, records)
    assert path.read_text() == full and not write().wrote


def test_the_record_is_private_and_a_broken_one_is_told(path: Path, write: Write, records: RecordFile) -> None:
    write()
    assert stat.S_IMODE(records.path.stat().st_mode) == 0o600
    assert "Qwen" not in records.path.read_text()
    records.path.write_text("{")
    with pytest.raises(BooError, match="cannot be read"):
        write()


def test_a_record_that_cannot_be_saved_is_told(path: Path, write: Write, records: RecordFile) -> None:
    records.path.parent.write_text("in the way")
    with pytest.raises(BooError):
        write()


def test_a_lost_record_is_made_again(path: Path, write: Write, records: RecordFile) -> None:
    write()
    records.path.unlink()
    assert not write().wrote and records.get(path)
    assert write(gateway_url="http://127.0.0.1:9999").wrote


def test_diff(path: Path, export: Any) -> None:
    plan = opencode.plan(export(), USER)
    text = writer.diff(plan, "opencode.jsonc")
    assert text.startswith("--- opencode.jsonc (now)\n+++ opencode.jsonc (after)\n") and '+  "$schema"' in text
    assert writer.line_counts(plan)[1] == 1
    assert writer.diff(opencode.plan(export(), plan.text)) == ""


def test_freshness(path: Path, write: Write, export: Any, records: RecordFile, catalog: Catalog) -> None:
    def word(of: Catalog = catalog, **keys: Any) -> Any:
        return freshness(export(of, **keys), writer.read_target(path).text, records.get(path))

    assert word().word == "absent"
    put(path)
    assert word().word == "absent"
    write()
    assert word().word == "fresh" and word().address
    den = catalog.providers[1]
    more = den.models[0].model_copy(update={"ref": "den/new", "wire_id": "new"})
    less = Catalog(
        providers=(
            catalog.providers[0].model_copy(update={"models": catalog.providers[0].models[1:]}),
            den.model_copy(update={"models": (den.models[0].model_copy(update={"context_length": 65536}), more)}),
        )
    )
    stale = word(less)
    assert stale.word == "stale"
    assert [[c.ref for c in part] for part in (stale.added, stale.gone, stale.changed)] == [
        ["den/new"],
        ["box/qwen3", "any/qwen3"],
        ["den/qwen3"],
    ]
    assert not word(gateway_url="http://127.0.0.1:9999").address
    path.write_text(path.read_text().replace("Tiny (GPU box)", "Mine"))
    assert word().word == "edited" and word().edited == ("provider.boocontrol.models.box/tiny.name",)
    path.write_text('{\n "a" 1}')
    assert (word().word, word().line, word().column) == ("unreadable", 2, 5)
