"""What the start leaves out: httpx and PySide work without it, and a version that is not known is left alone."""

from __future__ import annotations

import subprocess
import sys
from types import ModuleType

import pytest

from boocontrol.desktop.light_start import skip_features

FEATURE = "PySide6.support.feature"

WORKS = """
import sys
import boocontrol.desktop
import httpx

assert not {"click", "rich", "pygments"} & sys.modules.keys(), "httpx brought its command line along"
with httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(200, json={"a": 1}))) as http:
    assert http.get("http://den/api").json() == {"a": 1}

from PySide6.QtCore import QObject, Signal
import PySide6.QtWidgets

class Bell(QObject):
    rung = Signal(int)

heard, bell = [], Bell()
bell.rung.connect(heard.append)
bell.rung.emit(3)
bell.setObjectName("bell")
assert heard == [3] and bell.objectName() == "bell"
assert sys.modules["PySide6.support.feature"]._mod_uses_pyside(sys) is False, "PySide reads the source of modules"
"""


def test_httpx_and_pyside_work_in_a_program_that_starts_with_it() -> None:
    done = subprocess.run([sys.executable, "-c", WORKS], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr


def test_a_pyside_that_looks_for_features_as_known_is_kept_from_it(monkeypatch: pytest.MonkeyPatch) -> None:
    module = feature('def _mod_uses_pyside(module):\n    "Find out if this module uses PySide."\n    return True\n')
    monkeypatch.setitem(sys.modules, FEATURE, module)
    assert skip_features() is True
    assert module.__dict__["_mod_uses_pyside"](sys) is False


@pytest.mark.parametrize(
    "source",
    [
        "",
        "_mod_uses_pyside = 5",
        'def _mod_uses_pyside(module, more):\n    "Find out if this module uses PySide."\n    return True\n',
        "def _mod_uses_pyside(module):\n    'Something else.'\n    return True\n",
    ],
)
def test_a_pyside_that_is_not_known_is_left_alone(monkeypatch: pytest.MonkeyPatch, source: str) -> None:
    module = feature(source)
    monkeypatch.setitem(sys.modules, FEATURE, module)
    before = module.__dict__.get("_mod_uses_pyside")
    assert skip_features() is False
    assert module.__dict__.get("_mod_uses_pyside") is before


def test_a_pyside_without_features_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, FEATURE)
    assert skip_features() is False


def feature(source: str) -> ModuleType:
    made = ModuleType(FEATURE)
    exec(source, made.__dict__)
    return made
