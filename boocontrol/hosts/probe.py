"""The staged test of an address before it is saved: each stage says what was seen, how long it took and the remedy."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Literal, get_args
from urllib.parse import urlsplit

import httpcore
import httpx
from pydantic import SecretStr

from boocontrol.core.api import ProbeRequest, ProbeResult, ProbeStage, Stage
from boocontrol.core.errors import BooError, Unreachable
from boocontrol.core.registry import Kind, Provider, Registry
from boocontrol.core.urls import normalise_base_url, origin
from boocontrol.hosts.dial import Dialer, addresses, is_literal
from boocontrol.hosts.errors import HostRefused, place, translate
from boocontrol.hosts.http import CONNECT_S, Answer, HostHttp, TlsContexts, sendable
from boocontrol.hosts.recognise import Replies, Reply, explain, inventory_of, kind_of
from boocontrol.hosts.records import read_version

WITHIN_S: Final = 8.0
STAGES: Final[tuple[Stage, ...]] = get_args(Stage)
KIND_WORDS: Final[dict[Kind, str]] = {"llama-swap": "llama-swap", "openai": "an OpenAI-compatible server"}


async def probe(
    request: ProbeRequest, key: SecretStr | None, registry: Registry, *, within: float = WITHIN_S
) -> ProbeResult:
    """Try an address stage by stage. Never raises for what it finds.

    `key` is the one to send: what was typed, or the stored key of `request.provider`, which goes to that
    provider's own origin only.
    """
    run = _Probe(request, key, registry)
    try:
        async with asyncio.timeout(within):
            await run.go()
    except _Stop:
        pass
    except TimeoutError:
        run.give_up()
    finally:
        await run.aclose()
    return run.result()


class _Stop(Exception):
    """A stage failed: the ones after it are skipped."""


@dataclass
class _Note:
    detail: str = ""
    advice: str = ""
    outcome: Literal["ok", "warning", "skipped"] = "ok"


class _Probe:
    """One probe on its way."""

    def __init__(self, request: ProbeRequest, key: SecretStr | None, registry: Registry) -> None:
        self._request = request
        self._key = key
        self._registry = registry
        self._stages: list[ProbeStage] = []
        self._current: tuple[Stage, float] = ("address", time.perf_counter())
        self._http: HostHttp | None = None
        self._stream: httpcore.AsyncNetworkStream | None = None
        self._base_url = ""
        self._kind: Kind | None = None
        self._version: str | None = None
        self._models: tuple[str, ...] = ()
        self._withheld = False
        self._bad_key: HostRefused | None = None
        try:
            sendable(key or SecretStr(""))
        except HostRefused as e:
            self._bad_key, self._key = e, None

    async def go(self) -> None:
        """All stages. Raises _Stop after the one that failed."""
        with self._stage("address") as note:
            self._address(note)
        with self._stage("resolve") as note:
            await self._resolve(note)
        with self._stage("connect") as note:
            await self._connect(note)
        with self._stage("tls") as note:
            await self._tls(note)
        with self._stage("kind") as note:
            replies = await self._recognise(note)
        with self._stage("key") as note:
            self._judge_key(replies, note)
        with self._stage("models") as note:
            self._judge_models(replies, note)
        with self._stage("version") as note:
            self._judge_version(replies, note)

    def give_up(self) -> None:
        """The time is over: the stage that was on its way failed."""
        stage, started = self._current
        self._add(stage, "failed", "No answer in time.", "The server may hang or be very slow.", started)

    async def aclose(self) -> None:
        """Close what was opened."""
        if self._stream is not None:
            await self._stream.aclose()
        if self._http is not None:
            await self._http.aclose()

    def result(self) -> ProbeResult:
        """What was found, the stages that were not reached as skipped."""
        reached = {s.stage for s in self._stages}
        rest = tuple(ProbeStage(stage=s, outcome="skipped") for s in STAGES if s not in reached)
        return ProbeResult(
            ok=self._kind is not None and all(s.outcome in ("ok", "skipped") for s in self._stages),
            base_url=self._base_url or None,
            kind=self._kind,
            version=self._version,
            models=self._models,
            stages=(*self._stages, *rest),
            duplicate_of=self._duplicate(),
        )

    @contextmanager
    def _stage(self, stage: Stage) -> Iterator[_Note]:
        started = time.perf_counter()
        self._current = (stage, started)
        note = _Note()
        try:
            yield note
        except BooError as e:
            self._add(stage, "failed", e.title, e.advice, started)
            raise _Stop from e
        self._add(stage, note.outcome, note.detail, note.advice, started)

    def _add(
        self,
        stage: Stage,
        outcome: Literal["ok", "failed", "skipped", "warning"],
        detail: str,
        advice: str,
        started: float,
    ) -> None:
        ms = round((time.perf_counter() - started) * 1000, 1)
        self._stages.append(ProbeStage(stage=stage, outcome=outcome, detail=detail, advice=advice, ms=ms))

    def _duplicate(self) -> str | None:
        same = (p.id for p in self._registry if p.base_url == self._base_url and p.id != self._request.provider)
        return next(same, None) if self._base_url else None

    def _address(self, note: _Note) -> None:
        self._base_url = normalise_base_url(self._request.base_url)
        note.detail = f"Understood as {self._base_url}."
        if (same := self._duplicate()) is not None:
            note.outcome = "warning"
            note.detail = f"The provider {same} has this address already."
            note.advice = "Edit that one, unless you want the same host twice."
        stored = self._registry.by_id.get(self._request.provider or "")
        if self._request.key is None and (stored is None or origin(stored.base_url) != origin(self._base_url)):
            # A stored key belongs to one origin; a changed address must not lure it away.
            self._withheld = self._key is not None
            self._key = None

    async def _resolve(self, note: _Note) -> None:
        host = urlsplit(self._base_url).hostname or ""
        if is_literal(host):
            note.detail = f"{host} is an address, no name to look up."
            return
        try:
            found = await asyncio.wait_for(addresses(host), 4.0)
        except (socket.gaierror, TimeoutError):
            raise Unreachable(
                f"The name {host} is not known.", "Check the spelling, DNS and the VPN.", code="name_unknown"
            ) from None
        note.detail = f"{host} is {', '.join(found)}."

    async def _connect(self, note: _Note) -> None:
        _, host, port = origin(self._base_url)
        try:
            self._stream = await Dialer().connect_tcp(host, port, timeout=CONNECT_S)
        except (httpcore.ConnectError, httpcore.ConnectTimeout) as e:
            raise _in_words(e, self._base_url) from e
        note.detail = f"{place(self._base_url)} takes connections."

    async def _tls(self, note: _Note) -> None:
        """Also opens the HTTP connection, which needs the same settings."""
        parts = urlsplit(self._base_url)
        verify, ca_file = self._request.verify_tls, self._request.ca_file
        contexts = TlsContexts()
        stored = self._registry.by_id.get(self._request.provider or "")
        headers = stored.headers if stored and origin(stored.base_url) == origin(self._base_url) else {}
        target = Provider(id="probe", base_url=self._base_url, verify_tls=verify, ca_file=ca_file, headers=headers)
        self._http = HostHttp(target, contexts, self._key)
        if parts.scheme != "https":
            note.outcome, note.detail = "skipped", "Not used: the address begins with http://."
            return
        assert self._stream is not None
        context = contexts.of(self._base_url, verify=verify, ca_file=ca_file)
        try:
            self._stream = await self._stream.start_tls(context, parts.hostname, timeout=3.0)
        except (httpcore.ConnectError, httpcore.ConnectTimeout) as e:
            raise _in_words(e, self._base_url) from e
        note.detail = "The connection is encrypted" + (" and trusted." if verify else ", the certificate not checked.")

    async def _recognise(self, note: _Note) -> Replies:
        assert self._http is not None
        http = self._http
        paths = ("/running", "/api/version", "/v1/models", "/health")
        replies = Replies(*await asyncio.gather(*(_ask(http, path) for path in paths)))
        self._kind = kind_of(replies)
        if self._kind is None:
            raise await explain(replies, http)
        note.detail = f"This is {KIND_WORDS[self._kind]}."
        if self._request.kind is not None and self._request.kind != self._kind:
            note.outcome = "warning"
            note.advice = f"Choose the kind {self._kind}."
        return replies

    def _judge_key(self, replies: Replies, note: _Note) -> None:
        refused = replies.refused
        if self._bad_key is not None:
            raise self._bad_key
        if refused is None:
            note.detail = "The host accepts the key." if self._key else "No key is needed."
        elif self._withheld:
            title = "The host needs a key, and the stored one belongs to another address."
            raise HostRefused(title, "Type the key to send it to this address.")
        elif self._key is None:
            raise HostRefused("The host needs a key.", "Type its key and test again.")
        else:
            raise HostRefused(refused.title, "Check the key for missing characters, and that it is this host's.")

    def _judge_models(self, replies: Replies, note: _Note) -> None:
        found = inventory_of(replies.models)
        if found is None:
            if isinstance(replies.models, BooError):
                raise replies.models
            replies.models.check().json()
            raise Unreachable("The list of models cannot be read.", "Look at the server's log.", code="bad_answer")
        self._models = tuple(m.wire_id for m in found.models)
        count = len(self._models)
        note.detail = "1 model." if count == 1 else f"{count} models."
        if not count:
            note.outcome = "warning"
            note.detail = "The host lists no models."
            note.advice = "Look at its configuration; it can be added all the same."

    def _judge_version(self, replies: Replies, note: _Note) -> None:
        if self._kind == "openai":
            note.outcome, note.detail = "skipped", "Such servers do not tell theirs."
            return
        if isinstance(replies.version, Answer) and replies.version.status == 200:
            self._version = read_version(replies.version.json())
        note.detail = f"llama-swap {self._version}." if self._version else "Older than version 173, or not told."
        note.advice = "" if self._version else "A newer llama-swap tells more: loading states, activity, figures."


async def _ask(http: HostHttp, path: str) -> Reply:
    try:
        return await http.get(path)
    except BooError as e:
        return e


def _in_words(error: Exception, url: str) -> BooError:
    """An error from below httpx, told in the same words."""
    kind = httpx.ConnectTimeout if isinstance(error, httpcore.ConnectTimeout) else httpx.ConnectError
    shown = kind(str(error))
    shown.__cause__ = error
    return translate(shown, url)
