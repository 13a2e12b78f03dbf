"""Finding the gateway: the key goes only to the instance that the runtime file names."""

from __future__ import annotations

import os

import pytest

from boocontrol.client import GatewayClient, KeyRefused, NoGateway, find_gateway, named_gateway
from boocontrol.client.find import reachable_url, read_key_file
from boocontrol.core import BooError, SecretError, Unreachable


async def test_found_by_runtime_file(running, tools):
    found = await find_gateway()
    assert (found.url, found.instance_id, found.key.get_secret_value()) == (running.url, "instance-1", tools.KEY)


async def test_the_look_carries_no_key(running):
    await find_gateway()
    assert running.keys == [None]


async def test_another_instance_gets_no_key(running):
    running.instance_id = "somebody-else"
    with pytest.raises(NoGateway, match="Another program"):
        await find_gateway()
    assert running.keys == [None]


async def test_no_runtime_file(home):
    with pytest.raises(NoGateway) as caught:
        await find_gateway()
    assert "boocontrol gateway" in caught.value.advice


async def test_nobody_answers(stub, home, tools, dead_url):
    tools.write_runtime(stub, home, url=dead_url)
    with pytest.raises(NoGateway, match="runs no more"):
        await find_gateway()


@pytest.mark.parametrize("text", ["", "{", '{"url": 1}', "null"])
async def test_broken_runtime_file_is_none(stub, home, tools, text):
    tools.write_runtime(stub, home).write_text(text)
    with pytest.raises(NoGateway):
        await find_gateway()


@pytest.mark.skipif(os.name != "posix", reason="mode bits")
async def test_runtime_file_that_others_can_write_is_not_trusted(stub, home, tools):
    tools.write_runtime(stub, home).chmod(0o666)
    with pytest.raises(NoGateway):
        await find_gateway()
    assert not stub.seen


async def test_missing_key_file(running, home):
    (home / "gateway.key").unlink()
    with pytest.raises(SecretError) as caught:
        await find_gateway()
    assert caught.value.code == "key_missing"


async def test_named_gateway_with_key_file(running, home):
    found = await named_gateway(running.url + "/v1/", home / "gateway.key")
    async with GatewayClient.of(found) as client:
        assert (await client.status()).version == "0.1.0"


async def test_named_gateway_without_key(running):
    async with GatewayClient.of(await named_gateway(running.url)) as client:
        with pytest.raises(KeyRefused) as caught:
            await client.status()
    assert "--key-file" in caught.value.advice


async def test_named_gateway_unreachable(dead_url):
    with pytest.raises(Unreachable) as caught:
        await named_gateway(dead_url)
    assert not isinstance(caught.value, NoGateway)


async def test_something_else_answers(stub):
    stub.instance_id = 7
    with pytest.raises(Unreachable):
        await named_gateway(stub.url)


@pytest.mark.parametrize("url", ["http://", "ftp://x", "http://[::1", "box:9503"])
async def test_bad_addresses_are_words(url):
    with pytest.raises(BooError) as caught:
        await named_gateway(url)
    assert caught.value.advice


def test_key_file_with_something_else(tmp_path):
    path = tmp_path / "key"
    path.write_bytes(b"line one\nline two\n")
    with pytest.raises(SecretError):
        read_key_file(path)


@pytest.mark.parametrize(
    ("url", "called"),
    [
        ("http://0.0.0.0:9503", "http://127.0.0.1:9503"),
        ("http://[::]:9503/", "http://[::1]:9503"),
        ("http://10.0.0.2:9503", "http://10.0.0.2:9503"),
    ],
)
def test_an_address_to_listen_on_is_no_address_to_call(url, called):
    assert reachable_url(url) == called
