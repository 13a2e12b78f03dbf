"""A new key for the gateway itself. Only who holds the old one may ask, so the answer may hold the new one.

Of several who ask at once with the same key, one gets a new one. For the others the key is an old one by then: were
they answered too, each would go away with a key that the next had replaced already.
"""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request, Response

from boocontrol.core.api import RenewedKey
from boocontrol.core.errors import BooError
from boocontrol.gateway.control import answers
from boocontrol.gateway.control.schema import problems
from boocontrol.gateway.control.services import Services
from boocontrol.gateway.security import holds_key


def router(services: Services) -> APIRouter:
    """Routes under /api/gateway."""
    routes = APIRouter(tags=["gateway"])
    one_at_a_time = asyncio.Lock()

    @routes.post("/api/gateway/key/renew", response_model=RenewedKey, responses=problems())
    async def renew_gateway_key(request: Request) -> Response:
        """Put a new key in place of the old one, which is refused from now on. Streams that run go on."""
        async with one_at_a_time:
            if not holds_key(request.scope["headers"], services.state.security()):
                raise _replaced()
            services.state.key = key = await asyncio.to_thread(services.renew_key)
        return answers.value(RenewedKey(key=key))

    return routes


def _replaced() -> BooError:
    title = "Another renewal replaced this key a moment ago: it is no longer the gateway's."
    return BooError(title, "boocontrol gateway key shows the new one.", code="key_wrong")
