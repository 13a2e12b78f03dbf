"""Finding the gateway: the one that serves a registry here, or one the user names. Who it is comes before the key."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from pydantic import SecretStr

from boocontrol.client.errors import KeyRefused, NoGateway
from boocontrol.client.transport import Transport
from boocontrol.core.api import Healthz
from boocontrol.core.errors import BooError, SecretError, Unreachable
from boocontrol.core.files import read_bytes
from boocontrol.core.paths import registry_path, runtime_file
from boocontrol.core.runtime_file import read_runtime

_START = "Start it with: boocontrol gateway"
LOOK_S = 5.0


@dataclass(frozen=True)
class Gateway:
    """A gateway that answered: where, which instance and version, and the key for it (None: none was given)."""

    url: str
    instance_id: str
    version: str
    key: SecretStr | None = None
    key_file: Path | None = None


async def find_gateway(registry: Path | None = None, folder: Path | None = None) -> Gateway:
    """The gateway of this machine that serves a registry file, by its runtime file (in `folder` if given).

    Raises NoGateway when none runs: no runtime file, nobody answers there, or somebody else does. The key is read
    only after the right instance answered.
    """
    where = registry or registry_path()
    info = read_runtime(runtime_file(where, folder))
    if info is None:
        raise NoGateway(f"No gateway runs for {where}.", _START)
    url = reachable_url(info.url)
    try:
        health = await look(url)
    except Unreachable as e:
        raise NoGateway(f"The gateway for {where} runs no more, or does not answer at {url}.", _START) from e
    if health.instance_id != info.instance_id:
        raise NoGateway(f"Another program answers at {url}, where the gateway for {where} was.", _START)
    key_file = Path(info.key_file)
    return Gateway(url, health.instance_id, health.version, read_key_file(key_file), key_file)


async def named_gateway(url: str, key_file: Path | None = None) -> Gateway:
    """The gateway at an address that the user names. Raises Unreachable when no gateway answers there."""
    at = url.rstrip("/").removesuffix("/v1")
    health = await look(at)
    key = read_key_file(key_file) if key_file is not None else None
    return Gateway(at, health.instance_id, health.version, key, key_file)


async def look(url: str) -> Healthz:
    """Ask who answers at an address, without a key. Raises Unreachable."""
    transport = Transport(url, None, source="look")
    try:
        return transport.read(Healthz, await transport.ask("GET", "/healthz", answer_s=LOOK_S))
    except (Unreachable, KeyRefused):
        raise
    except BooError as e:
        title = f"What answers at {url} is not a BooControl gateway."
        raise Unreachable(title, "Check the address.", code="not_a_gateway") from e
    finally:
        await transport.aclose()


def read_key_file(path: Path) -> SecretStr:
    """The key in a file. Raises SecretError when there is none."""
    data = read_bytes(path.expanduser())
    key = (data or b"").decode("ascii", "replace").strip()
    if not key:
        title = f"The key file {path} is missing or empty."
        raise SecretError(title, "Name the gateway's key file with --key-file, or start the gateway once.")
    if not key.isprintable() or not key.isascii():
        raise SecretError(f"The key file {path} holds something else than a key.", "Name the right file.")
    return SecretStr(key)


def reachable_url(url: str) -> str:
    """The address of a gateway on this machine as it is called: one that listens everywhere is called on loopback."""
    parts = urlsplit(url)
    loopback = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(parts.hostname or "")
    if loopback is None:
        return url.rstrip("/")
    port = f":{parts.port}" if parts.port else ""
    return urlunsplit((parts.scheme, loopback + port, parts.path, "", "")).rstrip("/")
