"""Which source publishes one symbol: the router says who is eligible, the board who has a price."""

from enum import Enum

from mytrader_tui.market.failover.router import State
from mytrader_tui.market.quote import Quote, Source


class Ground(Enum):
    """Why a row has the source that it has. The value is the text for people."""

    NO_PRICE = "no source has a price yet"
    ONLY_ALPACA = "only Alpaca has a price"
    ONLY_YAHOO = "only Yahoo has a price"
    STAYS = "no source can serve: the row keeps the one it had"
    STREAMED = "Alpaca streams it and is let serve"
    NOT_STREAMED = "Alpaca is let serve but does not stream it"
    FALLBACK = "Yahoo is let serve"


def choose(state: State, current: Source | None, *, streamed: bool, alpaca: bool, yahoo: bool) -> Source | None:
    """The one source that publishes a symbol in `state`, or None before any has a price.

    `streamed` is whether Alpaca acknowledged the symbol; `alpaca` and `yahoo` whether each has a price for it.
    A source without a price is never chosen over one that has one: the row keeps what is known and shows its age.
    The cache gives way to any source.
    """
    return decide(state, current, streamed=streamed, alpaca=alpaca, yahoo=yahoo)[0]


def decide(
    state: State, current: Source | None, *, streamed: bool, alpaca: bool, yahoo: bool
) -> tuple[Source | None, Ground]:
    """The source that `choose` names, and why it is that one."""
    if not (alpaca or yahoo):
        return current, Ground.NO_PRICE
    if not yahoo:
        return Source.ALPACA, Ground.ONLY_ALPACA
    if not alpaca:
        return Source.YAHOO, Ground.ONLY_YAHOO
    if state is State.BOTH_UNAVAILABLE:
        known = None if current is Source.CACHE else current
        return known or (Source.ALPACA if streamed else Source.YAHOO), Ground.STAYS
    if state is State.FALLBACK_ACTIVE:
        return Source.YAHOO, Ground.FALLBACK
    return (Source.ALPACA, Ground.STREAMED) if streamed else (Source.YAHOO, Ground.NOT_STREAMED)


def priced(quote: Quote | None) -> bool:
    """True for a quote that a row could show a price of."""
    return quote is not None and quote.price is not None
