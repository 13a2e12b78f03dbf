"""Settings: all or nothing, unknown keys kept."""

from __future__ import annotations

import pytest

from boocontrol.core import BadInput
from boocontrol.core.settings import patched, validated, whole


def test_a_key_given_replaces_null_resets_the_rest_stays() -> None:
    stored = {"favorite_models": ["a/b"], "theme_of_another_program": {"x": [1]}, "default_model": "a/b"}
    after = patched(stored, {"favorite_models": ["c/d"], "default_model": None})
    assert after == {"favorite_models": ["c/d"], "theme_of_another_program": {"x": [1]}}
    assert whole(after)["default_model"] is None
    assert whole(after)["theme_of_another_program"] == {"x": [1]}
    assert whole({})["favorite_models"] == []


@pytest.mark.parametrize(
    ("patch", "key"),
    [
        ({"favorite_models": "a/b"}, "favorite_models"),
        ({"favorite_models": [1]}, "favorite_models"),
        ({"favorite_models": [""]}, "favorite_models"),
        ({"require_key": "yes"}, "require_key"),
        ({"first_byte_timeout": -1}, "first_byte_timeout"),
        ({"default_model": 5}, "default_model"),
    ],
)
def test_a_wrong_type_names_the_key(patch: dict[str, object], key: str) -> None:
    with pytest.raises(BadInput) as told:
        patched({}, patch)
    assert told.value.param == key
    assert key in told.value.title


def test_scenes_have_names_of_their_own() -> None:
    scene = {"name": "work", "models": ["den/q"]}
    assert validated({"scenes": [scene]}).scenes[0].models == ("den/q",)
    with pytest.raises(BadInput, match="two scenes are called 'work'") as caught:
        validated({"scenes": [scene, scene]})
    assert caught.value.param == "scenes"
    with pytest.raises(BadInput):
        validated({"scenes": [{"name": "", "models": []}]})
