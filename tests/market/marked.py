"""Positions, quotes and badges for the tests of what a portfolio is worth."""

from datetime import UTC, datetime
from decimal import Decimal

from mytrader_tui.market.account.portfolio import Account, Holdings, Position
from mytrader_tui.market.freshness import LIVE, Badge
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Origin, Quote, Source

NOW = Moment(datetime(2026, 11, 20, 17, 0, tzinfo=UTC), 1000.0)
IEX = Origin(Source.ALPACA, "iex", 0.0)

Number = Decimal | str


def position(
    symbol: str = "AAPL",
    quantity: Number = "10",
    entry: Number = "100",
    *,
    previous_close: Number | None = None,
    broker_price: Number | None = None,
    day_entry: Number | None = None,
) -> Position:
    known = {"previous_close": previous_close, "broker_price": broker_price, "day_entry": day_entry}
    return Position(
        symbol=symbol,
        quantity=Decimal(quantity),
        average_entry=Decimal(entry),
        receipt=NOW,
        **{name: None if number is None else Decimal(number) for name, number in known.items()},
    )


def holdings(*positions: Position, at: Moment = NOW, unreadable: int = 0) -> Holdings:
    return Holdings(positions, at, unreadable)


def account(equity: Number = "10000", cash: Number = "5000", *, at: Moment = NOW, currency: str = "USD") -> Account:
    return Account(
        equity=Decimal(equity),
        last_equity=Decimal(equity),
        cash=Decimal(cash),
        buying_power=Decimal(0),
        currency=currency,
        status="ACTIVE",
        paper=True,
        receipt=at,
    )


class Prices:
    """What the board serves: a quote and a badge a symbol, and how often it was asked."""

    def __init__(self, **lasts: float) -> None:
        self.quotes: dict[str, Quote] = {}
        self.badges: dict[str, Badge] = {}
        self.asked: list[str] = []
        for symbol, last in lasts.items():
            self.say(symbol, last)

    def say(self, symbol: str, last: float | None, badge: Badge = LIVE, **fields: object) -> None:
        given = {"origin": IEX, "receipt": NOW, "event_time": NOW.wall, **fields}
        self.quotes[symbol] = Quote(symbol=symbol, last=last, **given)  # type: ignore[arg-type]  # fields by name
        self.badges[symbol] = badge

    def __call__(self, symbol: str) -> tuple[Quote | None, Badge]:
        self.asked.append(symbol)
        return self.quotes.get(symbol), self.badges.get(symbol, LIVE)
