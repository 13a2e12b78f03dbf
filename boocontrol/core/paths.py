"""Where things live on this machine: config, data and runtime folders (platformdirs), and the packaged resources."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

import platformdirs

APP = "boocontrol"


def registry_path(environ: Mapping[str, str] = os.environ) -> Path:
    """llama-providers.json: `LLAMA_PROVIDERS_PATH`, else in the user's config folder."""
    named = environ.get("LLAMA_PROVIDERS_PATH", "").strip()
    if named:
        return Path(named).expanduser()
    return platformdirs.user_config_path(APP, appauthor=False) / "llama-providers.json"


def data_dir() -> Path:
    """Database, gateway key and records of this user."""
    return platformdirs.user_data_path(APP, appauthor=False)


def runtime_dir() -> Path:
    """Runtime files of gateways that live. Falls back to the state folder where the system gives no runtime folder."""
    named = os.environ.get("XDG_RUNTIME_DIR")
    if named and Path(named).is_dir():
        return Path(named) / APP
    return platformdirs.user_state_path(APP, appauthor=False) / "run"


def runtime_file(registry: Path, folder: Path | None = None) -> Path:
    """The runtime file of the gateway that serves this registry file."""
    digest = hashlib.sha256(os.path.realpath(registry).encode()).hexdigest()[:12]
    return (folder or runtime_dir()) / f"gateway-{digest}.json"


def resource(name: str) -> Path:
    """A packaged resource: inside the installed package, else beside it in a checkout or an editable install."""
    package = Path(__file__).parent.parent
    for folder in (package / "_resources", package.parent / "resources"):
        if (folder / name).exists():
            return folder / name
    raise FileNotFoundError(f"resource {name} is missing from this installation of BooControl")
