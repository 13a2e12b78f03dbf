"""chat: one question, the answer on stdout, figures on stderr."""

from __future__ import annotations

import pytest


def sent(stub):
    return next(body for method, path, body in reversed(stub.seen) if path == "/v1/chat/completions")


def test_answer_and_figures(boo, running, tools):
    running.chat = [
        tools.chunk({"reasoning_content": "hm"}),
        tools.chunk({"content": "Hel"}),
        tools.chunk({"content": "lo\x1b[31m\n"}, finish_reason="stop"),
        b'data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2},'
        b'"timings":{"predicted_per_second":41.26}}\n\ndata: [DONE]\n\n',
    ]
    done = boo("chat", "Hi", "there", "-m", "gpu-box/phi")
    assert done.code == 0
    assert done.out == "Hello[31m\n\n"
    assert done.err.startswith("gpu-box/qwen3, 3 tokens in, 2 out, 41.3 tok/s, first token")
    assert sent(running)["messages"] == [{"role": "user", "content": "Hi there"}]
    assert sent(running)["model"] == "gpu-box/phi"


def test_json(boo, running, tools):
    running.chat = [tools.chunk({"reasoning": "hm"}), tools.chunk({"content": "a\x1b"}, finish_reason="stop")]
    answer = boo("chat", "Hi", "--json").json
    assert (answer["text"], answer["thinking"], answer["finishReason"]) == ("a\x1b", "hm", "stop")
    assert answer["ref"] == "gpu-box/qwen3"


def test_stdin_follows_the_words(boo, running):
    boo("chat", "Explain:", "--system", "Be short.", stdin="some text\n")
    assert sent(running)["messages"] == [
        {"role": "system", "content": "Be short."},
        {"role": "user", "content": "Explain:\n\nsome text"},
    ]


def test_usual_model(boo, running):
    boo("chat", "Hi")
    assert sent(running)["model"] == "gpu-box/qwen3"
    running.settings["default_model"] = "attic/llama"
    boo("chat", "Hi")
    assert sent(running)["model"] == "attic/llama"
    running.settings |= {"default_model": None, "favorite_models": ["attic/llama"]}
    assert boo("chat", "Hi").code == 2


def test_nothing_to_ask(boo, running):
    assert boo("chat", stdin="").code == 2


@pytest.mark.parametrize(
    ("status", "code", "exit_code"),
    [(503, "provider_offline", 4), (404, "model_not_found", 5), (403, "provider_key_missing", 6), (429, None, 7)],
)
def test_refused(boo, running, tools, status, code, exit_code):
    running.answers["POST /v1/chat/completions"] = lambda: tools.problem(status, code, "No.")
    done = boo("chat", "Hi")
    assert done.code == exit_code
    assert done.out == ""
    assert done.err.startswith("No.")


def test_broken_off(boo, running, tools):
    running.chat = [tools.chunk({"content": "Hel"})]
    done = boo("chat", "Hi")
    assert done.code == 1
    assert done.out == "Hel\n"
    assert "broke off" in done.err
    assert boo("chat", "Hi", "--json").json["error"]["code"] == "upstream_stream_interrupted"
