"""The demo fleet, and fleets as large as asked for."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from boocontrol.demo import ATTIC_KEY, Fleet, demo_fleet, scaled_fleet
from boocontrol.demo.fleet import flap


async def test_the_demo_fleet_is_what_it_promises() -> None:
    configs = {config.name: config for config in demo_fleet()}
    assert list(configs) == ["gpu-box", "mac", "attic"]
    ids = {name: {model.id for model in config.models} for name, config in configs.items()}
    on_two = [m for m in set.union(*ids.values()) if sum(m in own for own in ids.values()) == 2]
    assert len(on_two) == 2
    assert any("/" in model_id for model_id in ids["gpu-box"])
    assert max(model.load_s for model in configs["mac"].models) >= 30
    assert configs["attic"].flaps and configs["attic"].api_keys == (ATTIC_KEY,)


async def test_all_hosts_answer() -> None:
    async with Fleet(demo_fleet()) as fleet, httpx.AsyncClient(trust_env=False) as client:
        headers = {"Authorization": f"Bearer {ATTIC_KEY}"}
        for host in fleet.hosts.values():
            listed = await client.get(f"{host.url}/v1/models", headers=headers)
            assert listed.json()["data"]
        assert (await client.get(f"{fleet.hosts['attic'].url}/v1/models")).status_code == 401


async def test_a_hundred_hosts_are_light() -> None:
    loop = asyncio.get_running_loop()
    start = loop.time()
    async with Fleet(scaled_fleet(100, 50)) as fleet:
        async with httpx.AsyncClient(trust_env=False) as client:
            listed = await client.get(f"{fleet.hosts['host-100'].url}/v1/models")
    assert len(listed.json()["data"]) == 50
    assert loop.time() - start < 5


async def test_flapping_takes_a_host_down_and_up() -> None:
    config = demo_fleet()[2]
    async with Fleet([config]) as fleet:
        host = fleet.hosts["attic"]
        first = host.exited
        script = asyncio.create_task(flap(host, up_s=0, down_s=0))
        async with asyncio.timeout(5):
            await first.wait()
            await host.up.wait()
        script.cancel()
        with pytest.raises(asyncio.CancelledError):
            await script
