"""Hard cases: the edges of the data plane: words of errors, names, props, methods, large and odd bodies."""

from __future__ import annotations

import asyncio
import json
import re
import time
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote, unquote

import pytest

from boocontrol.demo.config import HostConfig
from boocontrol.gateway.body import parse_json

from .conftest import CHAT, KEY, QUICK, Start, models
from .raw_host import plain, raw_host

RETRIED = re.compile(
    r"429|500|502|503|504|524|connection refused|server error|overloaded|rate limit|timed out|try again later", re.I
)
JSON = {"Content-Type": "application/json"}


@asynccontextmanager
async def before(house: Start, reply: Any, get: Any = None, keys: dict[str, str] | None = None, **entry: Any):
    seen: list[bytes] = []

    async def all_of(reader: Any, writer: Any, request: bytes) -> None:
        seen.append(request)
        writer.write(reply if request.startswith(b"POST") else (get(request) if get else plain("404 Not Found")))

    async with raw_host(all_of) as url, house(entries={"den": {"baseUrl": url, **entry}}, keys=keys) as h:
        h.seen = seen
        yield h


# --- words of final errors


async def test_a_place_in_a_broken_body_is_no_status(house: Start) -> None:
    """400 with "(byte 502)": agents that look for digits ask again and again."""
    async with house(entries={"den": {"baseUrl": "http://127.0.0.1:9"}}) as h:
        for at in (429, 500, 502, 503, 504, 524):
            body = b'{"model":"den/x","a":"' + b"x" * (at - 24) + b'" !'
            answer = await h.gateway.client.post(CHAT, content=body, headers=JSON)
            assert answer.status_code == 400
            assert not RETRIED.search(answer.text), answer.text


async def test_a_place_in_a_broken_form_is_no_status(house: Start) -> None:
    async with house(entries={"den": {"baseUrl": "http://127.0.0.1:9"}}) as h:
        for at in (500, 502, 503):
            head = b'--B\r\nContent-Disposition: form-data; name="'
            body = head + b"a" * (at - len(head) - 1) + b'"\r!'
            kind = {"Content-Type": "multipart/form-data; boundary=B"}
            answer = await h.gateway.client.post("/v1/audio/transcriptions", content=body, headers=kind)
            assert answer.status_code == 400
            assert not RETRIED.search(answer.text), answer.text


async def test_a_hosts_words_in_our_shape_are_calm_while_final(house: Start) -> None:
    for body in (
        b'{"error":"limit is 500 tokens"}',
        b"max_tokens must be below 5000",
        b'{"detail":"connection refused"}',
    ):
        async with before(house, plain("400 Bad Request", body, "Content-Type: application/json")) as h:
            answer = await h.gateway.chat("den/x")
            assert answer.status_code == 400
            assert not RETRIED.search(answer.text), answer.text


async def test_a_model_name_in_a_405_or_409_is_calm(house: Start) -> None:
    async with house(den=HostConfig(models=models("m-500b"), **QUICK)) as h:
        await h.gateway.known("den/m-500b")
        for method, path in (("GET", "/upstream/den/m-500b/props"), ("POST", "/upstream/den/m-500b/props")):
            answer = await h.gateway.client.request(method, path)
            assert answer.status_code in (405, 409)
            assert not RETRIED.search(answer.text), answer.text


async def test_provider_names_and_origins_in_final_errors_are_calm(house: Start) -> None:
    async with house(entries={"box-500": {"baseUrl": "http://127.0.0.1:9", "location": "cloud"}}) as h:
        answers = [
            await h.gateway.chat("box-500/x"),
            await h.gateway.client.get("/v1/models", headers={"Origin": "http://localhost:5000"}),
            await h.gateway.client.get("/v1/models", headers={"Host": "evil:5000"}),
            await h.gateway.client.post(CHAT, content=b"x", headers={"Content-Type": "text/x-500"}),
        ]
        for answer in answers:
            assert answer.status_code in (401, 403, 415)
            assert not RETRIED.search(answer.text), answer.text


# --- names


@pytest.mark.parametrize(
    "wire", ['we"ird', "back\\slash", "new\nline", "per%20cent%", "tab\there", "ü🦙", "a?b#c", "..", "a//b"]
)
async def test_odd_names_go_up_and_come_back(house: Start, wire: str) -> None:
    reply = plain("200 OK", json.dumps({"model": wire}).encode(), "Content-Type: application/json")
    async with before(house, reply) as h:
        answer = await h.gateway.chat(f"den/{wire}")
        assert answer.json() == {"model": f"den/{wire}"}
        assert unquote(answer.headers["x-boocontrol-model"]) == f"den/{wire}"
        sent = next(r for r in h.seen if r.startswith(b"POST"))
        assert json.loads(sent.partition(b"\r\n\r\n")[2])["model"] == wire


