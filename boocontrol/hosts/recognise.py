"""What answers at an address: llama-swap, another OpenAI-compatible server, or something else with a name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from boocontrol.core.errors import BooError, Unreachable
from boocontrol.core.registry import Kind
from boocontrol.core.values import plain
from boocontrol.hosts.errors import BadAnswer, HostRefused, place
from boocontrol.hosts.http import Answer, HostHttp
from boocontrol.hosts.records import HostInventory, read_models, read_version

Reply = Answer | BooError

_TITLE: Final = re.compile(r"<title[^>]*>([^<]{1,80})", re.IGNORECASE)
_NAMES: Final = (
    "Open WebUI",
    "ComfyUI",
    "Grafana",
    "Home Assistant",
    "Portainer",
    "Proxmox",
    "Jellyfin",
    "nginx",
    "Apache",
    "Caddy",
    "Traefik",
)


@dataclass(frozen=True, slots=True)
class Replies:
    """What came from the four endpoints that tell servers apart."""

    running: Reply
    version: Reply
    models: Reply
    health: Reply

    @property
    def refused(self) -> HostRefused | None:
        """The refusal, when a key is wanted."""
        return next((r for r in (self.models, self.running) if isinstance(r, HostRefused)), None)


def kind_of(replies: Replies) -> Kind | None:
    """llama-swap by its own endpoints, its records or (behind a key) its health word; else openai by its models."""
    running, version = _json(replies.running), _json(replies.version)
    if isinstance(running, dict) and isinstance(running.get("running"), list):
        return "llama-swap"
    if isinstance(version, dict) and read_version(version) and ("commit" in version or "build_date" in version):
        return "llama-swap"
    models = inventory_of(replies.models)
    if models is not None:
        return "llama-swap" if "llama-swap" in models.made_by else "openai"
    if replies.refused is None:
        return None
    open_health = isinstance(replies.health, Answer) and replies.health.body.strip() == b"OK"
    return "llama-swap" if open_health and isinstance(replies.running, HostRefused) else "openai"


def inventory_of(reply: Reply) -> HostInventory | None:
    """The models in a reply, None when there are none to read."""
    if not isinstance(reply, Answer) or reply.status != 200:
        return None
    try:
        return read_models(reply.json(), "probe", place(reply.url))
    except BadAnswer:
        return None


async def explain(replies: Replies, http: HostHttp) -> BooError:
    """Why this is no model server, in words, with the name of what it is when that is plain to see."""
    for reply in (replies.models, replies.running):
        if isinstance(reply, Unreachable):
            return reply
    try:
        front: Reply = await http.get("/")
    except BooError as e:
        front = e
    if isinstance(front, Unreachable) and front.code == "redirected":
        front = replies.models
    page = next((r for r in (front, replies.models) if isinstance(r, Answer) and r.is_page), None)
    where = place(http.base_url)
    if page is None:
        title = f"What answers at {where} is no model server: it lists no models at /v1/models."
        return BadAnswer(title, "Check the address, its port and its path.", code="no_models_endpoint")
    name = _name(page.body[:65536].decode(errors="replace"))
    looks = f" It looks like {name}." if name else ""
    title = f"A web page answers at {where}, not a model server.{looks}"
    advice = "Enter the address of the model server itself; its port is often 8080."
    if name == "Open WebUI":
        advice = "Enter the address of the model server that Open WebUI itself uses (its settings, Connections)."
    return BadAnswer(title, advice, code="web_page")


def _name(page: str) -> str:
    lower = page.lower()
    known = next((n for n in _NAMES if n.lower() in lower), None)
    if known:
        return known
    title = _TITLE.search(page)
    return plain(title[1]).strip() if title else ""


def _json(reply: Reply) -> Any:
    if not isinstance(reply, Answer) or reply.status != 200:
        return None
    try:
        return reply.json()
    except BadAnswer:
        return None
