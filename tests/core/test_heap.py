"""The C library's heap: where it can be told, it is, and a system that has no such call is left alone."""

from __future__ import annotations

import ctypes
import platform
from typing import Any

import pytest

from boocontrol.core import heap


def test_glibc_takes_it() -> None:
    assert heap.give_back() is (platform.libc_ver()[0] == "glibc")


def test_another_c_library_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def without_mallopt(_name: Any) -> object:
        return object()

    monkeypatch.setattr(ctypes, "CDLL", without_mallopt)
    assert heap.give_back() is False


def test_another_system_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("boocontrol.core.heap.sys.platform", "win32")
    assert heap.give_back() is False
