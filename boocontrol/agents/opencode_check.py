"""The last look at a text before it becomes opencode's file: what would stop opencode from starting, or loop it."""

from __future__ import annotations

from boocontrol.agents.opencode_models import MODELS, OPTIONS, PROVIDER
from boocontrol.agents.plan import BrokenFile, duplicates, parse
from boocontrol.core.jsontext import JsonTextError, Node, locate, value

_NAME = "opencode's file, as it would become,"


def check_result(text: str) -> None:
    """Raises BrokenFile when the text must not be written."""
    root = parse(text, _NAME)
    provider, options, models = (locate(root, path) for path in (PROVIDER, OPTIONS, MODELS))
    if provider is None or options is None or locate(options, ("baseURL",)) is None:
        raise _bad("provider.boocontrol has no options.baseURL", text, provider or root)
    parents = [root, locate(root, PROVIDER[:1]), provider, options, models]
    for node in parents:
        for error in duplicates(text, node) if node else ():
            raise BrokenFile.of(_NAME, error)
    for member in models.members if models else ():
        limit = locate(member.value, ("limit",))
        if limit is not None:
            _check_limit(text, member.key, limit)


def _check_limit(text: str, ref: str, node: Node) -> None:
    limit = value(text, node)
    context = limit.get("context") if isinstance(limit, dict) else None
    output = limit.get("output") if isinstance(limit, dict) else None
    if type(context) is not int or type(output) is not int:
        raise _bad(f"the limit of {ref} needs both context and output, else opencode does not start", text, node)
    if not 0 < output < context:
        what = f"the output limit of {ref} must be above 0 and below its context, else opencode compacts for ever"
        raise _bad(what, text, node)


def _bad(what: str, text: str, node: Node) -> BrokenFile:
    return BrokenFile.of(_NAME, JsonTextError(what, text, node.start))
