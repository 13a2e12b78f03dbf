"""What may keep an export from working once it is written: other layers, allow and deny lists, running sessions."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from boocontrol.agents.entries import at
from boocontrol.agents.keys import shown_path
from boocontrol.agents.notices import Notice
from boocontrol.agents.opencode_files import Layer, OpencodeFiles
from boocontrol.agents.opencode_models import PROVIDER, PROVIDER_ID
from boocontrol.core.jsontext import JsonTextError, scan, value

Processes = Callable[[], Iterable[str]]


def file_warnings(files: OpencodeFiles, text: str, home: Path) -> list[Notice]:
    """What the layers around the target do to us, with this text in the target."""
    here = Layer("custom", files.target.name, above=False, path=None, text=text)
    below = [layer for layer in files.layers if not layer.above]
    above = [layer for layer in files.layers if layer.above]
    read = [(layer, _values(layer)) for layer in (*below, here, *above)]
    found = [*_broken(read, home), *_lists(read, home)]
    for layer, tree in read:
        if layer is not here and at(tree, PROVIDER) is not None:
            found.append(_override(layer, home))
    return found


def running_warning(processes: Processes | None = None) -> Notice | None:
    """A notice when opencode runs: it reads its file only at start. Best effort, Linux only by default."""
    if not any(name == "opencode" for name in (processes or process_names)()):
        return None
    return Notice("running", "opencode is running and still has its old settings.", "Restart it to use the new ones.")


def process_names(proc: Path = Path("/proc")) -> Iterator[str]:
    """Names of the processes of this machine, none where the system does not tell."""
    if not sys.platform.startswith("linux"):
        return
    for entry in proc.glob("[0-9]*/comm"):
        try:
            yield entry.read_text("utf-8", "replace").strip()
        except OSError:
            continue


def _values(layer: Layer) -> object:
    """The layer's object, None when it cannot be read or parsed."""
    text = layer.read()
    try:
        return None if text is None else value(text, scan(text, comments=True))
    except JsonTextError:
        return None


def _broken(read: list[tuple[Layer, object]], home: Path) -> Iterator[Notice]:
    for layer, tree in read:
        if tree is None:
            text = f"{_place(layer, home)} cannot be read, so opencode may not start."
            yield Notice("layer_broken", text, "Correct it in an editor.")


def _lists(read: list[tuple[Layer, object]], home: Path) -> Iterator[Notice]:
    """Arrays are not merged: of each list the strongest layer's counts alone."""
    for key, hides in (("enabled_providers", False), ("disabled_providers", True)):
        lists = [(layer, at(tree, (key,))) for layer, tree in read]
        stated = [(layer, names) for layer, names in lists if isinstance(names, list)]
        if stated and (PROVIDER_ID in stated[-1][1]) is hides:
            what = "lists" if hides else "does not list"
            text = f"{key} in {_place(stated[-1][0], home)} {what} {PROVIDER_ID}, so opencode hides it."
            advice = f"{'Take it out of' if hides else 'Add it to'} that list."
            yield Notice("provider_hidden", text, advice)


def _override(layer: Layer, home: Path) -> Notice:
    place = _place(layer, home)
    if layer.above:
        text = f"{place} has its own provider.{PROVIDER_ID}, which beats what is written here."
        return Notice("overridden", text, f"Take provider.{PROVIDER_ID} out of it.")
    text = f"{place} has a provider.{PROVIDER_ID} too; opencode shows the models of both."
    return Notice("listed_twice", text, f"Take provider.{PROVIDER_ID} out of it.")


def _place(layer: Layer, home: Path) -> str:
    return shown_path(layer.path, home) if layer.path else layer.name
