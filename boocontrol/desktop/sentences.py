"""Sentences that other rooms say, in the user's language: why a host is down, what went wrong, what an agent needs.

The gateway, the hosts' clients and the exporters speak English, as their logs and their API do. The sentences that
people meet here are listed with {holes} for what changes; one that is not listed is shown as it came.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from boocontrol.core.errors import BooError
from boocontrol.desktop.text import noop, tr

_HOLE: Final = re.compile(r"\\\{(\w+)\\\}")
_BETWEEN: Final = re.compile(r"(?<=[.!?])\s+(?=\S)")


def told(text: str) -> str:
    """One or more sentences in the user's language."""
    parts = _BETWEEN.split(text)
    found: list[str] = []
    at = 0
    while at < len(parts):
        # The shortest that is listed: one sentence, or two that are listed as one.
        ends = range(at + 1, len(parts) + 1)
        known = ((end, _translated(" ".join(parts[at:end]))) for end in ends)
        at, words = next(((end, words) for end, words in known if words is not None), (at + 1, parts[at]))
        found.append(words)
    return " ".join(found)


def told_error(error: BooError) -> BooError:
    """The same error, its words in the user's language."""
    error.title, error.advice = told(error.title), told(error.advice)
    return error


def _translated(sentence: str) -> str | None:
    template, values = _recognised(sentence)
    if template is None:
        return None
    words = tr(template)
    for name, value in values:
        words = words.replace("{" + name + "}", value)
    return words


@lru_cache(maxsize=512)
def _recognised(sentence: str) -> tuple[str | None, tuple[tuple[str, str], ...]]:
    if sentence in SENTENCES:
        return sentence, ()
    for template, pattern in _PATTERNS:
        match = pattern.fullmatch(sentence)
        if match:
            return template, tuple(match.groupdict().items())
    return None, ()


