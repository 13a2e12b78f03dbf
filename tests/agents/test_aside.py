"""opencode's file looked at and written by another process: the same result, the same refusals."""

from __future__ import annotations

import pickle
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from boocontrol.agents.aside import COMMAND, Task, packed, unpacked
from boocontrol.agents.export import Machine
from boocontrol.agents.opencode import Export
from boocontrol.agents.plan import BrokenFile
from boocontrol.agents.seen import MOST_LINES, Seen
from boocontrol.core.catalog import Catalog, ModelEntry, ProviderEntry
from boocontrol.core.errors import BooError, Stale

NOW = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
THEIRS = '{\n  // mine\n  "theme": "dark"\n}\n'


def catalog(models: int) -> Catalog:
    entries = tuple(ModelEntry(ref=f"den/m{n}", wire_id=f"m{n}", name=f"M {n}") for n in range(models))
    return Catalog(
        default_provider="den", providers=(ProviderEntry(id="den", label="Den", state="up", models=entries),)
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / ".config" / "opencode" / "opencode.json"
    made.parent.mkdir(parents=True)
    made.write_text(THEIRS)
    return made


@pytest.fixture
def task(tmp_path: Path) -> Task:
    machine = Machine(tmp_path, tmp_path, tmp_path / "data", {})
    return Task(machine, Export(catalog(900), "http://127.0.0.1:9503", None, tmp_path), NOW)


def elsewhere(task: Task) -> Any:
    done = subprocess.run(COMMAND, input=packed(task), capture_output=True, check=True)
    return unpacked(done.stdout)


def test_another_process_sees_what_this_one_sees(task: Task, file: Path) -> None:
    seen = elsewhere(task)
    assert seen == task.done()
    assert isinstance(seen, Seen) and seen.writable and seen.path == "~/.config/opencode/opencode.json"
    assert seen.diff.count("\n") == MOST_LINES
    lines = seen.diff.splitlines()
    assert seen.added > MOST_LINES and seen.more > seen.added - len(lines)
    assert len(pickle.dumps(seen)) < 100_000, "what is seen of a large file is small"


def test_what_was_seen_is_written_and_nothing_else(task: Task, file: Path) -> None:
    seen = elsewhere(task)
    outcome, _ = elsewhere(replace(task, seal=seen.seal))
    assert outcome.wrote and '"den/m899"' in file.read_text() and "// mine" in file.read_text()
    again = elsewhere(task)
    assert again.planned and again.unchanged and again.same == 900 and again.written_at == NOW


def test_a_file_that_changed_meanwhile_is_not_written(task: Task, file: Path) -> None:
    seen = elsewhere(task)
    file.write_text('{"theirs": 1}')
    with pytest.raises(Stale, match=r"opencode.json changed since it was read"):
        elsewhere(replace(task, seal=seen.seal))
    assert file.read_text() == '{"theirs": 1}'


def test_other_models_than_were_shown_are_not_written(task: Task, file: Path) -> None:
    seen = elsewhere(task)
    other = replace(task, export=replace(task.export, catalog=catalog(3)), seal=seen.seal)
    with pytest.raises(Stale, match="What is to be written changed"):
        elsewhere(other)
    assert file.read_text() == THEIRS


def test_a_broken_file_is_told_with_its_place(task: Task, file: Path) -> None:
    file.write_text('{\n  "theme" "dark"\n}\n')
    seen = elsewhere(task)
    assert isinstance(seen.problem, BrokenFile) and (seen.problem.line, seen.problem.column) == (2, 10)
    assert not seen.writable and seen.freshness.word == "unreadable" and "line 2" in seen.problem.title


def test_a_process_that_dies_is_told_in_words() -> None:
    with pytest.raises(BooError, match="ended before it was done"):
        unpacked(b"")
