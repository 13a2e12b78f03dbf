"""Who may import whom. This file is the readable statement of the rule; it fails on a breach."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "boocontrol"

MAY_IMPORT = {
    "core": set(),
    "hosts": {"core"},
    "store": {"core"},
    "client": {"core"},
    "agents": {"core"},
    "demo": {"core"},
    "gateway": {"hosts", "store", "agents", "core"},
    "desktop": {"client", "agents", "core"},
    "cli": {"client", "agents", "core"},
}
# The command line starts other rooms through their main(), inside functions and nowhere else.
STARTED_BY_CLI = {"gateway", "desktop", "demo"}
# The demo starts a gateway as a process of its own; it imports none of it.
QT = {"PySide6", "qasync", "shiboken6"}
FORBIDDEN_NAMES = {"utils", "helpers", "common", "manager"}

FILES = sorted(ROOT.rglob("*.py"))


def imports(tree: ast.Module) -> Iterator[tuple[str, bool]]:
    """Each imported module and whether the import stands inside a function."""
    inside = {
        id(child)
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        for child in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, id(node) in inside) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield node.module or "", id(node) in inside


def room_of(file: Path) -> str:
    parts = file.relative_to(ROOT).parts
    return parts[0] if len(parts) > 1 else ""


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(ROOT)))
def test_each_file_keeps_to_its_room(file: Path) -> None:
    tree = ast.parse(file.read_text())
    room = room_of(file)
    assert ast.get_docstring(tree), "a module says what lives here"
    for module, inside in imports(tree):
        top, *rest = module.split(".")
        assert top not in QT or room == "desktop", f"{room} must not know Qt"
        if top != "boocontrol" or not rest or not room:
            continue
        target = rest[0]
        if room == "cli" and inside and target in STARTED_BY_CLI:
            continue
        assert target == room or target in MAY_IMPORT[room], f"{room} must not import {target}"


# Inside the desktop: pages -> widgets, dialogs, itemmodels -> stores -> tasks; the composition root sees all.
SHELVES = {
    "stores": {"tasks", "connection", "garbage", "stores", "sentences", "text"},
    "widgets": {"widgets", "theme", "tokens", "icons", "tasks", "text"},
}


@pytest.mark.parametrize("shelf", SHELVES)
def test_the_shelves_of_the_desktop(shelf: str) -> None:
    """Stores know no page and no widget; widgets know no store."""
    for file in (ROOT / "desktop" / shelf).rglob("*.py"):
        for module, _ in imports(ast.parse(file.read_text())):
            if module.startswith("boocontrol.desktop."):
                assert module.split(".")[2] in SHELVES[shelf], f"{file.name} must not import {module}"


def test_every_room_is_in_the_rule() -> None:
    rooms = {f.name for f in ROOT.iterdir() if f.is_dir() and (f / "__init__.py").exists()}
    assert rooms == set(MAY_IMPORT)


def test_no_folder_or_file_for_odds_and_ends() -> None:
    assert not {f.stem for f in FILES} & FORBIDDEN_NAMES
    assert not {f.parent.name for f in FILES} & FORBIDDEN_NAMES


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(ROOT)))
def test_files_and_functions_stay_small(file: Path) -> None:
    source = file.read_text()
    assert source.count("\n") <= 400
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.end_lineno:
            assert node.end_lineno - node.lineno < 50, f"{node.name} is too long"


def test_the_headless_rooms_load_no_qt() -> None:
    """In a process of its own, so that nothing that tests imported counts."""
    import subprocess
    import sys

    code = (
        "import sys, boocontrol.core, boocontrol.gateway.app, boocontrol.hosts.monitor; "
        "print(sorted(m for m in sys.modules if m.split('.')[0] in ('PySide6', 'qasync', 'shiboken6', 'keyring')))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_the_library_opens_no_socket_and_loads_no_server() -> None:
    import subprocess
    import sys

    code = (
        "import sys, boocontrol.core; "
        "print(sorted({'httpx', 'aiohttp', 'fastapi', 'sqlalchemy', 'uvicorn', 'keyring'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
