"""What a row of the watchlist says."""

from dataclasses import dataclass, field

from mytrader_tui.market.freshness import short_span
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Origin, Quote
from mytrader_tui.market.session import Session
from mytrader_tui.ui.columns import Flash
from mytrader_tui.ui.figures import MISSING, Forms
from mytrader_tui.ui.watch.picture import Claim

_WORDS = {Session.REGULAR: "", Session.PRE: "pre", Session.POST: "post", Session.CLOSED: "ext"}


@dataclass(frozen=True, slots=True)
class WatchRow:
    """What a row says. The quote is told apart by its `version`, so that comparing rows is cheap.

    `name` and `year_range` are any source's, since the one that serves the prices may know none. `sparkline` and
    `apart` are read only where they are shown.
    """

    symbol: str
    version: int
    claim: Claim
    age: str
    flash: Flash | None
    quote: Quote | None = field(compare=False)
    name: str | None = None
    contradicted: bool = False
    year_range: tuple[float, float] | None = None
    sparkline: tuple[float, ...] = ()
    apart: float | None = None


def age_text(quote: Quote | None, now: Moment) -> str:
    """How long ago the last price was made on the exchange, or `—` where nobody said."""
    if quote is None or quote.price is None or quote.price_time is None:
        return MISSING
    return short_span(now.age_of(quote.price_time))


def direction(before: float | None, after: float | None) -> Flash | None:
    """The flash of a price that went from `before` to `after`; a first price does not flash."""
    if before is None or after is None or before == after:
        return None
    return Flash.UP if after > before else Flash.DOWN


def source_forms(origin: Origin) -> Forms:
    """Who says a price and on which feed, or only who; no word is cut."""
    source = origin.source.value
    return (f"{source} {origin.feed}", source) if origin.feed not in ("", source) else (source,)


def extended_word(quote: Quote) -> str:
    """`pre` or `post` if the newest print is one of those hours, `ext` if of neither; empty for a regular one."""
    return _WORDS[quote.price_session]


def extended_percent(quote: Quote) -> float | None:
    """How far the extended hours' price is from the regular session's last, in percent of that."""
    if not quote.in_extended or quote.extended_last is None or not quote.last:
        return None
    return 100.0 * (quote.extended_last - quote.last) / quote.last
