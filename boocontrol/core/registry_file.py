"""Reading and writing llama-providers.json: the last good one stays in force, nothing of the user's is lost."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from boocontrol.core import jsontext
from boocontrol.core.errors import BadInput, BooError, RegistryError
from boocontrol.core.files import Stamp, backup, read_bytes, stamp_of, write_atomic
from boocontrol.core.paths import registry_path
from boocontrol.core.registry import Registry, faults
from boocontrol.core.urls import normalise_base_url

Document = dict[str, Any]
Source = Literal["file", "environment", "empty"]


@dataclass(frozen=True)
class LoadedRegistry:
    """What is in force and where it came from. With `error`, the file is broken and `registry` is the last good one."""

    registry: Registry
    path: Path
    stamp: Stamp
    source: Source
    error: RegistryError | None = None
    text: str | None = None

    def document(self) -> Document:
        """The registry as JSON keys and values, unknown keys included and in order: what an edit starts from."""
        if self.text is not None:
            document: Document = json.loads(self.text)
            return document
        return self.registry.model_dump(mode="json", by_alias=True, exclude_unset=True)


def load_registry(
    path: Path | str | None = None,
    environ: Mapping[str, str] = os.environ,
    previous: LoadedRegistry | None = None,
) -> LoadedRegistry:
    """Read the registry. Never raises for a missing or broken file.

    Absent: providers synthesised from `LLAMA_SWAP_URL`, `LLAMA_SIDECAR_URL` and `DEEPSEEK_API_KEY`, else empty.
    Broken: `previous` stays in force (at first start an empty registry), with `error` set.
    """
    where = Path(path) if path is not None else registry_path(environ)
    last = previous.registry if previous else Registry()
    try:
        data = read_bytes(where)
    except BooError as e:
        error = RegistryError(e.title, e.advice, path=str(where))
        return LoadedRegistry(last, where, Stamp("unreadable"), "file", error)
    if data is None:
        return _from_environment(where, environ)
    try:
        registry = parse_registry(data, str(where))
    except RegistryError as e:
        return LoadedRegistry(last, where, stamp_of(data), "file", e, previous.text if previous else None)
    return LoadedRegistry(registry, where, stamp_of(data), "file", text=data.decode("utf-8-sig"))


def parse_registry(data: bytes, path: str = "llama-providers.json") -> Registry:
    """The registry in a file's bytes. Raises RegistryError with line, column, field and what is wrong in words."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as e:
        line = data.count(b"\n", 0, e.start) + 1
        title = f"{path} is not UTF-8 text (line {line})."
        raise RegistryError(title, "Save it as UTF-8.", path=path, line=line) from None
    try:
        node = jsontext.scan(text)
    except jsontext.JsonTextError as e:
        raise _broken(path, text, e.offset, None, e.message) from None
    _refuse_duplicate_keys(node, text, path)
    try:
        registry = Registry.model_validate_json(text, strict=True)
    except ValidationError as e:
        raise _from_validation(e, node, text, path) from None
    for fault in faults(registry):
        raise _at(fault.path, fault.message, node, text, path)
    return registry


def save_registry(loaded: LoadedRegistry, document: Document) -> LoadedRegistry:
    """Write an edited document atomically and return what is in force now.

    Raises RegistryError when the document breaks a rule or the file on disk does not parse, and Stale when the file
    changed since `loaded` was read; in each case nothing is written.
    """
    if loaded.error is not None:
        raise loaded.error
    data = render(document)
    registry = parse_registry(data, "the new registry")
    stamp = write_atomic(loaded.path, data, expect=loaded.stamp)
    return LoadedRegistry(registry, loaded.path, stamp, "file", text=data.decode())


def replace_registry(loaded: LoadedRegistry, document: Document) -> LoadedRegistry:
    """Replace the file whatever it holds, at the user's explicit wish; a backup of what was there is kept."""
    data = render(document)
    registry = parse_registry(data, "the new registry")
    backup(loaded.path)
    return LoadedRegistry(registry, loaded.path, write_atomic(loaded.path, data), "file", text=data.decode())


def render(document: Document) -> bytes:
    """The document as the file's bytes."""
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()


def _from_environment(path: Path, environ: Mapping[str, str]) -> LoadedRegistry:
    providers: list[Document] = []
    error = None
    try:
        providers += _legacy(environ)
    except BadInput as e:
        error = RegistryError(f"LLAMA_SWAP_URL or LLAMA_SIDECAR_URL: {e.title}", e.advice, path=str(path))
    if environ.get("DEEPSEEK_API_KEY", "").strip():
        providers.append(_DEEPSEEK)
    registry = Registry.model_validate_json(json.dumps({"providers": providers}), strict=True)
    source: Source = "environment" if providers else "empty"
    return LoadedRegistry(registry, path, stamp_of(None), source, error)


_DEEPSEEK: Document = {
    "id": "deepseek",
    "label": "DeepSeek",
    "baseUrl": "https://api.deepseek.com",
    "kind": "openai",
    "location": "cloud",
    "apiKey": {"env": "DEEPSEEK_API_KEY"},
}


def _legacy(environ: Mapping[str, str]) -> list[Document]:
    url = environ.get("LLAMA_SWAP_URL", "").strip()
    if not url:
        return []
    entry: Document = {"id": "llama-swap", "baseUrl": normalise_base_url(url)}
    sidecar = environ.get("LLAMA_SIDECAR_URL", "").strip()
    if sidecar:
        entry["sidecarUrl"] = normalise_base_url(sidecar)
    return [entry]


def _refuse_duplicate_keys(node: jsontext.Node, text: str, path: str) -> None:
    """The same key twice in one object: one of the two would be lost without a word."""
    keys: set[str] = set()
    for member in node.members:
        if member.key in keys:
            raise _broken(path, text, member.key_start, member.key, f"the key {member.key!r} stands here twice")
        keys.add(member.key)
        _refuse_duplicate_keys(member.value, text, path)
    for item in node.items:
        _refuse_duplicate_keys(item, text, path)


def _from_validation(error: ValidationError, node: jsontext.Node, text: str, path: str) -> RegistryError:
    details = error.errors(include_url=False, include_input=False, include_context=False)
    first = next((d for d in details if d["type"] != "default_factory_not_called"), details[0])
    loc = [p for p in first["loc"] if isinstance(p, (str, int))]
    message = "is missing" if first["type"] == "missing" else first["msg"][:1].lower() + first["msg"][1:]
    return _at(loc, message, node, text, path)


def _at(loc: Sequence[str | int], message: str, node: jsontext.Node, text: str, path: str) -> RegistryError:
    place = jsontext.deepest(node, loc)
    return _broken(path, text, place.start, _field(loc), message)


def _field(loc: Sequence[str | int]) -> str:
    return "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in loc).lstrip(".")


def _broken(path: str, text: str, offset: int, field: str | None, message: str) -> RegistryError:
    line, column = jsontext.line_column(text, offset)
    subject = f"{field}: " if field else ""
    title = f"{path}, line {line}, column {column}: {subject}{message.rstrip('.')}."
    advice = "Correct the file; until then the last good registry stays in force."
    return RegistryError(title, advice, path=path, line=line, column=column, field=field)
