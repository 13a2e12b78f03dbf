"""How long the Models list takes to find, for each key that is typed: 100 hosts with 50 models each.

Run: QT_QPA_PLATFORM=offscreen python tests/bench/desktop_filter.py. Times are of the slowest and the median of
5 rounds, with the view laid out and painted again. The promise is 30 ms a keystroke.
"""

from __future__ import annotations

import os
import statistics
import sys
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from boocontrol.core.catalog import Catalog, ModelEntry, ProviderEntry
from boocontrol.desktop.itemmodels.model_filter import ModelQuery
from boocontrol.desktop.itemmodels.models import ModelsItemModel
from boocontrol.desktop.pages.models_tree import ModelsTree
from boocontrol.desktop.theme import Theme

HOSTS, EACH, ROUNDS = 100, 50, 5
LIMIT_MS = 30.0
TYPED = "qwen3 coder"
FAMILIES = ("qwen3.5", "gemma-3", "gpt-oss", "mistral-small", "qwen3-coder")


def fleet() -> Catalog:
    """A fleet of many hosts, all up."""
    return Catalog(providers=tuple(host(f"host-{h:03}") for h in range(HOSTS)))


def host(name: str) -> ProviderEntry:
    """One host with its models."""
    models = tuple(
        ModelEntry(
            ref=f"{name}/{FAMILIES[m % 5]}-{m}b",
            wire_id=f"{FAMILIES[m % 5]}-{m}b",
            description="A model of some words, as configs have them",
            state="ready" if m < 2 else "stopped",
            context_length=32768,
        )
        for m in range(EACH)
    )
    return ProviderEntry(id=name, label=name, state="up", models=models)


def main() -> int:
    """Print a line for each key; 1 when one takes too long."""
    app = QApplication(sys.argv)
    Theme(app, "light")
    source = ModelsItemModel()
    source.take(fleet(), ("host-001/gemma-3-1b",))
    view = ModelsTree(source)
    view.resize(800, 700)
    view.show()
    app.processEvents()
    texts = [TYPED[:n] for n in range(1, len(TYPED) + 1)]
    texts += [TYPED[:n] for n in range(len(TYPED) - 1, -1, -1)]
    taken: dict[int, list[float]] = {}
    for _ in range(ROUNDS):
        for key, text in enumerate(texts):
            start = time.perf_counter()
            source.show(ModelQuery(text=text))
            app.processEvents()
            taken.setdefault(key, []).append((time.perf_counter() - start) * 1000)
    for key, text in enumerate(texts):
        print(f"{text!r:16} median {statistics.median(taken[key]):6.1f} ms, slowest {max(taken[key]):6.1f} ms")
    slowest = max(statistics.median(times) for times in taken.values())
    print(f"{HOSTS * EACH} models: slowest key {slowest:.1f} ms (limit {LIMIT_MS:.0f})")
    return slowest > LIMIT_MS


if __name__ == "__main__":
    sys.exit(main())
