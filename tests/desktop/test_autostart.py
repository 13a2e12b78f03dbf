"""Starting with the session: the file that the system reads."""

from __future__ import annotations

import configparser
import plistlib
import subprocess
from pathlib import Path

import pytest

from boocontrol.desktop.autostart import autostart, supported

COMMAND = ["/opt/my apps/python", "-c", 'print("$HOME 100%")', "--minimised"]


def test_it_is_written_and_removed(tmp_path: Path) -> None:
    start = autostart(COMMAND, tmp_path, {}, "linux")
    assert start is not None and start.path == tmp_path / ".config/autostart/boocontrol.desktop"
    assert not start.on()
    start.set(True)
    assert start.on()
    start.set(False)
    start.set(False)
    assert not start.on() and not start.path.exists()


def test_the_config_folder_of_the_session_counts(tmp_path: Path) -> None:
    start = autostart(COMMAND, tmp_path, {"XDG_CONFIG_HOME": str(tmp_path / "xdg")}, "linux")
    assert start is not None and start.path == tmp_path / "xdg/autostart/boocontrol.desktop"


@pytest.mark.parametrize("off", ["Hidden=true", "X-GNOME-Autostart-enabled=false"])
def test_switched_off_in_the_system_is_off(tmp_path: Path, off: str) -> None:
    start = autostart(COMMAND, tmp_path, {}, "linux")
    assert start is not None
    start.set(True)
    start.path.write_text(start.path.read_text().replace("X-GNOME-Autostart-enabled=true", off))
    assert not start.on()


def test_arguments_survive_the_rules_of_desktop_entries(tmp_path: Path) -> None:
    start = autostart(COMMAND, tmp_path, {}, "linux")
    assert start is not None
    read = configparser.RawConfigParser(interpolation=None)
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read_string(start.text.decode())
    # First the escapes of every value, then those of a quoted argument, then field codes.
    value = read["Desktop Entry"]["Exec"].replace("\\\\", "\\")
    # A quoted argument has the escapes of a shell's double quotes.
    told = subprocess.run(["bash", "-c", f"printf '%s\\0' {value}"], capture_output=True, text=True, check=True).stdout
    assert [part.replace("%%", "%") for part in told.split("\0")[:-1]] == COMMAND


def test_a_mac_gets_a_launch_agent(tmp_path: Path) -> None:
    start = autostart(COMMAND, tmp_path, {}, "darwin")
    assert start is not None
    start.set(True)
    agent = plistlib.loads((tmp_path / "Library/LaunchAgents/boocontrol.plist").read_bytes())
    assert agent["ProgramArguments"] == COMMAND and agent["RunAtLoad"] is True


def test_elsewhere_it_is_not_offered(tmp_path: Path) -> None:
    assert autostart(COMMAND, tmp_path, {}, "win32") is None
    assert supported("linux") and not supported("win32")
