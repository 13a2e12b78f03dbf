"""The registry: named providers, as llama-providers.json states them. Values and rules; the file is registry_file's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, ConfigDict, Field, ValidationInfo, model_validator
from pydantic_core import PydanticCustomError

from boocontrol.core.errors import BadInput
from boocontrol.core.refs import ANY, PROVIDER_ID, ModelRef, split
from boocontrol.core.urls import normalise_base_url
from boocontrol.core.values import CamelValue

Kind = Literal["llama-swap", "openai"]
_MAC = re.compile(r"[0-9A-Fa-f]{2}([:-][0-9A-Fa-f]{2}){5}")
FRAMING_HEADERS = frozenset(
    {"host", "connection", "content-length", "transfer-encoding", "te", "trailer", "upgrade", "expect", "keep-alive"}
)
SECRET_HEADERS = frozenset({"authorization", "x-api-key", "api-key", "cookie", "proxy-authorization"})


def is_mac_address(text: str) -> bool:
    """Whether a text can be a provider's macAddress: six pairs of hexadecimal digits."""
    return _MAC.fullmatch(text) is not None


def _provider_id(value: str) -> str:
    if not PROVIDER_ID.fullmatch(value):
        raise PydanticCustomError(
            "provider_id",
            "{value} is no provider id: lower-case letters, digits, dot, dash and underscore, at most 63, "
            "the first a letter or digit",
            {"value": repr(value)},
        )
    if value == ANY:
        raise PydanticCustomError("provider_id", "the id any is reserved for refs that leave the host open")
    return value


def _address(value: str) -> str:
    try:
        return normalise_base_url(value)
    except BadInput as e:
        raise PydanticCustomError("address", "{why}", {"why": str(e)}) from None


def _mac_address(value: str) -> str:
    if not is_mac_address(value):
        words = "{value} is no address of a network card, which looks like 3c:52:82:1a:0f:77"
        raise PydanticCustomError("mac_address", words, {"value": repr(value[:64])})
    return value


def _label(value: str, info: ValidationInfo) -> str:
    """A provider without a name is called by its id: nothing that people choose from may be blank."""
    return value if value.strip() else str(info.data.get("id", ""))


def _headers(value: dict[str, str]) -> dict[str, str]:
    for name, text in value.items():
        if name.lower() in SECRET_HEADERS:
            raise PydanticCustomError(
                "secret_header",
                "the header {name} carries a secret, which this file must not hold: use apiKey",
                {"name": name},
            )
        if name.lower() in FRAMING_HEADERS:
            raise PydanticCustomError("header", "the header {name} is not one to set by hand", {"name": name})
        if not name or any(c in "\r\n\0:" for c in name) or any(c in "\r\n\0" for c in text):
            raise PydanticCustomError("header", "{name} is not a header", {"name": repr(name)})
    return value


ProviderId = Annotated[str, AfterValidator(_provider_id)]
Address = Annotated[str, AfterValidator(_address)]


class KeyRef(CamelValue):
    """Where a provider's key is kept, never the key: a name in the OS keyring, or an environment variable."""

    model_config = ConfigDict(extra="forbid")

    keyring: str | None = Field(None, min_length=1)
    env: str | None = Field(None, min_length=1)

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.keyring is None) == (self.env is None):
            raise PydanticCustomError(
                "key_ref",
                'apiKey is a reference: {{"keyring": name}} or {{"env": NAME}}, one of the two',
            )
        return self


class Provider(CamelValue):
    """One named entry of the registry and how to reach the host behind it. Unknown keys are kept."""

    model_config = ConfigDict(extra="allow")

    id: ProviderId
    base_url: Address
    label: Annotated[str, AfterValidator(_label)] = Field(default_factory=lambda data: str(data.get("id", "")))
    kind: Kind = "llama-swap"
    location: Literal["local", "cloud"] = "local"
    enabled: bool = True
    sidecar_url: Address | None = None
    api_key: KeyRef | None = None
    verify_tls: bool = True
    ca_file: str | None = None
    headers: Annotated[dict[str, str], AfterValidator(_headers)] = Field(default_factory=dict)
    often_off: bool = False
    mac_address: Annotated[str, AfterValidator(_mac_address)] | None = None
    color: str | None = None
    priority: int = 0
    context_overrides: dict[str, Annotated[int, Field(gt=0)]] = Field(default_factory=dict)
    former_ids: tuple[ProviderId, ...] = ()


class Registry(CamelValue):
    """All providers in the user's order. Immutable: an edit makes a new one."""

    model_config = ConfigDict(extra="allow")

    default_provider: str | None = None
    providers: tuple[Provider, ...] = ()

    def __iter__(self) -> Iterator[Provider]:  # type: ignore[override]
        return iter(self.providers)

    def __len__(self) -> int:
        return len(self.providers)

    @cached_property
    def by_id(self) -> Mapping[str, Provider]:
        """Providers by present id."""
        return {p.id: p for p in self.providers}

    @cached_property
    def heads(self) -> Mapping[str, str]:
        """Every head that a ref may have, present and former ids, to the present id."""
        former = {old: p.id for p in self.providers for old in p.former_ids}
        return former | {p.id: p.id for p in self.providers}

    @cached_property
    def default(self) -> str | None:
        """The id that legacy bare ids belong to: defaultProvider, else the first enabled provider."""
        if self.default_provider is not None:
            return self.default_provider
        return next((p.id for p in self.providers if p.enabled), None)

    def ref(self, text: str) -> ModelRef | None:
        """The ref that a text means; None only if it is bare and there is no default provider."""
        found = split(text, self.heads)
        if found is not None:
            return found
        return None if self.default is None else ModelRef(self.default, text)


class Fault(CamelValue):
    """A rule that a registry breaks: where (keys and indexes from the top) and what, in words."""

    path: tuple[str | int, ...]
    message: str


def faults(registry: Registry) -> list[Fault]:
    """The rules between entries: ids unique ignoring case (former ids too), the default provider exists."""
    found: list[Fault] = []
    seen: dict[str, str] = {}
    for index, provider in enumerate(registry.providers):
        if provider.id in seen:
            found.append(Fault(path=("providers", index, "id"), message=f"the id {provider.id} is used twice"))
        seen[provider.id] = provider.id
    for index, provider in enumerate(registry.providers):
        for number, old in enumerate(provider.former_ids):
            if seen.get(old, provider.id) != provider.id or old == provider.id:
                message = f"the former id {old} belongs to the provider {seen[old]}"
                found.append(Fault(path=("providers", index, "formerIds", number), message=message))
            seen.setdefault(old, provider.id)
    default = registry.default_provider
    if default is not None and default not in registry.by_id:
        known = ", ".join(registry.by_id) or "none"
        message = f"the default provider {default!r} does not exist (providers: {known})"
        found.append(Fault(path=("defaultProvider",), message=message))
    return found
