"""A trader's desk at 10:30 in New York, with everything on it that a screen can show."""

import logging
from datetime import timedelta
from decimal import Decimal

from alert_desk import ABOVE, BELOW, PERCENT, VOLUME
from chart_kit import a_day, days
from fake_desk import START, FakeDesk
from fake_orders import DAY, with_orders
from fake_search import listed
from lively_desk import PRICES, lively_desk
from msgspec.structs import replace
from test_ledger_screen import ALPACA, NOBODY, YAHOO, an_entry
from test_log_screen import say

from mytrader_tui.market.account.equity import EquityHistory, EquityPoint
from mytrader_tui.market.alerts.alert import Stand, Verdict
from mytrader_tui.market.bars import Bar, BarSeries, Timeframe
from mytrader_tui.market.failover.router import State
from mytrader_tui.market.link import Link, Reason
from mytrader_tui.market.moment import remembered
from mytrader_tui.market.quote import Origin, Quote, Source
from mytrader_tui.market.status import SourceHealth, SourceStatus
from mytrader_tui.market.watchlist import Watchlist
from mytrader_tui.monitor.account import NO_KEYS_NOTE

STORY = (
    an_entry(-95, NOBODY, ALPACA, "Alpaca is streaming", held_seconds=1.4, exits=0, hold_seconds=0.0),
    an_entry(-71, ALPACA, YAHOO, "Alpaca down for 60 s: the connection was lost", held_seconds=1440.0, down_seconds=60),
    an_entry(
        -67, YAHOO, NOBODY, "Yahoo failed and Alpaca is not back", rows_moved=0, down_seconds=240, poll_failures=3
    ),
    an_entry(-64.5, NOBODY, ALPACA, "Alpaca is streaming", held_seconds=150.0),
)
LOST = an_entry(1, ALPACA, YAHOO, "Alpaca down for 60 s: the connection was lost", held_seconds=3930.0, down_seconds=60)

_DAYS = {
    Timeframe.FIVE_DAYS: 80,
    Timeframe.MONTH: 84,
    Timeframe.THREE_MONTHS: 63,
    Timeframe.SIX_MONTHS: 126,
    Timeframe.YEAR: 252,
    Timeframe.FIVE_YEARS: 260,
}


def a_desk() -> FakeDesk:
    """Everything in order: Alpaca serves, three lists, positions, orders, alerts, a ledger and a log."""
    desk = lively_desk(foreign=True)
    for symbol, (price, _, _) in PRICES.items():
        quote = desk.board.served(symbol)
        close = quote.previous_close if quote else None
        desk.charts.answers[(symbol, Timeframe.DAY)] = replace(ending_at(price, a_day(symbol)), previous_close=close)
        for timeframe, count in _DAYS.items():
            desk.charts.answers[(symbol, timeframe)] = ending_at(price, days(timeframe, count, symbol))
    desk.lists.create("Tech")
    desk.watchlist = Watchlist(("NVDA", "AMD", "AAPL"))
    desk.lists.create("Old economy")
    desk.lists.choose("Watchlist")
    desk.ledger = STORY
    desk.history = a_curve()
    desk.search.near = (
        listed("NKE", "Nike, Inc.", exchange="NYSE"),
        listed("NIO", "NIO Inc. American Depositary Shares", exchange="NYSE"),
        listed("NI", "NiSource Inc", exchange="NYSE"),
        listed("NIE", "Virtus Equity & Convertible Income Fund", "fund", "NYSE"),
    )
    _log(desk)
    _alerts(desk)
    return with_orders(desk, *DAY)


def ending_at(price: float, series: BarSeries) -> BarSeries:
    """`series` scaled so that its last close is `price`."""
    part = price / series.bars[-1].close
    bars = tuple(_scaled(bar, part) for bar in series.bars)
    return replace(series, bars=bars, previous_close=round(bars[0].open * 0.998, 2))


def _scaled(bar: Bar, part: float) -> Bar:
    prices = (round(price * part, 2) for price in (bar.open, bar.high, bar.low, bar.close))
    return Bar(bar.start, *prices, bar.volume, bar.session)


def a_curve() -> EquityHistory:
    """A day of equity that fell and recovered."""
    moves = (0, -120, -340, -310, -150, -180, 40, 90, 260, 240, 345)
    points = tuple(
        EquityPoint(START.wall - timedelta(minutes=6 * (len(moves) - place)), Decimal(102_000 + moved))
        for place, moved in enumerate(moves)
    )
    return EquityHistory(period="1D", points=points, base=Decimal(102_000), receipt=START)


