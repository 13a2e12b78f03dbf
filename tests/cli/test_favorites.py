"""favorites: the user's list in the gateway's settings."""

from __future__ import annotations


def test_list(boo, running):
    running.settings["favorite_models"] = ["gpu-box/qwen3", "attic/llama"]
    out = boo("favorites").out
    assert "gpu-box/qwen3" in out
    assert "unavailable now" in out
    assert boo("favorites", "list", "--json").json == {
        "favorite_models": ["gpu-box/qwen3", "attic/llama"],
        "unavailable": ["attic/llama"],
    }


def test_add_goes_to_the_end_and_collapses(boo, running):
    boo("favorites", "add", "attic/llama", "qwen3", "gpu-box/phi")
    assert running.settings["favorite_models"] == ["gpu-box/qwen3", "attic/llama", "gpu-box/phi"]


def test_a_typo_is_not_stored(boo, running):
    done = boo("favorites", "add", "gpu-box/qwen")
    assert done.code == 5
    assert "Did you mean gpu-box/qwen3" in done.err
    assert running.settings["favorite_models"] == ["gpu-box/qwen3"]
    assert boo("favorites", "add", "gpu-box/qwen", "--anyway").code == 0
    assert running.settings["favorite_models"][-1] == "gpu-box/qwen"


def test_another_writer_is_never_undone(boo, running):
    def theirs():
        running.settings = {**running.settings, "favorite_models": ["gpu-box/qwen3", "theirs/x"]}

    running.meanwhile.append(theirs)
    boo("favorites", "add", "gpu-box/phi")
    assert running.settings["favorite_models"] == ["gpu-box/qwen3", "theirs/x", "gpu-box/phi"]


def test_remove_by_any_spelling(boo, running):
    running.settings["favorite_models"] = ["qwen3", "gone/model"]
    assert boo("favorites", "remove", "gpu-box/qwen3", "gone/model").code == 0
    assert running.settings["favorite_models"] == []
    assert boo("favorites", "remove", "gpu-box/qwen3").code == 5


def test_move(boo, running):
    running.settings["favorite_models"] = ["a/1", "b/2", "c/3"]
    boo("favorites", "move", "c/3", "1")
    assert running.settings["favorite_models"] == ["c/3", "a/1", "b/2"]
    boo("favorites", "move", "c/3", "99")
    assert running.settings["favorite_models"] == ["a/1", "b/2", "c/3"]
    assert boo("favorites", "move", "nope/x", "1").code == 5


def test_needs_the_gateway(boo, registry):
    assert boo("favorites", "add", "gpu-box/qwen3").code == 3
