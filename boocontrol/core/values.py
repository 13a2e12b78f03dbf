"""The two bases of every value that crosses a file or a wire: frozen pydantic models, snake_case or camelCase.

A model is built when it is first used: all of them at import would be a third of what a program needs to start.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class Value(BaseModel):
    """A frozen value with snake_case keys. Unknown keys are ignored when read from another program."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)


class CamelValue(BaseModel):
    """A frozen value whose JSON keys are camelCase: registry and catalog, which TypeScript programs read too."""

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        defer_build=True,
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
    )


def plain(text: str) -> str:
    """The text without control characters: names and messages of hosts are data and go to terminals and pages."""
    return text if text.isprintable() else "".join(c for c in text if c.isprintable() or c == " ")


PlainText = Annotated[str, AfterValidator(plain)]
