"""The watchlist once, without a screen: ask every source one question and print what they said.

Of what none of them tells, the price last known is there as on the screen: CACHED, with its age.
"""

import asyncio
from collections.abc import Sequence
from enum import IntEnum

import msgspec

from mytrader_tui.api.snapshot import SnapshotRow, snapshot_row
from mytrader_tui.feeds.alpaca.data import AlpacaData
from mytrader_tui.feeds.alpaca.error import AlpacaError
from mytrader_tui.feeds.feed import Clock
from mytrader_tui.feeds.yahoo import YahooError
from mytrader_tui.feeds.yahoo.client import MAX_BATCH, YahooClient
from mytrader_tui.history.last_known import FILE_NAME, LastKnown, read_last_known
from mytrader_tui.history.records import makes_sense
from mytrader_tui.market.board import Board
from mytrader_tui.market.failover.router import State
from mytrader_tui.market.freshness import badge
from mytrader_tui.market.link import Link
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Quote, Source
from mytrader_tui.market.serving import choose, priced
from mytrader_tui.market.session import always_open, hours_at
from mytrader_tui.market.symbol import alpaca_can_know
from mytrader_tui.market.trust.validation import believe
from mytrader_tui.settings import Settings
from mytrader_tui.settings.credentials import Credentials
from mytrader_tui.settings.paths import Paths

YAHOO_TIMEOUT_SECONDS = 8.0


class ExitCode(IntEnum):
    """What the snapshot command returns to the shell. A price that is only remembered is no answer of a source.

    A source that could be asked for none of the symbols has not answered; one that says it knows none of them has.
    """

    OK = 0
    SOME_WITHOUT_NEWS = 3
    NO_SOURCE_ANSWERED = 4


class Snapshot(msgspec.Struct, frozen=True):
    """The rows in the order asked for, and what each source that failed said, for standard error."""

    rows: tuple[SnapshotRow, ...]
    troubles: tuple[str, ...]
    answered: bool

    @property
    def exit_code(self) -> ExitCode:
        """What the shell is told."""
        if not self.answered:
            return ExitCode.NO_SOURCE_ANSWERED
        told = all(row.last is not None and row.source != Source.CACHE.value for row in self.rows)
        return ExitCode.OK if told else ExitCode.SOME_WITHOUT_NEWS


async def take_snapshot(
    symbols: Sequence[str], settings: Settings, credentials: Credentials | None, paths: Paths, clock: Clock
) -> Snapshot:
    """Every source's present word on `symbols`, validated and routed as on the screen, at one instant.

    What an earlier run knew is read first: whoever looks while no source can be asked sees what the screen would show.
    """
    known = _last_known(symbols, settings, paths)
    answers = await asyncio.gather(
        _ask_alpaca(symbols, settings, credentials, clock), _ask_yahoo(symbols, settings, paths, clock)
    )
    now, board = clock(), Board()
    for answer in answers:
        for quote in answer.quotes:
            believed, _ = believe(quote, None, now.wall)
            if believed is not None:
                board.apply(believed)
    for each in known:
        board.apply(each.quote(now))
    rows = tuple(_row(symbol, board, settings, now) for symbol in symbols)
    troubles = tuple(answer.trouble for answer in answers if answer.trouble)
    return Snapshot(rows, troubles, any(answer.answered for answer in answers))


def _last_known(symbols: Sequence[str], settings: Settings, paths: Paths) -> tuple[LastKnown, ...]:
    if not settings.history.enabled:
        return ()
    wanted = frozenset(symbols)
    kept = read_last_known(paths.data_folder / FILE_NAME)
    return tuple(each for each in kept if each.record.symbol in wanted and makes_sense(each.record))


class _Answer(msgspec.Struct, frozen=True):
    quotes: tuple[Quote, ...] = ()
    answered: bool = False
    trouble: str = ""


async def _ask_alpaca(
    symbols: Sequence[str], settings: Settings, credentials: Credentials | None, clock: Clock
) -> _Answer:
    # Nothing is asked of Alpaca then, and what is not asked does not answer.
    nothing = settings.alpaca.feed == "test" or not any(alpaca_can_know(symbol) for symbol in symbols)
    if credentials is None or not settings.alpaca.enabled or nothing:
        return _Answer()
    data = AlpacaData(
        data_url=settings.alpaca.data_url,
        feed=settings.alpaca.feed,
        key=credentials.key,
        secret=credentials.secret,
        clock=clock,
    )
    try:
        quotes = await data.snapshots(symbols)
    except AlpacaError as error:
        return _Answer(trouble=str(error))
    finally:
        data.close()
    return _Answer(tuple(quotes), answered=True)


async def _ask_yahoo(symbols: Sequence[str], settings: Settings, paths: Paths, clock: Clock) -> _Answer:
    if not settings.yahoo.enabled:
        return _Answer()
    client = YahooClient(
        clock=clock,
        base_url=settings.yahoo.base_url,
        cache_folder=paths.cache_folder,
        request_timeout=YAHOO_TIMEOUT_SECONDS,
    )
    quotes: list[Quote] = []
    try:
        for start in range(0, len(symbols), MAX_BATCH):
            quotes += (await client.quotes(symbols[start : start + MAX_BATCH])).quotes
    except YahooError as error:
        return _Answer(tuple(quotes), answered=bool(quotes), trouble=f"Yahoo: {error}")
    finally:
        client.close()
    return _Answer(tuple(quotes), answered=True)


def _row(symbol: str, board: Board, settings: Settings, now: Moment) -> SnapshotRow:
    """The row of `symbol`; a source that told its price answered a moment ago, so its link is as good as up."""
    source = choose(
        State.PRIMARY_ACTIVE,
        Source.CACHE,
        streamed=True,
        alpaca=priced(board.quote(symbol, Source.ALPACA)),
        yahoo=priced(board.quote(symbol, Source.YAHOO)),
    )
    quote = board.quote(symbol, source or Source.CACHE)
    poll_seconds = settings.yahoo.poll_seconds if source is Source.YAHOO else None
    since = quote.receipt if quote else now
    link = Link(up=True, since=since, heard=now, poll_seconds=poll_seconds)
    hours = always_open(now.wall) if settings.alpaca.feed == "test" else hours_at(now.wall)
    return snapshot_row(symbol, quote, badge(quote, link, hours, now), now)
