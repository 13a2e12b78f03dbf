"""The living fleet of pictures: only where it is asked for, and never in the way."""

from __future__ import annotations

from boocontrol.desktop.options import parse
from boocontrol.desktop.shoot_stage import living_fleet, until
from boocontrol.desktop.stores import Stores


def test_nobody_s_own_fleet_is_played_with() -> None:
    assert not parse([]).stage and not parse(["--shoot", "pictures"]).stage
    assert parse(["--shoot", "pictures", "--stage"]).stage


async def test_without_a_gateway_there_is_nothing_to_wait_for(stores: Stores) -> None:
    async with living_fleet(stores):
        assert stores.fleet.hosts == ()


async def test_waiting_ends_with_the_signal_that_makes_it_true(stores: Stores) -> None:
    await until(stores.fleet.changed, lambda: True)
    seen: list[bool] = []

    def true() -> bool:
        seen.append(bool(stores.fleet.as_of))
        if len(seen) == 1:
            stores.fleet.take([])
        return seen[-1]

    await until(stores.fleet.changed, true)
    assert seen == [False, True]
