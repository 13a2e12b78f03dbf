"""A notice that comes and goes in its place, with buttons that are made anew each time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from boocontrol.core.errors import BooError
from boocontrol.desktop.dialogs.fields import in_words
from boocontrol.desktop.widgets import Button, NoticeBar, details_of

Action = tuple[str, Callable[[], object]]


class Notice(NoticeBar):
    """Hidden until it has something to say. `shape` is a state of StateShape, or info."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tall=True, parent=parent)
        self._made: list[Button] = []
        self.title = ""
        self.hide()

    def tell(
        self,
        shape: str,
        title: str,
        words: str = "",
        actions: Sequence[Action] = (),
        *,
        details: str = "",
        primary: bool = False,
    ) -> None:
        """Say it and offer the actions; with `primary` the first one is the page's main button."""
        self.title = title
        tone = "info" if shape == "info" else "warn"
        self.say(title, words, tone=tone, picture="info" if shape == "info" else f"state:{shape}")
        self.setAccessibleName(f"{title} {words}".strip())
        old, self._made = self._made, []
        for number, (text, act) in enumerate(actions):
            kind = "primary" if primary and number == 0 else "plain"
            self._made.append(Button(text, kind, self, small=True, on_click=act))  # type: ignore[arg-type]
        self.set_buttons(self._made, details)
        for button in old:
            button.deleteLater()
        self.show()

    def tell_error(self, error: Exception, actions: Sequence[Action] = ()) -> None:
        """What went wrong, what to do, and the details to copy."""
        title, advice = in_words(error)
        self.tell("down", title, advice, actions, details=details_of(error) if isinstance(error, BooError) else "")

    @property
    def buttons(self) -> list[Button]:
        """What is offered now."""
        return list(self._made)
