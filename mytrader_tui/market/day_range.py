"""The day's high and low between two bars of the source: they reach its last price, and forget a print taken back.

A stream tells its daily bar once a minute, its prints at once. By both SIPs' specifications (see
`market.trust.conditions`) every sale condition that lets a print set the last price lets it set the high and the low
too, so a believed last price is in the range of its day. What sets no last price widens nothing here: an odd lot does
not count for the range either, and what was sold out of sequence is left to the source's next bar.
"""

from datetime import datetime, timedelta

from msgspec.structs import replace

from mytrader_tui.market.quote import Quote
from mytrader_tui.market.session import NEW_YORK

_SURELY_ONE_DAY = timedelta(hours=20)
"""From the midnight that a bar is stamped with to after the last print of its regular session."""

_NO_DAY = timedelta(0)


def reaching_last(quote: Quote) -> Quote:
    """`quote` with its day's range as far as its last price, where that is of the same day.

    Nothing of the day is claimed where the last price is of a later one, whose first bar is still to come. A range
    without a day was told with its price, and is as its source says.
    """
    last, time, day = quote.last, quote.event_time, quote.day
    if last is None or time is None or day is None:
        return quote
    if not _NO_DAY <= time - day < _SURELY_ONE_DAY:
        of, told = time.astimezone(NEW_YORK).date(), day.astimezone(NEW_YORK).date()
        if of < told:
            return quote
        if of > told:
            return _without_day(quote)
    high, low = quote.high, quote.low
    if (high is None or last <= high) and (low is None or last >= low):
        return quote
    return replace(quote, high=None if high is None else max(high, last), low=None if low is None else min(low, last))


def without_print(quote: Quote, price: float, time: datetime) -> Quote:
    """`quote` where a print of `price` at `time` was taken back: an edge of the range that may be its is not claimed.

    Its source's next bar tells it again.
    """
    if price not in (quote.high, quote.low) or quote.day is None or _date(time) != _date(quote.day):
        return quote
    return replace(
        quote, high=None if quote.high == price else quote.high, low=None if quote.low == price else quote.low
    )


def _without_day(quote: Quote) -> Quote:
    told = (quote.open, quote.high, quote.low, quote.volume, quote.vwap)
    if all(each is None for each in told):
        return quote
    return replace(quote, open=None, high=None, low=None, volume=None, vwap=None)


def _date(time: datetime) -> object:
    return time.astimezone(NEW_YORK).date()
