"""The staged test of an address: what it recognises, where it stops and what it advises."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from aiohttp import web
from pydantic import SecretStr

from boocontrol.core.api import ProbeRequest, ProbeResult, ProbeStage
from boocontrol.core.registry import Provider, Registry
from boocontrol.demo.config import VERSIONS, HostConfig, ModelConfig
from boocontrol.hosts.probe import STAGES, probe
from tests.hosts.conftest import House, json, models, page, text
from tests.hosts.test_http import certificate


async def tried(url: str, key: str | None = None, registry: Registry | None = None, **more: object) -> ProbeResult:
    typed = SecretStr(key) if key else None
    request = ProbeRequest(base_url=url, key=typed, **more)  # type: ignore[arg-type]
    return await probe(request, typed, registry or Registry())


def stage(result: ProbeResult, name: str) -> ProbeStage:
    assert [s.stage for s in result.stages] == list(STAGES), "each stage once, in order"
    return next(s for s in result.stages if s.stage == name)


def stopped_at(result: ProbeResult, name: str) -> ProbeStage:
    found = stage(result, name)
    assert found.outcome == "failed"
    assert found.detail and found.advice
    assert not result.ok
    rest = STAGES[STAGES.index(found.stage) + 1 :]
    assert all(stage(result, s).outcome == "skipped" for s in rest)
    return found


@pytest.mark.parametrize("version", VERSIONS)
async def test_llama_swap(house: House, version: str) -> None:
    host = await house.sim(HostConfig(version=version, models=(ModelConfig("a"), ModelConfig("b"))))
    result = await tried(host.url)
    assert result.ok
    assert result.kind == "llama-swap"
    assert result.base_url == host.url
    assert result.models == ("a", "b")
    assert result.version == ("250" if version == "main" else version)
    assert stage(result, "models").detail == "2 models."
    assert stage(result, "tls").outcome == "skipped"
    assert not [r for r in host.requests if r.touched_not_ready]


@pytest.mark.parametrize("tail", ["/", "/v1", "/v1/", "/ui", "/ui/models", "/v1/chat/completions"])
async def test_addresses_as_people_type_them(house: House, tail: str) -> None:
    host = await house.sim(HostConfig(models=(ModelConfig("a"),)))
    result = await tried(f" {host.url.removeprefix('http://')}{tail} ")
    assert result.ok
    assert result.base_url == host.url


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_key_is_wanted_refused_and_taken(house: House, version: str) -> None:
    host = await house.sim(HostConfig(version=version, models=(ModelConfig("a"),), api_keys=("k",)))
    if version == "173":
        return  # had no keys yet
    without = await tried(host.url)
    assert "needs a key" in stopped_at(without, "key").detail
    assert without.kind == "llama-swap"
    assert "refuses the key" in stopped_at(await tried(host.url, "wrong"), "key").detail
    right = await tried(host.url, "k")
    assert right.ok
    assert "accepts" in stage(right, "key").detail


async def test_a_stored_key_is_not_lured_to_another_address(house: House) -> None:
    host = await house.sim(HostConfig(models=(ModelConfig("a"),), api_keys=("k",)))
    stored = Registry(providers=(Provider(id="box", base_url="http://box:8080"),))
    request = ProbeRequest(base_url=host.url, provider="box")
    result = await probe(request, SecretStr("k"), stored)
    assert "belongs to another address" in stopped_at(result, "key").detail
    assert {r.header("authorization") for r in host.requests} == {None}
    same = Registry(providers=(Provider(id="box", base_url=host.url),))
    assert (await probe(request, SecretStr("k"), same)).ok


async def test_another_openai_server(house: House) -> None:
    host = await house.fake()
    host.says["/v1/models"] = models("m")
    result = await tried(host.url)
    assert result.ok
    assert result.kind == "openai"
    warned = await tried(host.url, kind="llama-swap")
    assert stage(warned, "kind").outcome == "warning"
    assert "openai" in stage(warned, "kind").advice
    assert not warned.ok
    host.says["/v1/models"] = json({"error": {"message": "no"}}, 401)
    assert (await tried(host.url)).kind == "openai"


async def test_no_models(house: House) -> None:
    host = await house.sim(HostConfig())
    result = await tried(host.url)
    assert stage(result, "models").outcome == "warning"
    assert not result.ok


async def test_a_broken_list_of_models(house: House) -> None:
    host = await house.fake()
    host.says |= {"/running": json({"running": []}), "/v1/models": text("{")}
    stopped_at(await tried(host.url), "models")
    host.says["/v1/models"] = text("no", 500)
    stopped_at(await tried(host.url), "models")


async def test_open_webui_answers_every_path_with_its_page(house: House) -> None:
    host = await house.fake()
    paths = ("/", "/running", "/v1/models", "/api/version", "/health")
    host.says |= dict.fromkeys(paths, page("<!doctype html><title>Open WebUI</title>"))
    found = stopped_at(await tried(host.url), "kind")
    assert "A web page answers" in found.detail
    assert "Open WebUI" in found.detail
    assert "Connections" in found.advice


@pytest.mark.parametrize(
    ("front", "words"),
    [
        (page("<html><title>Welcome to nginx!</title>"), "looks like nginx"),
        (page("<html><title>My \x07 NAS</title>"), "looks like My"),
        (text("hello"), "no model server"),
    ],
)
async def test_other_servers(house: House, front: web.Response, words: str) -> None:
    host = await house.fake()
    host.says["/"] = front
    assert words in stopped_at(await tried(host.url), "kind").detail


async def test_a_login_in_front(house: House) -> None:
    host = await house.fake()

    async def login(request: web.Request) -> web.StreamResponse:
        raise web.HTTPFound("https://sso.example/login")

    host.says |= dict.fromkeys(("/", "/running", "/v1/models", "/api/version", "/health"), login)
    found = stopped_at(await tried(host.url), "kind")
    assert "redirects to https://sso.example" in found.detail


async def test_where_it_stops_on_the_way(house: House) -> None:
    stopped_at(await tried("ftp://box"), "address")
    assert (await tried("ftp://box")).base_url is None
    assert "is not known" in stopped_at(await tried("no-such-name.invalid"), "resolve").detail
    host = await house.fake()
    await host.stop()
    assert "Nothing listens" in stopped_at(await tried(host.url), "connect").detail


async def test_tls(house: House, tmp_path: Path) -> None:
    host = await house.fake(certificate(tmp_path))
    host.says["/v1/models"] = models("m")
    found = stopped_at(await tried(host.url), "tls")
    assert "not trusted" in found.detail
    assert "caFile" in found.advice
    trusted = await tried(host.url, ca_file=str(tmp_path / "cert.pem"))
    assert trusted.ok
    assert "trusted" in stage(trusted, "tls").detail
    blind = await tried(host.url, verify_tls=False)
    assert blind.ok
    assert "not checked" in stage(blind, "tls").detail
    plain = await house.fake()
    wrong = stopped_at(await tried(plain.url.replace("http", "https")), "tls")
    assert "http://" in wrong.advice
    stopped_at(await tried(host.url, ca_file="/no/such.pem"), "tls")


async def test_a_duplicate(house: House) -> None:
    host = await house.sim(HostConfig(models=(ModelConfig("a"),)))
    registry = Registry(providers=(Provider(id="old", base_url=host.url),))
    result = await tried(host.url + "/v1", registry=registry)
    assert result.duplicate_of == "old"
    assert stage(result, "address").outcome == "warning"
    itself = await tried(host.url, registry=registry, provider="old")
    assert itself.duplicate_of is None
    assert itself.ok


async def test_the_whole_is_bounded(house: House) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    port = await house.raw(silent)
    result = await probe(ProbeRequest(base_url=f"127.0.0.1:{port}"), None, Registry(), within=0.2)
    assert "No answer in time" in stopped_at(result, "kind").detail


@pytest.mark.usefixtures("impatient")
async def test_a_server_that_hangs_is_told(house: House) -> None:
    host = await house.sim(HostConfig())
    await host.fault("hang")
    assert "does not answer" in stopped_at(await tried(host.url), "kind").detail


async def test_a_key_that_cannot_be_sent(house: House) -> None:
    host = await house.sim(HostConfig(models=(ModelConfig("a"),)))
    result = await tried(host.url, "a\nb")
    assert "cannot be sent" in stopped_at(result, "key").detail
    assert result.kind == "llama-swap"
    assert {r.header("authorization") for r in host.requests} == {None}
