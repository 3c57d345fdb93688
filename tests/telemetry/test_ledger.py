"""What the failover ledger keeps of a transition, and what it does not lose of it on disk."""

import json
import os
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from msgspec.structs import replace

from mytrader_tui.market.failover import evidence as ev
from mytrader_tui.market.failover.breaker import BreakerState
from mytrader_tui.market.failover.evidence import Phase
from mytrader_tui.market.failover.router import Model, State, Timers, Transition, start, step
from mytrader_tui.market.link import Reason
from mytrader_tui.telemetry.ledger import KEPT_ENTRIES, Ledger, LedgerEntry
from mytrader_tui.telemetry.ledger_file import LedgerFile, as_line, old_file, read_ledger

NOON = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)


def played(*events: tuple[float, ev.Evidence]) -> tuple[Model, list[Transition]]:
    """A router in an open market that was told `events`, each at its second."""
    model, made = start(Timers(), 0.0, phase=Phase.OPEN), []
    for at, event in events:
        model, transitions = step(model, event, at)
        made += transitions
    return model, made


def an_entry(**changes: object) -> LedgerEntry:
    model, (_, away) = played(
        (1.0, ev.PollSucceeded()),
        (2.0, ev.Subscribed(3, canary=True)),
        (2.0, ev.LinkUp()),
        (3.0, ev.Life()),
        (10.0, ev.LinkDown(Reason.DROPPED)),
        (70.0, ev.Tick()),
    )
    return replace(Ledger().record(away, model, NOON, 9), **changes)


def numbered(count: int) -> list[LedgerEntry]:
    return [an_entry(rows_moved=number) for number in range(count)]


def write(path: Path, entries: list[LedgerEntry], **options: int) -> LedgerFile:
    file = LedgerFile(path, **options)
    for entry in entries:
        file.append(entry)
    file.close(5.0)
    return file


def test_an_entry_has_the_transition_and_the_timers_behind_it() -> None:
    entry = an_entry()

    assert (entry.at, entry.before, entry.after) == (NOON, State.PRIMARY_ACTIVE, State.FALLBACK_ACTIVE)
    assert entry.cause == f"Alpaca down for 60 s: {Reason.DROPPED.value}"
    assert (entry.held_seconds, entry.rows_moved, entry.phase) == (67.0, 9, Phase.OPEN)
    assert (entry.failover_seconds, entry.recovery_seconds, entry.hold_seconds) == (60.0, 120.0, 120.0)
    assert (entry.exits, entry.breaker, entry.cooldown_left_seconds) == (1, BreakerState.CLOSED, None)
    assert (entry.silent_seconds, entry.down_seconds, entry.poll_failures) == (None, 60.0, 0)


def test_silence_is_told_where_a_connected_stream_should_speak() -> None:
    model, made = played(
        (1.0, ev.PollSucceeded()),
        (2.0, ev.Subscribed(3, canary=True)),
        (2.0, ev.LinkUp()),
        (3.0, ev.Life()),
        (63.0, ev.Tick()),
    )

    entry = Ledger().record(made[-1], model, NOON, 1)

    assert (entry.silent_seconds, entry.down_seconds) == (60.0, None)


def test_an_open_breaker_tells_its_cool_down() -> None:
    model, made = played((0.0, ev.PollSucceeded()))
    now = 0.0
    while model.breaker.state is not BreakerState.OPEN:
        for event in (ev.LinkUp(), ev.Life(), ev.LinkDown(Reason.AUTH_FAILED)):
            now += 1.0
            model, transitions = step(model, event, now)
            made += transitions
        model = replace(model, state=State.BOTH_UNAVAILABLE)

    entry = Ledger().record(made[-1], model, NOON, 0)

    assert (entry.breaker, entry.cooldown_left_seconds) == (BreakerState.OPEN, 900.0)


def test_the_ledger_is_bounded_and_its_tuple_is_the_same_until_there_is_something_new() -> None:
    model, made = played((0.0, ev.LinkUp()), (0.0, ev.Life()))
    ledger = Ledger()
    for number in range(KEPT_ENTRIES + 5):
        ledger.record(made[0], model, NOON + timedelta(seconds=number), 0)

    assert len(ledger.entries) == KEPT_ENTRIES
    assert ledger.entries[0].at == NOON + timedelta(seconds=5)
    assert ledger.entries is ledger.entries


