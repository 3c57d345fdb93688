"""The paper account as the screens see it: what the broker said last, what happened since, and why it is not newer."""

import logging
from collections import deque
from collections.abc import Callable, Set
from decimal import Decimal

from mytrader_tui.market.account.fills import apply_fill
from mytrader_tui.market.account.marking import Portfolio
from mytrader_tui.market.account.order_book import OrderBook
from mytrader_tui.market.account.order_text import update_text
from mytrader_tui.market.account.orders import OrderUpdate
from mytrader_tui.market.account.portfolio import Account, Holdings
from mytrader_tui.market.account.portfolio_keeper import PortfolioKeeper, Served
from mytrader_tui.market.link import Link, Reason
from mytrader_tui.market.moment import Moment
from mytrader_tui.monitor.availability import Off

NO_KEYS_NOTE = "No paper account: set ALPACA_API_KEY and ALPACA_SECRET_KEY"
"""Fits 60 columns; where keys come from is the status bar's to say."""

READING_NOTE = "Reading the paper account…"
KEPT_NEWS = 20
REMEMBERED_NEWS = 500

_log = logging.getLogger(__name__)


class AccountBook:
    """The account, its positions and its orders. A failed question leaves all as it was and says why in `note`.

    It is the sink of the account's socket: a fill changes the position at once. `happened` is called whenever the
    broker should be asked again, since nothing is replayed and a fill changes more than its own order.
    """

    def __init__(self, note: str, clock: Callable[[], Moment], happened: Callable[[], None]) -> None:
        self.account: Account | None = None
        self.holdings: Holdings | None = None
        self.orders = OrderBook()
        self.note = note
        self.orders_note = note
        self._clock = clock
        self._happened = happened
        self._keeper = PortfolioKeeper()
        self._news: deque[str] = deque(maxlen=KEPT_NEWS)
        self._told: deque[tuple[str, str, Decimal]] = deque(maxlen=REMEMBERED_NEWS)

    def portfolio(self, served: Served, now: Moment, dirty: Set[str]) -> Portfolio:
        """The positions at the board's prices; the same object as before if nothing changed."""
        return self._keeper.update(self.account, self.holdings, served, now, dirty)

    def take_news(self) -> tuple[str, ...]:
        """What became of orders since the last call, a line each."""
        news = tuple(self._news)
        self._news.clear()
        return news

    def order_update(self, update: OrderUpdate) -> None:
        """OrderSink: something became of an order."""
        now = self._clock()
        self.orders.apply(update, now)
        _log.info("order %s: %s", update.order.id, update.event)
        # A question to the broker may have been quicker: the position then stays as it is, the news is still news.
        happening = (update.order.id, update.event, update.order.filled_quantity)
        if update.notable and happening not in self._told:
            self._told.append(happening)
            self._news.append(update_text(update))
        if update.is_fill and self.holdings is not None:
            self.holdings = apply_fill(self.holdings, update, now)
        self._happened()

    def orders_link(self, link: Link) -> None:
        """OrderSink: the account's socket came up, went down, or failed to come up again."""
        if link.up:
            _log.info("the account's socket is up")
            self.orders_note = "Reading the orders…"
            self._happened()
            return
        reason = link.reason.value if link.reason else Reason.DROPPED.value
        _log.info("the account's socket is down: %s %s", reason, link.detail)
        self.orders_note = f"Orders may be old: {reason}."


def note_for(off: Off | None) -> str:
    """What the positions pane says while there is no account because Alpaca is `off`, or not yet."""
    if off is None:
        return READING_NOTE
    return NO_KEYS_NOTE if off.reason is Reason.NO_KEYS else f"No paper account: Alpaca is {off.reason.value} {off.by}."
