"""The Agents page on real files: look, write, undo, remove, and every fault beside its thing."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from boocontrol.agents.export import Machine
from boocontrol.agents.opencode import Export
from boocontrol.desktop.pages.agents import AgentsPage
from boocontrol.desktop.pages.agents_desk import AgentDesk
from boocontrol.desktop.stores import Stores
from tests.desktop.dialogs.conftest import look as look
from tests.desktop.dialogs.fakes import NOW, connected, idle

THEIRS = '{\n  // mine\n  "theme": "dark"\n}\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / ".config" / "opencode" / "opencode.json"
    made.parent.mkdir(parents=True)
    made.write_text(THEIRS)
    return made


async def shown(qtbot: Any, stores: Stores, home: Path) -> AgentsPage:
    key = home / "gateway.key"
    key.write_text("k" * 30)
    connected(stores, key_file=key)
    desk = AgentDesk(Machine(home, home, home / "data", {}), now=lambda: NOW, processes=lambda: ["opencode"])
    page = AgentsPage(stores, desk)
    qtbot.addWidget(page)
    page.show()
    await idle(lambda: page.opencode.seen or page.opencode.problem.isVisible())
    return page


async def test_write_undo_and_the_users_own_lines(qtbot: Any, stores: Stores, tmp_path: Path, file: Path) -> None:
    page = await shown(qtbot, stores, tmp_path)
    card = page.opencode
    assert card.path.text() == "~/.config/opencode/opencode.json"
    assert card.word.text() == "Not written yet" and card.diff.added
    card.write.click()
    await idle(lambda: card.undo.isEnabled())
    assert "// mine" in file.read_text() and "den/qwen3" in file.read_text()
    assert card.word.text() == "Up to date" and not card.write.isEnabled()
    assert "opencode.json.bak-1" in card.done.text()
    assert any("running" in bar.title for bar in card.findChildren(type(card.problem)))
    card.undo.click()
    await idle(lambda: card.word.text() == "Not written yet")
    assert file.read_text() == THEIRS


async def test_a_page_out_of_sight_keeps_no_plan_and_looks_anew(
    qtbot: Any, stores: Stores, tmp_path: Path, file: Path
) -> None:
    page = await shown(qtbot, stores, tmp_path)
    card = page.opencode
    assert card.seen is not None and card.seen.planned and card.write.isEnabled()
    page.hide()
    assert not card.seen.diff and not card.write.isEnabled()
    assert card.diff.added and card.word.text() == "Not written yet", "what is read stays"
    page.show()
    await idle(lambda: card.write.isEnabled())
    assert card.seen.diff


async def test_remove_takes_only_ours_out(qtbot: Any, stores: Stores, tmp_path: Path, file: Path) -> None:
    page = await shown(qtbot, stores, tmp_path)
    page.opencode.write.click()
    await idle(lambda: page.opencode.remove.isEnabled())
    page.opencode.remove.click()
    await idle(lambda: page.opencode.word.text() == "Not written yet")
    assert "boocontrol" not in file.read_text() and "// mine" in file.read_text()


async def test_a_broken_file_is_told_with_its_place_and_not_touched(
    qtbot: Any, stores: Stores, tmp_path: Path, file: Path
) -> None:
    file.write_text('{\n  "theme": \n}\n')
    page = await shown(qtbot, stores, tmp_path)
    assert page.opencode.word.text() == "Cannot be read"
    assert "Line 3, column 1" in page.opencode.reason.text()
    assert not page.opencode.write.isEnabled()


async def test_a_file_changed_meanwhile_is_refused_beside_the_button(
    qtbot: Any, stores: Stores, tmp_path: Path, file: Path
) -> None:
    page = await shown(qtbot, stores, tmp_path)
    file.write_text("{}")
    page.opencode.write.click()
    await idle(lambda: page.opencode.problem.isVisible())
    assert "changed since it was read" in page.opencode.problem.title
    assert file.read_text() == "{}"
    page.opencode.problem.buttons[0].click()
    await idle(lambda: not page.opencode.problem.isVisible())


async def test_a_missing_key_file_is_told(qtbot: Any, stores: Stores, tmp_path: Path, file: Path) -> None:
    page = await shown(qtbot, stores, tmp_path)
    (tmp_path / "gateway.key").unlink()
    page.opencode.write.click()
    await idle(lambda: page.opencode.problem.isVisible())
    assert "does not exist" in page.opencode.problem.title and file.read_text() == THEIRS


async def test_options_change_the_plan(qtbot: Any, stores: Stores, tmp_path: Path, file: Path) -> None:
    page = await shown(qtbot, stores, tmp_path)
    card = page.opencode
    card.options.favorites.click()
    await idle(lambda: "den/gemma" not in card.diff.toPlainText())
    assert "den/qwen3" in card.diff.toPlainText()
    card.options.default.click()
    await idle(lambda: '"model": "boocontrol/den/qwen3"' in card.diff.toPlainText())
    card.options.key.setCurrentIndex(1)
    card.options.key.activated.emit(1)
    await idle(lambda: "{env:BOOCONTROL_API_KEY}" in card.diff.toPlainText())
    card.options.chosen.click()
    card.options.hosts["den"].setChecked(False)
    await idle(lambda: "den/gemma" not in card.diff.toPlainText() and "attic/phi-4" in card.diff.toPlainText())


async def test_auto_sync_is_a_setting(qtbot: Any, stores: Stores, tmp_path: Path, file: Path, until: Any) -> None:
    page = await shown(qtbot, stores, tmp_path)
    page.freshness.sync.click()
    await until(stores.settings.changed, lambda: stores.settings.values.get("auto_sync") is True)


async def test_one_snippet_is_open_at_a_time(qtbot: Any, stores: Stores, tmp_path: Path, file: Path) -> None:
    page = await shown(qtbot, stores, tmp_path)
    aider, curl = page.others.rows["aider"], page.others.rows["curl"]
    aider.toggle.click()
    assert aider.panel is not None and "openai/den/qwen3" in aider.panel.code.toPlainText()
    curl.toggle.click()
    assert not aider.toggle.isChecked() and not aider.panel.isVisible()


async def test_another_agents_file_is_shown_written_and_undone(
    qtbot: Any, stores: Stores, tmp_path: Path, file: Path
) -> None:
    page = await shown(qtbot, stores, tmp_path)
    row = page.others.rows["claude-code"]
    row.toggle.click()
    assert row.panel is not None
    row.panel.diff.click()
    await idle(lambda: row.panel.write.isEnabled())
    row.panel.write.click()
    target = tmp_path / ".claude" / "settings.json"
    await idle(lambda: row.panel.undo.isEnabled())
    assert "ANTHROPIC_BASE_URL" in json.loads(target.read_text())["env"]
    row.panel.undo.click()
    await idle(lambda: not target.exists())


async def test_settings_of_the_users_own_are_replaced_only_knowingly(
    qtbot: Any, stores: Stores, tmp_path: Path, file: Path
) -> None:
    target = tmp_path / ".claude" / "settings.json"
    target.parent.mkdir()
    target.write_text('{"env": {"ANTHROPIC_BASE_URL": "http://mine"}}')
    page = await shown(qtbot, stores, tmp_path)
    row = page.others.rows["claude-code"]
    row.toggle.click()
    row.panel.diff.click()
    await idle(lambda: row.taken)
    assert "settings of its own" in row.panel.state.text() and not row.panel.write.isEnabled()
    row.panel.diff.click()
    await idle(lambda: row.panel.write.isEnabled())


async def test_many_models_are_looked_at_and_written_by_a_process_of_its_own(
    qtbot: Any, stores: Stores, tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("boocontrol.agents.aside.Task.done", None)  # here nothing may be done
    (tmp_path / "gateway.key").write_text("k" * 30)
    connected(stores, key_file=tmp_path / "gateway.key")
    page = AgentsPage(stores, AgentDesk(Machine(tmp_path, tmp_path, tmp_path / "data", {}), now=lambda: NOW, many=1))
    qtbot.addWidget(page)
    page.show()
    card = page.opencode
    await idle(lambda: card.write.isEnabled())
    assert card.word.text() == "Not written yet" and card.diff.added
    card.write.click()
    await idle(lambda: card.undo.isEnabled())
    assert "// mine" in file.read_text() and "den/qwen3" in file.read_text()


async def test_a_look_that_is_given_up_ends_its_process(
    stores: Stores, tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("boocontrol.agents.aside.COMMAND", (sys.executable, "-c", "import time; time.sleep(600)"))
    fake = connected(stores)
    desk = AgentDesk(Machine(tmp_path, tmp_path, tmp_path / "data", {}), now=lambda: NOW, many=0)
    started: list[asyncio.subprocess.Process] = []
    start = asyncio.create_subprocess_exec

    async def seen_start(*words: Any, **more: Any) -> asyncio.subprocess.Process:
        started.append(await start(*words, **more))
        return started[-1]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", seen_start)
    looking = asyncio.ensure_future(desk.look(Export(fake.catalog, fake.url, None, tmp_path)))
    await idle(lambda: started)
    looking.cancel()
    await asyncio.wait([looking])
    assert looking.cancelled() and started[0].returncode == -signal.SIGKILL
