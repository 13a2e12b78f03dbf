"""Typed async client of the control API, for the command line, the desktop and other programs.

async with GatewayClient.of(await find_gateway()) as gateway:
    print((await gateway.status()).version)
"""

from boocontrol.client.chat import ChatEnd, ChatText
from boocontrol.client.errors import ApiError, Busy, HostDown, KeyRefused, NoGateway, NotFound
from boocontrol.client.events import Event
from boocontrol.client.find import Gateway, find_gateway, named_gateway, read_key_file
from boocontrol.client.gateway import GatewayClient
from boocontrol.client.transport import Versioned

__all__ = [
    "ApiError",
    "Busy",
    "ChatEnd",
    "ChatText",
    "Event",
    "Gateway",
    "GatewayClient",
    "HostDown",
    "KeyRefused",
    "NoGateway",
    "NotFound",
    "Versioned",
    "find_gateway",
    "named_gateway",
    "read_key_file",
]
