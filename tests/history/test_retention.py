"""Raw prices become hours, hours go, and the whole stays below its size, without a price being counted twice."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from seen import CHANGE, EQUITY_NOW, OPEN, seen
from sqlalchemy import func, select

from mytrader_tui.history import retention
from mytrader_tui.history.bar_records import BarRecord, BarsRecord
from mytrader_tui.history.bars import keep_bars, kept_bars
from mytrader_tui.history.records import Batch
from mytrader_tui.history.retention import Limits, Pruned, Pruning, prune, size_of, vacuum
from mytrader_tui.history.rollup import Hour, hours_of
from mytrader_tui.history.schema import EQUITY, HOURLY, MARKET_DATA, TRANSITIONS
from mytrader_tui.history.statistics import statistics
from mytrader_tui.history.store import History

LATER = OPEN + timedelta(days=40)


def hours(history: History) -> list[Hour]:
    with history.reading() as connection:
        rows = connection.execute(select(*(HOURLY.c[name] for name in Hour.__struct_fields__)).order_by(HOURLY.c.hour))
        return [Hour(*row) for row in rows]


def count(history: History, table: object) -> int:
    with history.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()  # type: ignore[arg-type]


def test_old_prices_become_the_hours_that_they_were_made_in(history: History) -> None:
    prices = ((0, 100.0, 1000.0), (900, 103.0, 1500.0), (1700, 99.0, 2500.0), (1800, 101.0, 2600.0))
    history.write(Batch(tuple(seen(seconds=at, price=price, volume=volume) for at, price, volume in prices)))

    done = prune(history, Limits(raw_days=30), LATER)

    first, second = datetime(2026, 11, 20, 14, tzinfo=UTC), datetime(2026, 11, 20, 15, tzinfo=UTC)
    assert done == Pruned(rolled_up=4)
    assert hours(history) == [
        Hour("AAPL", first, "alpaca", 100.0, 103.0, 99.0, 99.0, 1500.0, 3, "USD"),
        Hour("AAPL", second, "alpaca", 101.0, 101.0, 101.0, 101.0, 100.0, 1, "USD"),
    ]
    assert count(history, MARKET_DATA) == 0


def test_young_prices_stay_as_they_are(history: History) -> None:
    history.write(Batch((seen(), seen(seconds=86400 * 20))))

    prune(history, Limits(raw_days=30), LATER)

    assert (count(history, MARKET_DATA), len(hours(history))) == (1, 1)


def test_pruning_again_changes_nothing(history: History) -> None:
    history.write(Batch((seen(), seen("MSFT"))))
    prune(history, Limits(raw_days=30), LATER)
    before = hours(history)

    assert prune(history, Limits(raw_days=30), LATER) == Pruned()
    assert hours(history) == before


def test_hours_equity_and_changes_go_after_their_time(history: History) -> None:
    history.write(Batch((seen(),), (EQUITY_NOW,), (CHANGE,)))

    prune(history, Limits(raw_days=30, hourly_days=60), LATER)
    kept = [count(history, table) for table in (HOURLY, EQUITY, TRANSITIONS)]
    prune(history, Limits(raw_days=30, hourly_days=60), LATER + timedelta(days=30))
    left = [count(history, table) for table in (HOURLY, EQUITY, TRANSITIONS)]

    assert (kept, left) == ([1, 1, 1], [0, 0, 0])


def test_above_its_size_the_oldest_days_give_way_first(history: History) -> None:
    days = [replace(seen(f"S{n}", 86400.0 * day)) for day in range(7) for n in range(400)]
    history.write(Batch(tuple(days)))
    size = size_of(history)

    prune(history, Limits(raw_days=30, max_megabytes=0.75 * size / 2**20), OPEN + timedelta(days=6, hours=1))

    with history.reading() as connection:
        oldest = connection.execute(select(func.min(MARKET_DATA.c.event_time))).scalar_one()
    assert oldest > OPEN


def test_above_its_size_no_more_gives_way_than_has_to_however_large_the_files_stay(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "STEP_ROWS", 100)
    days = [seen(f"S{n}", 86400.0 * day + 60 * at) for day in range(7) for n in range(10) for at in range(100)]
    history.write(Batch(tuple(days)))
    limits = Limits(raw_days=30, max_megabytes=0.7 * size_of(history) / 2**20)

    for _ in range(3):
        prune(history, limits, OPEN + timedelta(days=6, hours=3))

    assert 3000 < count(history, MARKET_DATA) < 7000


def test_todays_prices_are_never_pruned_however_small_the_limit(history: History) -> None:
    history.write(Batch((seen(),)))

    prune(history, Limits(max_megabytes=0.0), OPEN + timedelta(hours=1))

    assert count(history, MARKET_DATA) == 1


def test_no_step_deals_with_more_than_so_many_rows_and_all_of_them_do_the_same_as_one(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "STEP_ROWS", 30)
    prices = [seen(f"S{n}", 600.0 * at, 100.0 + at, volume=1e6 + at) for n in range(25) for at in range(12)]
    history.write(Batch(tuple(prices)))
    left, pruning, steps = [count(history, MARKET_DATA)], Pruning(Limits(raw_days=30), LATER), 0

    while pruning.step(history):
        steps += 1
        left.append(count(history, MARKET_DATA))

    assert all(before - after <= 30 for before, after in pairwise(left))
    assert (steps >= 10, left[-1]) == (True, 0)
    assert pruning.done.rolled_up == 300
    assert sorted(map(str, hours(history))) == sorted(map(str, hours_of(prices)))


def test_a_prune_cut_short_goes_on_where_it_stopped(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "STEP_ROWS", 30)
    prices = [seen(f"S{n}", 600.0 * at, volume=1e6 + at) for n in range(25) for at in range(12)]
    history.write(Batch(tuple(prices)))
    cut_short = Pruning(Limits(raw_days=30), LATER)
    for _ in range(3):
        cut_short.step(history)

    rest = prune(history, Limits(raw_days=30), LATER)

    assert cut_short.done.rolled_up + rest.rolled_up == 300
    assert sorted(map(str, hours(history))) == sorted(map(str, hours_of(prices)))


def test_many_old_hours_go_a_part_at_a_time(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    history.write(Batch(tuple(seen(f"S{n}") for n in range(100))))
    prune(history, Limits(raw_days=30), LATER)
    monkeypatch.setattr(retention, "STEP_ROWS", 30)
    pruning, left = Pruning(Limits(raw_days=30, hourly_days=30), LATER), [100]

    while pruning.step(history):
        left.append(count(history, HOURLY))

    assert left[-1] == 0
    assert all(before - after <= 30 for before, after in pairwise(left))


def told(symbol: str, span_seconds: int) -> BarsRecord:
    """Five days of bars, one a day whatever the span, complete from the first on."""
    bars = tuple(BarRecord(OPEN + timedelta(days=day), 1.0, 1.0, 1.0, 1.0, None, "regular") for day in range(5))
    return BarsRecord(
        symbol, span_seconds, "alpaca", "iex", 0.0, False, OPEN, OPEN, 1.0, "USD", "America/New_York", "", bars
    )


def test_old_bars_within_a_day_go_of_every_series_and_what_is_left_is_complete_from_a_later_day(
    history: History,
) -> None:
    symbols = [f"S{n:02}" for n in range(30)]
    keep_bars(history, [told(symbol, span) for symbol in symbols for span in (300, 86400)])

    done = prune(history, Limits(raw_days=30), OPEN + timedelta(days=42))

    fine, daily = (kept_bars(history, symbols[-1], span) for span in (300, 86400))
    assert fine is not None
    assert daily is not None
    assert done.removed == 30 * 2
    assert (len(fine.bars), len(daily.bars)) == (3, 5)
    assert fine.covered_from is not None
    assert OPEN + timedelta(days=1) < fine.covered_from < OPEN + timedelta(days=2)
    assert (fine.previous_close, daily.covered_from) == (None, OPEN)


def test_vacuum_gives_the_room_back(history: History) -> None:
    history.write(Batch(tuple(seen(f"S{n}", 60.0 * at) for n in range(200) for at in range(20))))
    full = size_of(history)
    prune(history, Limits(raw_days=30, hourly_days=35), LATER)

    vacuum(history)

    assert size_of(history) < 0.6 * full
    assert statistics(history).symbols == 0


@given(
    st.lists(
        st.tuples(st.integers(0, 6 * 3600), st.floats(1, 1000), st.floats(0, 1e6)), min_size=1, unique_by=lambda t: t[0]
    )
)
def test_hours_keep_the_extremes_the_ends_the_count_and_the_volume(prices: list[tuple[int, float, float]]) -> None:
    total, records = 0.0, []
    for at, price, traded in sorted(prices):
        total += traded
        records.append(seen(seconds=at, price=price, volume=total))

    found = hours_of(records)

    assert sum(hour.quotes for hour in found) == len(records)
    assert max(hour.high for hour in found) == max(record.price for record in records)
    assert min(hour.low for hour in found) == min(record.price for record in records)
    assert (found[0].open, found[-1].close) == (records[0].price, records[-1].price)
    assert sum(hour.volume or 0.0 for hour in found) == pytest.approx(total - records[0].volume)  # type: ignore[operator]
    assert len({hour.hour for hour in found}) == len(found)
