"""Refs survive everything a host may call its models."""

from __future__ import annotations

from urllib.parse import unquote

from hypothesis import given
from hypothesis import strategies as st

from boocontrol.core import ModelRef, Provider, Registry
from boocontrol.core.refs import PROVIDER_ID, split

ids = st.from_regex(PROVIDER_ID, fullmatch=True).filter(lambda i: i != "any")
wire_ids = st.text(min_size=1)


@given(st.sets(ids, min_size=1, max_size=4), wire_ids)
def test_a_full_ref_round_trips(providers: set[str], wire_id: str) -> None:
    heads = {p: p for p in providers}
    for provider in providers:
        assert split(str(ModelRef(provider, wire_id)), heads) == ModelRef(provider, wire_id)


@given(ids, st.text())
def test_an_unknown_head_is_part_of_a_bare_id(provider: str, rest: str) -> None:
    assert split(f"{provider}/{rest}", {}) is None
    registry = Registry(providers=(Provider(id="home", base_url="http://h"),))
    if provider != "home":
        assert registry.ref(f"{provider}/{rest}") == ModelRef("home", f"{provider}/{rest}")


@given(wire_ids)
def test_nothing_is_stripped_twice(wire_id: str) -> None:
    assert split(f"a/a/{wire_id}", {"a": "a"}) == ModelRef("a", f"a/{wire_id}")


@given(wire_ids)
def test_a_wire_id_is_one_segment_of_a_path(wire_id: str) -> None:
    if wire_id.isprintable():
        segment = ModelRef("a", wire_id).segment
        assert "/" not in segment and "?" not in segment
        assert unquote(segment) == wire_id


def test_former_ids_lead_to_the_present_one() -> None:
    registry = Registry.model_validate_json('{"providers":[{"id":"den","baseUrl":"h","formerIds":["gpu-box"]}]}')
    assert registry.ref("gpu-box/qwen") == ModelRef("den", "qwen")


def test_a_ref_is_no_text() -> None:
    assert ModelRef("a", "b") != "a/b"
    assert ModelRef("any", "b").is_fleet
