"""What may be claimed of a price: the badge, a pure function of the quote, its link, the session and now."""

from enum import Enum

import msgspec

from mytrader_tui.market.link import Link, poll_limit
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Quote, Source
from mytrader_tui.market.session import MarketHours, Session
from mytrader_tui.market.symbol import alpaca_can_know


class BadgeKind(Enum):
    """What the screen can say of a price's freshness, one at a time. The value is glyph and word."""

    LIVE = "● LIVE"
    HALTED = "‖ HALTED"
    DELAYED = "◷ DELAYED"
    CLOSED = "○ CLOSED"
    STALE = "▲ STALE"
    CACHED = "□ CACHED"
    NO_DATA = "— NO DATA"


class Badge(msgspec.Struct, frozen=True):
    """A badge with its number: the delay of DELAYED (None if undeclared), the receipt age of STALE, CACHED's age.

    A STALE price that its source tells anew, though it is of an earlier session, has the age of the price itself.
    """

    kind: BadgeKind
    seconds: float | None = None

    @property
    def text(self) -> str:
        """The badge as shown: `◷ DELAYED 15m`, `▲ STALE 42s`."""
        if self.seconds is not None:
            return f"{self.kind.value} {short_span(self.seconds)}"
        return f"{self.kind.value} ?" if self.kind is BadgeKind.DELAYED else f"{self.kind.value}"


NO_DATA = Badge(BadgeKind.NO_DATA)
LIVE = Badge(BadgeKind.LIVE)
HALTED = Badge(BadgeKind.HALTED)
CLOSED = Badge(BadgeKind.CLOSED)
DELAY_UNKNOWN = Badge(BadgeKind.DELAYED)


def short_span(seconds: float) -> str:
    """A span of time in one unit, rounded down so that it never reads older than it is: `42s`, `15m`, `3h`, `2d`."""
    whole = int(seconds)
    if whole < 60:
        return f"{whole}s"
    if whole < 3600:
        return f"{whole // 60}m"
    if whole < 86400:
        return f"{whole // 3600}h"
    return f"{whole // 86400}d"


def badge(quote: Quote | None, link: Link, hours: MarketHours, now: Moment) -> Badge:
    """What may be claimed of `quote.price` at `now`, served over `link` in a market at `hours`."""
    if quote is None or quote.price is None:
        return NO_DATA
    receipt_age = now.seconds_since(quote.price_receipt)
    if quote.origin.source is Source.CACHE:
        return Badge(BadgeKind.CACHED, receipt_age)
    if quote.session is None:
        session = hours.session
        settled = session is Session.CLOSED and _covers_close(quote, link, hours)
    else:
        session = quote.session
        settled = session is Session.CLOSED and not _overdue(link, receipt_age)
    if settled:
        return CLOSED
    if session is not Session.CLOSED and quote.halted is not None and _halt_stands(quote, link, now):
        return HALTED
    if session is Session.CLOSED or not link.up or _overdue(link, receipt_age) or _silent(quote, link, now):
        return Badge(BadgeKind.STALE, receipt_age)
    if _of_an_earlier_session(quote, link, hours):
        return CLOSED
    if quote.price_time is not None and _missed_the_open(quote, link, hours):
        # What was told a moment ago is as old as what was told, which the wall clock of now has no say in.
        return Badge(BadgeKind.STALE, receipt_age + quote.price_receipt.age_of(quote.price_time))
    return _served(quote, link)


def _served(quote: Quote, link: Link) -> Badge:
    """The badge of a price whose link is in order and whose market is not closed."""
    declared = quote.origin.delay_seconds
    if declared is None or quote.price_time is None:
        return DELAY_UNKNOWN
    if link.poll_seconds is not None:
        return Badge(BadgeKind.DELAYED, max(declared, link.poll_seconds))
    return LIVE if declared == 0 and not quote.origin.polled else Badge(BadgeKind.DELAYED, declared)


def _overdue(link: Link, receipt_age: float) -> bool:
    return link.poll_seconds is not None and receipt_age > poll_limit(link.poll_seconds)


def _silent(quote: Quote, link: Link, now: Moment) -> bool:
    """True if `link` is a stream that is not heard, or that came up after `quote` and may have missed a print."""
    if link.poll_seconds is not None:
        return False
    return not link.proven(now) or quote.price_receipt.mono < link.since.mono


def _covers_close(quote: Quote, link: Link, hours: MarketHours) -> bool:
    """True if `quote` is known to be the last price of the session that ended at `hours.since`.

    It is if the source told us after the end, or if it came over a link that then stayed up past the end.
    """
    if quote.price_receipt.wall >= hours.since:
        return True
    held = link.up and link.heard is not None and quote.price_receipt.mono >= link.since.mono
    return held and link.heard is not None and link.heard.wall >= hours.since


def _halt_stands(quote: Quote, link: Link, now: Moment) -> bool:
    """True if a real-time stream that is heard would have told us by now of the halt's end.

    It would if it told us of the halt, or of the price that stands since, after it last came up.
    """
    if link.poll_seconds is not None or quote.origin.polled or quote.origin.delay_seconds != 0 or not link.proven(now):
        return False
    told = (quote.price_receipt, quote.halt_receipt)
    return any(receipt is not None and receipt.mono >= link.since.mono for receipt in told)


def _of_an_earlier_session(quote: Quote, link: Link, hours: MarketHours) -> bool:
    """True if a stream has had no print yet in these extended hours: what it shows is the last session's price."""
    if hours.session not in (Session.PRE, Session.POST) or quote.session is not None:
        return False
    streamed = link.poll_seconds is None and not quote.origin.polled
    return streamed and quote.price_time is not None and quote.price_time < hours.since


def _missed_the_open(quote: Quote, link: Link, hours: MarketHours) -> bool:
    """True if a polled source called the market open and still told a US listing's price from before the open.

    By then it had had the delay that it declares, and the polls that it may miss.
    """
    if link.poll_seconds is None or quote.price_time is None or not alpaca_can_know(quote.symbol):
        return False
    if hours.session is not Session.REGULAR or quote.session is not Session.REGULAR:
        return False
    due = (quote.origin.delay_seconds or 0.0) + poll_limit(link.poll_seconds)
    return quote.price_receipt.age_of(hours.since) > due and quote.price_time < hours.since
