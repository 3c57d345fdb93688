"""The latest trades of one symbol from one source: what was seen already, and what a price falls back to."""

from bisect import insort_right
from collections import deque
from datetime import datetime

import msgspec

from mytrader_tui.market.quote import PrintId, Trade

LENGTH = 128
"""Price-setting trades kept of a symbol: minutes of a busy one. What is corrected later than that repairs nothing."""

_OTHERS = 64

_Key = tuple[datetime, PrintId | None]


class _Entry(msgspec.Struct):
    trade: Trade
    stands: bool = True


class Tape:
    """Trades in the order in which they happened; of those of one instant, in the order in which they came."""

    def __init__(self) -> None:
        self._entries: list[_Entry] = []
        self._others: deque[_Key] = deque(maxlen=_OTHERS)
        self._newest: datetime | None = None

    def knows(self, trade: Trade) -> bool:
        """True if this very print, by its name and time, is among those remembered, whatever became of it."""
        time = trade.event_time
        if self._newest is None or time > self._newest:
            return False
        name = trade.print_id
        if name is None:
            return False
        if (time, name) in self._others:
            return True
        for entry in reversed(self._entries):
            seen = entry.trade
            if seen.event_time < time:
                return False
            if seen.event_time == time and seen.print_id == name:
                return True
        return False

    def note(self, trade: Trade) -> None:
        """Remember a print that sets no price, so that it counts once."""
        self._others.append((trade.event_time, trade.print_id))
        if self._newest is None or trade.event_time > self._newest:
            self._newest = trade.event_time

    def add(self, trade: Trade) -> None:
        """Put a believed trade in its place, which for a late one is not the end."""
        time, entries = trade.event_time, self._entries
        if self._newest is None or time >= self._newest:
            self._newest = time
            entries.append(_Entry(trade))
        else:
            insort_right(entries, _Entry(trade), key=_time)
        if len(entries) > LENGTH:
            del entries[0]

    def newest(self, *, extended: bool) -> Trade | None:
        """The newest trade that stands, of the extended hours or of those that set the last price."""
        for entry in reversed(self._entries):
            if entry.stands and entry.trade.extended is extended:
                return entry.trade
        return None

    def find(self, name: PrintId) -> Trade | None:
        """The newest standing trade of that name."""
        entry = self._find(name)
        return entry.trade if entry else None

    def took_back(self, name: PrintId, time: datetime) -> bool:
        """True if the trade of that name and time counts no more."""
        return any(
            not entry.stands and entry.trade.print_id == name and entry.trade.event_time == time
            for entry in self._entries
        )

    def take_back(self, name: PrintId, instead: Trade | None = None) -> None:
        """Let the trade of that name count no more, and put another `instead` of it, if one is given."""
        entry = self._find(name)
        if entry is None:
            return
        entry.stands = False
        if instead is not None:
            place = next(index for index, each in enumerate(self._entries) if each is entry)
            self._entries.insert(place + 1, _Entry(instead))

    def _find(self, name: PrintId) -> _Entry | None:
        named = (entry for entry in reversed(self._entries) if entry.stands and entry.trade.print_id == name)
        return next(named, None)


def _time(entry: _Entry) -> datetime:
    return entry.trade.event_time
