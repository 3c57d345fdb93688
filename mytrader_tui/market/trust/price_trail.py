"""What a source said lately of one symbol: its prices by the minute, and whether they hang together."""

from datetime import datetime, timedelta

import msgspec

TRAIL_MINUTES = 40
"""How far back a trail reaches: past the usual delay of 15 to 20 minutes, and a poll or two."""

CARRY = timedelta(minutes=5)
"""How long a price stands for what its source said while nothing was traded."""

JUMP = 0.20
"""The relative step from one price to the next above which a source breaks with what it said before."""

ROUNDING = 1e-9
"""What a difference may exceed its limit by: prices such as 1.05 have no exact binary form."""

_MINUTE = timedelta(minutes=1)
_LENGTH = timedelta(minutes=TRAIL_MINUTES)


class PriceRange(msgspec.Struct, frozen=True):
    """The lowest and the highest price of a span of time."""

    low: float
    high: float


class _Minute(msgspec.Struct):
    begin: datetime
    end: datetime
    low: float
    high: float


class PriceTrail:
    """The lowest and highest price of every minute of the last 40 that had one, by event time."""

    __slots__ = ("_minutes", "_newest")

    def __init__(self) -> None:
        self._minutes: list[_Minute] = []
        self._newest: _Minute | None = None

    def __len__(self) -> int:
        return len(self._minutes)

    def add(self, price: float, event_time: datetime) -> None:
        """Take in a `price` printed at `event_time` (aware); cheap while the minute lasts."""
        minute = self._newest
        if minute is None or not minute.begin <= event_time < minute.end:
            minute = self._minute(event_time, price)
        if price < minute.low:
            minute.low = price
        elif price > minute.high:
            minute.high = price

    def around(self, when: datetime) -> PriceRange | None:
        """What was said from a minute before `when` (aware) to a minute after it, or None where that is not known.

        If nothing was traded then, it lies between the price that stood and the next one, as far as either is no
        more than `CARRY` away.
        """
        near = [m for m in self._minutes if m.end > when - _MINUTE and m.begin <= when + _MINUTE]
        known = near or self._next_to(when)
        if not known:
            return None
        return PriceRange(min(m.low for m in known), max(m.high for m in known))

    def _next_to(self, when: datetime) -> list[_Minute]:
        before = [m for m in self._minutes if m.end <= when][-1:]
        after = [m for m in self._minutes if m.begin > when][:1]
        return [m for m in before if when - m.end <= CARRY] + [m for m in after if m.begin - when <= CARRY]

    def _minute(self, event_time: datetime, price: float) -> _Minute:
        """The minute of `event_time`, found among the older ones or begun with `price`."""
        begin = event_time.replace(second=0, microsecond=0)
        begun = _Minute(begin, begin + _MINUTE, price, price)
        if self._newest is None or begin > self._newest.begin:
            self._newest = begun
            self._minutes.append(begun)
            self._drop_before(begin - _LENGTH)
            return begun
        return self._late(begun)

    def _late(self, begun: _Minute) -> _Minute:
        """A print that came late goes into its minute, or between two that have prices."""
        for place, minute in enumerate(self._minutes):
            if minute.begin == begun.begin:
                return minute
            if minute.begin > begun.begin:
                self._minutes.insert(place, begun)
                break
        self._drop_before(self._minutes[-1].begin - _LENGTH)
        return begun

    def _drop_before(self, oldest: datetime) -> None:
        while self._minutes[0].begin <= oldest:
            del self._minutes[0]


class Continuity:
    """Whether a source's latest price of a symbol has left the level that the source itself spoke of before.

    It has from a step of more than 20 % on, until a price is back at that level or the new one is `confirm`ed.
    """

    __slots__ = ("_before", "_last")

    def __init__(self) -> None:
        self._last: float | None = None
        self._before: float | None = None

    @property
    def broken(self) -> bool:
        """True while the latest price is beyond a step that nothing has confirmed."""
        return self._before is not None

    def follow(self, price: float) -> None:
        """Take in the source's next `price`; steps are measured against the one before the first break."""
        last, self._last = self._last, price
        base = last if self._before is None else self._before
        if base is not None and abs(price - base) > base * (JUMP + ROUNDING):
            self._before = base
        else:
            self._before = None

    def confirm(self) -> None:
        """Accept the level that the source speaks of now."""
        self._before = None
