"""A computer with a screen for the real program: X display, window manager, icon area, notifications, keyring.

All of it is real, is made for one test, and ends with it. Nothing sleeps: `until` looks until a thing is so. With
BOOCONTROL_SCREEN_PICTURES=FOLDER the tests leave pictures of what was to be seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.screen.desk import Desk, Hosts
from tests.screen.screen import missing

PROGRAMS = (
    *("Xvfb", "openbox", "xdotool", "xprop", "xwininfo", "import"),
    *("trayer", "dunst", "dbus-daemon", "gnome-keyring-daemon", "secret-tool"),
    "/usr/libexec/at-spi-bus-launcher",
)
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.screen)


@pytest.fixture(autouse=True, scope="session")
def tools() -> None:
    """What these tests drive is not Python's: packaging/test installs it on Debian and Ubuntu."""
    if gone := missing(PROGRAMS):
        pytest.skip(f"not installed: {', '.join(gone)} (packaging/test installs them on Debian as root)")


@pytest.fixture
def desk(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Callable[..., Desk]]:
    """`desk(area="xembed", keyring="unlocked", notifications=True)`: a computer with a screen."""
    with ExitStack() as stack:

        def make(**parts: Any) -> Desk:
            made = Desk(tmp_path, stack, **parts)
            stack.callback(lambda: made.screen.shoot(f"end-{request.node.name}"))
            return made

        yield make


@pytest.fixture
def hosts() -> Iterator[Callable[..., Hosts]]:
    """`hosts(HostConfig(name=...), ...)`: simulated llama-swap hosts."""
    with ExitStack() as stack:
        yield lambda *configs: stack.enter_context(Hosts(configs))
