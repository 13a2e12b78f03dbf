"""How long a model's context is: where the number stands and which place wins. Tokens throughout."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from boocontrol.core.catalog import ContextSource

Length = tuple[int, ContextSource]

_FLAG: Final = re.compile(r"""(?:^|[\s"'])(?:-c|--ctx-size)(?:\s+|=)["']?(\d{1,9})(?=["'\s\\]|$)""")
_METADATA: Final = ("n_ctx", "context_length", "context")
# Other OpenAI-compatible servers: vLLM, LM Studio, clouds.
_PLAIN: Final = ("context_length", "max_model_len", "loaded_context_length")


def of_record(record: Mapping[str, Any]) -> Length | None:
    """The context that a `/v1/models` record states."""
    for key in _PLAIN:
        if (length := number(record.get(key))) is not None:
            return length, "context_length"
    meta = record.get("meta")
    if not isinstance(meta, dict):
        return None
    if (length := number(meta.get("n_ctx"))) is not None:
        return length, "meta"
    own = meta.get("llamaswap")
    if not isinstance(own, dict):
        return None
    for key in _METADATA:
        if (length := number(own.get(key))) is not None:
            return length, "metadata"
    return None


def of_command(cmd: str) -> int | None:
    """The number after -c or --ctx-size in a command line, the last one as llama-server takes it; 0 says nothing."""
    found = _FLAG.findall(cmd)
    return (int(found[-1]) or None) if found else None


def of_props(props: Any) -> int | None:
    """The context of one slot in llama-server's `/props`."""
    if not isinstance(props, dict):
        return None
    settings = props.get("default_generation_settings")
    inner = number(settings.get("n_ctx")) if isinstance(settings, dict) else None
    return inner if inner is not None else number(props.get("n_ctx"))


def number(value: Any) -> int | None:
    """A length as hosts write it: a positive whole number, also as text or with .0 in hand-written metadata."""
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit() and len(value.strip()) < 10:
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 < value < 10**9 else None
