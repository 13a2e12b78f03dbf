"""What can go wrong, in words: a title (what happened) and advice (what to do).

Few classes, one for each thing that somebody catches. Foreign exceptions become one of these once, at the
edge where they arise. A `code` is the stable word that programs compare.
"""

from __future__ import annotations


class BooError(Exception):
    """Something a person must be told: `title` says what happened, `advice` what to do, `code` names it."""

    code = "failed"

    def __init__(self, title: str, advice: str = "", *, code: str | None = None, param: str | None = None) -> None:
        super().__init__(title)
        self.title = title
        self.advice = advice
        self.param = param
        if code is not None:
            self.code = code

    def __str__(self) -> str:
        return f"{self.title} {self.advice}".strip()


class Refusal(BooError):
    """The resolver's no: the ref leads nowhere. Codes: model_not_found, provider_paused, no_providers, no_sidecar."""

    code = "model_not_found"


class BadInput(BooError):
    """Input that a person typed or a program sent and that cannot be used; `param` names the field."""

    code = "bad_input"


class RegistryError(BooError):
    """llama-providers.json cannot be used. `line` and `column` are 1-based, None when the place is unknown."""

    code = "registry_broken"

    def __init__(
        self,
        title: str,
        advice: str = "",
        *,
        path: str = "",
        line: int | None = None,
        column: int | None = None,
        field: str | None = None,
    ) -> None:
        super().__init__(title, advice, param=field)
        self.path = path
        self.line = line
        self.column = column
        self.field = field


class Stale(BooError):
    """The thing changed since it was read; nothing was written. Read again, apply again."""

    code = "changed_meanwhile"


class SecretError(BooError):
    """A key cannot be read or written. Codes: key_missing, keyring_missing, keyring_locked, keyring_failed."""

    code = "key_missing"


class Unreachable(BooError):
    """Nobody answers at an address, or what answers is not what was expected there."""

    code = "unreachable"
