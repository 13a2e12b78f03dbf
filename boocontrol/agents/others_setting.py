"""What a snippet or a file for another agent is filled with, and the quoting of each language it may be written in."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from boocontrol.agents.keys import EnvKey, FileKey, KeySource, shown_path
from boocontrol.agents.offers import Offer
from boocontrol.core.errors import BadInput
from boocontrol.core.urls import normalise_base_url

KEY_ENV = "BOOCONTROL_API_KEY"
# Several agents act on these wherever they stand in a string of their file: variables, commands.
_ACTIVE = "$`"


@dataclass(frozen=True, slots=True)
class Setting:
    """The gateway, the key and the models for one agent. `small` is for titles and the like, else `model` is used."""

    gateway_url: str
    model: str
    home: Path
    key: KeySource | None = EnvKey()
    small: str | None = None
    offers: Sequence[Offer] = ()

    @property
    def root_url(self) -> str:
        """The address without /v1."""
        return normalise_base_url(self.gateway_url)

    @property
    def base_url(self) -> str:
        """The address with /v1."""
        return f"{self.root_url}/v1"

    @property
    def key_env(self) -> str:
        """The variable that holds the key, for agents that can only read one."""
        return self.key.name if isinstance(self.key, EnvKey) else KEY_ENV

    @property
    def models(self) -> list[Offer]:
        """The models that a file may name as they are."""
        return [offer for offer in self.offers if not any(c in offer.ref for c in _ACTIVE)]

    def command(self, none: str = "echo boocontrol") -> str:
        """A shell command that prints the key; it names no folder of this machine outside the home folder's own."""
        if isinstance(self.key, FileKey):
            return f"cat {home_quoted(shown_path(self.key.path, self.home))}"
        return none if self.key is None else f"printenv {self.key.name}"


class Quoted(str):
    """A text that a template writes as `{model:sh}`, `:json`, `:py` or, without a word, as it is."""

    __slots__ = ()

    def __format__(self, word: str) -> str:
        if word == "sh":
            return shlex.quote(str(self))
        if word == "json":  # TOML and YAML read a JSON string too
            return json.dumps(str(self), ensure_ascii=False)
        if word == "sjson":  # JSON between the single quotes of a shell
            return json.dumps(str(self)).replace("'", "\\u0027")
        return repr(str(self)) if word == "py" else str(self)


def filled(template: str, setting: Setting) -> str:
    """A template of the table with this setting."""
    context = next((o.context for o in setting.offers if o.ref == setting.model), None)
    return template.format(
        base=Quoted(setting.base_url),
        root=Quoted(setting.root_url),
        env=Quoted(setting.key_env),
        model=Quoted(setting.model),
        small=Quoted(setting.small or setting.model),
        aider=Quoted(f"openai/{setting.model}"),
        context=Quoted(str(context) if context else "as the Models page says"),
    )


def home_quoted(path: str) -> str:
    """A path for a POSIX shell; `~/` becomes `$HOME`, since a quoted `~` is not expanded."""
    if any(c in path for c in '"$`\\') or not path.isprintable():
        raise BadInput(f"The key's path {path!r} cannot be written into a command.", "Keep the key elsewhere.")
    return f'"$HOME/{path[2:]}"' if path.startswith("~/") else f'"{path}"'
