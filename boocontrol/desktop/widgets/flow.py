"""Controls in a row that goes on in the next line where there is no room, as text does."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget


class Flow(QWidget):
    """Each control in the size it asks for; a hidden one takes no room. `right` puts the lines at the right end."""

    def __init__(self, *widgets: QWidget, spacing: int = 8, right: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spacing = spacing
        self._right = right
        self._widgets = widgets
        for widget in widgets:
            widget.setParent(self)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        lines = self._lines(width)
        return sum(_height(line) for line in lines) + self._spacing * max(0, len(lines) - 1)

    def sizeHint(self) -> QSize:
        sizes = [_size(widget) for widget in self._shown()]
        gaps = self._spacing * max(0, len(sizes) - 1)
        # Layouts take this height for the largest one, so it has to be that of the lines there are.
        high = self.heightForWidth(self.width()) if self.isVisible() else max((s.height() for s in sizes), default=0)
        return QSize(sum(s.width() for s in sizes) + gaps, high)

    def minimumSizeHint(self) -> QSize:
        sizes = [_size(widget) for widget in self._shown()]
        return QSize(max((s.width() for s in sizes), default=0), max((s.height() for s in sizes), default=0))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._place()
            self.updateGeometry()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()
        if self.heightForWidth(self.width()) != self.height():
            self.updateGeometry()

    def _place(self) -> None:
        y = 0
        for line in self._lines(self.width()):
            wide = sum(_size(widget).width() for widget in line) + self._spacing * (len(line) - 1)
            x = self.width() - wide if self._right else 0
            height = _height(line)
            for widget in line:
                size = _size(widget)
                size.setWidth(min(size.width(), self.width()))
                widget.setGeometry(QRect(x, y + (height - size.height()) // 2, size.width(), size.height()))
                x += size.width() + self._spacing
            y += height + self._spacing

    def _shown(self) -> list[QWidget]:
        return [widget for widget in self._widgets if not widget.isHidden()]

    def _lines(self, width: int) -> list[list[QWidget]]:
        lines: list[list[QWidget]] = []
        x = 0
        for widget in self._shown():
            wide = _size(widget).width()
            if not lines or x + wide > width:
                lines.append([])
                x = 0
            lines[-1].append(widget)
            x += wide + self._spacing
        return lines


def _size(widget: QWidget) -> QSize:
    asked = widget.sizeHint().expandedTo(widget.minimumSizeHint())
    return asked.expandedTo(widget.minimumSize()).boundedTo(widget.maximumSize())


def _height(line: list[QWidget]) -> int:
    return max(_size(widget).height() for widget in line)
