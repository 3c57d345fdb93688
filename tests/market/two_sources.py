"""Both sources on a bench: prints and answers go in at seconds since the start, comparisons come out."""

from datetime import UTC, datetime

from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Origin, Quote, Source
from mytrader_tui.market.trust.comparison import Comparison, Obstacle
from mytrader_tui.market.trust.discrepancy import Discrepancies

START = Moment(datetime(2026, 11, 20, 15, 0, tzinfo=UTC), 10_000.0)
IEX = Origin(Source.ALPACA, "iex", 0.0)
YAHOO = Origin(Source.YAHOO, "quote", 900.0, polled=True)


def moment(seconds: float) -> Moment:
    return START.later(seconds)


def alpaca_quote(price: float | None = 100.0, at: float = 0.0, symbol: str = "AAPL", **fields: object) -> Quote:
    given = {"last": price, "event_time": moment(at).wall, "receipt": moment(at), **fields}
    return Quote(symbol=symbol, origin=IEX, **given)  # type: ignore[arg-type]  # fields by name


def yahoo_quote(
    price: float | None = 100.0, at: float = 0.0, delay: float = 0.0, symbol: str = "AAPL", **fields: object
) -> Quote:
    given = {"last": price, "event_time": moment(at - delay).wall, "receipt": moment(at), **fields}
    return Quote(symbol=symbol, origin=YAHOO, **given)  # type: ignore[arg-type]  # fields by name


class TwoSources:
    """A keeper of discrepancies, and the quotes of Alpaca that it is asked about."""

    def __init__(self) -> None:
        self.keeper = Discrepancies()
        self.quotes: dict[str, Quote] = {}

    def alpaca(self, at: float, price: float, *symbols: str) -> "TwoSources":
        """Alpaca prints `price` in each of the symbols."""
        for symbol in symbols or ("AAPL",):
            self.quotes[symbol] = alpaca_quote(price, at, symbol)
            self.keeper.heard(symbol, Source.ALPACA, price, moment(at).wall)
        return self

    def yahoo(
        self, at: float, price: float, *, delay: float = 0.0, symbol: str = "AAPL", obstacle: Obstacle | None = None
    ) -> Comparison:
        """Yahoo answers with `price`, printed `delay` seconds before."""
        answer = yahoo_quote(price, at, delay, symbol)
        self.keeper.heard(symbol, Source.YAHOO, price, answer.event_time)
        return self.keeper.compare(symbol, self.quotes.get(symbol), answer, moment(at), obstacle)

    def both(self, at: float, alpaca: float, yahoo: float, symbol: str = "AAPL") -> Comparison:
        """A print and an answer of the same instant."""
        return self.alpaca(at, alpaca, symbol).yahoo(at, yahoo, symbol=symbol)

    def reason(self, symbol: str = "AAPL") -> str | None:
        freeze = self.keeper.frozen(symbol)
        return None if freeze is None else freeze.reason


def frozen_pair() -> TwoSources:
    """AAPL, whose sources agreed and then were found 30 % apart at second 60."""
    pair = TwoSources()
    pair.both(0, 100.0, 100.0)
    pair.both(60, 100.0, 130.0)
    assert pair.reason() == "sources 30 % apart"
    return pair
