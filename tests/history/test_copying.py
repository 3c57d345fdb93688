"""A history moves house: all of it arrives, what was cut short goes on, what the other house had stays."""

from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from seen import CHANGE, EQUITY_NOW, seen
from sqlalchemy import event, func, select

from mytrader_tui.history.copying import PART, CopyError, copy
from mytrader_tui.history.engine import url_for
from mytrader_tui.history.error import HistoryError
from mytrader_tui.history.opening import open_history
from mytrader_tui.history.records import Batch
from mytrader_tui.history.schema import MARKET_DATA
from mytrader_tui.history.store import History


@pytest.fixture
def source(tmp_path: Path) -> History:
    history = open_history(url_for("", tmp_path / "old")).history
    prices = tuple(seen(f"S{n}", at, 100 + n) for n in range(6) for at in range(2000))
    history.write(Batch(prices, (EQUITY_NOW,), (CHANGE,)))
    return history


def rows(history: History) -> int:
    with history.reading() as connection:
        return connection.execute(select(func.count()).select_from(MARKET_DATA)).scalar_one()


def test_everything_arrives_and_both_sides_say_the_same(source: History, history: History) -> None:
    copied = {each.table: each for each in copy(source, history)}

    assert rows(history) == rows(source) == copied["market_data"].rows == 12_000
    assert copied["market_data"].sent == pytest.approx(copied["market_data"].arrived)
    assert (copied["equity"].rows, copied["transitions"].rows) == (1, 1)


def test_the_progress_ends_at_the_whole(source: History, history: History) -> None:
    told: list[tuple[str, int, int]] = []

    copy(source, history, lambda table, done, total: told.append((table, done, total)))

    assert told[0] == ("market_data", 0, 12_000)
    assert ("market_data", 12_000, 12_000) in told


def test_copying_again_writes_nothing(source: History, history: History) -> None:
    copy(source, history)
    written: list[str] = []
    event.listen(history.engine, "before_cursor_execute", lambda *args: written.append(args[2]))

    copy(source, history)

    assert not [statement for statement in written if statement.startswith("INSERT")]


def test_cut_short_it_goes_on_where_it_stopped(source: History, history: History) -> None:
    class CutError(Exception):
        pass

    def cut(_table: str, done: int, _total: int) -> None:
        if done >= PART:
            raise CutError

    with pytest.raises(CutError):
        copy(source, history, cut)
    partly = rows(history)
    copy(source, history)

    assert partly == PART
    assert rows(history) == 12_000


def test_what_others_wrote_stays_and_the_price_heard_later_wins(source: History, history: History) -> None:
    theirs = seen("S0", 0, 555.0)
    theirs = replace(theirs, receipt_time=theirs.receipt_time + timedelta(seconds=5))
    history.write(Batch((theirs, seen("OTHER"))))

    copy(source, history)

    assert rows(history) == 12_001
    assert history.quotes("S0", theirs.event_time, theirs.event_time + timedelta(seconds=1)) == [theirs]


def test_a_target_that_loses_rows_is_noticed(source: History, history: History) -> None:
    with history.writing() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(
                "CREATE TRIGGER lose AFTER INSERT ON market_data WHEN NEW.symbol = 'S3' "
                "BEGIN DELETE FROM market_data WHERE symbol = 'S3'; END"
            )
        else:
            connection.exec_driver_sql(
                "CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'"
            )
            connection.exec_driver_sql(
                "CREATE TRIGGER lose BEFORE INSERT ON market_data FOR EACH ROW "
                "WHEN (NEW.symbol = 'S3') EXECUTE FUNCTION lose()"
            )

    with pytest.raises(CopyError):
        copy(source, history)


def test_a_source_that_cannot_be_read_is_told(history: History, tmp_path: Path) -> None:
    broken = open_history(url_for("", tmp_path / "broken")).history
    (tmp_path / "broken" / "history.db").write_bytes(b"no database at all" * 500)

    with pytest.raises(HistoryError):
        copy(broken, history)
