"""A broken registry: its own lines, the fault, and three ways out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from boocontrol.core.api import RegistryProblem
from boocontrol.core.errors import BooError
from boocontrol.desktop.pages.registry_broken import RegistryBroken
from boocontrol.desktop.stores import Stores
from tests.desktop.dialogs.conftest import look as look
from tests.desktop.dialogs.fakes import FakeClient, connected, idle, sample_hosts, sample_status

GOOD = {"providers": [{"id": "den", "baseUrl": "http://den:8080"}]}
PROBLEM = RegistryProblem(message="line 2, column 3: a comma is missing.", advice="Correct it.", line=2, column=3)


class Desk:
    """What the view asks of the outside."""

    def __init__(self) -> None:
        self.replaced: list[object] = []
        self.opened: list[Path] = []
        self.fail: BooError | None = None

    async def replace(self, document: dict[str, Any]) -> None:
        if self.fail:
            raise self.fail
        self.replaced.append(document)

    def open(self, path: Path) -> bool:
        self.opened.append(path)
        return path.name != "unopenable.json"


def shown(qtbot: Any, stores: Stores, path: Path) -> tuple[RegistryBroken, Desk]:
    fake = FakeClient()
    fake.document = GOOD
    fake.state = sample_status(PROBLEM, str(path))
    connected(stores, client=fake)
    stores.fleet.take(sample_hosts())
    desk = Desk()
    view = RegistryBroken(stores, path.parent, desk.replace, desk.open)
    qtbot.addWidget(view)
    view.show()
    return view, desk


async def test_the_files_own_lines_with_the_fault(qtbot: Any, stores: Stores, tmp_path: Path) -> None:
    file = tmp_path / "llama-providers.json"
    file.write_text("{\n  oops\n}\n")
    view, desk = shown(qtbot, stores, file)
    await idle(lambda: "oops" in view.code.toPlainText())
    assert view.file.text() == "~/llama-providers.json"
    assert view.place.text() == "line 2, column 3" and "comma" in view.fault.text()
    view.edit.click()
    assert desk.opened == [file]


async def test_going_back_writes_the_last_good_list(qtbot: Any, stores: Stores, tmp_path: Path) -> None:
    file = tmp_path / "llama-providers.json"
    file.write_text("oops")
    view, desk = shown(qtbot, stores, file)
    desk.fail = BooError("The disk is full.", "")
    view.back.click()
    await idle(lambda: view.notice.isVisible())
    assert view.back.isEnabled()
    desk.fail = None
    view.back.click()
    await idle(lambda: desk.replaced == [GOOD])


async def test_a_file_on_another_computer_is_told(qtbot: Any, stores: Stores, tmp_path: Path) -> None:
    view, _ = shown(qtbot, stores, tmp_path / "elsewhere.json")
    await idle(lambda: view.notice.isVisible())
    assert "not on this computer" in view.notice.title and not view.edit.isEnabled()


async def test_reading_again_asks_the_gateway(qtbot: Any, stores: Stores, tmp_path: Path) -> None:
    file = tmp_path / "llama-providers.json"
    file.write_text("first")
    view, _ = shown(qtbot, stores, file)
    await idle(lambda: view.code.toPlainText() == "first")
    file.write_text("second")
    view.again.click()
    await idle(lambda: view.code.toPlainText() == "second")