@pytest.mark.parametrize("wire", ["a%41b", "100%", "org/m%2Fx"])
async def test_a_percent_sign_in_a_name_is_decoded_once_in_paths(house: Start, wire: str) -> None:
    async with house(den=HostConfig(models=models(wire, ctx=4096), **QUICK)) as h:
        await h.gateway.known(f"den/{wire}")
        assert (await h.gateway.chat(f"den/{wire}")).status_code == 200
        listed = await h.gateway.client.get(f"/v1/models/{quote(f'den/{wire}', safe='')}")
        assert listed.json()["id"] == f"den/{wire}"
        answer = await h.gateway.client.get(f"/upstream/{quote(f'den/{wire}', safe='')}/props")
        assert answer.status_code == 200, answer.text


async def test_a_lone_surrogate_is_a_refusal(house: Start) -> None:
    async with house(entries={"den": {"baseUrl": "http://127.0.0.1:9"}}) as h:
        for pad in (b"", b"x" * 300_000):
            body = b'{"model":"den/\\ud800","a":"' + pad + b'"}'
            answer = await h.gateway.client.post(CHAT, content=body, headers=JSON)
            assert answer.status_code in (400, 404, 503), answer.text


async def test_a_giant_name_does_not_make_a_giant_header(house: Start) -> None:
    async with before(house, plain("200 OK", b"{}", "Content-Type: application/json")) as h:
        answer = await h.gateway.chat("den/" + "x" * 200_000)
        assert len(answer.headers.get("x-boocontrol-model", "")) < 8192


async def test_a_giant_unknown_name_is_told_shortly(house: Start) -> None:
    async with house(entries={"den": {"baseUrl": "http://127.0.0.1:9"}}) as h:
        answer = await h.gateway.chat("nobody/" + "x" * 2_000_000)
        assert answer.status_code == 400
        assert len(answer.content) < 10_000


# --- props


async def test_props_of_a_cloud_provider_need_the_gateways_key(house: Start) -> None:
    def get(request: bytes) -> bytes:
        return plain("200 OK", b'{"n_ctx":1}', "Content-Type: application/json")

    entry = {"kind": "openai", "location": "cloud", "apiKey": {"keyring": "c"}}
    async with before(house, b"", get, keys={"c": "cloud-key"}, **entry) as h:
        await asyncio.sleep(0)
        answer = await h.gateway.client.get("/upstream/den/x/props")
        assert answer.status_code == 401, answer.text
        assert not [r for r in h.seen if r.startswith(b"GET /props")]


