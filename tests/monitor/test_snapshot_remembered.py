"""The snapshot command knows what the screen knows: without a source it tells the price last known, as that."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from desk_under_test import running, settings_for, until_badges
from msgspec.structs import replace

from mytrader_tui.api.snapshot import as_csv, as_json, as_table
from mytrader_tui.demo.market import DemoMarket
from mytrader_tui.demo.settings import demo_credentials
from mytrader_tui.history.last_known import FILE_NAME, LastKnown, write_last_known
from mytrader_tui.history.records import QuoteRecord
from mytrader_tui.market.freshness import BadgeKind
from mytrader_tui.market.moment import Moment
from mytrader_tui.monitor.clock import system_clock
from mytrader_tui.oneshot import ExitCode, Snapshot, take_snapshot
from mytrader_tui.settings import Settings
from mytrader_tui.settings.history import History
from mytrader_tui.settings.paths import Paths
from mytrader_tui.settings.schema import Yahoo

NOBODY = Settings(yahoo=Yahoo(base_url="http://127.0.0.1:9"))
"""Every server is a closed port of this machine."""

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)


def keep(folder: Path, *symbols: str, price: float = 190.25) -> None:
    """Have these symbols known from two hours before NOW."""
    heard = NOW - timedelta(hours=2)
    figures = (price, 188.5, 1e6, 190.24, 190.26, "iex", 0.0, "regular", "USD")
    known = [LastKnown(QuoteRecord(symbol, heard, "alpaca", heard, *figures)) for symbol in symbols]
    write_last_known(Paths.under(folder).data_folder / FILE_NAME, known)


async def asked(folder: Path, *symbols: str, settings: Settings = NOBODY) -> Snapshot:
    return await take_snapshot(symbols, settings, None, Paths.under(folder), lambda: Moment(NOW, 1000.0))


async def test_what_a_monitor_saw_is_told_once_the_market_is_out_of_reach(tmp_path: Path) -> None:
    async with DemoMarket(clock=system_clock) as market:
        settings, pair = settings_for(market), demo_credentials(market)
        async with running(market, tmp_path) as monitor:
            await until_badges(monitor, AAPL=BadgeKind.LIVE)
            seen = monitor.board.served("AAPL")
    assert seen is not None

    taken = await take_snapshot(("AAPL", "KO"), settings, pair, Paths.under(tmp_path), system_clock)

    apple, unseen = taken.rows
    assert apple.badge.startswith("CACHED ")
    assert (apple.source, apple.feed, apple.bid) == ("cache", "alpaca iex", None)
    assert apple.last is not None
    assert (unseen.badge, unseen.last) == ("NO DATA", None)
    assert taken.exit_code is ExitCode.NO_SOURCE_ANSWERED
    assert len(taken.troubles) == 2


async def test_every_form_says_that_it_is_remembered_and_how_old_it_is(tmp_path: Path) -> None:
    keep(tmp_path, "AAPL")

    taken = await asked(tmp_path, "AAPL")

    told = json.loads(as_json(taken.rows))[0]
    line = next(csv.DictReader(io.StringIO(as_csv(taken.rows))))
    for row in (told, line):
        assert (row["badge"], row["source"], float(row["last"]), float(row["age_seconds"])) == (
            "CACHED 2h",
            "cache",
            190.25,
            7200.0,
        )
    assert "190.25" in as_table(taken.rows)
    assert "CACHED 2h" in as_table(taken.rows)


async def test_a_row_that_is_only_remembered_is_told_by_the_exit_code(tmp_path: Path) -> None:
    keep(tmp_path, "AAPL", "ZZZZQ")
    async with DemoMarket(clock=system_clock) as market:
        settings, pair = settings_for(market), demo_credentials(market)
        taken = await take_snapshot(("AAPL", "ZZZZQ"), settings, pair, Paths.under(tmp_path), system_clock)
        told = await take_snapshot(("AAPL",), settings, pair, Paths.under(tmp_path), system_clock)

    assert [row.source for row in taken.rows] == ["alpaca", "cache"]
    assert (taken.exit_code, told.exit_code) == (ExitCode.SOME_WITHOUT_NEWS, ExitCode.OK)


@pytest.mark.parametrize(
    ("symbol", "code"),
    [("^GSPC", ExitCode.NO_SOURCE_ANSWERED), ("ZZZZQ", ExitCode.SOME_WITHOUT_NEWS)],
    ids=["not asked for", "asked for and not known"],
)
async def test_a_source_that_was_asked_nothing_has_not_answered(tmp_path: Path, symbol: str, code: ExitCode) -> None:
    keep(tmp_path, symbol)
    async with DemoMarket(clock=system_clock) as market:
        only_alpaca = replace(settings_for(market), yahoo=NOBODY.yahoo)
        pair = demo_credentials(market)
        taken = await take_snapshot((symbol,), only_alpaca, pair, Paths.under(tmp_path), system_clock)

    assert [row.source for row in taken.rows] == ["cache"]
    assert taken.exit_code is code


@pytest.mark.parametrize("price", [float("nan"), -1.0, 0.0])
async def test_what_cannot_be_a_price_is_not_remembered(tmp_path: Path, price: float) -> None:
    keep(tmp_path, "AAPL", price=price)

    assert (await asked(tmp_path, "AAPL")).rows[0].badge == "NO DATA"


async def test_without_a_history_nothing_is_remembered(tmp_path: Path) -> None:
    keep(tmp_path, "AAPL")

    taken = await asked(tmp_path, "AAPL", settings=replace(NOBODY, history=History(enabled=False)))

    assert taken.rows[0].badge == "NO DATA"
