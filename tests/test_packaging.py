"""What is installed is whole: resources and migrations are found from a wheel, and from a checkout."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from boocontrol.core import parse_registry
from boocontrol.core.paths import resource

ROOT = Path(__file__).parent.parent


def test_a_checkout_finds_its_resources() -> None:
    assert len(parse_registry(resource("llama-providers.example.json").read_bytes())) == 3
    with pytest.raises(FileNotFoundError, match="nothing.svg"):
        resource("nothing.svg")


def test_a_wheel_holds_all_and_finds_it(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    wheel = next(tmp_path.glob("*.whl"))
    unpacked = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        archive.extractall(unpacked)
    assert "boocontrol/_resources/llama-providers.example.json" in names
    assert "boocontrol/store/migrations/env.py" in names
    assert "boocontrol/_resources/translations/boocontrol_de.qm" in names
    held = {n.split("/")[2] for n in names if n.startswith("boocontrol/_resources/")}
    assert held == {path.name for path in (ROOT / "resources").iterdir()} - {"pictures"}, "pictures are not shipped"
    assert not [n for n in names if n.startswith(("tests/", "packaging/"))]
    code = (
        "from boocontrol.core.paths import resource; import boocontrol; print(boocontrol.__file__);"
        "print(resource('llama-providers.example.json'))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env={"PYTHONPATH": str(unpacked)}, capture_output=True, text=True
    )
    assert all(str(unpacked) in line for line in ran.stdout.splitlines()) and ran.stdout, ran.stderr
