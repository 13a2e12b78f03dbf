"""The picker: favorites first, hidden while unavailable, never lost."""

from __future__ import annotations

from boocontrol.core import Catalog, derive_picker
from boocontrol.core.favorites import collapse


def model(provider: str, wire_id: str, state: str = "stopped", context: int | None = None) -> dict[str, object]:
    return {"ref": f"{provider}/{wire_id}", "wireId": wire_id, "state": state, "contextLength": context}


CATALOG = Catalog.model_validate(
    {
        "defaultProvider": "a",
        "providers": [
            {"id": "a", "label": "Box", "state": "up", "models": [model("a", "q", "ready", 8192), model("a", "solo")]},
            {
                "id": "b",
                "label": "Mac",
                "state": "up",
                "formerIds": ["old"],
                "models": [model("b", "q", "stopped", 4096)],
            },
            {"id": "c", "label": "Attic", "state": "down", "models": [model("c", "x")]},
        ],
    }
)


def test_favorites_come_first_and_stay_in_their_section() -> None:
    picker = derive_picker(CATALOG, ["b/q", "solo"])
    first, a, b, c = picker.sections
    assert [e.model.ref for e in first.entries] == ["b/q", "a/solo"]
    assert [(e.model.ref, e.favorite) for e in a.entries] == [("a/q", False), ("a/solo", True)]
    assert [e.favorite for e in b.entries] == [True]
    assert (c.provider, len(c.entries)) == ("c", 1)


def test_the_same_name_on_two_hosts_is_two_favorites() -> None:
    first = derive_picker(CATALOG, ["a/q", "b/q"]).sections[0]
    assert [(e.model.context_length, e.model.state) for e in first.entries] == [(8192, "ready"), (4096, "stopped")]


def test_unavailable_ones_are_hidden_and_named() -> None:
    picker = derive_picker(CATALOG, ["c/x", "a/gone", "nowhere/z", "a/q"])
    assert picker.hidden == ("c/x", "a/gone", "nowhere/z")
    assert [e.model.ref for e in picker.sections[0].entries] == ["a/q"]


def test_no_favorites_no_section() -> None:
    assert [s.title for s in derive_picker(CATALOG, []).sections] == ["Box", "Mac", "Attic"]


def test_duplicates_collapse_by_what_they_mean() -> None:
    assert collapse(["q", "a/q", "old/q", "b/q", "old/q"], CATALOG) == ("q", "old/q")


def test_a_fleet_ref_is_shown_while_one_host_has_it() -> None:
    first = derive_picker(CATALOG, ["any/q", "any/x"]).sections[0]
    assert [(e.model.ref, e.model.state, e.provider) for e in first.entries] == [("any/q", "ready", "any")]
    assert CATALOG.shared_names == ("q",)
