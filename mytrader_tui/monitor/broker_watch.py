"""What the broker says, asked for again and again: the account, its positions and orders, and what time it is."""

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta

from mytrader_tui.feeds.alpaca.account import AlpacaAccount
from mytrader_tui.feeds.alpaca.error import AlpacaError
from mytrader_tui.feeds.alpaca.order_stream import AlpacaOrders
from mytrader_tui.market.account.equity import EquityHistory, EquityPeriod
from mytrader_tui.market.account.order_book import OrderFilter
from mytrader_tui.market.link import Reason
from mytrader_tui.market.session import NEW_YORK, BrokerCalendar
from mytrader_tui.monitor.account import AccountBook
from mytrader_tui.monitor.clock import MarketClock
from mytrader_tui.monitor.intake import Intake

ACCOUNT_SECONDS = 5.0
REFUSED_SECONDS = 60.0
ORDERS_SECONDS = 60.0
"""How often all orders are read although nothing was said to have happened to them."""

CLOCK_SECONDS = 60.0
CALENDAR_SECONDS = 86400.0
CALENDAR_RETRY_SECONDS = 15 * 60.0
CALENDAR_AHEAD = timedelta(days=14)
CALENDAR_LEAST = 5
"""Trading days in the calendar's fortnight below which it is not believed: in 2001 the exchange missed four."""

ORDER_HISTORY = timedelta(days=4)
"""How far back orders are asked for: far enough for the closed ones of a Friday to be there on a Monday."""

ONE_MOMENT = timedelta(seconds=1)

_log = logging.getLogger(__name__)


class BrokerWatch:
    """Keeps the account, the orders and the broker's clock up to date. `changed` is called after each reading."""

    def __init__(
        self,
        broker: AlpacaAccount,
        socket: AlpacaOrders,
        book: AccountBook,
        intake: Intake,
        clock: MarketClock,
        changed: Callable[[], None],
    ) -> None:
        self._broker = broker
        self._socket = socket
        self._book = book
        self._intake = intake
        self._clock = clock
        self._changed = changed
        self._clock_due = asyncio.Event()
        self._account_due = asyncio.Event()
        self._orders_due = asyncio.Event()
        self._calendar_due = asyncio.Event()
        self._complaints: dict[str, Reason] = {}

    def happened(self) -> None:
        """Something became of an order, or the account's socket is up again: all is read anew, at once."""
        self._broker.invalidate("account", "positions")
        self._account_due.set()
        self._orders_due.set()

    def resumed(self) -> None:
        """This machine slept, or its clock was set."""
        self._clock_due.set()
        self._calendar_due.set()
        self._socket.reconnect()

    async def watch_account(self) -> None:
        """Read the account and the positions until cancelled."""
        while True:
            self._account_due.clear()
            pause = await self._read_account()
            self._changed()
            await _due(self._account_due, pause)

    async def watch_orders(self) -> None:
        """Read the orders until cancelled, at the latest a minute after the last time."""
        while True:
            self._orders_due.clear()
            await _due(self._orders_due, await self._read_orders())

    async def watch_socket(self) -> None:
        """Listen to what becomes of orders until cancelled."""
        await self._socket.run()

    async def watch_clock(self) -> None:
        """Read the clock until cancelled; while it cannot be read, the rules serve."""
        while True:
            self._clock_due.clear()
            asked = self._clock()
            try:
                reading = await self._broker.clock()
            except AlpacaError as error:
                _log.info("the broker's clock could not be read, the rules serve: %s", error)
            else:
                self._clock.compare(asked, reading.timestamp, self._clock())
                self._intake.hear_broker(reading)
            await _due(self._clock_due, CLOCK_SECONDS)

    async def watch_calendar(self) -> None:
        """Read the coming fortnight once a day until cancelled; while it cannot be read, the rules serve."""
        while True:
            self._calendar_due.clear()
            await _due(self._calendar_due, await self._read_calendar())

    async def equity_history(self, period: EquityPeriod) -> EquityHistory | str:
        """The account's equity over `period`, or why it cannot be told."""
        try:
            return await self._broker.equity_history(period)
        except AlpacaError as error:
            return str(error)

    async def _read_account(self) -> float:
        """Ask once; the seconds until it should be asked again."""
        try:
            self._book.account = await self._broker.account()
            self._book.holdings = await self._broker.holdings()
        except AlpacaError as error:
            self._complain("account", error)
            self._book.note = str(error)
            return _pause_after(error)
        self._book.note = ""
        self._complaints.pop("account", None)
        return ACCOUNT_SECONDS

    async def _read_calendar(self) -> float:
        """Ask once; the seconds until it should be asked again."""
        first = self._clock().wall.astimezone(NEW_YORK).date()
        last = first + CALENDAR_AHEAD
        try:
            days = await self._broker.calendar(first, last)
        except AlpacaError as error:
            _log.info("the broker's calendar could not be read, the rules serve: %s", error)
            return max(CALENDAR_RETRY_SECONDS, error.retry_after or 0.0)
        if self._broker.unreadable_days or len(days) < CALENDAR_LEAST:
            _log.warning(
                "the broker's calendar makes no sense, the rules serve: %d trading days from %s", len(days), first
            )
            self._broker.invalidate("calendar")
            return CALENDAR_RETRY_SECONDS
        self._intake.hear_calendar(BrokerCalendar(first, last, tuple(days)))
        return CALENDAR_SECONDS

    async def _read_orders(self) -> float:
        asked = self._clock()
        known = self._book.orders.select(OrderFilter.OPEN, asked.wall)
        # The broker counts from when an order was submitted: one that stood for weeks may have been filled today.
        begins = [order.submitted_at for order in known if order.submitted_at is not None]
        since = min([asked.wall - ORDER_HISTORY, *(at - ONE_MOMENT for at in begins)])
        try:
            still_open = await self._broker.orders("open")
            closed = await self._broker.orders("closed", since)
        except AlpacaError as error:
            self._complain("orders", error)
            self._book.orders_note = str(error)
            return _pause_after(error)
        self._complaints.pop("orders", None)
        self._book.orders.reread([*still_open, *closed], asked)
        if self._socket.link.up:
            self._book.orders_note = ""
        return ORDERS_SECONDS

    def _complain(self, what: str, error: AlpacaError) -> None:
        """Log that the account or the orders could not be read, once for as long as the reason stays."""
        if self._complaints.get(what) is not error.reason:
            _log.warning("the %s could not be read: %s", what, error)
        self._complaints[what] = error.reason


def _pause_after(error: AlpacaError) -> float:
    if error.retry_after is not None:
        return max(ACCOUNT_SECONDS, error.retry_after)
    return REFUSED_SECONDS if error.reason.fatal else ACCOUNT_SECONDS


async def _due(event: asyncio.Event, seconds: float) -> None:
    """Wait for `event`, but no longer than `seconds`."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
