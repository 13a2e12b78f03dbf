"""Logs of hosts that write what they please, and readers of everything."""

from __future__ import annotations

from typing import Any

from boocontrol.core.api import Host, LoadedModel
from boocontrol.gateway.log_session import LogSession
from boocontrol.gateway.logs import MOST_MODELS, LogHub
from boocontrol.hosts.logs import LONGEST_LINE, LineCutter, Lines
from tests.gateway.test_logs import Reader, den, place


class Rotating:
    """A host that names other models each time it is looked at."""

    def __init__(self) -> None:
        self.number = 0

    def host(self, provider_id: str) -> Host:
        names = [f"m{self.number + n}" for n in range(100)]
        loaded = tuple(LoadedModel(ref=f"{provider_id}/{name}", state="ready") for name in names)
        return Host(
            id=provider_id,
            label="den",
            kind="llama-swap",
            location="local",
            enabled=True,
            often_off=False,
            base_url="http://127.0.0.1:9",
            state="checking",
            models=100,
            loaded=loaded,
        )

    def client(self, provider_id: str) -> Any:
        raise AssertionError("it is not looked at yet")


async def test_a_host_that_names_ever_more_models_is_followed_over_a_few_connections() -> None:
    host = Rotating()
    hub = LogHub(host)
    reader = hub.stream("den")
    await anext(reader)
    for host.number in range(0, 2000, 100):
        hub.noticed("den")
        assert hub.followed <= MOST_MODELS + 1
    (session,) = hub._sessions
    assert isinstance(session, LogSession) and session.feeds.keys() == {key for _, key in hub._feeds}
    assert ("model", "m1900") in session.feeds
    await reader.aclose()  # type: ignore[attr-defined]
    assert hub.followed == 0
    await hub.stop()


async def test_lines_of_any_kind_reach_a_reader_as_text() -> None:
    bomb = "\x1b]0;title\x07\x1b[2J\x1b[999;999H\x1bP" + "x" * 200 + "\x1b\\\x9b31m\u202eevil\r\n"
    async with place(den=den()) as p:
        reader = await Reader(p.hub.stream("den", "proxy")).live()
        logs = p["den"].state.logs
        logs.info(bomb + "y" * 200_000)
        logs.info("after it")
        await reader.until(lambda r: "after it" in r.text)
        await reader.close()
    assert not [c for c in reader.text if not c.isprintable() and c not in "\n\t\x1b"]
    assert "\x1b]" not in reader.text and "\x1b[2J" not in reader.text
    assert max(map(len, reader.text.split("\n"))) <= LONGEST_LINE


def test_a_megabyte_of_anything_is_cut_into_bounded_lines() -> None:
    pieces = (b"\xff\xfe\x80" * 30_000, b"\x1b[" * 60_000, b"\r" * 90_000, b"\0\n" * 40_000, b"\xe2\x80\xae" * 30_000)
    cutter = LineCutter()
    for piece in pieces:
        for part in (piece[:1], piece[1:], b"\n"):
            for item in cutter.feed(part):
                assert not isinstance(item, Lines) or len(item.text) <= LONGEST_LINE * 2
    assert len(cutter._rest) <= LONGEST_LINE
