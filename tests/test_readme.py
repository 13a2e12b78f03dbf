"""What the README shows works as it stands there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

README = (Path(__file__).parent.parent / "README.md").read_text()


def test_the_python_example_says_what_it_says(tmp_path: Path) -> None:
    example = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    registry = re.search(r'    (\{\n {6}"defaultProvider".*?\n    \})', README, re.DOTALL)
    assert example and registry
    (tmp_path / "llama-providers.json").write_text(registry.group(1))
    code = example.group(1) + (
        "\nimport sys\nprint(sorted({'PySide6', 'httpx', 'aiohttp', 'fastapi', 'sqlalchemy'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    told = [line.partition("#")[2].strip() for line in example.group(1).splitlines() if "#" in line]
    wanted = [re.split(r"[,:] ", t)[0] for t in told]
    assert ran.stdout.splitlines() == [*wanted, "[]"]


def test_the_map_names_every_room() -> None:
    rooms = {p.parent.name for p in (Path(__file__).parent.parent / "boocontrol").glob("*/__init__.py")}
    assert rooms == set(re.findall(r"^ {4}boocontrol/(\w+) ", README, re.MULTILINE))