SENTENCES: Final = (
    noop("Slow: answers take {s} s."),
    noop("Paused by you."),
    noop("{id} is {state}: nothing is known of its memory."),
    noop("Loading {new} pushed out {old} before."),
    noop("Whether {new} and {old} may stand side by side is not told by the host."),
    noop("The host has not begun: it lets running requests end first."),
    noop("Cancelled by {who}."),
    noop("The host refuses the key."),
    noop("The host does not answer."),
    noop("There is no provider {id}."),
    noop("There is a provider {id} already."),
    noop("Providers: {known}."),
    noop("Choose another id, or edit that one."),
    noop("What is to be written changed since it was read."),
    noop("{path} changed since it was read."),
    noop("Read it again and repeat the change."),
    noop("Check the path, its permissions and the free space."),
    noop("Correct the file; until then the last good registry stays in force."),
    noop("The model {text} does not exist."),
    noop("The provider {id} is paused."),
    noop("There is no provider."),
    noop("Add a provider first."),
    noop("The keyring holds no key named {name}."),
    noop("The keyring failed ({error})."),
    noop("The environment variable {name}, which holds the key, is not set."),
    noop("{what} holds something else than a key."),
    noop("Look at the password service."),
    noop("Store the key again."),
    noop("This computer has no password store that can be used."),
    noop("Start one (such as GNOME Keyring or KWallet), or name an environment variable as the key's source."),
    noop("The keyring is locked."),
    noop("Unlock it (log in to the desktop) and try again."),
    noop("The keyring does not answer."),
    noop("Start the desktop's password service, or use an environment variable as the key's source."),
    noop("Set it for the gateway's process, or store the key in the keyring."),
    noop("Correct the value; nothing was changed."),
    noop("{scheme}:// is not spoken by model servers."),
    noop("The address {typed} has a part after ? or #."),
    noop("{typed} names no host."),
    noop("{typed} is not an address."),
    noop("The address is empty."),
    noop("Type the host and port of the server, such as 192.168.1.20:8080."),
    noop("Use http:// or https://."),
    noop("The address holds a user name or password."),
    noop("Leave it out and store the key as the provider's key."),
    noop("Leave that part out."),
    noop("Check the port and the brackets of an IPv6 address."),
    noop("{where} does not answer: the machine is off, asleep or not reachable from here."),
    noop("Check that it is on, the network or VPN, and its firewall."),
    noop("{where} takes connections but does not answer."),
    noop("The server there may hang: restart it."),
    noop("{where} closed the connection in the middle of its answer."),
    noop("Look at the server's log there."),
    noop("What answers at {where} does not speak HTTP."),
    noop("Check the port, and http:// against https://."),
    noop("{where} closed the connection without an HTTP answer."),
    noop("Check what listens there, and look at its log."),
    noop("A header of this provider holds characters that cannot be sent."),
    noop("Correct the provider's headers."),
    noop("{where} cannot be asked ({error})."),
    noop("Check the address."),
    noop("Enter the address itself. If a login page stands in front, let the gateway pass it without one."),
    noop("{where} redirects to nowhere."),
    noop("{where} redirects to {place}."),
    noop("{where} answers {words}: the server behind it is not ready."),
    noop("Look at that server, or at the proxy in front of it."),
    noop("Look at its log."),
    noop("{where} speaks no TLS that can be used."),
    noop("If it is a plain server, type http:// instead of https://."),
    noop("The name {name} is not known."),
    noop("Check the spelling, DNS and the VPN."),
    noop("Nothing listens at {where}."),
    noop("Start the server there, or check the port."),
    noop("{where} closed the connection at once."),
    noop("Check the port and what listens there."),
    noop("There is no way from here to {where}."),
    noop("Check the network and the VPN."),
    noop("The certificate of {where} has expired."),
    noop("Renew it there."),
    noop("The certificate of {where} is made out to another name."),
    noop("Use the name in the certificate as the address."),
    noop("The certificate of {where} is not trusted ({why})."),
    noop("Give the provider the certificate of its authority (caFile), or turn verifyTls off for it."),
    noop("Store the right key for this provider."),
    noop("The host needs a key."),
    noop("Store the key of this host."),
    noop("Check the rights of the key, or the proxy in front of the host."),
    noop("A web page answers at {where}, not a model server."),
    noop("Check the address, its port and its path."),
    noop("{where} speaks TLS."),
    noop("Type https:// instead of http://."),
    noop("What {where} answers is not JSON."),
    noop("Check what listens there."),
    noop("The certificate file {path} cannot be used."),
    noop("Name a PEM file that can be read."),
    noop("The stored key holds characters that cannot be sent."),
    noop("Store it anew."),
    noop("The password service does not answer."),
    noop("Look for its window: it may wait for you."),
    noop("What answers at {where} is no model server: it lists no models at /v1/models."),
    noop("Enter the address of the model server itself; its port is often 8080."),
    noop("The host has not begun: it lets running requests end first."),
    noop("The host answered, but the model is not in memory now."),
    noop("Cancelled by {who}."),
    noop("Understood as {url}."),
    noop("{host} is an address, no name to look up."),
    noop("{where} takes connections."),
    noop("This is {kind}."),
    noop("The provider {id} has this address already."),
    noop("Edit that one, unless you want the same host twice."),
    noop("Choose the kind {kind}."),
    noop("{count} models."),
    noop("No answer in time."),
    noop("The server may hang or be very slow."),
    noop("The host lists no models."),
    noop("Look at its configuration; it can be added all the same."),
    noop("Older than version 173, or not told."),
    noop("A newer llama-swap tells more: loading states, activity, figures."),
    noop("Not used: the address begins with http://."),
    noop("The host accepts the key."),
    noop("No key is needed."),
    noop("The host needs a key, and the stored one belongs to another address."),
    noop("Type the key to send it to this address."),
    noop("Type its key and test again."),
    noop("Check the key for missing characters, and that it is this host's."),
    noop("The list of models cannot be read."),
    noop("Look at the server's log."),
    noop("Such servers do not tell theirs."),
    noop("The wake-up packet cannot be sent: {why}."),
    noop("The provider {id} has no macAddress, so it cannot be woken."),
    noop("Add the address of its network card to its entry."),
    noop("The answer broke off."),
    noop("Ask again."),
    noop("What answers at {url} does not answer as a BooControl gateway does (status {status})."),
    noop("Check the address; a proxy may stand between."),
    noop("Bring the gateway and this program to the same version."),
    noop("The gateway at {url} cannot be reached."),
    noop("The gateway at {url} does not answer in time."),
    noop("Is it running? Start it with: boocontrol gateway"),
    noop("No gateway runs for {where}."),
    noop("The gateway for {where} runs no more, or does not answer at {url}."),
    noop("The gateway failed."),
    noop("Its log tells where; the request can be repeated."),
    noop("There is no such provider."),
    noop("The key is empty or holds characters that no HTTP header can carry."),
    noop("Copy it anew, on one line."),
    noop("Resume it first."),
    noop("How long it takes is not known yet."),
    noop("It pushes out {model}, as it did before."),
    noop("It may push out {model}: llama-swap does not tell which models may stand side by side."),
    noop("Wait for the end, or repeat with force."),
    noop("A small context in {models}: opencode's own prompt takes 7-8k tokens."),
    noop("Give the model 16k or more on its host."),
    noop("Context unknown for {models}: opencode will not compact in time."),
    noop("Load the model once, or set a context override for it."),
    noop("Favorites that are not available now: {models}."),
    noop("They come back with their host."),
    noop("Kept although the host is not there now: {models}."),
    noop("Your changes were kept in {models}."),
    noop("To have BooControl set it again, overrule your edits."),
    noop("Choose models, or mark some as favorites."),
    noop("No model is chosen, so opencode will offer none."),
    noop("Rename the model on its host."),
    noop("There is no write to undo."),
    noop("Look at the difference again, then write."),
    noop("four settings"),
    noop("start command"),
    noop("a terminal"),
    noop("lines for {file}"),
    noop("fields to fill in"),
)

_ONE_WORD: Final = frozenset({"where", "url", "host", "id", "place", "typed", "scheme", "name"})
"""Holes for addresses and names; "Nothing" is no address, but "Nothing else" would pass for one."""


def _hole(found: re.Match[str]) -> str:
    what = r"\S+?" if found[1] in _ONE_WORD else ".+?"
    return f"(?P<{found[1]}>{what})"


_PATTERNS: Final = tuple(
    (template, re.compile(_HOLE.sub(_hole, re.escape(template)), re.DOTALL))
    for template in SENTENCES
    if "{" in template
)
