"""A desk as a trader would see it, for pictures and measurements."""

import math
import random

from fake_desk import YAHOO, FakeDesk

PRICES = {
    "SPY": (601.23, 4.5e7, "SPDR S&P 500 ETF Trust"),
    "QQQ": (512.77, 3.1e7, "Invesco QQQ Trust"),
    "AAPL": (228.41, 4.21e7, "Apple Inc."),
    "MSFT": (431.02, 1.9e7, "Microsoft Corporation"),
    "NVDA": (141.95, 2.1e8, "NVIDIA Corporation"),
    "AMZN": (204.6, 3.3e7, "Amazon.com, Inc."),
    "GOOGL": (176.33, 2.2e7, "Alphabet Inc."),
    "TSLA": (352.18, 9.1e7, "Tesla, Inc."),
    "BRK.B": (473.2, 3.4e6, "Berkshire Hathaway Inc."),
}
POLLED = {
    "^GSPC": (6012.34, 2.4e9, "S&P 500", "USD"),
    "BTC-USD": (97123.45, 7.1e10, "Bitcoin USD", "USD"),
}


def lively_desk(*, foreign: bool = False) -> FakeDesk:
    """Nine US listings live, an index and a coin delayed, one without data, and three positions."""
    polled = {**POLLED, **({"7203.T": (2712.5, 2.9e7, "トヨタ自動車", "JPY")} if foreign else {})}
    desk = FakeDesk((*PRICES, *polled, "NEWCO"))
    chance = random.Random(7)
    for symbol, (price, volume, name) in PRICES.items():
        close = round(price * chance.uniform(0.975, 1.025), 2)
        desk.quote(
            symbol,
            price,
            age=chance.choice((0, 1, 3, 40)),
            previous_close=close,
            volume=volume,
            name=name,
            currency="USD",
            low=round(price * 0.99, 2),
            high=round(price * 1.015, 2),
            bid=round(price - 0.02, 2),
            ask=round(price + 0.03, 2),
        )
    for symbol, (price, volume, name, currency) in polled.items():
        desk.quote(
            symbol,
            price,
            origin=YAHOO,
            age=905,
            previous_close=price * 0.99,
            volume=volume,
            name=name,
            currency=currency,
        )
    for place, symbol in enumerate(PRICES):
        # The day's closes: nine waves that begin at different points.
        desk.charts.sparklines[symbol] = tuple(math.sin((minute + 5 * place) / 7) + 2 for minute in range(60))
    desk.hold(AAPL=("120", "198.44"), NVDA=("-50", "139.2"), TSLA=("10.5", "401.113"), NEWCO=("300", "0.8812"))
    return desk
