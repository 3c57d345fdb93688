"""The two questions that the program asks of its history, at ten million prices, with the plans that answer them.

python tests/benchmarks/bench_history.py [rows] [sqlite|postgresql ...]

Peer: the same seek written by hand against the bare driver, in the same run.
"""

import contextlib
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "history"))

from private_postgres import running, why_not
from sqlalchemy import URL

from mytrader_tui.history.engine import url_for
from mytrader_tui.history.opening import open_history
from mytrader_tui.history.store import History

SYMBOLS = 100
WATCHED = 30
EVERY_SECONDS = 300
START = datetime(2026, 1, 1, tzinfo=UTC)
ROUNDS = 200

_COLUMNS = (
    "symbol, event_time, source, receipt_time, price, previous_close, volume, bid, ask, feed, delay, session, currency"
)
_SQLITE = f"""
INSERT INTO market_data ({_COLUMNS})
WITH RECURSIVE s(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM s WHERE n + 1 < {SYMBOLS}),
    t(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM t WHERE n + 1 < :times)
SELECT 'S' || s.n, :start + t.n * {EVERY_SECONDS}000000, 'alpaca', :start + t.n * {EVERY_SECONDS}000000 + 40000,
    100.0 + s.n, 99.0, 1000.0 * t.n, 99.9, 100.1, 'iex', 0.0, 'regular', 'USD'
FROM s CROSS JOIN t
"""
_POSTGRESQL = f"""
INSERT INTO market_data ({_COLUMNS})
SELECT 'S' || s, timestamptz '2026-01-01Z' + t * interval '{EVERY_SECONDS} s', 'alpaca',
    timestamptz '2026-01-01Z' + t * interval '{EVERY_SECONDS} s' + interval '40 ms',
    100.0 + s, 99.0, 1000.0 * t, 99.9, 100.1, 'iex', 0.0, 'regular', 'USD'
FROM generate_series(0, {SYMBOLS - 1}) s CROSS JOIN generate_series(0, {{times}} - 1) t
"""


@contextlib.contextmanager
def somewhere(kind: str) -> Iterator[URL]:
    """A place for a history of that kind."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        if kind == "sqlite":
            yield url_for("", Path(folder))
        else:
            with running(Path(folder)) as server:
                yield server.database()


def fill(history: History, rows: int) -> None:
    times = rows // SYMBOLS
    with history.writing() as connection:
        if connection.dialect.name == "sqlite":
            start = int(START.timestamp()) * 1_000_000
            connection.exec_driver_sql(_SQLITE, {"times": times, "start": start})
        else:
            connection.exec_driver_sql(_POSTGRESQL.format(times=times))
    with history.outside_transaction() as connection:
        connection.exec_driver_sql("ANALYZE")


def timed(name: str, ask: Callable[[int], object]) -> None:
    taken = []
    for number in range(ROUNDS):
        before = time.perf_counter()
        ask(number)
        taken.append(1000 * (time.perf_counter() - before))
    taken.sort()
    print(f"  {name:<44} median {statistics.median(taken):7.2f} ms   p99 {taken[int(0.99 * ROUNDS)]:7.2f} ms")


def plan(history: History, statement: str) -> None:
    explain = "EXPLAIN QUERY PLAN " if history.engine.dialect.name == "sqlite" else "EXPLAIN "
    with history.reading() as connection:
        for row in connection.exec_driver_sql(explain + statement):
            print("     ", row[-1])


def measure(kind: str, rows: int) -> None:
    with somewhere(kind) as url:
        history = open_history(url).history
        before = time.perf_counter()
        fill(history, rows)
        print(f"{kind}: {rows:,} rows in {time.perf_counter() - before:.0f} s")
        watched = [f"S{number}" for number in range(WATCHED)]
        days = rows // SYMBOLS * EVERY_SECONDS // 86400

        def day(number: int) -> object:
            start = START + timedelta(days=number * 7 % days)
            return history.quotes(f"S{number % SYMBOLS}", start, start + timedelta(days=1))

        def by_hand(number: int) -> object:
            with history.engine.connect() as connection:
                asked = "SELECT * FROM market_data WHERE symbol = 'S{}' ORDER BY event_time DESC LIMIT 1"
                return [connection.exec_driver_sql(asked.format(each)).one() for each in range(WATCHED)]

        timed(f"latest of {WATCHED} symbols", lambda _: history.latest(watched))
        timed("the same, a seek a symbol by hand", by_hand)
        timed("a symbol's day", day)
        plan(
            history,
            "WITH asked(symbol) AS (VALUES ('S1'), ('S2')) SELECT m.* FROM asked JOIN market_data m ON "
            "m.symbol = asked.symbol AND m.event_time = "
            "(SELECT max(t.event_time) FROM market_data t WHERE t.symbol = asked.symbol)",
        )
        moment = "'2026-02-01Z'" if kind == "postgresql" else str(int(START.timestamp() + 31 * 86400) * 1_000_000)
        plan(history, f"SELECT * FROM market_data WHERE symbol = 'S1' AND event_time >= {moment} ORDER BY event_time")
        history.close()


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    for kind in sys.argv[2:] or ("sqlite", "postgresql"):
        if kind == "postgresql" and (missing := why_not()):
            print(f"postgresql: {missing}")
        else:
            measure(kind, rows)


if __name__ == "__main__":
    main()
