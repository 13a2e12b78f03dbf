"""Verbs that speak to the gateway, and the few that do without one by reading or writing the registry file."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import typer

from boocontrol.cli.output import note
from boocontrol.cli.verb import Chosen, chosen

if TYPE_CHECKING:
    from boocontrol.client import Gateway, GatewayClient
    from boocontrol.core import LoadedRegistry

T = TypeVar("T")
Document = dict[str, Any]
_SAID = "boocontrol.offline"
Work = Callable[["GatewayClient"], Awaitable[T]]


def on_gateway(ctx: typer.Context, work: Work[T]) -> T:
    """Run `work` with a client of the chosen gateway. Raises Unreachable when there is none."""
    return asyncio.run(_connected(chosen(ctx), work))


def on_gateway_or_file(ctx: typer.Context, work: Work[T], offline: Callable[[LoadedRegistry], T]) -> T:
    """The same, or `offline` with the registry file while no gateway runs here.

    A gateway that the user named is not replaced by a file of this machine.
    """
    from boocontrol.client import NoGateway
    from boocontrol.core import load_registry

    try:
        return on_gateway(ctx, work)
    except NoGateway:
        loaded = load_registry(chosen(ctx).registry)
    if _SAID not in ctx.meta:
        ctx.meta[_SAID] = True
        note(f"No gateway runs; this is about the file {loaded.path}.")
    return offline(loaded)


def sound(loaded: LoadedRegistry) -> Document:
    """The registry document as the file has it. Raises RegistryError when the file is broken."""
    if loaded.error is not None and loaded.source == "file":
        raise loaded.error
    return loaded.document()


def save(loaded: LoadedRegistry, document: Document) -> None:
    """Write the registry file. Raises RegistryError when it is broken, or would be."""
    from boocontrol.core import save_registry

    sound(loaded)
    # Without a file, an error is one of the environment, which the new file takes out of force.
    save_registry(replace(loaded, error=None), document)


async def find(options: Chosen) -> Gateway:
    """The gateway that the global options mean."""
    from boocontrol.client import find_gateway, named_gateway, read_key_file

    if options.gateway:
        return await named_gateway(options.gateway, options.key_file)
    found = await find_gateway(options.registry)
    file = options.key_file
    return found if file is None else replace(found, key=read_key_file(file), key_file=file)


async def _connected(options: Chosen, work: Work[T]) -> T:
    from boocontrol.client import GatewayClient

    async with GatewayClient.of(await find(options), source="cli") as client:
        return await work(client)
