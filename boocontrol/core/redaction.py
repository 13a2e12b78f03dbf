"""Keys taken out of text that others wrote: command lines, headers, variables, addresses. Pure.

Made for logs, which come in masses: every pattern takes time in proportion to the text, whatever the text is. What
looks like a key is taken out even where it may be none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

REDACTED: Final = "[redacted]"
# A known key shorter than this would take half the words out.
SHORTEST: Final = 6

_NAMES: Final = (
    r"api[-_]?keys?|hf[-_]?token|(?:auth|access|bearer|refresh|id)[-_]?token|client[-_]?secret|private[-_]?key"
)
_WORDS: Final = r"secret(?:[-_]?key)?|password|passwd|passphrase"
# Quotes may be escaped once more, as in JSON inside of a string.
_VALUE: Final = r"""(?:\\?"[^"\n\\]{0,4096}\\?"?|\\?'[^'\n\\]{0,4096}\\?'?|[^\s"'\\,;&]+)"""
_SPACE: Final = r"[^\S\n]"

# --api-key X, --hf-token=X, -hft X; a line may be continued after the flag.
_FLAG: Final = re.compile(
    rf"(?i)(?<![\w-])(--?(?:[a-z0-9]{{1,20}}[-_]){{0,3}}(?:{_NAMES}|{_WORDS}|token|hft)(?:=|{_SPACE}{{1,8}}(?:\\\n\s{{0,80}})?))(?!-)"
    rf"""(?:"[^"\n]*"?|'[^'\n]*'?|[^\s"',]+)"""
)
# "Authorization": ["Bearer X"], Authorization: Basic X
_HEADER: Final = re.compile(
    rf"""(?i)\b((?:proxy-)?authorization["'\\]{{0,2}}{_SPACE}{{0,4}}[:=]{_SPACE}{{0,4}}[\["'\\]{{0,4}}(?:(?:bearer|basic|digest|token|apikey){_SPACE}{{1,4}})?)"""
    r"""[^\s"'\\,;\]]+"""
)
_BEARER: Final = re.compile(rf"(?i)\b(bearer{_SPACE}{{1,4}})[a-z0-9._~+/=-]{{6,}}")
_COOKIE: Final = re.compile(
    rf"""(?i)\b((?:set-)?cookie["'\\]{{0,2}}{_SPACE}{{0,4}}:{_SPACE}{{0,4}}[\["'\\]{{0,4}})[^\n"'\]]+"""
)
# api_key: X, "x-api-key": "X", password = X
_PAIR: Final = re.compile(
    rf"""(?i)(?<![a-z0-9])((?:[a-z0-9]{{1,20}}[-_.]){{0,3}}(?:{_NAMES}|{_WORDS})["'\\]{{0,2}}{_SPACE}{{0,4}}[:=]{_SPACE}{{0,4}}\[?)(?!\[redacted){_VALUE}"""
)
# OPENAI_API_KEY=X, HF_TOKEN=X: names in capitals, as variables are. "EOS token = 2" is none.
_VARIABLE: Final = re.compile(
    rf"(?<![A-Za-z0-9_])([A-Z0-9_]{{0,60}}(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASS)=)(?!\[redacted){_VALUE}"
)
_QUERY: Final = re.compile(
    r"(?i)([?&](?:key|token|sig|signature|secret|password|api[-_]?key|access[-_]?token|auth)=)(?!\[redacted)[^\s&\"'#]+"
)
_USER_INFO: Final = re.compile(r"(?i)(?<![a-z0-9+.-])([a-z][a-z0-9+.-]{0,20}://)[^\s/@\"'<>?#]{1,400}@")
_KNOWN_SHAPES: Final = re.compile(
    r"(?<![A-Za-z0-9])(?:(?:sk|pk|rk|xai|gsk|nvapi|glpat|tskey)[-_][A-Za-z0-9_-]{8,}"
    r"|hf_[A-Za-z0-9]{8,}|gh[opusr]_[A-Za-z0-9]{16,}|github_pat_[A-Za-z0-9_]{16,}|xox[abeprs]-[A-Za-z0-9-]{8,}"
    r"|AKIA[0-9A-Z]{12,}|AIza[A-Za-z0-9_-]{20,}|eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)?)"
)
# Each pattern, and what must stand in a text (in small letters) for it to be worth a look: most of a log holds none.
_NAMED: Final = (
    (_HEADER, ("authorization",)),
    (_COOKIE, ("cookie",)),
    (_FLAG, ("key", "token", "secret", "pass", "-hft")),
    (_PAIR, ("key", "_token", "-token", "hftoken", "authtoken", "accesstoken", "idtoken", "secret", "pass")),
    (_VARIABLE, ("key=", "token=", "secret=", "passwd=", "password=", "pass=")),
    (_QUERY, ("?", "&")),
    (_BEARER, ("bearer",)),
)


def redact(text: str, keys: Iterable[str] = ()) -> str:
    """The text without what looks like a key or is one of `keys`."""
    for key in keys:
        if len(key) >= SHORTEST:
            text = text.replace(key, REDACTED)
    small = text.lower()
    for pattern, needed in _NAMED:
        if any(word in small for word in needed):
            text = pattern.sub(_keep_name, text)
    if "://" in small:
        text = _USER_INFO.sub(rf"\1{REDACTED}@", text)
    return _KNOWN_SHAPES.sub(REDACTED, text)


def _keep_name(found: re.Match[str]) -> str:
    return f"{found.group(1)}{REDACTED}"
