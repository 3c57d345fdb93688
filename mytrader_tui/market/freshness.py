"""What may be claimed of a price: the badge and its rule, by the quote, its link, the session and now alone."""

from enum import Enum

import msgspec

from mytrader_tui.market.link import Link, poll_limit
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import UNDECLARED_DELAY_SECONDS, Quote, Source
from mytrader_tui.market.session import MarketHours, Session, hours_at
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


class BadgeRule(Enum):
    """Which rule gave a badge. The value is the rule in words, without the numbers behind it."""

    NO_PRICE = "no price was ever heard"
    FROM_DISK = "restored from disk, nothing newer heard"
    LAST_OF_SESSION = "the last price of the latest session"
    HALTED = "trading is halted"
    UNPROVEN_CLOSE = "closed, and it may not be the last price"
    LINK_DOWN = "the link is down"
    OVERDUE = "the poll is overdue"
    SILENT = "the link is not heard"
    MISSED = "the link came up after this price"
    NO_PRINT_YET = "no print yet in these extended hours"
    BEFORE_THE_OPEN = "still the price from before the open"
    NO_EVENT_TIME = "when it was traded is not known"
    NO_DECLARED_DELAY = "the source declares no delay"
    POLLED = "the source is asked now and then"
    LATE_FEED = "the feed is late by its own word"
    ANSWERED = "an answer to a question, not the stream"
    REAL_TIME = "a real-time stream that is heard"


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
    return judge(quote, link, hours, now)[0]


def judge(quote: Quote | None, link: Link, hours: MarketHours, now: Moment) -> tuple[Badge, BadgeRule]:
    """The badge and the rule that gave it: whoever explains a badge reads the same decision."""
    if quote is None or quote.price is None:
        return NO_DATA, BadgeRule.NO_PRICE
    receipt = heard_at(quote, link)
    receipt_age = now.seconds_since(receipt)
    if quote.origin.source is Source.CACHE:
        return Badge(BadgeKind.CACHED, receipt_age), BadgeRule.FROM_DISK
    if quote.session is None:
        session = hours.session
        settled = session is Session.CLOSED and _covers_close(quote, link, hours)
    else:
        session = quote.session
        settled = session is Session.CLOSED and not _overdue(link, receipt_age)
    if settled:
        return CLOSED, BadgeRule.LAST_OF_SESSION
    if session is not Session.CLOSED and quote.halted is not None and _halt_stands(quote, link, now):
        return HALTED, BadgeRule.HALTED
    if (doubt := _doubt(quote, link, session, now)) is not None:
        return Badge(BadgeKind.STALE, receipt_age), doubt
    if _of_an_earlier_session(quote, link, hours):
        return CLOSED, BadgeRule.NO_PRINT_YET
    if quote.price_time is not None and _missed_the_open(quote, link, hours):
        # What was told a moment ago is as old as what was told, which the wall clock of now has no say in.
        age = receipt_age + receipt.age_of(quote.price_time)
        return Badge(BadgeKind.STALE, age), BadgeRule.BEFORE_THE_OPEN
    return _served(quote, link)


def heard_at(quote: Quote, link: Link) -> Moment:
    """When the source last told us that `quote.price` is the price, in these words or by telling nothing newer.

    A polled source drops the price of the extended hours some time after they are over. What was told after their
    end stands for as long as the source answers on the symbol at all.
    """
    told = quote.price_receipt
    if link.poll_seconds is None or not quote.in_extended or quote.extended_time is None:
        return told
    hours, late = hours_at(quote.extended_time), quote.origin.delay_seconds
    ended = quote.extended_time if hours.session is Session.CLOSED else hours.until
    if told.age_of(ended) <= (UNDECLARED_DELAY_SECONDS if late is None else late):
        return told
    return max(told, quote.receipt, key=_mono)


def _mono(moment: Moment) -> float:
    return moment.mono


def _doubt(quote: Quote, link: Link, session: Session, now: Moment) -> BadgeRule | None:
    """Why there may be news that we were not told, or None."""
    if session is Session.CLOSED:
        return BadgeRule.UNPROVEN_CLOSE
    if not link.up:
        return BadgeRule.LINK_DOWN
    if link.poll_seconds is not None:
        return BadgeRule.OVERDUE if _overdue(link, now.seconds_since(heard_at(quote, link))) else None
    if not link.proven(now):
        return BadgeRule.SILENT
    return BadgeRule.MISSED if quote.price_receipt.mono < link.since.mono else None


def _served(quote: Quote, link: Link) -> tuple[Badge, BadgeRule]:
    """The badge of a price whose link is in order and whose market is not closed."""
    declared = quote.origin.delay_seconds
    if declared is None:
        return DELAY_UNKNOWN, BadgeRule.NO_DECLARED_DELAY
    if quote.price_time is None:
        return DELAY_UNKNOWN, BadgeRule.NO_EVENT_TIME
    if link.poll_seconds is not None:
        return Badge(BadgeKind.DELAYED, max(declared, link.poll_seconds)), BadgeRule.POLLED
    if declared != 0:
        return Badge(BadgeKind.DELAYED, declared), BadgeRule.LATE_FEED
    if quote.origin.polled:
        return Badge(BadgeKind.DELAYED, declared), BadgeRule.ANSWERED
    return LIVE, BadgeRule.REAL_TIME


def _overdue(link: Link, receipt_age: float) -> bool:
    return link.poll_seconds is not None and receipt_age > poll_limit(link.poll_seconds)


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
    """True if a source that tells such prints has had none in these extended hours: its price is the last session's."""
    if hours.session not in (Session.PRE, Session.POST) or quote.price_time is None:
        return False
    if quote.session is None:
        streamed = link.poll_seconds is None and not quote.origin.polled
        return streamed and quote.price_time < hours.since
    return quote.session is hours.session and _would_have_told(quote, hours) and not _is_of(quote, hours)


def _would_have_told(quote: Quote, hours: MarketHours) -> bool:
    """True if a print of these extended hours, had there been one, was known to the source when it was last asked.

    One that declares no delay does not tell such prints at all; nobody trades a foreign listing in these hours.
    """
    late = quote.origin.delay_seconds
    if late is None or not quote.origin.polled or not alpaca_can_know(quote.symbol):
        return False
    return quote.receipt.age_of(hours.since) > late


def _is_of(quote: Quote, hours: MarketHours) -> bool:
    """True if the price was made in these extended hours. The closing auction prints some seconds after the close."""
    return quote.in_extended and quote.price_time is not None and quote.price_time >= hours.since


def _missed_the_open(quote: Quote, link: Link, hours: MarketHours) -> bool:
    """True if a polled source called the market open and still told a US listing's price from before the open.

    By then it had had the delay that it declares, and the polls that it may miss.
    """
    if link.poll_seconds is None or quote.price_time is None or not alpaca_can_know(quote.symbol):
        return False
    if hours.session is not Session.REGULAR or quote.session is not Session.REGULAR:
        return False
    due = (quote.origin.delay_seconds or 0.0) + poll_limit(link.poll_seconds)
    return heard_at(quote, link).age_of(hours.since) > due and quote.price_time < hours.since
