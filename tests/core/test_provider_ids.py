"""Ids that are made up for providers."""

from __future__ import annotations

import pytest

from boocontrol.core.provider_ids import derive_id, slug
from boocontrol.core.refs import PROVIDER_ID


@pytest.mark.parametrize(
    ("label", "url", "taken", "expected"),
    [
        ("GPU box", "http://x:1", [], "gpu-box"),
        ("Büro 2", "http://x:1", [], "buro-2"),
        (None, "http://192.168.1.20:8080", [], "192.168.1.20"),
        (None, "http://box:8080", ["box"], "box-8080"),
        (None, "http://box:8080", ["Box", "box-8080"], "box-8080-2"),
        ("Box", "http://x:1", ["box"], "box-2"),
        ("any", "http://x:1", [], "any-2"),
        ("日本", "http://den:1", [], "den"),
        ("日本", "http://[::1]:1", [], "1"),
        ("", "", (), "host"),
    ],
)
def test_derived_ids(label: str | None, url: str, taken: list[str], expected: str) -> None:
    assert derive_id(label, url, taken) == expected


def test_slug_is_a_valid_id() -> None:
    for text in ("..a", "-x-", "A" * 80, "a" * 62 + "- b", "1/2"):
        assert PROVIDER_ID.fullmatch(slug(text))
