"""The installed program without a screen: exit codes, standard output, and errors that name what to do."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TIMEOUT_SECONDS = 60


def program(
    *arguments: str, home: Path, environ: dict[str, str] | None = None, **options: object
) -> subprocess.CompletedProcess[str]:
    """Run the program as a user would, in a home of its own and without anybody's keys."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("ALPACA_", "APCA_", "XDG_"))}
    clean |= {"HOME": str(home), "PYTHONWARNINGS": "ignore"} | (environ or {})
    command = [sys.executable, "-m", "mytrader_tui", *arguments]
    return subprocess.run(command, env=clean, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=False)


def config(folder: Path, text: str) -> str:
    path = folder / "config.toml"
    path.write_text(text)
    return str(path)


def offline(folder: Path) -> str:
    """Settings whose every server is a closed port of this machine."""
    return config(folder, '[yahoo]\nbase_url = "http://127.0.0.1:9"\n[watchlist]\nsymbols = ["AAPL"]\n')


def test_a_json_snapshot_is_nothing_but_json_on_standard_output(tmp_path):
    done = program("--demo", "snapshot", "--json", "AAPL", "^GSPC", home=tmp_path)

    apple, index = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert (apple["symbol"], apple["source"], apple["feed"], apple["badge"]) == ("AAPL", "alpaca", "iex", "LIVE")
    assert (index["source"], index["badge"]) == ("yahoo", "DELAYED 15m")
    assert apple["age_seconds"] < 60
    assert 890 < index["age_seconds"] < 960


def test_a_csv_snapshot_of_the_demos_list(tmp_path):
    done = program("--demo", "snapshot", "--csv", home=tmp_path)

    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert done.returncode == 0
    assert {row["currency"] for row in rows} == {"USD", "JPY"}


def test_a_plain_snapshot_is_a_table_with_a_row_a_symbol(tmp_path):
    done = program("--demo", "snapshot", "AAPL", "MSFT", home=tmp_path)

    assert [line.split()[0] for line in done.stdout.splitlines()] == ["symbol", "AAPL", "MSFT"]


def test_some_symbols_without_data_exit_3(tmp_path):
    done = program("--demo", "snapshot", "--json", "AAPL", "ZZZZQ", home=tmp_path)

    assert done.returncode == 3
    assert [row["last"] is None for row in json.loads(done.stdout)] == [False, True]


def test_no_source_that_answers_exits_4_with_the_reason_on_standard_error(tmp_path):
    done = program("--config", offline(tmp_path), "snapshot", "--json", home=tmp_path)

    assert done.returncode == 4
    assert json.loads(done.stdout)[0]["badge"] == "NO DATA"
    assert "Yahoo: cannot reach the server" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[alpaca]\nmax_symbol = 3\n", ["config.toml:2", "max_symbol", "max_symbols"]),
        ('[router]\nfailover_seconds = "60"\n', ["config.toml:2", "failover_seconds", "a number"]),
        ("[ui]\npaint_hz = 0\n", ["config.toml:2", "paint_hz", "1"]),
        ("[alpaca\n", ["config.toml:1", "not valid TOML"]),
        ('[alpaca]\ntrading_url = "https://api.alpaca.markets"\n', ["trading_url", "paper"]),
    ],
    ids=["unknown key", "wrong type", "out of range", "broken TOML", "live account"],
)
def test_a_wrong_setting_exits_2_with_one_clear_message(tmp_path, text, expected):
    done = program("--config", config(tmp_path, text), "snapshot", home=tmp_path)

    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    for word in expected:
        assert word in done.stderr


def test_a_live_account_in_the_environment_is_refused_before_anything_connects(tmp_path):
    done = program("snapshot", home=tmp_path, environ={"APCA_API_BASE_URL": "https://api.alpaca.markets"})

    assert done.returncode == 2
    assert "APCA_API_BASE_URL" in done.stderr


def test_half_a_key_pair_names_the_missing_variable_and_not_the_key(tmp_path):
    done = program("snapshot", home=tmp_path, environ={"ALPACA_API_KEY": "PKVERYSECRET"})

    assert done.returncode == 2
    assert "ALPACA_SECRET_KEY" in done.stderr
    assert "PKVERYSECRET" not in done.stderr


def test_what_is_no_symbol_is_a_usage_error(tmp_path):
    done = program("--demo", "snapshot", "AAPL", "[red]X", home=tmp_path)

    assert done.returncode == 2
    assert "`[red]X` is not a symbol: a symbol is letters" in done.stderr


def test_a_snapshot_has_one_form(tmp_path):
    done = program("--demo", "snapshot", "--json", "--csv", home=tmp_path)

    assert (done.returncode, done.stdout) == (2, "")
    assert "--json and --csv exclude each other" in done.stderr


def test_without_a_terminal_the_screen_is_not_opened_and_the_snapshot_is_named(tmp_path):
    done = program(home=tmp_path)

    assert done.returncode == 2
    assert "mytrader-tui snapshot" in done.stderr


def test_a_demo_leaves_nothing_behind(tmp_path):
    program("--demo", "snapshot", "AAPL", home=tmp_path, environ={"TMPDIR": str(tmp_path)})

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
