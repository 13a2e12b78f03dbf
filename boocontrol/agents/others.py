"""Other agents on the same gateway: text to copy for each, and for JSON settings a plan like opencode's.

Pure functions; writer.py writes and undoes these plans too.
"""

from __future__ import annotations

import copy
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

from boocontrol.agents.entries import Entry, Merged, Path, Written, at, digest, merge, patch_of, pointer, steps
from boocontrol.agents.jsonc import is_blank
from boocontrol.agents.keys import FileKey
from boocontrol.agents.notices import Notice, listed
from boocontrol.agents.others_setting import Setting, filled
from boocontrol.agents.others_table import AGENTS, Agent, JsonFile, Language
from boocontrol.agents.plan import BrokenFile, Change, Plan, check_objects, parse
from boocontrol.agents.record import TargetRecord
from boocontrol.agents.splices import Drop, Patch, composed, patched
from boocontrol.core.errors import BadInput
from boocontrol.core.jsontext import JsonTextError, value


@dataclass(frozen=True, slots=True)
class Snippet:
    """Text to copy. `first` is a command that puts the key into the variable the text refers to, or empty."""

    agent: Agent
    text: str
    language: Language
    where: str
    first: str = ""


def agent(agent_id: str) -> Agent:
    """The agent with this id. Raises BadInput naming those there are."""
    found = next((a for a in AGENTS if a.id == agent_id), None)
    if found is None:
        raise BadInput(f"There is no agent {agent_id!r}.", f"Agents: {', '.join(a.id for a in AGENTS)}.", param="agent")
    return found


def snippet(agent_id: str, setting: Setting) -> Snippet:
    """What to copy for an agent. The text holds no key, no host's address and no folder of this machine."""
    chosen = agent(agent_id)
    if any(not c.isprintable() for c in setting.model):
        raise BadInput("The model's name holds a control character.", "Choose another model.", param="model")
    if chosen.file is None:
        text = filled(chosen.template, setting)
    else:
        wanted = composed(patch_of([merge(None, entry, None) for entry in chosen.file.entries(setting)]))
        text = json.dumps(wanted, ensure_ascii=False, indent=2) + "\n"
    name = chosen.variable or (setting.key_env if setting.key_env in text else "")
    first = f'export {name}="$(boocontrol gateway key)"' if name else ""
    return Snippet(chosen, text, chosen.language, chosen.where, first)


def settings_path(file: JsonFile, environ: Mapping[str, str], home: FilePath, system: str = sys.platform) -> FilePath:
    """Where the agent keeps its settings on this system."""
    named = environ.get(file.variable, "").strip() if file.variable else ""
    if named:
        return FilePath(named) / file.name
    if system == "win32" and file.windows:
        base = environ.get(file.windows[0], "").strip()
        return (FilePath(base) if base else home / "AppData" / "Roaming") / file.windows[1] / file.name
    if file.config_home:
        base = environ.get("XDG_CONFIG_HOME", "").strip() if system.startswith("linux") else ""
        return (FilePath(base) if base else home / ".config") / file.folder / file.name
    return home / file.folder / file.name


def plan(
    agent_id: str,
    setting: Setting,
    text: str | None,
    record: TargetRecord | None = None,
    *,
    take_over: bool = False,
) -> Plan:
    """What a write would make of the agent's settings. Raises BrokenFile for a file that does not parse.

    Settings that are the user's own already are never mixed with ours (code `taken`), unless `take_over` is given.
    """
    chosen = agent(agent_id)
    entries = _file(chosen).entries(setting)
    tree = _tree(text or "", chosen.where, [e.path for e in entries])
    base: Written = record.written if record else {}
    merged = [merge(at(tree, e.path), e, base.get(pointer(e.path)), take_over=take_over) for e in entries]
    _refuse_taken(chosen, merged, base)
    kept = tuple(".".join((*m.entry.path, key)) for m in merged for key in m.kept)
    notice = Notice("edits_kept", f"Your changes were kept: {listed(kept)}.", "Overrule your edits to set them again.")
    return Plan(
        agent=chosen.id,
        old=text,
        text=_patched(text or "", patch_of(merged), chosen.where),
        changes=_changes(merged),
        edited=kept,
        notices=(notice,) if kept else (),
        written={pointer(m.entry.path): m.written for m in merged},
        made=_made(tree, entries),
        gateway_url=setting.gateway_url,
        key_file=setting.key.path if isinstance(setting.key, FileKey) else None,
        check=lambda new: _check(new, chosen.where, entries),
    )


