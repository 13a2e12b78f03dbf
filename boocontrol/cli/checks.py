"""The checks of `boocontrol doctor`: this machine first, then the gateway, and through it every host."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from boocontrol.cli.gateway_checks import gateway_checks
from boocontrol.core import paths
from boocontrol.core.errors import SecretError
from boocontrol.core.registry_file import LoadedRegistry, load_registry
from boocontrol.core.secrets import KeyringStore
from boocontrol.core.values import Value

if TYPE_CHECKING:
    from boocontrol.cli.verb import Chosen

Outcome = Literal["ok", "failed", "warning"]
NAMES = (
    "LLAMA_PROVIDERS_PATH",
    "LLAMA_SWAP_URL",
    "LLAMA_SIDECAR_URL",
    "DEFAULT_MODEL",
    "FAST_MODEL",
    "TASK_MODEL_URL",
    "BOOCONTROL_GATEWAY",
)
SECRET_NAMES = ("DEEPSEEK_API_KEY",)


class Check(Value):
    """One thing that was looked at, how it is, and what to do."""

    name: str
    outcome: Outcome
    detail: str
    advice: str = ""


def all_checks(options: Chosen) -> list[Check]:
    """Everything that can be checked from here."""
    loaded = load_registry(options.registry)
    local = [*_registry(loaded), *_environment(loaded, os.environ), *_keyring(loaded), *_data_dir(paths.data_dir())]
    return [*local, *gateway_checks(options)]


def _registry(loaded: LoadedRegistry) -> Iterator[Check]:
    error = loaded.error
    if error is not None:
        yield Check(name="registry", outcome="failed", detail=error.title, advice=error.advice)
    elif loaded.source == "file":
        ids = ", ".join(p.id for p in loaded.registry) or "no providers"
        yield Check(name="registry", outcome="ok", detail=f"{loaded.path}: {ids}")
    elif loaded.source == "environment":
        detail = f"{loaded.path} does not exist; the providers come from variables."
        yield Check(name="registry", outcome="ok", detail=detail)
    else:
        detail = f"{loaded.path} does not exist: there are no providers."
        yield Check(
            name="registry", outcome="warning", detail=detail, advice="Add one: boocontrol providers add ADDRESS"
        )


def _environment(loaded: LoadedRegistry, environ: Mapping[str, str]) -> Iterator[Check]:
    """Variables in force by value, those that hold keys by name only."""
    for name in NAMES:
        if environ.get(name, "").strip():
            yield Check(name=f"variable {name}", outcome="ok", detail=environ[name])
    wanted = {p.api_key.env: p.id for p in loaded.registry if p.api_key is not None and p.api_key.env}
    for name in dict.fromkeys((*SECRET_NAMES, *wanted)):
        if environ.get(name, "").strip():
            yield Check(name=f"variable {name}", outcome="ok", detail="is set")
        elif name in wanted:
            detail = f"is not set here; {wanted[name]} reads its key from it."
            advice = "The gateway needs it in its own environment."
            yield Check(name=f"variable {name}", outcome="warning", detail=detail, advice=advice)


def _keyring(loaded: LoadedRegistry) -> Iterator[Check]:
    """Whether keys can be kept. Without a keyring that is a fault only where a provider's key is in it."""
    users = ", ".join(p.id for p in loaded.registry if p.api_key is not None and p.api_key.keyring)
    try:
        name = KeyringStore().describe()
    except SecretError as e:
        outcome: Outcome = "failed" if users else "warning"
        detail = f"{e.title} {'Its keys are needed by: ' + users + '.' if users else ''}"
        yield Check(name="keyring", outcome=outcome, detail=detail, advice=e.advice)
    else:
        yield Check(name="keyring", outcome="ok", detail=name)


def _data_dir(folder: Path) -> Iterator[Check]:
    """The data folder: writable, and the key in it for this user's eyes only."""
    if not folder.exists():
        yield Check(name="data folder", outcome="ok", detail=f"{folder} does not exist yet; the gateway makes it.")
        return
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        advice = "Give it to your user, with permission to write."
        yield Check(name="data folder", outcome="failed", detail=f"{folder} cannot be written.", advice=advice)
        return
    yield Check(name="data folder", outcome="ok", detail=str(folder))
    key = folder / "gateway.key"
    if sys.platform != "win32" and key.exists() and stat.S_IMODE(key.stat().st_mode) & 0o077:
        detail = f"{key} can be read by others on this machine."
        yield Check(name="gateway key", outcome="failed", detail=detail, advice=f"chmod 600 {key}")
