"""How an export is told: a word for the state, the difference with colours, notices with what to do."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import typer

from boocontrol.cli.output import console, note, one_line, safe, sentence, table, write_json

if TYPE_CHECKING:
    from boocontrol.agents.export import Look
    from boocontrol.agents.notices import Notice
    from boocontrol.agents.plan import Change
    from boocontrol.agents.writer import Outcome

_WORDS = {
    "fresh": "Up to date.",
    "stale": "Behind: a write would bring it up to date.",
    "edited": "Up to date, with changes of yours that are kept.",
    "absent": "Not written yet.",
    "unreadable": "Cannot be read.",
}
_COLOURS = {"+": typer.colors.GREEN, "-": typer.colors.RED, "@": typer.colors.CYAN}


def agents_table(*, as_json: bool) -> None:
    """All agents there are."""
    from boocontrol.agents.others_table import AGENTS

    if as_json:
        keys = ("id", "name", "where", "endpoint", "verified")
        listed = [{**{k: getattr(a, k) for k in keys}, "editable": a.file is not None} for a in AGENTS]
        write_json({"agents": [{"id": "opencode", "name": "opencode", "editable": True}, *listed]})
        return
    rows = table("AGENT", "", "WHERE", "VERIFIED", fold=("WHERE", "VERIFIED"))
    rows.add_row("opencode", "show, write, undo", "its own file", "")
    for a in AGENTS:
        what = "show, write, undo" if a.file else "text to copy"
        rows.add_row(a.id, what, one_line(a.where), one_line(a.verified or "not verified"))
    console().print(rows)
    note("`boocontrol export opencode`, or `boocontrol export agent AGENT`.")


def looked(look: Look, *, as_json: bool) -> None:
    """How the file stands and what a write would change. Raises what makes it unreadable."""
    from boocontrol.agents.export import planned

    if as_json:
        write_json(_shown(look))
        return
    plan = planned(look)
    note(f"{look.target.path}: {_WORDS[look.freshness.word]}")
    for line in difference(look):
        typer.echo(line)
    for text in _changes(look):
        note(text)
    _notices(look.notices)
    if not plan.unchanged:
        note("Write it with --write.")


def changed(look: Look, done: Outcome, running: Notice | None, *, as_json: bool) -> None:
    """What a write did."""
    notices = (*look.notices, *([running] if running else []))
    if as_json:
        write_json({**_shown(look), "wrote": done.wrote, "backup": str(done.backup) if done.backup else None})
        return
    if not done.wrote:
        note(f"{done.path}: nothing to write, it is up to date.")
    else:
        note(f"Wrote {done.path}." + (f" The old file is {done.backup}." if done.backup else ""))
        for text in _changes(look):
            note(text)
    _notices(notices)


def outcome(done: Outcome, *, undone: bool, as_json: bool) -> None:
    """What an undo or a removal did."""
    if as_json:
        write_json({"path": str(done.path), "wrote": done.wrote})
    elif not done.wrote:
        note(f"{done.path}: there was nothing of ours in it.")
    else:
        note(f"{done.path} is as it was before." if undone else f"Taken out of {done.path}.")


def difference(look: Look) -> list[str]:
    """The unified difference, coloured on a terminal."""
    from boocontrol.agents.export import planned
    from boocontrol.agents.writer import diff

    lines = [safe(line) for line in diff(planned(look), look.target.path.name).split("\n") if line]
    if not sys.stdout.isatty():
        return lines
    return [typer.style(line, fg=_COLOURS.get(line[:1])) for line in lines]


def _changes(look: Look) -> list[str]:
    """Counts of what happens to models, and the names of those that are kept for a reason."""
    if look.plan is None:
        return []
    counts = [(len(look.plan.of(kind)), kind) for kind in ("added", "changed", "removed", "kept")]
    parts = [f"{count} {kind}" for count, kind in counts if count]
    lines = [f"Models: {', '.join([*parts, f'{look.plan.same} as they were'])}."]
    return lines + [f"  kept {one_line(c.ref)}: {one_line(c.note)}" for c in look.plan.of("kept")]


def _notices(notices: tuple[Notice, ...]) -> None:
    for n in notices:
        note(f"{sentence(n.text)} {one_line(n.advice)}".rstrip())


def _shown(look: Look) -> dict[str, Any]:
    from boocontrol.agents.writer import diff

    f = look.freshness
    changes = look.plan.changes if look.plan else ()
    return {
        "path": str(look.target.path),
        "freshness": f.word,
        "problem": {"message": f.problem, "line": f.line, "column": f.column} if f.problem else None,
        "changes": [_change(c) for c in changes],
        "same": look.plan.same if look.plan else 0,
        "edited": list(f.edited),
        "notices": [{"code": n.code, "text": n.text, "advice": n.advice} for n in look.notices],
        "diff": diff(look.plan, look.target.path.name) if look.plan else "",
        "canUndo": look.can_undo,
    }


def _change(change: Change) -> dict[str, Any]:
    since = change.since.isoformat() if change.since else None
    return {"kind": change.kind, "ref": change.ref, "note": change.note, "since": since}
