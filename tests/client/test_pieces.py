"""Catalogs read piece by piece: the same as when read whole, and what did not change is the same value again."""

from __future__ import annotations

import json
from typing import Any

import pytest

from boocontrol.client.pieces import NOT_KNOWN, Reader
from boocontrol.core.catalog import Catalog

Json = dict[str, Any]


def model(ref: str, **more: Any) -> Json:
    return {"ref": ref, "wireId": ref.partition("/")[2], "name": "ein Modell “groß”", **more}


def catalog() -> Json:
    den = {"id": "den", "label": "Den", "state": "up", "models": [model("den/a"), model("den/b", state="ready")]}
    attic = {"id": "attic", "label": "Attic", "stale": True, "asOf": "2026-11-22T16:12:50Z"}
    return {"defaultProvider": "den", "providers": [den, attic], "notKnownHere": {"a": [1]}}


def raw(value: Json) -> bytes:
    return json.dumps(value).encode()


def test_the_same_as_when_read_whole() -> None:
    reader, told = Reader(), raw(catalog())
    assert reader.catalog(told) == Catalog.model_validate_json(told, strict=True)
    assert reader.left_out == ()


def test_what_did_not_change_is_the_same_value() -> None:
    reader, told = Reader(), catalog()
    before = reader.catalog(raw(told))
    told["providers"][0]["models"][0]["state"] = "starting"
    after = reader.catalog(raw(told))
    assert after.providers[1] is before.providers[1]
    assert after.providers[0].models[1] is before.providers[0].models[1]
    assert after.providers[0].models[0].state == "starting"
    assert after == Catalog.model_validate_json(raw(told), strict=True)


def test_hosts_that_go_are_forgotten() -> None:
    reader, told = Reader(), catalog()
    reader.catalog(raw(told))
    gone = told["providers"].pop(0)
    assert [p.id for p in reader.catalog(raw(told)).providers] == ["attic"]
    told["providers"].append(gone)
    assert [p.id for p in reader.catalog(raw(told)).providers] == ["attic", "den"]


def test_what_is_not_known_is_left_out_and_named() -> None:
    reader, told = Reader(), catalog()
    told["providers"][0]["models"][0]["contextLength"] = "long"
    told["providers"][1]["kind"] = "a new one"
    read = reader.catalog(raw(told))
    assert [m.ref for m in read.models()] == ["den/b"]
    assert reader.left_out == ("den/a", "attic")
    reader.catalog(raw(catalog()))
    assert reader.left_out == ()


@pytest.mark.parametrize("text", [b"", b"[]", b"<html>", b"{}", b'{"providers": 5}', b'{"providers": [{}'])
def test_what_is_no_catalog(text: bytes) -> None:
    with pytest.raises(NOT_KNOWN):
        Reader().catalog(text)