def removal(agent_id: str, text: str | None, record: TargetRecord | None) -> Plan:
    """The settings without what we wrote, as far as it still is what we wrote, and without objects we made for it."""
    chosen = agent(agent_id)
    tree = _tree(text or "", chosen.where, [])
    after: dict[str, Any] = copy.deepcopy(tree)
    for place, digests in (record.written if record else {}).items():
        holder = at(after, steps(place))
        if isinstance(holder, dict):
            for key in [k for k, old in digests.items() if k in holder and digest(holder[k]) == old]:
                del holder[key]
    for place in sorted(record.made if record else (), key=len, reverse=True):
        path = steps(place)
        holder = at(after, path[:-1])
        if isinstance(holder, dict) and holder.get(path[-1]) == {}:
            del holder[path[-1]]
    patch = _difference(tree, after)
    return Plan(agent=chosen.id, old=text, text=_patched(text or "", patch, chosen.where))


def _file(chosen: Agent) -> JsonFile:
    if chosen.file is None:
        title = f"{chosen.name} keeps no JSON settings that could be edited."
        raise BadInput(title, "Copy the text instead.", code="copy_only", param="agent")
    return chosen.file


def _tree(text: str, name: str, paths: list[Path]) -> dict[str, Any]:
    try:
        if is_blank(text):
            return {}
    except JsonTextError as e:
        raise BrokenFile.of(name, e) from e
    root = parse(text, name)
    check_objects(text, root, paths, name)
    found = value(text, root)
    return found if isinstance(found, dict) else {}


def _patched(text: str, patch: Patch, name: str) -> str:
    try:
        return patched(text, patch) if patch else text
    except JsonTextError as e:
        raise BrokenFile.of(name, e) from e


def _refuse_taken(chosen: Agent, merged: list[Merged], base: Written) -> None:
    """Half ours and half the user's could send the key to an address that the user chose for another server."""
    taken = [
        ".".join((*m.entry.path, key))
        for m in merged
        for key in (m.kept or (["…"] if m.theirs else []))
        if key not in base.get(pointer(m.entry.path), {})
    ]
    if taken:
        title = f"{chosen.where} has settings of its own there: {listed(taken)}."
        raise BadInput(title, "Take them out, or replace them knowingly; a copy is kept.", code="taken")


def _made(tree: object, entries: list[Entry]) -> tuple[str, ...]:
    paths = [e.path[:depth] for e in entries for depth in range(1, len(e.path) + 1)]
    return tuple(dict.fromkeys(pointer(path) for path in paths if at(tree, path) is None))


def _changes(merged: list[Merged]) -> tuple[Change, ...]:
    return tuple(
        Change("added" if m.new else "changed", ".".join((*m.entry.path, key))) for m in merged for key in m.sets
    )


def _check(text: str, name: str, entries: list[Entry]) -> None:
    """The result parses, and every entry is there."""
    tree = _tree(text, name, [e.path for e in entries])
    for entry in entries:
        if at(tree, entry.path) is None:
            raise BadInput(f"{'.'.join(entry.path)} would be missing from {name}.", "Nothing was written.")


def _difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> Patch:
    patch: Patch = {key: Drop() for key in before if key not in after}
    for key, old in before.items():
        if isinstance(old, dict) and isinstance(after.get(key), dict) and (below := _difference(old, after[key])):
            patch[key] = below
    return patch
