"""Which notifications a person gets. Rules over host states with the time as an argument; sends nothing itself.

Down after 3 failures and up after 2 successes are in the states already (core/health). The rules here: none for the
first state of a host, none within 30 s after a wake, none for a host marked often off; all hosts down at once are
one "offline"; what comes within 10 s is one; one per host per 15 min; a host that flaps is told of once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from boocontrol.core.api import Host
from boocontrol.core.health import HostState
from boocontrol.desktop.text import tr as _tr

Kind = Literal["down", "up", "needs_key", "offline", "flapping", "registry", "gateway", "load_failed", "slow"]

GROUP_S: Final = 10.0
QUIET_HOST_S: Final = 900.0
AFTER_WAKE_S: Final = 30.0
GAP_S: Final = 60.0
FLAPS: Final = 4
FLAP_WINDOW_S: Final = 900.0
ALL_MEANS: Final = 2


@dataclass(frozen=True, slots=True)
class Notification:
    """What is said. A click opens `host`, or `page` when there is no single host."""

    kind: Kind
    title: str
    text: str = ""
    host: str = ""
    page: str = "fleet"


@dataclass(frozen=True, slots=True)
class News:
    """A change of one host that is worth telling."""

    kind: Kind
    host: str
    label: str
    reason: str = ""
    loaded: int = 0
    away_s: float = 0.0
    model: str = ""


@dataclass(slots=True)
class _Watched:
    state: HostState
    bad_since: float | None = None
    told_at: float = float("-inf")
    told_down: bool = False
    flapping: bool = False
    turns: deque[float] = field(default_factory=lambda: deque(maxlen=FLAPS))


class Alerts:
    """Feed it the hosts (`watch`) and the time (`due`); it answers with what to say now.

    `wanted` tells whether a kind is switched on, `muted` whether a host is switched off. Times are in seconds of a
    clock that goes on while the computer sleeps, so that a gap between two calls shows a wake.
    """

    def __init__(
        self,
        wanted: Callable[[Kind], bool] = lambda kind: True,
        muted: Callable[[str], bool] = lambda host: False,
    ) -> None:
        self._wanted = wanted
        self._muted = muted
        self._hosts: dict[str, _Watched] = {}
        self._waiting: list[News] = []
        self._of_models: list[News] = []
        self._models_told: dict[str, float] = {}
        self._since = 0.0
        self._quiet_until = float("-inf")
        self._snoozed_until = float("-inf")
        self._seen_at: float | None = None
        self._offline = False
        self._others: dict[Kind, str] = {}

    @property
    def snoozed_until(self) -> float | None:
        """When a snooze ends, None when there is none."""
        return self._snoozed_until if self._snoozed_until > float("-inf") else None

    def snooze(self, until: float | None) -> None:
        """Say nothing until then; None says things again."""
        self._snoozed_until = float("-inf") if until is None else until
        self._waiting.clear()
        self._of_models.clear()

    def tick(self, now: float) -> bool:
        """Note that time passes; True when the computer slept since the last call."""
        woke = self._seen_at is not None and now - self._seen_at > GAP_S
        self._seen_at = now
        if woke:
            self._quiet_until = now + AFTER_WAKE_S
            self._waiting.clear()
            self._of_models.clear()
        if self._snoozed_until <= now:
            self._snoozed_until = float("-inf")
        return woke

    def watch(self, hosts: Iterable[Host], now: float) -> None:
        """These are the hosts now; what changed waits to be told together."""
        self.tick(now)
        hosts = tuple(hosts)
        known = {host.id for host in hosts}
        for gone in set(self._hosts) - known:
            del self._hosts[gone]
        for host in hosts:
            self._look(host, now)

    def model(self, kind: Kind, host: Host, model: str, words: str, now: float) -> None:
        """A load failed, or a model became slow; it waits to be told with what else comes then."""
        self.tick(now)
        if not host.often_off and now >= self._quiet_until:
            if not self._waiting and not self._of_models:
                self._since = now
            self._of_models.append(News(kind, host.id, host.label, words, model=model))

    def other(self, kind: Kind, problem: str, now: float) -> Notification | None:
        """A broken registry file or a gateway that ended: told when it begins, or when it is another one."""
        self.tick(now)
        before = self._others.get(kind, "")
        self._others[kind] = problem
        if not problem or problem == before or not self._may(now) or not self._wanted(kind):
            return None
        titles: Mapping[Kind, str] = {
            "registry": _tr("The list of hosts has a fault"),
            "gateway": _tr("The gateway stopped"),
        }
        return Notification(kind, titles.get(kind, ""), problem, page="gateway" if kind == "gateway" else "fleet")

    def due(self, now: float) -> list[Notification]:
        """What is to be told now: what waited for 10 s, as one."""
        self.tick(now)
        if not (self._waiting or self._of_models) or now - self._since < GROUP_S:
            return []
        news, self._waiting = self._waiting, []
        models, self._of_models = self._of_models, []
        if not self._may(now):
            return []
        return [*self._told(self._still_true(news), now), *self._told_of_models(models, now)]

    def next_due(self) -> float | None:
        """When `due` should be asked again, None when nothing waits."""
        return self._since + GROUP_S if self._waiting or self._of_models else None

    def _may(self, now: float) -> bool:
        return now >= self._quiet_until and now >= self._snoozed_until

    def _look(self, host: Host, now: float) -> None:
        before = self._hosts.get(host.id)
        if before is None:
            self._hosts[host.id] = _Watched(host.state, now if _bad(host.state) else None)
            return
        if host.state == "checking":
            # A look in between says nothing: the state before it stays the one to compare with.
            return
        old, before.state = before.state, host.state
        if old == "checking":
            before.bad_since = now if _bad(host.state) else None
        if old in ("checking", host.state):
            return
        news = self._news(host, old, before, now)
        if news is not None and not host.often_off and now >= self._quiet_until:
            if not self._waiting and not self._of_models:
                self._since = now
            self._waiting.append(news)

    def _news(self, host: Host, old: HostState, watched: _Watched, now: float) -> News | None:
        loaded = sum(1 for m in host.loaded if m.state == "ready")
        if _bad(host.state) and old != "paused":
            watched.bad_since = watched.bad_since if _bad(old) and watched.bad_since is not None else now
            kind: Kind = "needs_key" if host.state == "needs_key" else "down"
            watched.turns.append(now)
            return News(kind, host.id, host.label, host.reason or "", loaded)
        if _bad(old) and host.state in ("up", "busy", "degraded"):
            away = now - (watched.bad_since if watched.bad_since is not None else now)
            watched.bad_since = None
            watched.turns.append(now)
            return News("up", host.id, host.label, away_s=away)
        return None

    def _still_true(self, news: list[News]) -> list[News]:
        """The last word of each host; one that fell and came back meanwhile is no news."""
        last: dict[str, News] = {}
        fell = {n.host for n in news if n.kind != "up"}
        for item in news:
            last[item.host] = item
        return [n for n in last.values() if n.host in self._hosts and not (n.kind == "up" and n.host in fell)]

    def _told(self, news: list[News], now: float) -> list[Notification]:
        down = [n for n in news if n.kind == "down"]
        if self._all_down() and len(down) >= ALL_MEANS:
            self._offline = True
            return self._one_offline(down, now)
        if self._offline:
            # The return of the network is told by silence: the hosts came back because we did.
            self._offline = self._all_down()
            news = [n for n in news if n.kind != "up"]
        chosen = [n for n in news if self._wanted(n.kind) and not self._muted(n.host)]
        flapping = [n for n in chosen if self._begins_to_flap(n, now)]
        rest = [n for n in chosen if n not in flapping and self._may_tell(n, now)]
        made = [_flapping(n) for n in flapping]
        return [*made, *_grouped(rest)]

    def _told_of_models(self, news: list[News], now: float) -> list[Notification]:
        """One per host in 15 minutes, and none of a host that is down: that is told already."""
        chosen = [n for n in news if self._wanted(n.kind) and not self._muted(n.host) and n.host in self._hosts]
        chosen = [n for n in chosen if not _bad(self._hosts[n.host].state)]
        chosen = [n for n in chosen if now - self._models_told.get(n.host, float("-inf")) >= QUIET_HOST_S]
        self._models_told |= {n.host: now for n in chosen}
        return grouped_models(chosen)

    def _one_offline(self, down: list[News], now: float) -> list[Notification]:
        for item in down:
            self._hosts[item.host].told_at = now
        if not self._wanted("down"):
            return []
        words = _tr("None of {n} hosts answers. No more alerts until one does.").format(n=len(self._hosts))
        return [Notification("offline", _tr("This computer seems offline"), words)]

    def _all_down(self) -> bool:
        watched = [w for w in self._hosts.values() if w.state != "paused"]
        return len(watched) >= ALL_MEANS and all(w.state == "down" for w in watched)

    def _begins_to_flap(self, news: News, now: float) -> bool:
        watched = self._hosts[news.host]
        flaps = len(watched.turns) == FLAPS and now - watched.turns[0] <= FLAP_WINDOW_S
        if not flaps:
            watched.flapping = False
            return False
        begins, watched.flapping = not watched.flapping, True
        if begins:
            watched.told_at, watched.told_down = now, news.kind != "up"
        return begins

    def _may_tell(self, news: News, now: float) -> bool:
        """One per host in 15 minutes; only the return of a host that was told to be down is told in between."""
        watched = self._hosts[news.host]
        if watched.flapping:
            return False
        returns = news.kind == "up" and watched.told_down
        if not returns and (now - watched.told_at < QUIET_HOST_S or news.kind == "up"):
            return False
        watched.told_down = news.kind != "up"
        if not returns:
            watched.told_at = now
        return True


def _bad(state: str) -> bool:
    return state in ("down", "needs_key")


def _flapping(news: News) -> Notification:
    words = _tr("It comes and goes. No more alerts about it until it holds for 15 min.")
    return Notification("flapping", _tr("{host} is unsteady").format(host=news.label), words, news.host)


def grouped_models(news: list[News]) -> list[Notification]:
    """One notification for one model; several share one, with the host to open when it is the same."""
    if not news:
        return []
    failed = [n for n in news if n.kind == "load_failed"]
    kind: Kind = "load_failed" if failed else "slow"
    titles = {"load_failed": _tr("{model} was not loaded on {host}"), "slow": _tr("{model} is slow on {host}")}
    lines = list(dict.fromkeys(titles[n.kind].format(model=n.model, host=n.label) for n in news))
    if len(lines) == 1:
        return [Notification(kind, lines[0], news[-1].reason, news[-1].host)]
    if failed:
        title = _tr("1 load failed") if len(failed) == 1 else _tr("{n} loads failed").format(n=len(failed))
    else:
        title = _tr("{n} models are slow").format(n=len(lines))
    hosts = {n.host for n in news}
    return [Notification(kind, title, "\n".join(lines), hosts.pop() if len(hosts) == 1 else "")]


def _grouped(news: list[News]) -> list[Notification]:
    """One notification for one host; several hosts share one."""
    if not news:
        return []
    if len(news) == 1:
        return [_single(news[0])]
    words = {"down": _tr("{host} is down"), "needs_key": _tr("{host} needs a key"), "up": _tr("{host} is back")}
    lines = [words[n.kind].format(host=n.label) for n in news]
    title = _tr("{n} hosts changed").format(n=len(news))
    kind: Kind = next((n.kind for n in news if n.kind != "up"), "up")
    return [Notification(kind, title, "\n".join(lines))]


def _single(news: News) -> Notification:
    if news.kind == "up":
        title = _tr("{host} is back").format(host=news.label)
        return Notification("up", title, _tr("It was away for {time}.").format(time=duration(news.away_s)), news.host)
    if news.kind == "needs_key":
        return Notification("needs_key", _tr("{host} needs a key").format(host=news.label), news.reason, news.host)
    had = ""
    if news.loaded:
        had = _tr("It had 1 model loaded.") if news.loaded == 1 else _tr("It had {n} models loaded.")
    text = f"{news.reason} {had.format(n=news.loaded)}".strip()
    return Notification("down", _tr("{host} is down").format(host=news.label), text, news.host)


def duration(seconds: float) -> str:
    """41 min, 2 h 5 min."""
    if seconds < 90:
        return _tr("{n} s").format(n=round(seconds))
    minutes = round(seconds / 60)
    if minutes < 60:
        return _tr("{n} min").format(n=minutes)
    return _tr("{h} h {m} min").format(h=minutes // 60, m=minutes % 60)
