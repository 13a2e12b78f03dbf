"""The part of the client that changes what hosts hold: load, unload, cancel, preview, scenes, wake."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel

from boocontrol.client.asking import request as asked
from boocontrol.client.asking import segment
from boocontrol.client.transport import Transport
from boocontrol.core.api import Asked, LoadRequest
from boocontrol.core.control import CancelLoad, LoadPreview, SceneApplied, ScenePlan, SceneRequest

M = TypeVar("M", bound=BaseModel)

CHANGE_S = 120.0
"""A host answers an unload when the process is gone, which may take its time."""


class ControlCalls:
    """Mixed into the client. Every call raises BooError for a no; Busy names the requests that would be cut."""

    _transport: Transport

    async def load(self, ref: str, *, force: bool = False) -> Asked:
        """Ask a host to load a model. Returns once it was asked; `loads` of the host tells how it goes."""
        return await self._altered(Asked, "/api/models/load", asked(LoadRequest, ref=ref, force=force))

    async def unload(self, request: LoadRequest) -> Asked:
        """Ask for memory back: one model, a provider, everything. Raises Busy, naming the requests it would cut."""
        return await self._altered(Asked, "/api/models/unload", request)

    async def cancel_load(self, ref: str, *, force: bool = False) -> Asked:
        """End a load that runs or waits. Raises NotFound when there is none, Busy when requests wait for it."""
        return await self._altered(Asked, "/api/models/cancel", asked(CancelLoad, ref=ref, force=force))

    async def preview(self, ref: str) -> LoadPreview:
        """What loading a model would cost, as far as is known."""
        answer = await self._transport.ask("GET", "/api/models/preview", params={"ref": ref})
        return self._transport.read(LoadPreview, answer)

    async def scene_preview(self, request: SceneRequest) -> ScenePlan:
        """What a scene would load, unload, keep and cut."""
        return await self._altered(ScenePlan, "/api/scenes/preview", request)

    async def scene_apply(self, request: SceneRequest) -> SceneApplied:
        """Apply a scene; the answer says how to undo it. Raises Busy unless it is forced."""
        return await self._altered(SceneApplied, "/api/scenes/apply", request)

    async def refresh_hosts(self) -> Asked:
        """Have the gateway look at every host at once. Returns once it was asked; the hosts' `as_of` tells."""
        return self._transport.read(Asked, await self._transport.ask("POST", "/api/hosts/refresh"))

    async def refresh_host(self, provider: str) -> Asked:
        """Have the gateway look at one host at once, and read its key anew if it could not be read before."""
        answer = await self._transport.ask("POST", f"/api/hosts/{segment(provider)}/refresh")
        return self._transport.read(Asked, answer)

    async def wake(self, provider: str) -> Asked:
        """Wake a sleeping host. Returns once the packet is sent; `waking_since` of the host is set meanwhile."""
        answer = await self._transport.ask("POST", f"/api/hosts/{segment(provider)}/wake")
        return self._transport.read(Asked, answer)

    async def cancel_on_host(self, provider: str, request_id: str) -> Asked:
        """End a request that went past the gateway, by its host's id of it. Raises NotFound when it runs no more."""
        path = f"/api/hosts/{segment(provider)}/requests/{segment(request_id, 'request')}/cancel"
        return self._transport.read(Asked, await self._transport.ask("POST", path))

    async def _altered(self, kind: type[M], path: str, request: BaseModel) -> M:
        body = request.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        return self._transport.read(kind, await self._transport.ask("POST", path, body=body, answer_s=CHANGE_S))
