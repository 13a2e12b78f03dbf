"""What a user should know about a planned export, before it is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from boocontrol.agents.entries import Merged
from boocontrol.agents.notices import Notice, listed
from boocontrol.agents.offers import Choice, Offers
from boocontrol.agents.opencode_models import MODELS, OPTIONS, PROVIDER
from boocontrol.agents.plan import HOST_AWAY, Change

SMALL_CONTEXT: Final = 16384


def export_notices(
    choice: Choice, offered: Offers, merged: Sequence[Merged], changes: Sequence[Change]
) -> Iterator[Notice]:
    """All of them, the gravest first."""
    yield from _about_edits(merged)
    yield from _about_choice(choice, offered)
    yield from _about_contexts(offered)
    away = [c.ref for c in changes if c.kind == "kept" and c.note == HOST_AWAY]
    if away:
        yield Notice("host_away", f"Kept although the host is not there now: {listed(away)}.")


def _about_edits(merged: Sequence[Merged]) -> Iterator[Notice]:
    again = "To have BooControl set it again, overrule your edits."
    for one in merged:
        if one.entry.path == OPTIONS and "baseURL" in one.kept:
            yield Notice("base_url_kept", "opencode's file names another address, which was kept.", again)
        elif one.entry.path in (PROVIDER, OPTIONS) and one.theirs:
            place = ".".join(one.entry.path)
            yield Notice("not_ours", f"{place} was there before and differs; it was kept.", again)
        elif one.entry.path in (PROVIDER, OPTIONS) and one.kept:
            yield Notice("edits_kept", f"Your changes of {', '.join(one.kept)} were kept.", again)
    models = [m.entry.path[-1] for m in merged if m.entry.path[:-1] == MODELS and (m.kept or m.theirs)]
    if models:
        yield Notice("edits_kept", f"Your changes were kept in {listed(models)}.", again)


def _about_choice(choice: Choice, offered: Offers) -> Iterator[Notice]:
    if not offered.models:
        advice = "Choose models, or mark some as favorites." if choice.kind != "all" else "Add a provider first."
        yield Notice("no_models", "No model is chosen, so opencode will offer none.", advice)
    if offered.hidden:
        text = f"Favorites that are not available now: {listed(offered.hidden)}."
        yield Notice("favorites_hidden", text, "They come back with their host.")
    if offered.unsafe:
        text = f"Left out, since opencode would read the name as a reference: {listed(offered.unsafe)}."
        yield Notice("unsafe_name", text, "Rename the model on its host.")


def _about_contexts(offered: Offers) -> Iterator[Notice]:
    small = [o.ref for o in offered.models.values() if o.context is not None and o.context < SMALL_CONTEXT]
    if small:
        text = f"A small context in {listed(small)}: opencode's own prompt takes 7-8k tokens."
        yield Notice("small_context", text, "Give the model 16k or more on its host.")
    unknown = [o.ref for o in offered.models.values() if o.limit is None]
    if unknown:
        text = f"Context unknown for {listed(unknown)}: opencode will not compact in time."
        yield Notice("unknown_context", text, "Load the model once, or set a context override for it.")
