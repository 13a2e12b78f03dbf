"""A new key for the gateway itself. Only who holds the old one may ask, so the answer may hold the new one."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Response

from boocontrol.core.api import RenewedKey
from boocontrol.gateway.control import answers
from boocontrol.gateway.control.schema import problems
from boocontrol.gateway.control.services import Services


def router(services: Services) -> APIRouter:
    """Routes under /api/gateway."""
    routes = APIRouter(tags=["gateway"])
    one_at_a_time = asyncio.Lock()

    @routes.post("/api/gateway/key/renew", response_model=RenewedKey, responses=problems())
    async def renew_gateway_key() -> Response:
        """Put a new key in place of the old one, which is refused from now on. Streams that run go on."""
        async with one_at_a_time:
            services.state.key = await asyncio.to_thread(services.renew_key)
        return answers.value(RenewedKey(key=services.state.key))

    return routes
