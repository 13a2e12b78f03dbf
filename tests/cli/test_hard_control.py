"""Names and words of hosts in what the control verbs draw."""

from __future__ import annotations

import io
import sys
from datetime import UTC, datetime

import pytest

from boocontrol.cli.load_wait import Progress
from boocontrol.core.api import LoadProgress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("name", ["[/b]", "[bold]x", "a[link=file:///x]b[/link]", "\x1b]0;x\x07"])
def test_brackets_in_a_name_are_no_markup(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    progress = Progress(12.0, quiet=False)
    load = LoadProgress(ref=f"den/{name}", state="loading", asked_at=datetime.now(UTC), reason="the host says [/red]")
    try:
        progress.show(None, load)
        progress.show(None, load)
        assert progress._status is not None
        shown = str(progress._status.status)
    finally:
        progress.end()
    assert "[/red]" in shown
    assert name.isprintable() is (name in shown)


@pytest.mark.parametrize("call", [("load", ""), ("unload", ""), ("unload", "--host", ""), ("scenes", "apply", "")])
def test_an_empty_name_is_wrong_use(boo, running, call) -> None:
    done = boo(*call)
    assert done.code == 2
    assert "cannot be used" in done.err


@pytest.mark.parametrize("call", [("wake", "a/b"), ("wake", ".."), ("logs", "a/b"), ("providers", "pause", "")])
def test_what_no_provider_can_be_called_is_not_found(boo, running, call) -> None:
    done = boo(*call)
    assert (done.code, "There is no provider" in done.err) == (5, True)


def test_a_typo_is_no_part_of_a_scene(boo, running) -> None:
    done = boo("scenes", "save", "work", "gpu-box/qwen3", "gpu-box/nothing")
    assert (done.code, "gpu-box/nothing" in done.err, "scenes" in running.settings) == (5, True, False)
    assert boo("scenes", "save", "work", "gpu-box/nothing", "--anyway").code == 0
    assert running.settings["scenes"][0]["models"] == ["gpu-box/nothing"]
