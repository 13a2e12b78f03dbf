"""The export to opencode: catalog, gateway and the text of its file in, a plan out. Pure functions.

We own exactly `provider.boocontrol`, and in it only what is still as we wrote it; `model` and `small_model` only
when asked. `$schema` is added where it is missing, since opencode itself would insert it at its next start.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path as FilePath

from boocontrol.agents.entries import Entry, Merged, Written, at, merge, patch_of, pointer, unedited
from boocontrol.agents.jsonc import is_blank
from boocontrol.agents.keys import FileKey, KeySource, reference
from boocontrol.agents.notices import Notice
from boocontrol.agents.offers import Choice, Offers, covered, offers, surely_gone
from boocontrol.agents.opencode_check import check_result
from boocontrol.agents.opencode_models import (
    MODELS,
    OPTIONS,
    PROVIDER,
    PROVIDER_ID,
    SCHEMA,
    model_entry,
    provider_entries,
)
from boocontrol.agents.opencode_notices import export_notices
from boocontrol.agents.plan import BY_HAND, HOST_AWAY, YOURS, BrokenFile, Change, Plan, check_objects, parse, values
from boocontrol.agents.record import TargetRecord
from boocontrol.agents.splices import Drop, Leaf, Patch, composed, patched
from boocontrol.core.catalog import Catalog
from boocontrol.core.errors import BadInput
from boocontrol.core.jsontext import JsonTextError, locate
from boocontrol.core.urls import normalise_base_url

AGENT = "opencode"
NAME = "opencode's file"


@dataclass(frozen=True, slots=True)
class Export:
    """What is to be exported. `model` and `small_model` are refs to make opencode's defaults, None leaves them alone.

    `take_over` overrules hand edits of keys that we derive, and lines whose record was lost.
    """

    catalog: Catalog
    gateway_url: str
    key: KeySource | None
    home: FilePath
    choice: Choice = Choice()
    favorites: Sequence[str] = ()
    model: str | None = None
    small_model: str | None = None
    take_over: bool = False

    @property
    def base_url(self) -> str:
        """The endpoint's base URL, with /v1."""
        return f"{normalise_base_url(self.gateway_url)}/v1"


def plan(export: Export, text: str | None, record: TargetRecord | None = None) -> Plan:
    """What a write would make of the file's text (None: no file). Raises BrokenFile for a file that does not parse."""
    old = text or ""
    tree = tree_of(old)
    offered = offers(export.catalog, export.choice, export.favorites)
    entries = _entries(export, offered)
    base: Written = record.written if record else {}
    merged = [merge(at(tree, e.path), e, base.get(pointer(e.path)), take_over=export.take_over) for e in entries]
    _couple(merged)
    changes, gone, carried = _leaving(export, offered, tree, base)
    patch = _top_level(export, offered, tree)
    patch = _joined(patch_of(merged, [(*MODELS, ref) for ref in gone]), patch)
    try:
        new = patched(old, patch)
    except JsonTextError as e:
        raise BrokenFile.of(NAME, e) from e
    written = _written(export, merged, carried, base)
    changes = [*_model_changes(merged, offered, tree), *changes]
    return Plan(
        agent=AGENT,
        old=text,
        text=new,
        changes=tuple(changes),
        same=sum(1 for m in merged if m.entry.path[:-1] == MODELS and not (m.changed or m.kept or m.theirs)),
        edited=tuple(".".join((*m.entry.path, k)) for m in merged for k in m.kept),
        notices=tuple(export_notices(export.choice, offered, merged, changes)),
        written=written,
        made=() if at(tree, PROVIDER[:1]) is not None else (pointer(PROVIDER[:1]),),
        gateway_url=export.gateway_url,
        choice=export.choice,
        key_file=export.key.path if isinstance(export.key, FileKey) else None,
        check=check_result,
    )


def removal(text: str | None, record: TargetRecord | None = None) -> Plan:
    """The file without `provider.boocontrol`, without defaults that we set, and without `provider` if we made it."""
    old = text or ""
    tree = tree_of(old)
    mine = record.written.get("", {}) if record else {}
    patch: Patch = {key: Drop() for key in mine if unedited({key: at(tree, (key,))}, mine)}
    siblings = at(tree, PROVIDER[:1])
    if isinstance(siblings, dict) and PROVIDER_ID in siblings:
        alone = len(siblings) == 1 and record is not None and pointer(PROVIDER[:1]) in record.made
        patch["provider"] = Drop() if alone else {PROVIDER_ID: Drop()}
    left = [k for k in ("model", "small_model") if str(at(tree, (k,))).startswith(f"{PROVIDER_ID}/") and k not in patch]
    advice = "Choose another in opencode."
    notices = [Notice("default_left", f"{key} still names a model of BooControl.", advice) for key in left]
    models = at(tree, MODELS)
    return Plan(
        agent=AGENT,
        old=text,
        text=patched(old, patch) if patch else old,
        changes=tuple(Change("removed", ref) for ref in (models if isinstance(models, dict) else ())),
        notices=tuple(notices),
    )


def canonical(export: Export) -> dict[str, object]:
    """The whole configuration as opencode reads it, for an empty file."""
    offered = offers(export.catalog, export.choice, export.favorites)
    merged = [merge(None, entry, None) for entry in _entries(export, offered)]
    return composed(_joined(patch_of(merged), _top_level(export, offered, {})))