async def test_a_client_that_leaves_props_of_a_hanging_host_is_noticed(house: Start) -> None:
    asked, left = asyncio.Event(), asyncio.Event()

    async def hangs(reader: Any, writer: Any, request: bytes) -> None:
        if request.startswith(b"GET /props"):
            asked.set()
            if await reader.read(1) == b"":
                left.set()
            writer.close()
            return
        writer.write(plain("404 Not Found"))

    async with raw_host(hangs) as url, house(entries={"den": {"baseUrl": url, "kind": "openai"}}) as h:
        host, port = h.gateway.url.removeprefix("http://").split(":")
        _, writer = await asyncio.open_connection(host, int(port))
        writer.write(f"GET /upstream/den/x/props HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        await asyncio.wait_for(asked.wait(), 2)
        writer.close()
        await asyncio.wait_for(left.wait(), 1.5)


async def test_props_that_break_off_are_no_fault_of_the_gateway(house: Start) -> None:
    def get(request: bytes) -> bytes:
        return b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\n{"

    async def answer(reader: Any, writer: Any, request: bytes) -> None:
        writer.write(get(request))
        writer.close()

    async with raw_host(answer) as url, house(entries={"den": {"baseUrl": url, "kind": "openai"}}) as h:
        got = await h.gateway.client.get("/upstream/den/x/props")
        assert got.status_code in (502, 503) and "gateway_fault" not in got.text, got.text


# --- listing


async def test_odd_records_of_one_host_hide_nobody(house: Start) -> None:
    odd = (
        b'{"object":"list","data":[{"id":"a","created":123456789012345678901234567890},'
        b'{"id":"b","meta":null,"capabilities":[],"context_length":"many"},{"id":"c","name":"\x1b[31mred\\u001b"}]}'
    ).replace(b"\x1b", b"\\u001b")

    def get(request: bytes) -> bytes:
        if b"/v1/models" in request.split(b"\r\n")[0]:
            return plain("200 OK", odd, "Content-Type: application/json")
        return plain("404 Not Found")

    async with before(house, b"", get, kind="openai") as h:
        await h.gateway.known("den/a", "den/b", "den/c")
        answer = await h.gateway.client.get("/v1/models")
        assert answer.status_code == 200, answer.text
        assert {m["id"] for m in answer.json()["data"]} == {"den/a", "den/b", "den/c"}


@pytest.mark.parametrize(
    ("path", "right"),
    [
        ("/v1/models/", "/v1/models"),
        ("/v1/v1/models/den/qwen", "/v1/models/den/qwen"),
        ("/models/den/qwen", "/v1/models/den/qwen"),
        ("/v1/v1/v1/models", "/v1/models"),
        ("/v1/upstream/den/qwen/props", "/upstream/den/qwen/props"),
        ("/upstream/den/qwen/props/", "/upstream/den/qwen/props"),
        ("/healthz/", "/healthz"),
    ],
)
async def test_a_mistyped_path_names_the_right_one(house: Start, path: str, right: str) -> None:
    async with house(den=HostConfig(models=models("qwen"), **QUICK)) as h:
        await h.gateway.known("den/qwen")
        answer = await h.gateway.client.get(path, follow_redirects=False)
        assert answer.status_code == 404
        assert f"{right}." in answer.json()["error"]["message"], answer.text


async def test_former_ids_and_paused_hosts_in_the_list(house: Start) -> None:
    config = HostConfig(models=models("qwen"), **QUICK)
    entries = {"den": {"formerIds": ["gpu"]}, "mac": {"enabled": False}}
    async with house(den=config, mac=config, entries=entries) as h:
        await h.gateway.known("den/qwen")
        ids = [m["id"] for m in (await h.gateway.client.get("/v1/models")).json()["data"]]
        assert ids == ["den/qwen"]
        assert (await h.gateway.client.get("/v1/models/gpu/qwen")).json()["id"] == "den/qwen"
        assert (await h.gateway.client.get("/v1/models/qwen")).json()["id"] == "den/qwen"
        assert (await h.gateway.client.get("/v1/models/mac/qwen")).json()["error"]["code"] == "provider_paused"
        assert (await h.gateway.client.get("/v1/models/any/qwen")).status_code == 404
        assert (await h.gateway.chat("any/qwen")).headers["x-boocontrol-provider"] == "den"


# --- methods, CORS


async def test_head_options_and_cors(house: Start) -> None:
    async with house(den=HostConfig(models=models("qwen"), **QUICK)) as h:
        h.gateway.set(allowed_origins=["http://page.lan"])
        head = await h.gateway.client.head("/v1/models")
        assert (head.status_code, head.content) == (200, b"") and int(head.headers["content-length"]) > 0
        assert (await h.gateway.client.options("/v1/models")).status_code == 405
        ask = {"Origin": "http://page.lan", "Access-Control-Request-Method": "POST"}
        pre = await h.gateway.client.options(CHAT, headers=ask)
        assert (pre.status_code, pre.headers["access-control-allow-origin"]) == (204, "http://page.lan")
        foreign = await h.gateway.client.options(CHAT, headers={**ask, "Origin": "http://evil.lan"})
        assert foreign.status_code == 403 and "access-control-allow-origin" not in foreign.headers
        answer = await h.gateway.client.get("/v1/models", headers={"Origin": "http://page.lan"})
        assert answer.headers["access-control-allow-origin"] == "http://page.lan"


async def test_a_preflight_does_not_go_round_the_host_check(house: Start) -> None:
    async with house() as h:
        h.gateway.set(allowed_origins=["http://page.lan"])
        ask = {"Origin": "http://page.lan", "Host": "evil.example", "Access-Control-Request-Method": "POST"}
        assert (await h.gateway.client.options(CHAT, headers=ask)).status_code == 403


async def test_a_page_of_an_allowed_origin_can_read_the_etag(house: Start) -> None:
    async with house() as h:
        h.gateway.set(allowed_origins=["http://page.lan"])
        headers = {"Origin": "http://page.lan", "Authorization": f"Bearer {KEY}"}
        answer = await h.gateway.client.get("/api/settings", headers=headers)
        assert "etag" in answer.headers.get("access-control-expose-headers", "").lower()


async def test_a_refused_framing_closes_the_connection(house: Start) -> None:
    async with house(entries={"den": {"baseUrl": "http://127.0.0.1:9"}}) as h:
        host, port = h.gateway.url.removeprefix("http://").split(":")
        hidden = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
        post = b"POST /v1/embeddings HTTP/1.1\r\nHost: localhost\r\n"
        for head in (
            post + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            post + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
            post + b"Transfer-Encoding: identity, chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
            post + b"Transfer-Encoding: xchunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
            post + b"Host: evil\r\nContent-Length: 0\r\n\r\n",
            post + b"Content-Length: 0\r\nContent-Length: 0\r\n\r\n",
        ):
            reader, writer = await asyncio.open_connection(host, int(port))
            writer.write(head + hidden)
            try:
                everything = await asyncio.wait_for(reader.read(), 2)
            finally:
                writer.close()
            assert everything.startswith(b"HTTP/1.1 4"), (head, everything)
            assert b'"status":"ok"' not in everything, (head, everything)


# --- bodies


async def test_a_long_string_full_of_quotes_does_not_hold_up_others() -> None:
    worst, on = 0.0, True

    async def ticks() -> None:
        nonlocal worst
        last = time.perf_counter()
        while on:
            await asyncio.sleep(0)
            worst, last = max(worst, time.perf_counter() - last), time.perf_counter()

    watching = asyncio.create_task(ticks())
    await asyncio.sleep(0)
    text = b'print(\\"hello\\")\\n' * 1_000_000
    await parse_json(bytearray(b'{"model":"den/q","messages":[{"content":"' + text + b'"}]}'))
    on = False
    await watching
    assert worst < 0.1, f"{worst:.2f} s"


async def test_many_small_strings_and_deep_nesting(house: Start) -> None:
    async with before(house, plain("200 OK", b"{}", "Content-Type: application/json")) as h:
        small = b'{"model":"den/x","a":[' + b'"s",' * 200_000 + b'""]}'
        assert (await h.gateway.client.post(CHAT, content=small, headers=JSON)).status_code == 200
        for depth in (2_000, 200_000):
            deep = b'{"model":"den/x","a":' + b"[" * depth + b"]" * depth + b"}"
            answer = await h.gateway.client.post(CHAT, content=deep, headers=JSON)
            assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid_json")


@pytest.mark.parametrize("pad", [0, 300_000])
async def test_bom_blanks_and_invalid_utf8(house: Start, pad: int) -> None:
    filler = b',"p":"' + b"x" * pad + b'"'
    async with before(house, plain("200 OK", b"{}", "Content-Type: application/json")) as h:

        async def status(body: bytes) -> int:
            return (await h.gateway.client.post(CHAT, content=body, headers=JSON)).status_code

        assert await status(b'\xef\xbb\xbf{"model":"den/x"' + filler + b"}") == 400
        assert await status(b" " * 100 + b'{"model":"den/x"' + filler + b"}\r\n") == 200
        assert await status(b'{"model":"den/\xff"' + filler + b"}") == 400
        assert await status(b'{"model":5' + filler + b"}") == 400
        assert await status(b'["model"' + filler.replace(b":", b",") + b"]") == 400
        assert await status(b'{"model":"den/x"' + filler + b"}{}") == 400


async def test_compressed_request_bodies_are_told(house: Start) -> None:
    import gzip

    async with house(entries={"den": {"baseUrl": "http://127.0.0.1:9"}}) as h:
        body = gzip.compress(b'{"model":"den/x"}')
        answer = await h.gateway.client.post(CHAT, content=body, headers={**JSON, "Content-Encoding": "gzip"})
        assert answer.status_code in (400, 415) and "gateway_fault" not in answer.text
        assert not RETRIED.search(answer.text), answer.text


# --- keys


@pytest.mark.parametrize("key", ["abc\ndef", "abc\r\nX: y", "schlüssel🦙", "a\0b"])
async def test_a_key_that_no_header_can_carry_is_told_and_not_logged(house: Start, key: str, caplog: Any) -> None:
    async with before(
        house, plain("200 OK", b"{}", "Content-Type: application/json"), keys={"k": key}, apiKey={"keyring": "k"}
    ) as h:
        answer = await h.gateway.chat("den/x")
        assert "gateway_fault" not in answer.text, answer.text
        assert key not in caplog.text and repr(key)[1:-1] not in caplog.text
