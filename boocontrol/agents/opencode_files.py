"""Which file opencode reads and edits, and which other layers may override what we write there.

Everything about the machine is injected (environment, home, cwd, system); only the existence of files and their
text is asked of the disk.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

NAMES: Final = ("opencode.jsonc", "opencode.json", "config.json")
_PLAIN_NAMES: Final = ("opencode.jsonc", "opencode.json")
_OFF: Final = ("", "0", "false")
LayerKind = Literal["global", "custom", "project", "folder", "home", "config_dir", "content", "managed"]


@dataclass(frozen=True, slots=True)
class Layer:
    """One more source of opencode's configuration. `above`: it beats the file that we write. `path` None: a variable.

    Objects of all layers are merged, so one below counts too: what it lists cannot be taken away from above.
    """

    kind: LayerKind
    name: str
    above: bool
    path: Path | None = None
    text: str | None = None

    def read(self) -> str | None:
        """The layer's text, None when it cannot be read."""
        if self.path is None:
            return self.text
        try:
            return self.path.read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            return None


@dataclass(frozen=True, slots=True)
class OpencodeFiles:
    """The file to edit, and the other layers that exist, from the weakest to the strongest."""

    target: Path
    layers: tuple[Layer, ...] = ()


def find(
    environ: Mapping[str, str], home: Path, cwd: Path, system: str = sys.platform, *, managed: Path | None = None
) -> OpencodeFiles:
    """The file that opencode itself would edit, and what else it reads when started in `cwd`."""
    folder = _global_folder(environ, home)
    custom = _set(environ, "OPENCODE_CONFIG")
    target = _path(custom, home, cwd) if custom else _first(folder)
    layers = [
        *_global_layers(folder, target, custom=custom is not None),
        *(_project_layers(environ, cwd, home)),
        *_layers("home", home / ".opencode"),
        *_config_dir_layers(environ, home, cwd),
        *_content_layers(environ),
        *_layers("managed", managed or _managed(system, environ)),
    ]
    return OpencodeFiles(target, tuple(layers))


def _global_folder(environ: Mapping[str, str], home: Path) -> Path:
    """The same on every system: not AppData, not Library."""
    named = _set(environ, "XDG_CONFIG_HOME")
    return (Path(named) if named else home / ".config") / "opencode"


def _first(folder: Path) -> Path:
    return next((folder / name for name in NAMES if (folder / name).is_file()), folder / NAMES[0])


def _global_layers(folder: Path, target: Path, *, custom: bool) -> Iterator[Layer]:
    """opencode merges all three global files; config.json is the weakest."""
    for name in reversed(NAMES):
        path = folder / name
        if path != target and path.is_file():
            yield Layer("global", name, above=not custom and NAMES.index(name) < _rank(target), path=path)


def _rank(target: Path) -> int:
    return NAMES.index(target.name) if target.name in NAMES else 0


def _project_layers(environ: Mapping[str, str], cwd: Path, home: Path) -> Iterator[Layer]:
    if _set(environ, "OPENCODE_DISABLE_PROJECT_CONFIG", off=_OFF):
        return
    folders = _worktree(cwd)
    for folder in folders:
        yield from _layers("project", folder)
    for folder in folders:
        if folder != home:
            yield from _layers("folder", folder / ".opencode")


def _worktree(cwd: Path) -> list[Path]:
    """From the worktree's root down to `cwd`; all folders above it when it is in no worktree."""
    upward = [cwd, *cwd.parents]
    root = next((i for i, folder in enumerate(upward) if (folder / ".git").exists()), len(upward) - 1)
    return upward[: root + 1][::-1]


def _config_dir_layers(environ: Mapping[str, str], home: Path, cwd: Path) -> Iterator[Layer]:
    named = _set(environ, "OPENCODE_CONFIG_DIR")
    if named:
        yield from _layers("config_dir", _path(named, home, cwd))


def _content_layers(environ: Mapping[str, str]) -> Iterator[Layer]:
    content = _set(environ, "OPENCODE_CONFIG_CONTENT")
    if content:
        yield Layer("content", "OPENCODE_CONFIG_CONTENT", above=True, text=content)


def _layers(kind: LayerKind, folder: Path) -> Iterator[Layer]:
    for name in reversed(_PLAIN_NAMES):
        if (folder / name).is_file():
            yield Layer(kind, name, above=True, path=folder / name)


def _managed(system: str, environ: Mapping[str, str]) -> Path:
    if system == "darwin":
        return Path("/Library/Application Support/opencode")
    if system == "win32":
        return Path(environ.get("ProgramData") or r"C:\ProgramData") / "opencode"
    return Path("/etc/opencode")


def _set(environ: Mapping[str, str], name: str, off: tuple[str, ...] = ("",)) -> str | None:
    value = environ.get(name, "").strip()
    return None if value.lower() in off else value


def _path(text: str, home: Path, cwd: Path) -> Path:
    return home / text[2:] if text.startswith("~/") else cwd / text
