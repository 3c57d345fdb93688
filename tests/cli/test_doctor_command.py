"""The doctor as a user runs it: in the demo, without a network, with wrong settings; never a key in what it says."""

import json
import time
from pathlib import Path

import pytest
from test_command_line import config, program

KEYS = {"ALPACA_API_KEY": "PKCANARYKEY0000", "ALPACA_SECRET_KEY": "canary-secret-0000"}
NO_NETWORK = """
[alpaca]
stream_url = "ws://127.0.0.1:9"
trading_url = "http://127.0.0.1:9"
trading_stream_url = "ws://127.0.0.1:9/stream"
data_url = "http://127.0.0.1:9"
[yahoo]
base_url = "http://127.0.0.1:9"
"""
NAMES_HANG = """
import socket, time
def lookup(host, *arguments, **options):
    time.sleep(60)
socket.getaddrinfo = lookup
"""
CHECKS = [
    "python",
    "libraries",
    "terminal",
    "terminal size",
    "terminal colours",
    "terminal characters",
    "settings",
    "credentials",
    "keyring",
    "host data",
    "host trading",
    "host stream",
    "host yahoo",
    "account",
    "requests",
    "clock",
    "prices",
    "stream",
    "yahoo",
    "folder config",
    "folder state",
    "folder cache",
    "folder log",
    "folder data",
    "history",
]


def test_all_is_well_in_the_demo(tmp_path):
    done = program("--demo", "doctor", "--json", home=tmp_path, environ={"TMPDIR": str(tmp_path), "TERM": "xterm"})
    report = json.loads(done.stdout)

    assert [entry["check"] for entry in report["checks"]] == CHECKS
    assert [entry for entry in report["checks"] if entry["verdict"] in ("warn", "fail")] == []
    assert (report["schema"], report["verdict"], done.returncode, done.stderr) == (1, "ok", 0, "")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_without_a_network_every_server_fails_in_words_and_no_key_is_told(tmp_path):
    done = program("--config", config(tmp_path, NO_NETWORK), "doctor", home=tmp_path, environ=KEYS)
    verdicts = {line[6:24].strip(): line[:4] for line in done.stdout.splitlines() if line[:4].strip()}

    assert done.returncode == 1
    for name in ("host data", "host trading", "host stream", "host yahoo", "account", "prices", "stream", "yahoo"):
        assert verdicts.get(name) == "fail", done.stdout
    assert "no connection to port 9" in done.stdout
    assert "→ Check the connection" in done.stdout
    for secret in (*KEYS.values(), "Traceback", "\x1b"):
        assert secret not in done.stdout + done.stderr


def test_names_that_are_never_answered_take_less_than_15_s(tmp_path):
    (tmp_path / "sitecustomize.py").write_text(NAMES_HANG, encoding="utf-8")
    root = Path(__file__).parents[2]
    began = time.monotonic()

    done = program("doctor", home=tmp_path, environ={**KEYS, "PYTHONPATH": f"{tmp_path}:{root}"})

    assert time.monotonic() - began < 15
    assert done.returncode == 1
    assert "no answer to the question for its address" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('[alpaca]\nfeeed = "iex"\n', "did you mean feed?"),
        ("[alpaca\n", "not valid TOML"),
        (None, "there is no such file"),
    ],
)
def test_wrong_settings_are_a_line_and_nobody_is_asked_by_them(tmp_path, text, sentence):
    path = str(tmp_path / "none.toml") if text is None else config(tmp_path, text)

    done = program("--config", path, "doctor", "--json", home=tmp_path)
    entries = {entry["check"]: entry for entry in json.loads(done.stdout)["checks"]}

    assert done.returncode == 1
    assert (entries["settings"]["verdict"], sentence in entries["settings"]["found"]) == ("fail", True)
    assert {entries[name]["verdict"] for name in ("host data", "account", "stream", "yahoo", "history")} == {"skip"}


def test_half_a_key_pair_fails_without_telling_it(tmp_path):
    text = "[yahoo]\nenabled = false\n"

    done = program(
        "--config", config(tmp_path, text), "doctor", home=tmp_path, environ={"ALPACA_API_KEY": KEYS["ALPACA_API_KEY"]}
    )

    assert done.returncode == 1
    assert "ALPACA_SECRET_KEY is not" in done.stdout
    assert KEYS["ALPACA_API_KEY"] not in done.stdout


def test_a_flag_of_the_run_is_examined_too(tmp_path):
    done = program("--demo", "--feed", "sip", "doctor", "--json", home=tmp_path)
    entries = {entry["check"]: entry for entry in json.loads(done.stdout)["checks"]}

    assert done.returncode == 1
    assert {entries[name]["verdict"] for name in ("prices", "stream")} == {"fail"}
    assert 'feed = "iex"' in entries["stream"]["advice"]


def test_what_is_switched_off_is_skipped(tmp_path):
    done = program("--demo", "--no-alpaca", "--no-yahoo", "--no-history", "doctor", "--json", home=tmp_path)
    skipped = {entry["check"] for entry in json.loads(done.stdout)["checks"] if entry["verdict"] == "skip"}

    assert done.returncode == 0
    assert {"host data", "account", "stream", "yahoo", "history"} <= skipped


@pytest.mark.parametrize(
    ("flags", "sentence"),
    [
        (("--theme", "nope"), '--theme "nope": expected one of mytrader-dark'),
        (("--list", "nope"), '--list "nope": there is no such list'),
    ],
)
def test_a_flag_that_the_program_refuses_fails_as_the_settings(tmp_path, flags, sentence):
    done = program(*flags, "--no-yahoo", "doctor", "--json", home=tmp_path)
    entries = {entry["check"]: entry for entry in json.loads(done.stdout)["checks"]}

    assert done.returncode == 1
    assert (entries["settings"]["verdict"], sentence in entries["settings"]["found"]) == ("fail", True)


def test_nothing_is_left_in_a_home_that_was_empty(tmp_path):
    asked = config(tmp_path, NO_NETWORK)
    home = tmp_path / "home"
    home.mkdir()

    done = program("--config", asked, "doctor", home=home, environ={**KEYS, "TMPDIR": str(home)})

    assert "yahoo" in done.stdout
    assert [*home.rglob("*")] == []
