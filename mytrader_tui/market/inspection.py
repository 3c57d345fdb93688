"""Everything behind one row, as one value: what each source says, who serves and why, and what happened lately."""

from datetime import datetime

import msgspec

from mytrader_tui.market.explanation import Explanation
from mytrader_tui.market.failover.routing import State
from mytrader_tui.market.freshness import BadgeKind, BadgeRule
from mytrader_tui.market.link import Link
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import (
    BidAsk,
    Cancel,
    Correction,
    DayBar,
    Quote,
    Source,
    Trade,
    TradingStatus,
    Update,
)
from mytrader_tui.market.serving import Ground
from mytrader_tui.market.session import MarketHours
from mytrader_tui.market.text import clean
from mytrader_tui.market.trust.comparison import Comparison
from mytrader_tui.market.trust.validation import Rule

KEPT_CHANGES = 10
"""Changes of a row's badge, of the serving source, and refused prints that an inspection tells at most."""


class SourceView(msgspec.Struct, frozen=True, kw_only=True):
    """One source's word on the symbol; `explanation` is the badge that its price would have by itself.

    `link` is the one that would bring this symbol's news: it is down where the source does not stream the symbol.
    """

    source: Source
    quote: Quote | None
    link: Link
    explanation: Explanation
    serves: bool

    @property
    def latency(self) -> float | None:
        """Seconds from when the exchange made the newest price to when we were told of it last, by the wall clocks.

        Below 0 where the exchange's clock is ahead of ours; None without a price or its time.
        """
        if self.quote is None or self.quote.price is None or self.quote.price_time is None:
            return None
        return (self.quote.price_receipt.wall - self.quote.price_time).total_seconds()


class BadgeChange(msgspec.Struct, frozen=True):
    """The row got another badge or source at `at`, seen within a second."""

    at: Moment
    kind: BadgeKind
    rule: BadgeRule
    source: Source | None


class SourceChange(msgspec.Struct, frozen=True):
    """The router let another source serve at `at` (aware), because of `cause`."""

    at: datetime
    before: State
    after: State
    cause: str


class RefusedPrint(msgspec.Struct, frozen=True):
    """What a source said at `at` and was not believed for breaking `rule`."""

    at: Moment
    source: Source
    rule: Rule
    update: Update

    @property
    def event_time(self) -> datetime | None:
        """When it is said to have happened."""
        return self.update.event_time

    @property
    def text(self) -> str:
        """What was said, in words and exact numbers: `trade 12.34 × 100 [T]`."""
        return figures_of(self.update)


class Inspection(msgspec.Struct, frozen=True, kw_only=True):
    """The proof of one row at `now`.

    `explanation` is of the badge that the row shows, `ground` why its source serves it, `story` what the router says
    of itself, `held` why the row is held (empty if it is not). The changes and refusals are the newest first; of the
    source's changes there are those of this session of the program only.
    """

    symbol: str
    now: Moment
    hours: MarketHours
    served: Quote | None
    explanation: Explanation
    ground: Ground
    story: tuple[str, ...]
    sources: tuple[SourceView, ...]
    name: str = ""
    held: str = ""
    comparison: Comparison | None = None
    badge_changes: tuple[BadgeChange, ...] = ()
    source_changes: tuple[SourceChange, ...] = ()
    refused: tuple[RefusedPrint, ...] = ()


def figures_of(update: Update) -> str:
    """What `update` says, in words and exact numbers. It may hold any number: it is told because it is in doubt."""
    match update:
        case Trade():
            marks = f" [{clean(' '.join(update.conditions))}]" if update.conditions else ""
            return f"trade {_number(update.price)} × {_number(update.size)}{marks}"
        case BidAsk():
            return _sides(update.bid, update.bid_size, update.ask, update.ask_size)
        case DayBar():
            names = ("open", "high", "low", "close", "volume", "vwap")
            return "day " + " ".join(f"{name} {_number(getattr(update, name))}" for name in names)
        case Correction():
            return f"correction of trade {update.original[0]} to {_number(update.price)} × {_number(update.size)}"
        case Cancel():
            return f"cancel of trade {update.original[0]}"
        case TradingStatus():
            return f"status {clean(update.code, 8)} {clean(update.reason)}"
        case Quote():
            return _whole(update)


def _whole(quote: Quote) -> str:
    known = (
        ("last", quote.last),
        ("extended", quote.extended_last),
        ("previous close", quote.previous_close),
        ("open", quote.open),
        ("high", quote.high),
        ("low", quote.low),
        ("volume", quote.volume),
        ("vwap", quote.vwap),
    )
    said = [f"{name} {_number(value)}" for name, value in known if value is not None]
    if quote.bid is not None or quote.ask is not None:
        said.append(_sides(quote.bid, quote.bid_size, quote.ask, quote.ask_size))
    return "picture: " + ", ".join(said)


def _sides(bid: float | None, bid_size: float | None, ask: float | None, ask_size: float | None) -> str:
    return f"bid {_number(bid)} × {_number(bid_size)}, ask {_number(ask)} × {_number(ask_size)}"


def _number(value: float | None) -> str:
    return "—" if value is None else f"{value!r}".removesuffix(".0")
