"""Values, rules and files: no sockets, no Qt. A plain library for other programs too.

from boocontrol.core import load_registry, resolve

loaded = load_registry()
route = resolve(loaded.registry, "gpu-box/qwen3")
print(route.url("/v1/chat/completions"), route.wire_id)
"""

from boocontrol.core.catalog import Catalog, ModelEntry, ProviderEntry
from boocontrol.core.errors import BadInput, BooError, Refusal, RegistryError, SecretError, Stale, Unreachable
from boocontrol.core.favorites import Picker, PickerEntry, PickerSection, derive_picker
from boocontrol.core.refs import ANY, ModelRef
from boocontrol.core.registry import KeyRef, Provider, Registry
from boocontrol.core.registry_file import LoadedRegistry, load_registry, parse_registry, save_registry
from boocontrol.core.resolver import Route, nearest, resolve
from boocontrol.core.settings import Settings

__all__ = [
    "ANY",
    "BadInput",
    "BooError",
    "Catalog",
    "KeyRef",
    "LoadedRegistry",
    "ModelEntry",
    "ModelRef",
    "Picker",
    "PickerEntry",
    "PickerSection",
    "Provider",
    "ProviderEntry",
    "Refusal",
    "Registry",
    "RegistryError",
    "Route",
    "SecretError",
    "Settings",
    "Stale",
    "Unreachable",
    "derive_picker",
    "load_registry",
    "nearest",
    "parse_registry",
    "resolve",
    "save_registry",
]