def _log(desk: FakeDesk) -> None:
    say(desk, logging.INFO, "alpaca link up: connected", ago=400.0)
    say(desk, logging.WARNING, "yahoo poll failed: the server does not answer", ago=95.0)
    say(desk, logging.ERROR, "quotes stopped with an error and starts again in 1 s: ValueError: bad", ago=7.0)
    say(desk, logging.INFO, "the account's socket is up", ago=2.0, part="mytrader_tui.monitor.account")
    desk.log.look()


def _alerts(desk: FakeDesk) -> None:
    alerts = desk.alerts
    alerts.fire(alerts.put("MSFT", BELOW, 432.0), 431.02)
    alerts.put("AAPL", PERCENT, 5.0, Verdict(Stand.WAITING, value=1.47))
    alerts.put("NVDA", ABOVE, 150.125, Verdict(Stand.WAITING, value=141.95), extended=True)
    alerts.put("TSLA", VOLUME, 100_000_000.0, Verdict(Stand.HELD, "price 9 min old"))
    alerts.fired.clear()
    alerts.see()


def an_empty_desk() -> FakeDesk:
    """The first start: no keys, and nothing has answered yet."""
    desk = FakeDesk(("SPY", "QQQ", "AAPL", "MSFT", "NVDA"))
    down = Link(up=False, since=START, reason=Reason.NO_KEYS)
    desk.links[Source.ALPACA] = down
    desk.links[Source.YAHOO] = Link(up=False, since=START, reason=Reason.STARTING, poll_seconds=60.0)
    desk.sources = (
        SourceStatus(Source.ALPACA, SourceHealth.OFF, down, 0, "no Alpaca keys"),
        SourceStatus(Source.YAHOO, SourceHealth.CONNECTING, desk.links[Source.YAHOO], 0),
    )
    desk.state, desk.story, desk.pace = State.BOTH_UNAVAILABLE, ("Connecting", "no source has answered yet"), 0.0
    desk.hint = "no Alpaca keys: Yahoo only · keys are free: app.alpaca.markets, Paper Trading, API Keys"
    desk.account_note = NO_KEYS_NOTE
    return desk


def a_cached_desk() -> FakeDesk:
    """The first paint of another day: what the disk knew, and nothing newer."""
    desk = an_empty_desk()
    for place, (symbol, (price, volume, name)) in enumerate(list(PRICES.items())[:5]):
        age = 61_200.0 + 60 * place
        at = START.wall - timedelta(seconds=age)
        known = Quote(
            symbol=symbol,
            origin=Origin(Source.CACHE, "iex", None),
            receipt=remembered(at, START),
            last=price,
            event_time=at,
            volume=volume,
            name=name,
        )
        desk.board.apply(known)
        desk.board.serve(symbol, Source.CACHE)
    return desk


def an_outage() -> FakeDesk:
    """Alpaca is lost for two minutes: half the rows are Yahoo's already, the others stale."""
    desk = a_desk()
    desk.advance(130.0)
    gone = Link(up=False, since=desk.moment.later(-128.0), reason=Reason.DROPPED, retry_at=desk.moment.later(14.0))
    desk.links = {
        Source.ALPACA: gone,
        Source.YAHOO: Link(up=True, since=START, heard=desk.moment, poll_seconds=10.0),
    }
    yahoo = Origin(Source.YAHOO, "quote", 900.0, polled=True)
    for symbol, (price, volume, name) in list(PRICES.items())[::2]:
        close = round(price * 0.993, 2)
        desk.quote(
            symbol, round(price * 0.998, 2), origin=yahoo, age=903.0, previous_close=close, volume=volume, name=name
        )
    desk.sources = (
        SourceStatus(Source.ALPACA, SourceHealth.DOWN, gone, 0, "the connection was lost, again in 0:14"),
        SourceStatus(Source.YAHOO, SourceHealth.DELAYED, desk.links[Source.YAHOO], 8),
    )
    desk.state = State.FALLBACK_ACTIVE
    desk.story = ("Yahoo serving for 1:08", "Alpaca down for 60 s: the connection was lost", "asking again in 0:14")
    desk.ledger = (*STORY, LOST)
    desk.pace = 0.8
    say(desk, logging.WARNING, "alpaca link down: the connection was lost", ago=128.0)
    return desk