def test_the_file_is_json_lines_with_the_states_by_name_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "state" / "ledger.jsonl"

    write(path, [an_entry()])

    (line,) = path.read_text(encoding="utf-8").splitlines()
    told = json.loads(line)
    assert (told["before"], told["after"]) == ("PRIMARY_ACTIVE", "FALLBACK_ACTIVE")
    assert told["at"] == "2026-11-20T17:00:00Z"
    assert told["down_seconds"] == 60.0
    assert all(isinstance(value, str | int | float | None) for value in told.values())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_was_written_is_read_oldest_first(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    entries = numbered(3)

    write(path, entries[:2])
    write(path, entries[2:])

    assert read_ledger(path) == (tuple(entries), 0)


def test_there_may_be_no_file(tmp_path: Path) -> None:
    assert read_ledger(tmp_path / "ledger.jsonl") == ((), 0)


def test_one_old_file_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    entries = numbered(10)
    limit = 3 * len(as_line(entries[0])) + 10

    write(path, entries, max_bytes=limit)

    assert sorted(file.name for file in tmp_path.iterdir()) == ["ledger.1.jsonl", "ledger.jsonl"]
    assert path.stat().st_size <= limit
    assert old_file(path).stat().st_size <= limit
    read, _ = read_ledger(path)
    assert read == tuple(entries[6:])


@pytest.mark.parametrize("cut", [1, 20, 300])
def test_a_line_torn_by_a_kill_is_skipped_and_the_next_one_is_whole(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "ledger.jsonl"
    first, torn, later = numbered(3)
    path.write_bytes(as_line(first) + as_line(torn)[:-cut])

    # A line that lacks its end of line only is whole.
    kept = (first, torn) if cut == 1 else (first,)
    assert read_ledger(path) == (kept, cut != 1)
    write(path, [later])
    assert read_ledger(path) == ((*kept, later), cut != 1)


def test_a_process_killed_while_it_writes_leaves_whole_lines(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    line = as_line(an_entry()).decode().strip()
    program = (
        "import sys; from pathlib import Path; import msgspec\n"
        "from mytrader_tui.telemetry.ledger_file import LedgerFile, _decoded\n"
        f"entry = _decoded({line!r}.encode()); file = LedgerFile(Path(sys.argv[1]))\n"
        "print('go', flush=True)\n"
        "while True:\n    file.append(entry); file.close(1.0)\n"
    )
    root = str(Path(__file__).parents[2])
    writer = subprocess.Popen(
        [sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": root}
    )
    with writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        while not path.exists() or path.stat().st_size < 5000:
            assert writer.poll() is None
        writer.kill()

    write(path, [an_entry(rows_moved=77)])
    entries, unreadable = read_ledger(path)
    assert unreadable <= 1
    assert len(entries) > 5
    assert entries[-1].rows_moved == 77


@pytest.mark.parametrize(
    "line",
    [b"", b"{}", b"[1]", b"\xff\xfe", b'{"before": "NOWHERE", "after": "NOWHERE"}', b"[" * 100_000, b"1e999"],
    ids=["empty", "no fields", "a list", "no text", "unknown state", "deep", "a number"],
)
def test_what_makes_no_sense_is_counted_and_skipped(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "ledger.jsonl"
    path.write_bytes(as_line(an_entry()) + line + b"\n" + as_line(an_entry()))

    entries, unreadable = read_ledger(path)

    assert len(entries) == 2
    assert unreadable == bool(line)


def test_a_time_without_a_zone_is_no_time(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    path.write_bytes(as_line(an_entry()).replace(b"00Z", b"00"))

    assert read_ledger(path) == ((), 1)


def test_control_sequences_in_the_file_do_not_reach_whoever_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    path.write_bytes(as_line(an_entry(cause="lost \x1b]52;c;AAAA\x07the line\x9b31m")))

    entries, _ = read_ledger(path)

    assert entries[0].cause == "lost the line"


def test_any_zone_is_kept_as_an_instant(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    tokyo = NOON.astimezone(timezone(timedelta(hours=9)))

    write(path, [an_entry(at=tokyo)])

    assert read_ledger(path)[0][0].at == NOON


def test_a_folder_that_cannot_be_written_is_told_and_nothing_else_happens(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    file = write(tmp_path / "file" / "ledger.jsonl", numbered(2))

    assert file.trouble.startswith("the failover ledger cannot be written (")


def test_what_a_disk_refused_is_written_once_it_takes_it_again(tmp_path: Path) -> None:
    obstacle = tmp_path / "state"
    obstacle.write_text("in the way")
    file = LedgerFile(obstacle / "ledger.jsonl")
    first, second = numbered(2)
    file.append(first)
    file.close(5.0)
    assert file.trouble

    obstacle.unlink()
    file.append(second)
    file.close(5.0)

    assert read_ledger(obstacle / "ledger.jsonl") == ((first, second), 0)
    assert file.trouble == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_told(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    path.symlink_to("/dev/full")

    file = write(path, numbered(1))

    assert "No space left on device" in file.trouble
