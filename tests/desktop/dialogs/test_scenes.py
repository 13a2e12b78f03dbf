"""Dialogs of scenes: what applying does, what is saved, which names can be given."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QLabel

from boocontrol.core.control import Scene, ScenePlan
from boocontrol.desktop.dialogs.scenes import RenameSceneDialog, SaveSceneDialog, SceneDialog
from boocontrol.desktop.shoot_control import running
from tests.desktop.itemmodels.fleets import NOW

LABELS = {"den": "Den", "mac": "Mac"}


def said(dialog: Any) -> list[str]:
    return [label.text() for label in dialog.findChildren(QLabel)]


def test_what_applying_would_do(qtbot: Any) -> None:
    plan = ScenePlan(load=("den/qwen3",), unload=("den/gemma",), keep=("mac/phi",), words=("Nothing is known.",))
    dialog = SceneDialog("Coding", plan, LABELS)
    qtbot.addWidget(dialog)
    words = said(dialog)
    assert words[0] == "“Coding”: 1 model to load, 1 model to unload."
    models = [words[words.index(name) : words.index(name) + 3] for name in ("gemma", "qwen3", "phi")]
    assert models == [["gemma", "Den", "is unloaded"], ["qwen3", "Den", "is loaded"], ["phi", "Mac", "stays"]]
    assert "Nothing is known." in words
    assert dialog.apply.isDefault() and dialog.apply.text() == "Apply"


def test_requests_that_would_be_cut_are_named(qtbot: Any) -> None:
    plan = ScenePlan(unload=("gpu-box/gemma-3-12b-it",), busy=running(NOW))
    dialog = SceneDialog("Coding", plan, LABELS, now=NOW)
    qtbot.addWidget(dialog)
    words = said(dialog)
    assert "2 requests run and would be cut off." in words and {"opencode", "other"} <= set(words)
    assert dialog.safe.isDefault() and dialog.apply.text() == "Cut and apply"


def test_nothing_to_do_offers_nothing(qtbot: Any) -> None:
    dialog = SceneDialog("Coding", ScenePlan(keep=("den/qwen3",)), LABELS)
    qtbot.addWidget(dialog)
    dialog.show()
    assert said(dialog)[0] == "Everything is as “Coding” wants it."
    assert not dialog.apply.isVisible() and dialog.safe.text() == "Close"


def test_saving_wants_a_name_and_a_model(qtbot: Any) -> None:
    dialog = SaveSceneDialog(("den/qwen3", "mac/phi"), ("Coding",), LABELS)
    qtbot.addWidget(dialog)
    saved: list[Scene] = []
    dialog.saved.connect(saved.append)
    assert not dialog.save.isEnabled()
    dialog.field.setText("  Day ")
    assert dialog.save.isEnabled() and dialog.save.text() == "Save"
    for box in dialog.boxes.values():
        box.setChecked(False)
    assert not dialog.save.isEnabled()
    dialog.boxes["mac/phi"].setChecked(True)
    dialog.only.setChecked(True)
    dialog.field.setText("Coding")
    assert dialog.save.text() == "Replace" and "replaces" in dialog.hint.text()
    dialog.save.click()
    assert saved == [Scene(name="Coding", models=("mac/phi",), only=True)]


def test_a_name_that_is_taken_cannot_be_given(qtbot: Any) -> None:
    dialog = RenameSceneDialog("Coding", ("Coding", "Night"))
    qtbot.addWidget(dialog)
    names: list[str] = []
    dialog.renamed.connect(names.append)
    assert not dialog.rename.isEnabled()
    dialog.field.setText("Night")
    assert not dialog.rename.isEnabled() and dialog.hint.text() == "There is a scene of this name."
    dialog.field.setText("Day")
    dialog.rename.click()
    assert names == ["Day"]
