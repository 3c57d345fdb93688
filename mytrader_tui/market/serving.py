"""Which source publishes one symbol: the router says who is eligible, the board who has a price."""

from mytrader_tui.market.quote import Quote, Source
from mytrader_tui.market.router import State


def choose(state: State, current: Source | None, *, streamed: bool, alpaca: bool, yahoo: bool) -> Source | None:
    """The one source that publishes a symbol in `state`, or None before any has a price.

    `streamed` is whether Alpaca acknowledged the symbol; `alpaca` and `yahoo` whether each has a price for it.
    A source without a price is never chosen over one that has one: the row keeps what is known and shows its age.
    """
    if not (alpaca or yahoo):
        return current
    if not (alpaca and yahoo):
        return Source.ALPACA if alpaca else Source.YAHOO
    if state is State.BOTH_UNAVAILABLE:
        return current or (Source.ALPACA if streamed else Source.YAHOO)
    return Source.ALPACA if state is State.PRIMARY_ACTIVE and streamed else Source.YAHOO


def priced(quote: Quote | None) -> bool:
    """True for a quote that a row could show a price of."""
    return quote is not None and quote.price is not None
