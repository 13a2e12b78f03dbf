"""For all tests: what may not be left out where it counts."""

from __future__ import annotations

import gc
import os
from collections.abc import Generator
from typing import Any

import pytest

ALWAYS = ("clients", "screen")
COLLECT_EVERY = 25
COUNT = pytest.StashKey[int]()


def pytest_configure(config: pytest.Config) -> None:
    """Garbage is collected between tests, on this thread: on another one it takes Qt objects with it, and crashes."""
    gc.disable()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Now and then, since it takes longer than most tests."""
    gc.disable()
    count = item.config.stash.get(COUNT, 0) + 1
    item.config.stash[COUNT] = count
    if count % COLLECT_EVERY == 0:
        gc.collect()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    """In CI no test of the programs of others passes by being skipped: packaging/test has installed them there."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("CI") and _wanted(item):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, which CI does not allow: {_reason(report.longrepr)}"
    return report


def _wanted(item: pytest.Item) -> bool:
    return any(item.get_closest_marker(name) for name in ALWAYS)


def _reason(told: Any) -> str:
    """A skip is told as (file, line, words)."""
    return str(told[2]) if isinstance(told, tuple) else str(told)
