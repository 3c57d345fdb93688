"""Kills a program that writes the history, again and again at any instant, and looks at what is left.

python killed_writing.py FOLDER KILLS; exits 1 with a sentence if anything was lost or damaged.
"""

import os
import random
import signal
import sys
import time
from datetime import timedelta
from pathlib import Path

from seen import OPEN, seen
from sqlalchemy import func, select

from mytrader_tui.history import retention
from mytrader_tui.history.engine import url_for
from mytrader_tui.history.last_known import LastKnown, read_last_known, write_last_known
from mytrader_tui.history.opening import open_history
from mytrader_tui.history.records import Batch
from mytrader_tui.history.retention import Limits, prune
from mytrader_tui.history.schema import HOURLY, MARKET_DATA

SYMBOLS = 40
LONGEST_SECONDS = 0.04
EVERY_SECONDS = 1800.0
RAW = timedelta(days=1)
LATER = timedelta(hours=1)
"""How long after the newest price it is pruned."""

STEP_ROWS = 200
"""Prices that become hours together: the tenth part of a day's."""

READY = b"ready\n"
OPENED = 0.8
"""How many of the kills come once the history is open; the others may come while it is being opened."""

MOST_AWAITED = 3
"""Batches, at most, that are waited for before a kill: progress must not depend on how fast the machine is."""


def batch(number: int) -> Batch:
    return Batch(tuple(seen(f"S{place}", EVERY_SECONDS * number) for place in range(SYMBOLS)))


def write_until_killed(folder: Path, first: int, told: int) -> None:
    """The child: writes one batch after the other and tells which have been kept."""
    retention.STEP_ROWS = STEP_ROWS
    opened = open_history(url_for("", folder))
    os.write(told, READY)
    number = first
    while True:
        records = batch(number)
        opened.history.write(records)
        os.write(told, f"{number}\n".encode())
        write_last_known(folder / "last-known", map(LastKnown, records.quotes))
        if number % 7 == 0:
            prune(
                opened.history,
                Limits(raw_days=RAW / timedelta(days=1)),
                records.quotes[0].event_time + LATER,
            )
        number += 1


def killed_once(folder: Path, first: int, chance: random.Random) -> int:
    """Start a child that begins with batch `first` and kill it; the last batch that it said was kept, if any."""
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(readable)
        try:
            write_until_killed(folder, first, writable)
        finally:
            os._exit(9)
    os.close(writable)
    said = b""
    if chance.random() < OPENED:
        said = heard(readable, 1 + chance.randint(0, MOST_AWAITED))
    time.sleep(chance.uniform(0.0, LONGEST_SECONDS))
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    with os.fdopen(readable, "rb") as told:
        kept = [int(line) for line in (said + told.read()).split() if line.isdigit()]
    if not os.WIFSIGNALED(status):
        raise SystemExit(f"the child ended by itself after batch {kept[-1:]}")
    return kept[-1] if kept else first - 1


def heard(told: int, lines: int) -> bytes:
    """What the child says until it has said so many lines."""
    said = b""
    while said.count(b"\n") < lines and (more := os.read(told, 4096)):
        said += more
    return said


def left(folder: Path, expected: int) -> None:
    """Raise SystemExit unless every batch up to `expected` is whole, none is cut, and nothing is damaged.

    Of a day that is old enough to become hours some symbols may be hours already: its prices are counted with them.
    """
    opened = open_history(url_for("", folder))
    if opened.note:
        raise SystemExit(opened.note)
    with opened.history.reading() as connection:
        time = MARKET_DATA.c.event_time
        prices, newest = connection.execute(select(func.count(), func.max(time))).one()
        young = OPEN if newest is None else newest + LATER - RAW
        each = (
            connection.execute(select(func.count()).select_from(MARKET_DATA).where(time >= young).group_by(time))
            .scalars()
            .all()
        )
        rolled = connection.execute(select(func.coalesce(func.sum(HOURLY.c.quotes), 0))).scalar_one()
    opened.history.close()
    if any(count != SYMBOLS for count in each):
        raise SystemExit(f"a batch was cut: {sorted(set(each))} rows instead of {SYMBOLS}")
    if prices + rolled < (expected + 1) * SYMBOLS:
        raise SystemExit(f"{prices} prices and {rolled} in hours of {(expected + 1) * SYMBOLS} are left")
    if newest is not None and newest < batch(expected).quotes[0].event_time:
        raise SystemExit(f"the newest is {newest}, batch {expected} was kept")
    known = read_last_known(folder / "last-known")
    if expected > 0 and len(known) != SYMBOLS:
        raise SystemExit(f"{len(known)} last known prices are left of {SYMBOLS}")


def main() -> None:
    folder, kills = Path(sys.argv[1]), int(sys.argv[2])
    chance = random.Random(20261120)
    open_history(url_for("", folder)).history.close()
    kept = -1
    for _ in range(kills):
        kept = killed_once(folder, kept + 1, chance)
        left(folder, kept)
    if kept < kills / 10:
        raise SystemExit(f"only {kept + 1} batches were written under {kills} kills: nothing was tested")
    print(f"{kills} kills, {kept + 1} batches")


if __name__ == "__main__":
    main()
