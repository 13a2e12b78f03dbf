"""Compares an exchange with its golden twin. Differences are sentences; none is a match."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

from tests.demo.compare_events import event_differences
from tests.demo.golden import parse, pattern
from tests.demo.rawclient import Got
from tests.demo.replay import LEFT, Replayed

LATE_MS = 1000  # how far an answer may be from its golden time
CUT_TOKENS = 6  # how far a stream may be from where its twin was cut
# As measured, or made of random weights: only their types are compared.
MEASURED = re.compile(
    r"duration_ms|.*_ms|.*_per_second|cpu_util_per_core|mem_.*|swap_.*|load_avg_.*|bytes_.*|captured_at|embedding"
    r"|content|text|created_at|completed_at|.*_tokens|cached_tokens|cache_n|prompt_n|predicted_n"
)
EXACT_TOKENS = re.compile(r".*_tokens|cache_n|prompt_n|predicted_n|.*_per_second|content|text")
# Of the tiny model that stands behind, not of the host.
OF_THE_MODEL = re.compile(r"chat_template|supports_.*|endpoint_props|model_path|size|n_vocab|n_params|tokens|\d+")
REAL_LLAMA = ("050-llama-cpp", "051-embeddings")

AT_ONCE_MS = 10
"""A reader that had to wait for a processor gets in 50 ms what was sent over 100."""


def differences(replayed: Replayed) -> list[str]:
    """All of a scenario."""
    found: list[str] = []
    for golden, got in _pairs(replayed):
        comparison = _Comparison(replayed, golden, got)
        comparison.run()
        where = f"exchange {golden['lane']} ({golden['request']['method']} {golden['request']['target']})"
        found += [f"{where}: {difference}" for difference in comparison.found]
    return found


def _pairs(replayed: Replayed) -> list[tuple[dict[str, Any], Got]]:
    """Of equal requests at one time, chance decides which one gets which answer."""
    pairs: list[tuple[dict[str, Any], Got]] = []
    exchanges = list(zip(replayed.scenario["exchanges"], replayed.got, strict=True))
    while exchanges:
        first = exchanges[0][0]["request"]
        alike = [pair for pair in exchanges if _alike(first, pair[0]["request"])]
        exchanges = [pair for pair in exchanges if pair not in alike]
        goldens = sorted((g for g, _ in alike), key=lambda g: (g["response"] or {"status": 0})["status"])
        pairs += zip(goldens, sorted((got for _, got in alike), key=lambda got: got.status), strict=True)
    return sorted(pairs, key=lambda pair: pair[0]["lane"])


def _alike(one: dict[str, Any], other: dict[str, Any]) -> bool:
    same = {**one, "at": 0} == {**other, "at": 0}
    return same and abs(one["at"] - other["at"]) < 20


class _Comparison:
    def __init__(self, replayed: Replayed, golden: dict[str, Any], got: Got) -> None:
        self.found: list[str] = []
        self._names = replayed.names
        self._golden = golden
        self._want = golden["response"]
        self._got = got
        self._real = replayed.scenario["scenario"] in REAL_LLAMA

    def run(self) -> None:
        want, got = self._want, self._got
        self._equal("the end", self._golden["end"]["how"], got.how)
        if want is None:
            self._equal("the status line", None, got.at)
            return
        if got.at is None:
            self.found.append("no answer came")
            return
        self._equal("the status", (want["status"], want["reason"]), (got.status, got.reason))
        self._headers()
        self._equal("the framing", want["framing"], got.framing)
        if self._golden["end"]["how"] not in LEFT:
            self._equal("the connection afterwards", want["connection"], got.connection)
        # A real llama.cpp takes as long to start as the machine lets it.
        if abs(got.at - want["at"]) > LATE_MS and not self._real:
            self.found.append(f"the head came at {got.at:.0f} ms instead of {want['at']} ms")
        self._body()

    def _equal(self, what: str, want: Any, got: Any) -> None:
        if want != got:
            self.found.append(f"{what} is {got!r} instead of {want!r}")

    def _headers(self) -> None:
        want, got = self._want["headers"], self._got.headers
        self._equal("the header order", [name for name, _ in want], [name for name, _ in got])
        values = dict(got)
        for name, value in want:
            if name in values and not pattern(value, self._names).fullmatch(values[name]):
                self.found.append(f"{name} is {values[name]!r} instead of {value!r}")

    def _body(self) -> None:
        want = "".join(text for _, text in self._want["pieces"])
        got = self._got.body
        if "decoded" in self._golden:
            self.found += event_differences(self._golden["decoded"], self._got)
        elif want.startswith("# HELP"):
            self._equal("the metrics", _without_figures(want), _without_figures(got))
        elif want.startswith(("data:", "event:")):
            self._stream(want, got)
        elif want.startswith(("{", "[")) and not want.startswith("[INFO]"):
            self._json(want, got)
        elif not pattern(want, self._names).fullmatch(got) and not self._same_lines(want, got):
            self.found.append(f"the body is {got!r} instead of {want!r}")

    def _same_lines(self, want: str, got: str) -> bool:
        """Log lines of things that happened at once come in any order."""
        # How long a followed log was depends on how its durations were written.
        sizes = re.compile(r'(GET /logs/stream\S* HTTP/1.1" \d+) \d+')
        lines = sizes.sub(r"\1 0", got).splitlines()
        for line in sizes.sub(r"\1 0", want).splitlines():
            fitting = next((text for text in lines if pattern(line, self._names).fullmatch(text)), None)
            if fitting is None:
                return False
            lines.remove(fitting)
        return not lines

    def _json(self, want: str, got: str) -> None:
        if pattern(want, self._names).fullmatch(got):
            return
        self._equal("the end of the text", want[-1:], got[-1:])
        try:
            document = json.loads(got)
        except ValueError:
            self.found.append(f"no JSON came: {got!r} instead of {want!r}")
            return
        self._value("$", parse(want), document)

    def _value(self, where: str, want: Any, got: Any) -> None:
        measured = self._measured(where.rpartition(".")[2])
        if isinstance(want, dict) and isinstance(got, dict):
            self._equal(f"the keys at {where}", list(want), list(got))
            for key in want.keys() & got.keys():
                self._value(f"{where}.{key}", want[key], got[key])
        elif isinstance(want, list) and isinstance(got, list):
            if not measured:
                self._equal(f"the length of {where}", len(want), len(got))
            for index, (one, other) in enumerate(zip(want, got, strict=False)):
                self._value(where if measured else f"{where}.{index}", one, other)
        elif isinstance(want, str) and isinstance(got, str):
            if where.endswith("resp_body"):
                self._captured(want, got)
            elif not measured and not pattern(want, self._names).fullmatch(got):
                self.found.append(f"{where} is {got!r} instead of {want!r}")
        elif not _same_type(want, got) or not (measured or want == got or where.endswith("created")):
            self.found.append(f"{where} is {got!r} instead of {want!r}")

    def _measured(self, key: str) -> bool:
        if not self._real and EXACT_TOKENS.fullmatch(key):
            return False
        return bool(MEASURED.fullmatch(key) or (self._real and OF_THE_MODEL.fullmatch(key)))

    def _captured(self, want: str, got: str) -> None:
        """Captured bodies hold addresses and times of their own: compare their shape."""
        shapes = [re.sub(rb'\d+|"[^"]*:\d+"', b"0", base64.b64decode(text)) for text in (want, got)]
        self._equal("the captured body", shapes[0], shapes[1])

    # Streams of a model server.

    def _stream(self, want: str, got: str) -> None:
        want_text, want_rest = _without_loading_text(want)
        got_text, got_rest = _without_loading_text(got)
        self._equal("the loading text", _loading_shape(want_text), _loading_shape(got_text))
        wanted, seen = _events(want_rest), _events(got_rest)
        for name, text in (("golden", want_rest), ("answer", got_rest)):
            if not text.endswith(("\n\n", "}")) and text:
                self.found.append(f"the {name} does not end with a whole event")
        if self._real:
            self._equal("the shapes of the events", _shapes(wanted), _shapes(seen))
            return
        cut = "[DONE]" not in want_rest
        if cut and abs(len(wanted) - len(seen)) > CUT_TOKENS:
            self.found.append(f"{len(seen)} events came before the cut instead of {len(wanted)}")
        if not cut or not wanted or wanted[-1].startswith("{"):
            self._equal("the number of events", len(wanted), len(seen))
        for number, (one, other) in enumerate(zip(wanted, seen, strict=False)):
            if not pattern(one, self._names).fullmatch(other):
                self.found.append(f"event {number} is {other!r} instead of {one!r}")
        self._pieces()

    def _pieces(self) -> None:
        """One write per event, or two events that came at once; never half an event."""
        for _, text in self._got.pieces:
            if not text.endswith("\n\n") and not text.startswith("{"):
                self.found.append(f"a chunk ends within an event: {text!r}")
        spread = [at for at, _ in self._want["pieces"]]
        took = [at for at, _ in self._got.pieces]
        if len(spread) > 4 and spread[-1] - spread[0] > 100 and took[-1] - took[0] < AT_ONCE_MS:
            self.found.append("the stream came all at once")


def _same_type(want: Any, got: Any) -> bool:
    numbers = (int, float)
    if isinstance(want, bool) or isinstance(got, bool) or want is None or got is None:
        return type(want) is type(got)
    return isinstance(want, numbers) and isinstance(got, numbers)


def _without_figures(metrics: str) -> str:
    return re.sub(r'"\{\{nic\}\}"|"(lo|eth\d)"', '"nic"', re.sub(r" [\d.e+]+$", " 0", metrics, flags=re.MULTILINE))


def _events(text: str) -> list[str]:
    return [event for event in re.split(r"\n\n", text) if event]


def _without_loading_text(text: str) -> tuple[str, str]:
    loading: list[str] = []
    rest: list[str] = []
    for event in _events(text):
        found = re.fullmatch(r'data: \{"choices":\[\{"delta":(\{"reasoning_content":".*"\})\}\]\}', event)
        if found:
            loading.append(json.loads(found[1])["reasoning_content"])
        else:
            rest.append(event)
    end = "" if text.endswith("}") else "\n\n"
    return "".join(loading), "\n\n".join(rest) + (end if rest else "")


def _loading_shape(text: str) -> str:
    """Remarks and times vary."""
    text = re.sub(r"\n\n[^\n]+\n(?=Done)", "\n\n(remark)\n", text)
    text = re.sub(r"\n+(?=Done)", "\n", text.replace("\n\n(remark)", ""))
    return re.sub(r"\d+\.\d\ds", "0.00s", text)


def _shapes(events: list[str]) -> list[Any]:
    """The structure of events, runs of equal ones as one: how many tokens there are is chance."""
    shapes: list[Any] = []
    for event in events:
        name, _, data = event.rpartition("data: ")
        shape = (name, data if data == "[DONE]" else _shape(parse(data)))
        if not shapes or shapes[-1] != shape:
            shapes.append(shape)
    return shapes


def _shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_shape(inner) for inner in value]
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__
