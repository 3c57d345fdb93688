"""The day's high and low between two bars of the source: they reach its last price, and forget a print taken back.

A stream tells its daily bar once a minute, its prints at once. By both SIPs' specifications (see
`market.trust.conditions`) every sale condition that lets a print set the last price lets it set the high and the low
too, so a believed last price is in the range of its day. What sets no last price widens nothing here: an odd lot does
not count for the range either, and what was sold out of sequence is left to the source's next bar.

A source that is asked tells its range without a day, beside a last price: both stand until its next last price.
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
    without a day was told in one answer with the last price, and is of its day.
    """
    last, time, day = quote.last, quote.event_time, quote.day
    if last is None:
        return quote
    if day is None:
        return _widened(quote, last)
    if time is None:
        return quote
    if not _NO_DAY <= time - day < _SURELY_ONE_DAY:
        of, told = time.astimezone(NEW_YORK).date(), day.astimezone(NEW_YORK).date()
        if of < told:
            return quote
        if of > told:
            return _without_day(quote)
    return _widened(quote, last)


def with_range_of(merged: Quote, new: Quote) -> Quote:
    """`merged` with the range of the answer that told its last price, which is `new` if that told one.

    A range that names no day cannot be told to be that of another answer's price: the next day's may have begun, and
    a price that was not believed may be its end. One whose low is above its high is none.
    """
    if new.last is None:
        return merged
    if new.low is not None and new.high is not None and new.low > new.high:
        return replace(merged, high=None, low=None)
    return replace(merged, high=new.high, low=new.low)


def _widened(quote: Quote, last: float) -> Quote:
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