def print_env(export: Export) -> str:
    """The value of `OPENCODE_CONFIG_CONTENT`: a try without touching any file."""
    return json.dumps(canonical(export), ensure_ascii=False, separators=(",", ":"))


def try_command(export: Export) -> str:
    """A line for a POSIX shell that starts opencode on this export, and on nothing written."""
    return f"OPENCODE_CONFIG_CONTENT={shlex.quote(print_env(export))} opencode"


def tree_of(text: str) -> object:
    """The values that count here as Python; of other providers only the ids. Raises BrokenFile."""
    if is_blank_text(text):
        return {}
    root = parse(text, NAME)
    check_objects(text, root, [OPTIONS, MODELS], NAME)
    top = {m.key: values(text, m.value) for m in root.members if m.key in ("$schema", "model", "small_model")}
    node = locate(root, PROVIDER[:1])
    if node is None:
        return top
    return {**top, "provider": {m.key: values(text, m.value) if m.key == PROVIDER_ID else {} for m in node.members}}


def is_blank_text(text: str) -> bool:
    """Whether a file holds nothing yet. Raises BrokenFile when not even that can be told."""
    try:
        return is_blank(text)
    except JsonTextError as e:
        raise BrokenFile.of(NAME, e) from e


def _entries(export: Export, offered: Offers) -> list[Entry]:
    api_key = None if export.key is None else reference(export.key, export.home)
    return [*provider_entries(export.base_url, api_key), *map(model_entry, offered.models.values())]


def _top_level(export: Export, offered: Offers, tree: object) -> Patch:
    """`$schema` where it is missing, and the defaults that were asked for."""
    patch: Patch = {} if at(tree, ("$schema",)) is not None else {"$schema": Leaf(SCHEMA)}
    for key, ref in (("model", export.model), ("small_model", export.small_model)):
        if ref is None:
            continue
        if ref not in offered.models:
            title = f"The model {ref} is not among those exported, so it cannot be opencode's default."
            raise BadInput(title, "Choose one of the exported models.", param=key)
        patch[key] = Leaf(f"{PROVIDER_ID}/{ref}")
    return patch


def _joined(mine: Patch, top: Patch) -> Patch:
    schema = {key: change for key, change in top.items() if key == "$schema"}
    return {**schema, **mine, **{key: change for key, change in top.items() if key not in schema}}


def _couple(merged: list[Merged]) -> None:
    """The key must not follow an address that somebody else chose."""
    options = next(m for m in merged if m.entry.path == OPTIONS)
    if "baseURL" in options.kept:
        options.sets.pop("apiKey", None)


def _leaving(export: Export, offered: Offers, tree: object, base: Written) -> tuple[list[Change], list[str], Written]:
    """Models that we wrote and that are not offered now: which go, and which stay with what we know of them."""
    changes: list[Change] = []
    gone: list[str] = []
    carried: Written = {}
    present = at(tree, MODELS)
    covers = covered(export.choice, export.catalog, export.favorites)
    for ref, found in present.items() if isinstance(present, dict) else ():
        digests = base.get(pointer((*MODELS, ref)))
        if ref in offered.models or digests is None:
            continue
        if not unedited(found, digests):
            changes.append(Change("kept", ref, BY_HAND))
        elif covers(ref) and not surely_gone(ref, export.catalog):
            provider = export.catalog.by_id.get(ref.partition("/")[0])
            changes.append(Change("kept", ref, HOST_AWAY, provider.as_of if provider else None))
        else:
            gone.append(ref)
            changes.append(Change("removed", ref))
            continue
        carried[pointer((*MODELS, ref))] = digests
    return changes, gone, carried


def _written(export: Export, merged: list[Merged], carried: Written, base: Written) -> Written:
    written = {pointer(m.entry.path): m.written for m in merged if not m.theirs} | carried
    top = dict(base.get("", {}))
    for key, ref in (("model", export.model), ("small_model", export.small_model)):
        if ref is not None:
            top |= merge(None, Entry((), {key: f"{PROVIDER_ID}/{ref}"}), None).written
    return written | ({"": top} if top else {})


def _model_changes(merged: list[Merged], offered: Offers, tree: object) -> list[Change]:
    found = []
    for one in merged:
        if one.entry.path[:-1] != MODELS:
            continue
        offer = offered.models[one.entry.path[-1]]
        if one.new:
            found.append(Change("added", offer.ref))
        elif one.changed:
            found.append(Change("changed", offer.ref, _what_changed(one, at(tree, one.entry.path))))
        elif one.theirs:
            found.append(Change("kept", offer.ref, YOURS))
        elif one.kept:
            found.append(Change("kept", offer.ref, f"you changed {', '.join(one.kept)}"))
        elif not offer.fresh:
            found.append(Change("kept", offer.ref, HOST_AWAY, offer.as_of))
    return found


def _what_changed(one: Merged, present: object) -> str:
    """`32k context now, 16k written`, or the keys that change."""
    before, now = at(present, ("limit", "context")), at(one.sets, ("limit", "context"))
    if isinstance(before, int) and isinstance(now, int) and before != now:
        return f"{tokens(now)} context now, {tokens(before)} written"
    return f"{', '.join([*one.sets, *one.drops])}"


def tokens(count: int) -> str:
    """A context length in a few characters: 32k, 1500."""
    return f"{count // 1024}k" if count >= 1024 and count % 1024 == 0 else str(count)
