"""Which coding agent asks, told from what it calls itself. A guess by name, for showing and filtering only."""

from __future__ import annotations

import re
from typing import Final

# The ids are those of the room `agents`. What stands earlier wins: several speak through the same libraries.
_NAMES: Final = {
    "opencode": r"opencode",
    "claude-code": r"claude-(cli|code)",
    "codex": r"codex",
    "qwen-code": r"qwen-?code",
    "gemini-cli": r"gemini-?cli",
    "roo-code": r"roo-?(code|cline)",
    "kilo-code": r"kilo-?code",
    "cline": r"cline",
    "aider": r"aider",
    "zed": r"zed",
    "crush": r"crush",
    "goose": r"goose",
    "continue": r"continue",
    "pi": r"pi",
    "open-webui": r"open-?webui",
}
_KNOWN: Final = re.compile(
    "|".join(rf"(?P<g{n}>\b{words}\b)" for n, words in enumerate(_NAMES.values())), re.IGNORECASE
)
_IDS: Final = tuple(_NAMES)


def agent_of(client: str) -> str:
    """The agent's id; empty when it is none that is known."""
    # Names of products come first in a User-Agent; what follows a slash is a version.
    found = _KNOWN.search(re.sub(r"/\S*", " ", client))
    return "" if found is None or found.lastgroup is None else _IDS[int(found.lastgroup[1:])]
