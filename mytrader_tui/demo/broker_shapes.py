"""The shapes of the demo's trading answers, in Alpaca's names. A Decimal travels as a string, as at Alpaca."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import msgspec


class Account(msgspec.Struct):
    """/v2/account. Money in `currency`."""

    id: UUID
    account_number: str
    cash: Decimal
    equity: Decimal
    last_equity: Decimal
    portfolio_value: Decimal
    long_market_value: Decimal
    short_market_value: Decimal
    initial_margin: Decimal
    maintenance_margin: Decimal
    buying_power: Decimal
    regt_buying_power: Decimal
    non_marginable_buying_power: Decimal
    created_at: datetime
    status: str = "ACTIVE"
    crypto_status: str = "INACTIVE"
    currency: str = "USD"
    multiplier: str = "2"
    accrued_fees: Decimal = Decimal(0)
    pending_transfer_in: Decimal = Decimal(0)
    shorting_enabled: bool = True
    trading_blocked: bool = False
    transfers_blocked: bool = False
    account_blocked: bool = False
    trade_suspended_by_user: bool = False


class Position(msgspec.Struct):
    """An entry of /v2/positions. Short quantities, values and cost are negative; the `plpc` are fractions."""

    asset_id: UUID
    symbol: str
    exchange: str
    side: str
    qty: Decimal
    qty_available: Decimal
    avg_entry_price: Decimal
    market_value: Decimal
    cost_basis: Decimal
    unrealized_pl: Decimal
    unrealized_plpc: Decimal
    unrealized_intraday_pl: Decimal
    unrealized_intraday_plpc: Decimal
    current_price: Decimal
    lastday_price: Decimal
    change_today: Decimal
    asset_class: str = "us_equity"
    asset_marginable: bool = True


class Order(msgspec.Struct, kw_only=True):
    """An entry of /v2/orders."""

    id: UUID
    client_order_id: str
    created_at: datetime
    updated_at: datetime
    submitted_at: datetime
    filled_at: datetime | None = None
    expired_at: datetime | None = None
    canceled_at: datetime | None = None
    failed_at: datetime | None = None
    replaced_at: datetime | None = None
    replaced_by: UUID | None = None
    replaces: UUID | None = None
    asset_id: UUID
    symbol: str
    asset_class: str = "us_equity"
    notional: Decimal | None = None
    qty: Decimal
    filled_qty: Decimal = Decimal(0)
    filled_avg_price: Decimal | None = None
    order_class: str = "simple"
    order_type: str
    type: str
    side: str
    time_in_force: str = "day"
    limit_price: Decimal | None = None
    stop_price: Decimal | None = None
    trail_percent: Decimal | None = None
    trail_price: Decimal | None = None
    hwm: Decimal | None = None
    status: str
    extended_hours: bool = False
    legs: list["Order"] | None = None


class TradeUpdate(msgspec.Struct, omit_defaults=True):
    """The data of a trade_updates message; a fill has a price, a quantity and what is held after it."""

    event: str
    execution_id: UUID
    order: Order
    timestamp: datetime
    price: Decimal | None = None
    qty: Decimal | None = None
    position_qty: Decimal | None = None


class EquityHistory(msgspec.Struct):
    """/v2/account/portfolio/history: columns of equal length, times in epoch seconds; numbers, unlike elsewhere."""

    timestamp: list[int]
    equity: list[float | None]
    profit_loss: list[float | None]
    profit_loss_pct: list[float | None]
    base_value: float
    timeframe: str


class BrokerTime(msgspec.Struct):
    """/v2/clock."""

    timestamp: datetime
    is_open: bool
    next_open: datetime
    next_close: datetime


class CalendarDay(msgspec.Struct):
    """An entry of /v2/calendar; hours are New York's."""

    date: date
    open: str
    close: str
    session_open: str
    session_close: str


class Asset(msgspec.Struct, rename={"asset_class": "class"}):
    """/v2/assets/{symbol}."""

    id: UUID
    exchange: str
    symbol: str
    name: str
    asset_class: str = "us_equity"
    status: str = "active"
    tradable: bool = True
    marginable: bool = True
    shortable: bool = True
    easy_to_borrow: bool = True
    fractionable: bool = True
    attributes: list[str] = msgspec.field(default_factory=list)
