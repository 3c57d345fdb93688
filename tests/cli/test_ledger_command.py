"""`mytrader-tui ledger`: what happened, for people and for scripts."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from platformdirs import PlatformDirs

from mytrader_tui.api.ledger import as_json_lines, as_table
from mytrader_tui.market.failover.breaker import BreakerState
from mytrader_tui.market.failover.evidence import Phase
from mytrader_tui.market.failover.routing import State
from mytrader_tui.telemetry.ledger import LedgerEntry
from mytrader_tui.telemetry.ledger_file import as_line, old_file

TIMEOUT_SECONDS = 60
AWAY = (State.PRIMARY_ACTIVE, State.FALLBACK_ACTIVE)


def an_entry(minute: int = 0, cause: str = "Alpaca down for 60 s: the connection was lost") -> LedgerEntry:
    return LedgerEntry(
        at=datetime(2026, 11, 20, 15, 30, tzinfo=UTC) + timedelta(minutes=minute),
        before=AWAY[minute % 2],
        after=AWAY[1 - minute % 2],
        cause=cause,
        held_seconds=67.0,
        rows_moved=9,
        phase=Phase.OPEN,
        failover_seconds=60.0,
        recovery_seconds=120.0,
        hold_seconds=120.0,
        history_seconds=1800.0,
        exits=1,
        breaker=BreakerState.CLOSED,
    )


def program(*arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("ALPACA_", "APCA_", "XDG_"))}
    return subprocess.run(
        [sys.executable, "-m", "mytrader_tui", *arguments],
        env=clean | {"HOME": str(home), "TZ": "UTC", "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the program that has `tmp_path` for its home keeps the ledger; the folder exists."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    path = PlatformDirs("mytrader-tui", appauthor=False).user_state_path / "ledger.jsonl"
    path.parent.mkdir(parents=True)
    return path


def test_the_table_has_the_local_time_the_change_the_cause_and_how_long() -> None:
    assert as_table([an_entry(), an_entry(75, "Alpaca steady for 120 s")], ZoneInfo("Asia/Tokyo")).splitlines() == [
        "time                 held  change                          rows  cause",
        "2026-11-21 00:30:00  1:07  Alpaca serving → Yahoo serving     9  "
        "Alpaca down for 60 s: the connection was lost",
        "2026-11-21 01:45:00  1:07  Yahoo serving → Alpaca serving     9  Alpaca steady for 120 s",
    ]


def test_json_lines_have_every_field() -> None:
    (line,) = as_json_lines([an_entry()]).splitlines()

    assert set(json.loads(line)) == set(LedgerEntry.__struct_fields__)


def test_both_files_are_printed_oldest_first(tmp_path: Path, ledger: Path) -> None:
    old_file(ledger).write_bytes(as_line(an_entry(0)) + as_line(an_entry(1)))
    ledger.write_bytes(as_line(an_entry(2)))

    done = program("ledger", "--json", home=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert [json.loads(line)["at"][14:16] for line in done.stdout.splitlines()] == ["30", "31", "32"]


def test_the_last_ones_only(tmp_path: Path, ledger: Path) -> None:
    ledger.write_bytes(b"".join(as_line(an_entry(minute)) for minute in range(5)))

    done = program("ledger", "--last", "2", home=tmp_path)

    header, *lines = done.stdout.splitlines()
    assert header.startswith("time")
    assert [line[11:19] for line in lines] == ["15:33:00", "15:34:00"]


def test_a_torn_line_is_left_out_and_told(tmp_path: Path, ledger: Path) -> None:
    ledger.write_bytes(as_line(an_entry()) + as_line(an_entry(1))[:40])

    done = program("ledger", "--json", home=tmp_path)

    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 1
    assert "1 line(s)" in done.stderr


def test_nothing_recorded_is_told_on_standard_error_and_no_failure(tmp_path: Path) -> None:
    for arguments in (("ledger",), ("ledger", "--json"), ("--demo", "ledger")):
        done = program(*arguments, home=tmp_path)

        assert (done.returncode, done.stdout) == (0, "")
        assert "No change of source" in done.stderr


def test_what_is_no_file_exits_1_with_one_line(tmp_path: Path, ledger: Path) -> None:
    ledger.mkdir()

    done = program("ledger", home=tmp_path)

    assert (done.returncode, done.stdout) == (1, "")
    assert "is not a regular file" in done.stderr
    assert "Traceback" not in done.stderr
