"""The command line on the real gateway, started by its own verb."""

from __future__ import annotations

import json
import os
import pathlib
import signal
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals")

PROGRAM = [sys.executable, "-c", "from boocontrol.cli.main import main; main()"]
# The gateway must not find the keyring of whoever runs the tests.
NO_KEYRING = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}


@pytest.fixture
def gateway(home):
    """A gateway on a free port for the test's own registry: what it said when it listened."""
    command = [*PROGRAM, "gateway", "--port", "0", "--json"]
    log = (home / "gateway.log").open("w")
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, env={**os.environ, **NO_KEYRING})
    try:
        yield json.loads(process.stdout.readline())
    finally:
        process.send_signal(signal.SIGTERM)
        code = process.wait(timeout=30)
        process.stdout.close()
        log.close()
    assert code == 0


def run(*args, stdin=""):
    return subprocess.run(
        [*PROGRAM, *args],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, **NO_KEYRING},
    )


def test_found_and_answered(gateway, boo):
    status = boo("status", "--json")
    assert (status.code, status.json["url"]) == (0, gateway["url"])
    assert boo("gateway", "key", "--json").json["keyFile"] == gateway["keyFile"]
    named = boo("--gateway", gateway["url"], "--key-file", gateway["keyFile"], "status")
    assert named.code == 0
    assert boo("--gateway", gateway["url"], "status").code == 6


def test_a_new_key_replaces_the_old_one(gateway, boo):
    old = boo("gateway", "key").out.strip()
    new = boo("gateway", "key", "--renew", "--json").json
    assert new["key"] != old
    assert boo("gateway", "key").out.strip() == new["key"] == pathlib.Path(new["keyFile"]).read_text().strip()
    assert boo("status").code == 0
    stale = pathlib.Path(gateway["keyFile"]).with_name("old.key")
    stale.write_text(old)
    assert boo("--gateway", gateway["url"], "--key-file", str(stale), "status").code == 6
    assert boo("--key-file", str(stale), "status").code == 6


def test_without_a_gateway_no_key_is_renewed(home, boo):
    assert boo("gateway", "key", "--renew").code == 3


def test_edits_reach_the_file(gateway, boo):
    from boocontrol.core.paths import registry_path

    assert boo("providers", "add", "127.0.0.1:1", "--id", "den").code == 4
    assert boo("providers", "add", "127.0.0.1:1", "--id", "den", "--save-anyway").code == 0
    assert boo("providers", "add", "127.0.0.1:2", "--id", "den", "--save-anyway").code == 1
    assert boo("providers", "pause", "den").code == 0
    assert boo("providers", "edit", "den", "--id", "loft").code == 0
    assert boo("providers", "default", "loft").code == 0
    entry = json.loads(registry_path().read_text())["providers"][0]
    assert (entry["id"], entry["enabled"], entry["formerIds"]) == ("loft", False, ["den"])
    assert boo("providers", "test", "loft").code == 4
    assert boo("load", "loft/x").code == 5
    assert boo("chat", "-m", "loft/x", "Hi").code == 5
    assert boo("providers", "remove", "loft").code == 0
    assert boo("providers", "remove", "loft").code == 5


def test_favorites_live_in_the_settings(gateway, boo):
    boo("favorites", "add", "a/1", "b/2", "--anyway")
    boo("favorites", "move", "b/2", "1")
    assert boo("favorites", "--json").json["favorite_models"] == ["b/2", "a/1"]


def test_a_second_gateway_and_a_taken_port(gateway, home):
    second = run("gateway", "--port", "0", "--json")
    assert second.returncode == 8
    assert json.loads(second.stdout)["error"]["code"] == "another_gateway"
    port = gateway["url"].rpartition(":")[2]
    other = str(home / "other.json")
    assert run("gateway", "--registry", other, "--port", port).returncode == 9


def test_the_activity_of_a_new_gateway_is_empty(gateway, boo):
    assert boo("activity", "--json").json == {"data": [], "total": 0, "next": None}
    assert boo("chat", "-m", "nowhere/x", "Hi").code == 5
    (told,) = boo("activity", "--json").json["data"]
    assert (told["ref"], told["outcome"], told["client"]) == ("nowhere/x", "no_providers", "cli")
    assert "no_providers" in boo("activity").out
    assert boo("cancel", told["id"]).code == 5
