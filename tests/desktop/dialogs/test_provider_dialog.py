"""Add and edit a provider: live address, staged test, saving, and what goes wrong."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from boocontrol.core.errors import BadInput, BooError, SecretError
from boocontrol.desktop.dialogs.provider import ProviderDialog
from boocontrol.desktop.dialogs.provider_probe import RESTART_MS
from boocontrol.desktop.stores import Stores
from tests.desktop.dialogs.fakes import PASSED, REFUSED, FakeClient, connected, idle

NAS = {"id": "nas", "baseUrl": "http://nas:8080", "kind": "llama-swap", "apiKey": {"keyring": "nas"}}


def opened(qtbot: Any, stores: Stores, before: dict[str, Any] | None = None) -> ProviderDialog:
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = ProviderDialog(stores, before, parent)
    dialog.kept = parent  # type: ignore[attr-defined]
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    dialog.run.timer.setInterval(0)
    dialog.open()
    return dialog


async def test_the_address_is_understood_while_it_is_typed(qtbot: Any, stores: Stores) -> None:
    connected(stores)
    dialog = opened(qtbot, stores)
    assert dialog.focusWidget() is dialog.form.address
    qtbot.keyClicks(dialog.form.address, "nas:8080/v1/")
    assert "http://nas:8080" in dialog.form.address_hint.text()
    assert dialog.form.provider_id.text() == "nas"
    assert "nas/" in dialog.form.label_hint.text()
    dialog.form.address.setText("ftp://nas")
    assert dialog.form.address_hint.property("tone") == "warn"
    assert not dialog.anyway.isEnabled()


async def test_a_test_starts_again_after_the_last_edit(qtbot: Any, stores: Stores, until: Any) -> None:
    fake = connected(stores)
    fake.probes["http://nas:8080"] = PASSED
    dialog = opened(qtbot, stores)
    assert RESTART_MS == 600
    dialog.form.address.setText("na")
    dialog.form.address.setText("nas:8080")
    assert dialog.run.state == "waiting"
    await until(dialog.run.changed, lambda: dialog.run.state == "done")
    assert [r.base_url for r in fake.asked] == ["http://nas:8080"]
    assert dialog.save.isEnabled() and dialog.anyway.isHidden()
    assert [row.shape for row in dialog.stages.rows].count("up") == 7


async def test_a_name_alone_tests_nothing_again(qtbot: Any, stores: Stores, until: Any) -> None:
    fake = connected(stores)
    fake.probes["http://nas:8080"] = PASSED
    dialog = opened(qtbot, stores)
    dialog.form.address.setText("nas:8080")
    await until(dialog.run.changed, lambda: dialog.run.state == "done")
    dialog.form.label.setText("My NAS")
    assert dialog.run.state == "done" and len(fake.asked) == 1
    assert dialog.form.provider_id.text() == "my-nas"


async def test_a_failed_stage_is_named_with_its_remedy_and_saving_stays_possible(
    qtbot: Any, stores: Stores, until: Any
) -> None:
    fake = connected(stores)
    fake.probes["http://nas:8080"] = REFUSED
    dialog = opened(qtbot, stores)
    dialog.form.address.setText("nas:8080")
    await until(dialog.run.changed, lambda: dialog.run.state == "done")
    assert dialog.notice.title == "The host needs a key."
    assert dialog.stages.rows[5].shape == "needs_key"
    assert not dialog.save.isEnabled()
    saved: list[str] = []
    dialog.saved.connect(saved.append)
    qtbot.mouseClick(dialog.anyway, Qt.MouseButton.LeftButton)
    await until(dialog.accepted, lambda: bool(saved))
    assert fake.document["providers"] == [{"id": "nas", "baseUrl": "http://nas:8080", "kind": "llama-swap"}]


async def test_by_keyboard_alone(qtbot: Any, stores: Stores, until: Any) -> None:
    fake = connected(stores)
    fake.probes["http://nas:8080"] = PASSED
    dialog = opened(qtbot, stores)
    qtbot.keyClicks(dialog.form.address, "nas:8080")
    qtbot.keyClick(dialog.form.address, Qt.Key.Key_Tab)
    assert dialog.focusWidget() is dialog.form.label
    qtbot.keyClick(dialog.form.label, Qt.Key.Key_Tab)
    assert dialog.focusWidget() is dialog.form.key
    qtbot.keyClicks(dialog.form.key, "secret")
    await until(dialog.run.changed, lambda: dialog.run.state == "done")
    saved: list[str] = []
    dialog.saved.connect(saved.append)
    qtbot.keyClick(dialog.form.key, Qt.Key.Key_Return)
    await until(dialog.accepted, lambda: bool(saved))
    assert fake.keys == {"nas": "secret"}


async def test_the_key_is_hidden_until_asked_for(qtbot: Any, stores: Stores) -> None:
    connected(stores)
    dialog = opened(qtbot, stores)
    assert dialog.form.key.echoMode() == dialog.form.key.EchoMode.Password
    qtbot.mouseClick(dialog.form.key.reveal, Qt.MouseButton.LeftButton)
    assert dialog.form.key.echoMode() == dialog.form.key.EchoMode.Normal


async def test_a_taken_id_is_told_before_saving(qtbot: Any, stores: Stores) -> None:
    fake = FakeClient()
    fake.document = {"providers": [NAS]}
    connected(stores, client=fake)
    dialog = opened(qtbot, stores)
    dialog.form.address.setText("nas:9000")
    dialog.form.more.setChecked(True)
    dialog.form.provider_id.selectAll()
    qtbot.keyClicks(dialog.form.provider_id, "nas")
    assert "already" in dialog.form.label_hint.text()
    assert not dialog.anyway.isEnabled()


async def test_a_mac_address_that_is_none_is_told_before_saving(qtbot: Any, stores: Stores) -> None:
    connected(stores)
    dialog = opened(qtbot, stores)
    dialog.form.address.setText("nas:8080")
    dialog.form.more.setChecked(True)
    dialog.form.mac_address.setText("3c:52:82")
    assert "3c:52:82:1a:0f:77" in dialog.form.mac_hint.text() and not dialog.anyway.isEnabled()
    dialog.form.mac_address.setText("3C-52-82-1A-0F-77")
    assert dialog.form.mac_hint.isHidden() and dialog.anyway.isEnabled()


async def test_an_edit_writes_only_what_changed(qtbot: Any, stores: Stores, until: Any) -> None:
    fake = FakeClient()
    fake.document = {"providers": [NAS]}
    fake.probes["http://nas:8080"] = PASSED
    connected(stores, client=fake)
    dialog = opened(qtbot, stores, NAS)
    await until(dialog.run.changed, lambda: dialog.run.state == "done")
    assert fake.asked[-1].provider == "nas"
    dialog.form.more.setChecked(True)
    dialog.form.often_off.setChecked(True)
    saved: list[str] = []
    dialog.saved.connect(saved.append)
    dialog.save.click()
    await until(dialog.accepted, lambda: bool(saved))
    assert fake.patched == ("nas", {"oftenOff": True})


async def test_a_new_address_leaves_the_stored_key_behind_unless_told(qtbot: Any, stores: Stores) -> None:
    connected(stores)
    dialog = opened(qtbot, stores, NAS)
    assert not dialog.form.confirm_key.isVisible()
    dialog.form.address.setText("elsewhere:8080")
    assert dialog.form.confirm_key.isVisible()
    assert not dialog.form.typed().confirm_key
    dialog.form.confirm_key.setChecked(True)
    assert dialog.form.typed().confirm_key


async def test_a_refusal_stands_beside_and_leads_to_its_field(qtbot: Any, stores: Stores, until: Any) -> None:
    fake = connected(stores)
    fake.probes["http://nas:8080"] = PASSED
    dialog = opened(qtbot, stores)
    dialog.form.address.setText("nas:8080")
    await until(dialog.run.changed, lambda: dialog.run.state == "done")
    fake.fail = BadInput("There is a provider nas.", "Choose another id.", param="id")
    dialog.save.click()
    await idle(lambda: not dialog.error.isHidden())
    assert dialog.error.title == "There is a provider nas."
    assert dialog.focusWidget() is dialog.form.provider_id and dialog.form.more.isChecked()
    assert dialog.save.isEnabled() and dialog.isVisible()


async def test_a_provider_added_without_its_key_is_not_added_twice(qtbot: Any, stores: Stores, until: Any) -> None:
    fake = connected(stores)
    fake.probes["http://nas:8080"] = PASSED
    dialog = opened(qtbot, stores)
    dialog.form.address.setText("nas:8080")
    dialog.form.key.setText("k")
    await until(dialog.run.changed, lambda: dialog.run.state == "done")

    async def locked(*_: object) -> None:
        raise SecretError("The keyring is locked.", "Unlock it.", code="keyring_locked")

    keep, fake.set_key = fake.set_key, locked  # type: ignore[method-assign,assignment]
    dialog.save.click()
    await idle(lambda: dialog.windowTitle().startswith("Edit"))
    assert len(fake.document["providers"]) == 1
    fake.set_key = keep  # type: ignore[method-assign]
    saved: list[str] = []
    dialog.saved.connect(saved.append)
    await idle(lambda: dialog.save.isEnabled())
    dialog.save.click()
    await until(dialog.accepted, lambda: bool(saved))
    assert len(fake.document["providers"]) == 1 and fake.keys == {"nas": "k"}


async def test_same_names_elsewhere_are_told(qtbot: Any, stores: Stores, until: Any) -> None:
    fake = connected(stores)
    fake.probes["http://nas:8080"] = PASSED.model_copy(update={"models": ("qwen3",)})
    dialog = opened(qtbot, stores)
    dialog.form.address.setText("nas:8080")
    await until(dialog.run.changed, lambda: dialog.run.state == "done")
    assert "any/qwen3" in dialog.notice.words.text()


async def test_a_test_that_the_gateway_cut_is_made_when_it_is_back(qtbot: Any, stores: Stores, until: Any) -> None:
    fake = connected(stores)
    fake.probes["http://nas:8080"] = PASSED
    stores.connection.take("lost", problem=BooError("The gateway ended."))
    dialog = opened(qtbot, stores)
    dialog.form.address.setText("nas:8080")
    await until(dialog.run.changed, lambda: dialog.run.state == "failed")
    connected(stores, client=fake)
    await until(dialog.run.changed, lambda: dialog.run.state == "done")
    assert dialog.save.isEnabled() and not dialog.notice.isVisible()
