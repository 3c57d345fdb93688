"""The commands on the history, run as a user runs them."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mytrader_tui.history.engine import url_for
from mytrader_tui.history.opening import open_history
from mytrader_tui.history.records import Batch, QuoteRecord
from mytrader_tui.settings.paths import Paths

NOW = datetime.now(UTC).replace(microsecond=0)
"""Retention counts from the real today: these tests place their rows relative to it."""


def price(symbol: str, days_ago: float) -> QuoteRecord:
    made = NOW - timedelta(days=days_ago)
    return QuoteRecord(symbol, made, "alpaca", made, 190.25, 188.0, 1e6, None, None, "iex", 0.0, "regular", "USD")


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """An environment in which every folder of the program is below `tmp_path`, with a small history."""
    folders = {f"XDG_{kind}_HOME": str(tmp_path / kind.lower()) for kind in ("DATA", "STATE", "CONFIG", "CACHE")}
    opened = open_history(url_for("", tmp_path / "data" / "mytrader-tui"))
    opened.history.write(Batch((price("AAPL", 1), price("AAPL", 60), price("MSFT", 2))))
    opened.history.close()
    return {**os.environ, **folders, "HOME": str(tmp_path), "NO_COLOR": "1", "COLUMNS": "120"}


def run(home: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mytrader_tui", *arguments]
    return subprocess.run(command, env=home, capture_output=True, text=True, timeout=120, check=False)


def test_stats_tell_what_there_is(home: dict[str, str]) -> None:
    done = run(home, "history", "stats")

    (quotes,) = [line for line in done.stdout.splitlines() if line.startswith("quotes")]
    assert quotes.split()[1] == "3"
    assert done.returncode == 0
    assert json.loads(run(home, "history", "stats", "--json").stdout)["symbols"] == 2


def test_prune_turns_old_prices_into_hours(home: dict[str, str]) -> None:
    assert run(home, "history", "prune").stdout == "1 prices became hours, 0 rows went.\n"
    assert run(home, "export", "hourly", "--format", "jsonl").stdout.count("AAPL") == 1


def test_vacuum_says_what_is_left(home: dict[str, str]) -> None:
    assert run(home, "history", "vacuum").stdout.rstrip().endswith("MB.")


def test_an_export_is_what_was_asked_for(home: dict[str, str]) -> None:
    since = f"{NOW - timedelta(days=3):%Y-%m-%dT%H:%M:%SZ}"

    done = run(home, "export", "quotes", "--symbol", "aapl", "--from", since, "--format", "jsonl")

    (line,) = done.stdout.splitlines()
    assert json.loads(line)["symbol"] == "AAPL"
    assert done.stderr == "1 rows.\n"


def test_an_export_goes_to_a_file(home: dict[str, str], tmp_path: Path) -> None:
    run(home, "export", "quotes", "--format", "parquet", "--output", str(tmp_path / "quotes.parquet"))

    assert (tmp_path / "quotes.parquet").read_bytes().startswith(b"PAR1")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("export", "quotes", "--from", "yesterday"), "--from takes a day or an instant"),
        (("export", "quotes", "--symbol", "[red]"), "a symbol is letters"),
        (("export", "everything"), "everything"),
        (("export", "equity", "--symbol", "AAPL"), "equity has no symbols"),
        (("export", "quotes", "--from", "2026-11-20", "--to", "2026-11-20"), "--from is not before --to"),
        (("history", "copy", "--to", "sqlite:///x.db"), "postgresql+psycopg://user@host/database"),
        (("history", "copy", "--to", "postgresql+psycopg://me:hunter2@host/db"), "must not carry a password"),
    ],
)
def test_a_wrong_argument_is_told_in_words(home: dict[str, str], arguments: tuple[str, ...], said: str) -> None:
    done = run(home, *arguments)

    assert done.returncode == 2
    assert said in done.stderr
    assert "hunter2" not in done.stderr
    assert "Traceback" not in done.stderr


def test_a_history_that_cannot_be_opened_is_told_in_words(home: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "config" / "mytrader-tui").mkdir(parents=True)
    config = tmp_path / "config" / "mytrader-tui" / "config.toml"
    config.write_text('[history]\nurl = "postgresql+psycopg://nobody@127.0.0.1:9/none"\n')

    done = run(home, "history", "stats")

    assert done.returncode == 5
    assert "is of no use now" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_damaged_history_is_moved_aside_and_told(home: dict[str, str], tmp_path: Path) -> None:
    folder = Paths.default().data_folder.name
    file = tmp_path / "data" / folder / "history.db"
    file.write_bytes(b"this is no database" * 1000)

    done = run(home, "history", "stats")

    assert "was damaged and moved to history.broken-" in done.stderr
    assert done.returncode == 0
    assert [path.name for path in file.parent.glob("history.broken-*.db")]


@pytest.mark.parametrize(
    "arguments", [("history", "stats"), ("history", "stats", "--json"), ("export", "quotes"), ("history", "prune")]
)
def test_reading_begins_no_history_where_there_is_none(
    home: dict[str, str], tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    empty = tmp_path / "empty"
    done = run({**home, "XDG_DATA_HOME": str(empty), "TMPDIR": str(tmp_path)}, *arguments)

    assert done.returncode == 0
    assert f"There is no history yet: {empty}" in done.stderr
    assert not empty.exists()
    assert done.stdout.count("\n") >= 1
    assert not [*tmp_path.glob("mytrader-tui*")]


def test_a_library_that_is_missing_is_no_fault_of_the_history(home: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['pyarrow'] = None\n")
    path = f"{tmp_path}:{Path(__file__).parents[2]}"

    done = run({**home, "PYTHONPATH": path}, "export", "quotes", "--format", "parquet", "--output", "x.parquet")

    assert done.returncode == 5
    assert done.stderr.startswith("Error: The history could not be exported: parquet needs an extra: pip install")
