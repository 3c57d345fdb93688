"""F63 to F66: files that are cut short, cannot be written, make no sense, or are not what they should be."""

import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest
from layers import installed, unit
from msgspec.structs import replace
from own_market import SETTINGS, OwnMarket
from processes import DEMO_KEYS, closed_ports, home_in, log_of, on_screen, program, until
from program_under_test import command, environment
from pty_terminal import PtyTerminal

from mytrader_tui.settings.errors import SettingsError
from mytrader_tui.settings.history import History
from mytrader_tui.settings.load import load, parse
from mytrader_tui.settings.state import KeptList, State, read_state, write_state
from mytrader_tui.telemetry.ledger_file import FILE_NAME, read_ledger

KILLS = 100


@pytest.fixture
def market():
    market = OwnMarket()
    yield market
    market.close()


def _state_folder(folder: Path) -> Path:
    return home_in(folder) / ".local" / "state" / "mytrader-tui"


@installed
def test_f63_killed_at_any_instant_a_hundred_times_the_state_is_readable_and_the_lock_free(tmp_path):
    script = Path(__file__).with_name("kept_writing.py")

    done = subprocess.run(
        [sys.executable, str(script), str(tmp_path), str(KILLS)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 0, done.stderr


@installed
def test_f63_the_installed_program_killed_while_it_serves_starts_again_where_it_was(tmp_path, market):
    config = market.config(tmp_path).read_text()
    with on_screen(tmp_path, config=config, keys=False, **DEMO_KEYS) as screen:
        screen.wait_for_row("AAPL", "LIVE")
        screen.send("d")
        until(lambda: (_state_folder(tmp_path) / "state.toml").exists(), lambda: "the state written")
        screen.process.kill()
        screen.process.wait()

    state, trouble = read_state(_state_folder(tmp_path) / "state.toml")
    assert trouble == ""
    assert state is not None
    assert len(state.lists[0].symbols) == len(SETTINGS.watchlist.symbols) - 1
    entries, unreadable = read_ledger(_state_folder(tmp_path) / FILE_NAME)
    assert entries
    assert unreadable == 0
    with on_screen(tmp_path, config=config, keys=False, **DEMO_KEYS) as screen:
        screen.wait(lambda picture: "LIVE" in picture, "it streams again, so that the lock was free")


def _history(folder: Path) -> Path:
    return home_in(folder) / ".local" / "share" / "mytrader-tui" / "history.db"


def _often(folder: Path, market: OwnMarket) -> str:
    """Settings on `market` with which the history is written as often as it may be."""
    settings = replace(SETTINGS, history=History(interval_seconds=10.0))
    return market.config(folder, settings).read_text()


def _kept(folder: Path) -> tuple[str, int]:
    """What SQLite says of the history's file, and the prices in it."""
    with closing(sqlite3.connect(_history(folder))) as connection:
        said = connection.execute("PRAGMA quick_check").fetchone()[0]
    return said, _rows(folder, "market_data")


def _rows(folder: Path, table: str) -> int:
    """The rows of `table`, none before it is made."""
    if not _history(folder).exists():
        return 0
    with closing(sqlite3.connect(_history(folder))) as connection:
        made = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
        return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] if made else 0


@installed
def test_f63_the_installed_program_killed_at_any_instant_comes_back_with_every_row_and_a_whole_history(
    tmp_path, market
):
    config, dice = _often(tmp_path, market), random.Random(63)
    with on_screen(tmp_path, config=config, keys=False, **DEMO_KEYS) as screen:
        screen.wait_for_row("AAPL", "LIVE")
        until(lambda: _rows(tmp_path, "market_data") > 0, lambda: "a batch written")
        screen.process.kill()
        screen.process.wait()

    for _ in range(3):
        said, before = _kept(tmp_path)
        assert said == "ok"
        with on_screen(tmp_path, config=config, keys=False, **DEMO_KEYS) as screen:
            screen.wait_for("AAPL")
            threading.Event().wait(dice.uniform(0.0, 2.0))
            assert "history" not in screen.picture
            screen.process.kill()
            screen.process.wait()
        assert _kept(tmp_path)[1] >= before

    with on_screen(tmp_path, config=_nowhere(config), keys=False) as screen:
        for symbol in SETTINGS.watchlist.symbols:
            screen.wait_for_row(symbol, "CACHED")


def _nowhere(config: str) -> str:
    """`config` with every server at a port where nobody listens."""
    return re.sub(r"(127\.0\.0\.1|localhost):\d+", "127.0.0.1:9", config)


@installed
def test_f63_told_to_end_the_program_writes_the_last_batch(tmp_path, market):
    config = market.config(tmp_path).read_text()
    with on_screen(tmp_path, config=config, keys=False, **DEMO_KEYS) as screen:
        screen.wait_for_row("AAPL", "LIVE")
        until(lambda: _rows(tmp_path, "bar_coverage") > 0, lambda: "the history open and written to")
        screen.process.send_signal(signal.SIGTERM)
        screen.wait_left()

    said, prices = _kept(tmp_path)
    assert said == "ok"
    assert prices >= 3


@installed
def test_f64_without_a_folder_to_write_to_the_program_runs_and_says_what_is_not_kept(tmp_path, market):
    config = market.config(tmp_path).read_text()
    local = home_in(tmp_path) / ".local"
    local.write_text("no folder")
    with on_screen(tmp_path, config=config, keys=False, **DEMO_KEYS) as screen:
        screen.wait_for_row("AAPL", "LIVE")
        screen.send("d")
        screen.wait(lambda picture: "could not be" in picture or "cannot be" in picture, "the banner")
        screen.send("q")
        assert screen.wait_left()[0] == 0
    assert local.read_text() == "no folder"


_FULL_DISK = 'ulimit -f 0; exec "$@"'
"""No file of this process may grow: writing fails in the middle, as on a full disk."""


@installed
def test_f64_on_a_full_disk_the_program_runs_and_says_what_is_not_kept(tmp_path, market):
    path = market.config(tmp_path)
    around = environment(home_in(tmp_path), **DEMO_KEYS)
    screen = PtyTerminal(["/bin/sh", "-c", _FULL_DISK, "sh", *command("--config", path)], around)
    try:
        screen.wait_for_row("AAPL", "LIVE")
        screen.send("d")
        screen.wait(lambda picture: "could not be" in picture or "cannot be" in picture, "the banner")
        screen.send("q")
        assert screen.wait_left()[0] == 0
    finally:
        screen.close()
    assert b"Traceback" not in screen.raw


@pytest.mark.parametrize("content", ["[watchlist\n\x00\xff", "[future]\nversion = 99\n"])
@installed
def test_f65_a_state_that_makes_no_sense_is_moved_aside_under_its_date_and_told(tmp_path, content):
    folder = _state_folder(tmp_path)
    folder.mkdir(parents=True)
    (folder / "state.toml").write_text(content, encoding="latin-1")

    done = program(tmp_path, "snapshot", config=closed_ports(), keys=False)

    assert done.returncode == 4
    assert "state.toml made no sense and was moved to state.broken-" in done.stderr
    (aside,) = folder.glob("state.broken-*.toml")
    assert aside.read_text(encoding="latin-1") == content
    assert not (folder / "state.toml").exists()


@installed
def test_f65_a_history_that_is_no_database_is_moved_aside_under_its_date_and_told(tmp_path, market):
    _history(tmp_path).parent.mkdir(parents=True)
    _history(tmp_path).write_bytes(b"no database at all" * 1000)
    config = market.config(tmp_path).read_text()

    with on_screen(tmp_path, config=config, keys=False, **DEMO_KEYS) as screen:
        screen.wait_for_row("AAPL", "LIVE")
        screen.wait_for("was damaged and moved to")

    (aside,) = _history(tmp_path).parent.glob("history.broken-*.db")
    assert aside.read_bytes().startswith(b"no database")
    assert _kept(tmp_path)[0] == "ok"


@installed
def test_f65_lines_of_the_ledger_that_make_no_sense_are_left_out_and_told(tmp_path):
    folder = _state_folder(tmp_path)
    folder.mkdir(parents=True)
    (folder / FILE_NAME).write_text('{"half": \nnot json\n[]\n')

    done = program(tmp_path, "ledger", config=closed_ports(), keys=False)

    assert done.returncode == 0
    assert "3 line(s)" in done.stderr
    assert "Traceback" not in done.stderr


WRONG = {
    "syntax error": ("[alpaca\n", "config.toml:1", "not valid TOML"),
    "unknown key": ("[alpaca]\nmax_symbol = 3\n", "config.toml:2", "max_symbols"),
    "unknown section": ("[routers]\n", "config.toml:1", "[router]"),
    "wrong type": ('[router]\nfailover_seconds = "60"\n', "config.toml:2", "a number"),
    "zero timer": ("[router]\nfailover_seconds = 0\n", "config.toml:2", "failover_seconds"),
    "negative timer": ("[yahoo]\npoll_seconds = -1\n", "config.toml:2", "poll_seconds"),
    "a secret": ('[alpaca]\nsecret_key = "hunter2hunter2"\n', "config.toml:2", "environment"),
    "nested too deep": ("a = " + "[" * 5000, "config.toml", "not valid TOML"),
}


@pytest.mark.parametrize("wrong", WRONG)
@unit
def test_f66_a_wrong_setting_names_its_line_and_what_was_expected(wrong):
    text, where, word = WRONG[wrong]

    with pytest.raises(SettingsError) as refused:
        parse(text, Path("config.toml"))

    assert where in str(refused.value)
    assert word in str(refused.value)
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize("wrong", ["syntax error", "unknown key", "negative timer", "a secret"])
@installed
def test_f66_the_program_leaves_with_2_and_never_touches_the_users_file(tmp_path, wrong):
    text, where, word = WRONG[wrong]
    done = program(tmp_path, "snapshot", config=text, keys=False)

    assert done.returncode == 2
    assert where in done.stderr
    assert word in done.stderr
    assert "hunter2" not in done.stdout + done.stderr
    assert (tmp_path / "config.toml").read_text() == text


@unit
def test_f66_a_link_is_followed_a_folder_and_ten_megabytes_are_refused(tmp_path):
    real = tmp_path / "real.toml"
    real.write_text("[ui]\npaint_hz = 20.0\n")
    link = tmp_path / "config.toml"
    link.symlink_to(real)
    assert load(link).ui.paint_hz == 20.0
    assert link.is_symlink()

    large = tmp_path / "large.toml"
    large.write_text("# " + "x" * 10_000_000)
    dangling = tmp_path / "dangling.toml"
    dangling.symlink_to(tmp_path / "nowhere")
    for wrong in (large, tmp_path, dangling, Path(os.devnull)):
        with pytest.raises(SettingsError) as refused:
            load(wrong)
        assert str(wrong) in str(refused.value)


@installed
def test_f66_what_a_crashed_write_left_is_swept_at_the_start(tmp_path, market):
    folder = _state_folder(tmp_path)
    kept = KeptList("Watchlist", ("AAPL",), origin="Watchlist")
    write_state(folder / "state.toml", State((kept,), SETTINGS.watchlists))
    old, new = folder / ".state.toml.old.mytrader-tmp", folder / ".state.toml.new.mytrader-tmp"
    for leftover in (old, new):
        leftover.write_text("half")
    os.utime(old, (1, 1))
    config = market.config(tmp_path).read_text()

    with on_screen(tmp_path, config=config, keys=False, **DEMO_KEYS) as screen:
        screen.wait_for_row("AAPL", "LIVE")
        until(lambda: not old.exists(), lambda: log_of(tmp_path))

    assert new.exists()
    assert (folder / "state.toml").exists()


@unit
def test_f66_only_the_environment_gives_keys(tmp_path):
    for section in ("alpaca", "credentials"):
        with pytest.raises(SettingsError) as refused:
            parse(f'[{section}]\napi_key = "PKHUNTER2"\n', tmp_path / "config.toml")
        assert "PKHUNTER2" not in str(refused.value)
