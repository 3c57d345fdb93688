"""The rows of GET /v2/positions, however loosely they are written."""

from typing import Any

import msgspec

from mytrader_tui.feeds.alpaca.lenient import number, part
from mytrader_tui.market.account.portfolio import Position, day_entry
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.symbol import BadSymbolError, canonical

_PAIR_CURRENCIES = ("USDT", "USDC", "USD", "BTC")


class _Position(msgspec.Struct):
    symbol: str
    qty: Any = None
    avg_entry_price: Any = None
    side: Any = None
    asset_class: Any = None
    lastday_price: Any = None
    current_price: Any = None
    unrealized_intraday_pl: Any = None


def position(row: object, receipt: Moment) -> Position | None:
    """The position in a `row`, or None without a readable symbol, quantity or entry price, options among them."""
    raw = part(row, _Position)
    if raw is None:
        return None
    try:
        symbol = priced_symbol(raw.symbol, raw.asset_class)
    except BadSymbolError:
        return None
    quantity, entry = number(raw.qty), number(raw.avg_entry_price)
    if quantity is None or entry is None:
        return None
    if raw.side == "short":
        quantity = -abs(quantity)
    previous_close, broker_price = number(raw.lastday_price), number(raw.current_price)
    return Position(
        symbol=symbol,
        quantity=quantity,
        average_entry=entry,
        receipt=receipt,
        previous_close=previous_close,
        broker_price=broker_price,
        day_entry=day_entry(quantity, broker_price, previous_close, number(raw.unrealized_intraday_pl)),
    )


def priced_symbol(symbol: str, asset_class: object) -> str:
    """The broker's `symbol` in the spelling that can be priced: Alpaca's crypto pair BTCUSD is BTC-USD.

    Raises BadSymbolError, for an option's symbol too: its price would have to be multiplied by its contract size.
    """
    if asset_class != "crypto":
        return canonical(symbol)
    pair = symbol.upper().replace("/", "")
    for currency in _PAIR_CURRENCIES:
        if pair.endswith(currency) and pair != currency:
            return canonical(f"{pair.removesuffix(currency)}-{currency}")
    return canonical(symbol)
