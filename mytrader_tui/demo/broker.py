"""The demo's paper account: cash, positions and orders, valued at the walk's prices."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal
from uuid import NAMESPACE_DNS, UUID, uuid5

import msgspec

from mytrader_tui.demo.broker_shapes import Account, Order, Position, TradeUpdate
from mytrader_tui.demo.listings import alpaca_exchange, listing
from mytrader_tui.demo.prices import Prices
from mytrader_tui.market.moment import Moment

Side = Literal["buy", "sell"]
_CENT = Decimal("0.01")
_PRICE = Decimal("0.000001")
_FRACTION = Decimal("0.0000000001")
_FIRST_CASH = Decimal("42150.37")
_OPEN = frozenset({"new", "accepted", "partially_filled"})


class Holding(msgspec.Struct, frozen=True):
    """Shares held (negative if short) at an average entry price."""

    qty: Decimal
    entry: Decimal

    def after(self, qty: Decimal, price: Decimal) -> "Holding":
        """The holding when `qty` more (negative if sold) were traded at `price`."""
        total = self.qty + qty
        if self.qty * qty >= 0:
            entry = (self.qty * self.entry + qty * price) / total
        else:
            entry = self.entry if total * self.qty > 0 else price
        return Holding(total, entry)


_FIRST_HOLDINGS = {
    "AAPL": Holding(Decimal(50), Decimal("171.2")),
    "MSFT": Holding(Decimal(20), Decimal("389.5")),
    "NVDA": Holding(Decimal(120), Decimal("96.31")),
    "SPY": Holding(Decimal(25), Decimal("552.04")),
    "TSLA": Holding(Decimal(-15), Decimal("262.8")),
    "AMZN": Holding(Decimal("7.25"), Decimal("178.44")),
}


def id_of(name: str) -> UUID:
    """The id of an asset, order or account: always the same for the same name."""
    return uuid5(NAMESPACE_DNS, f"{name}.demo.invalid")


class Broker:
    """The account. Every figure follows from cash, holdings and prices, so that all of them agree."""

    def __init__(self, prices: Prices, clock: Callable[[], Moment]) -> None:
        self._prices = prices
        self._clock = clock
        self._cash = _FIRST_CASH
        self._holdings = dict(_FIRST_HOLDINGS)
        self._orders = _first_orders(clock().wall)
        self._executions = 0

    def account(self) -> Account:
        """The account now."""
        values = [holding.qty * self._price(symbol) for symbol, holding in self._holdings.items()]
        long = sum((value for value in values if value > 0), Decimal(0))
        short = sum((value for value in values if value < 0), Decimal(0))
        equity = self.equity()
        initial = (long - short) / 2
        power = max(Decimal(0), equity - initial) * 2
        return Account(
            id=id_of("account"),
            account_number="PADEMO000001",
            cash=_cents(self._cash),
            equity=_cents(equity),
            last_equity=_cents(self.last_equity()),
            portfolio_value=_cents(equity),
            long_market_value=_cents(long),
            short_market_value=_cents(short),
            initial_margin=_cents(initial),
            maintenance_margin=_cents(long * Decimal("0.25") - short * Decimal("0.3")),
            buying_power=_cents(power),
            regt_buying_power=_cents(power),
            non_marginable_buying_power=_cents(max(Decimal(0), equity - initial)),
            created_at=self._clock().wall - timedelta(days=200),
        )

    def positions(self) -> list[Position]:
        """What is held now."""
        return [self._position(symbol, holding) for symbol, holding in self._holdings.items()]

    def orders(self, status: str = "open") -> list[Order]:
        """The orders that are open, closed, or all, newest first."""
        wanted = {"open": (True,), "closed": (False,)}.get(status, (True, False))
        chosen = [order for order in self._orders if (order.status in _OPEN) in wanted]
        return sorted(chosen, key=lambda order: order.submitted_at, reverse=True)

    def order(self, symbol: str, side: Side, qty: Decimal, limit: Decimal | None = None) -> TradeUpdate:
        """Take on an order that waits, and tell of it."""
        order = self._new_order(symbol, side, qty, "market" if limit is None else "limit")
        order.limit_price = limit
        return self._told("new", order)

    def cancel(self, order: Order) -> TradeUpdate:
        """Cancel an open order and tell of it."""
        order.status, order.canceled_at = "canceled", self._clock().wall
        return self._told("canceled", order)

    def open_order(self, identity: UUID) -> Order:
        """The open order of this id. Raises LookupError."""
        found = [order for order in self._orders if order.id == identity and order.status in _OPEN]
        if not found:
            raise LookupError(f"no open order {identity}")
        return found[0]

    def fill(self, symbol: str, side: Side, qty: Decimal, price: Decimal, order: Order | None = None) -> TradeUpdate:
        """Trade at once, for a market order of its own or as a part or the rest of an open `order`; tell of it."""
        signed = qty if side == "buy" else -qty
        held = self._holdings.pop(symbol, None)
        after = held.after(signed, price) if held is not None and held.qty + signed else Holding(signed, price)
        if held is None or held.qty + signed:
            self._holdings[symbol] = after
        self._cash -= signed * price
        order = order or self._new_order(symbol, side, qty, "market")
        spent = order.filled_qty * (order.filled_avg_price or Decimal(0)) + qty * price
        order.filled_qty += qty
        order.filled_avg_price = (spent / order.filled_qty).quantize(_PRICE).normalize()
        done = order.filled_qty >= order.qty
        order.status = "filled" if done else "partially_filled"
        order.filled_at = self._clock().wall if done else None
        position = self._holdings[symbol].qty if symbol in self._holdings else Decimal(0)
        return self._told("fill" if done else "partial_fill", order, price, qty, position)

    def equity(self) -> Decimal:
        """What the account is worth now."""
        held = (holding.qty * self._price(symbol) for symbol, holding in self._holdings.items())
        return self._cash + sum(held, Decimal(0))

    def last_equity(self) -> Decimal:
        """What the account was worth at the close before."""
        held = (holding.qty * self._previous(symbol) for symbol, holding in _FIRST_HOLDINGS.items())
        return _FIRST_CASH + sum(held, Decimal(0))

    def _new_order(self, symbol: str, side: Side, qty: Decimal, kind: str) -> Order:
        order = _order(len(self._orders) + 1, symbol, side, qty, kind, self._clock().wall)
        self._orders.append(order)
        return order

    def _told(
        self,
        event: str,
        order: Order,
        price: Decimal | None = None,
        qty: Decimal | None = None,
        position: Decimal | None = None,
    ) -> TradeUpdate:
        self._executions += 1
        order.updated_at = now = self._clock().wall
        return TradeUpdate(event, id_of(f"execution {self._executions}"), order, now, price, qty, position)

    def _price(self, symbol: str) -> Decimal:
        return Decimal(str(self._prices.walk(symbol, self._clock().wall).price))

    def _previous(self, symbol: str) -> Decimal:
        return Decimal(str(self._prices.walk(symbol, self._clock().wall).previous_close))

    def _position(self, symbol: str, holding: Holding) -> Position:
        price, previous = self._price(symbol), self._previous(symbol)
        value, cost = holding.qty * price, holding.qty * holding.entry
        intraday_cost = self._intraday_cost(symbol, holding, previous)
        return Position(
            asset_id=id_of(symbol),
            symbol=symbol,
            exchange=alpaca_exchange(listing(symbol)),
            side="long" if holding.qty > 0 else "short",
            qty=holding.qty,
            qty_available=holding.qty,
            avg_entry_price=holding.entry.quantize(_PRICE).normalize(),
            market_value=_cents(value),
            cost_basis=_cents(cost),
            unrealized_pl=_cents(value - cost),
            unrealized_plpc=_fraction(value - cost, cost),
            unrealized_intraday_pl=_cents(value - intraday_cost),
            unrealized_intraday_plpc=_fraction(value - intraday_cost, intraday_cost),
            current_price=price,
            lastday_price=previous,
            change_today=_fraction(price - previous, previous),
        )

    def _intraday_cost(self, symbol: str, holding: Holding, previous: Decimal) -> Decimal:
        """What the shares were worth when the day, or their part in it, began."""
        first = _FIRST_HOLDINGS.get(symbol)
        if first is None or first.qty * holding.qty < 0:
            return holding.qty * holding.entry
        kept = min(first.qty, holding.qty, key=abs)
        return kept * previous + (holding.qty - kept) * holding.entry


def _cents(money: Decimal) -> Decimal:
    return money.quantize(_CENT)


def _fraction(part: Decimal, whole: Decimal) -> Decimal:
    return (part / abs(whole)).quantize(_FRACTION)


def _order(number: int, symbol: str, side: Side, qty: Decimal, kind: str, when: datetime) -> Order:
    identity = id_of(f"order {number}")
    return Order(
        id=identity,
        client_order_id=f"demo-{number}",
        created_at=when,
        updated_at=when,
        submitted_at=when,
        asset_id=id_of(symbol),
        symbol=symbol,
        qty=qty,
        order_type=kind,
        type=kind,
        side=side,
        status="new",
    )


def _first_orders(now: datetime) -> list[Order]:
    """Two orders that wait and two that are done."""
    limit = _order(1, "NVDA", "buy", Decimal(10), "limit", now - timedelta(hours=1))
    limit.limit_price, limit.time_in_force = Decimal("112.5"), "gtc"
    stop = _order(2, "AAPL", "sell", Decimal(20), "stop", now - timedelta(days=1))
    stop.stop_price, stop.time_in_force = Decimal(165), "gtc"
    filled = _order(3, "AMZN", "buy", Decimal("7.25"), "market", now - timedelta(days=3))
    filled.status, filled.filled_at = "filled", filled.submitted_at + timedelta(seconds=1)
    filled.filled_qty, filled.filled_avg_price = filled.qty, Decimal("178.44")
    canceled = _order(4, "KO", "buy", Decimal(30), "limit", now - timedelta(days=2))
    canceled.limit_price, canceled.status = Decimal(58), "canceled"
    canceled.canceled_at = canceled.submitted_at + timedelta(hours=2)
    return [limit, stop, filled, canceled]
