"""Bars as the history's values: what was told of one symbol in one span, and since when all of it is there."""

from datetime import datetime

import msgspec


class BarRecord(msgspec.Struct, frozen=True):
    """What traded from `start` (aware UTC) on. `volume` is in shares, `session` the name of the session."""

    start: datetime
    open: float
    high: float
    low: float
    close: float
    volume: float | None
    session: str


class BarsRecord(msgspec.Struct, frozen=True):
    """Bars of `span_seconds` of a symbol, oldest first, as one source told them at `receipt_time`.

    From `covered_from` (aware UTC) until the receipt nothing is missing that the source had. `previous_close` is the
    close before `covered_from` where the source says it; `delay` is in seconds. Where `covered_from` is None the bars
    go on from what is kept, which still begins where it did.

    With `anew` they are all that is to be kept of this symbol and span: what was there goes, because it was of
    another source or is no longer true.
    """

    symbol: str
    span_seconds: int
    source: str
    feed: str
    delay: float | None
    polled: bool
    receipt_time: datetime
    covered_from: datetime | None
    previous_close: float | None
    currency: str | None
    zone: str
    note: str
    bars: tuple[BarRecord, ...]
    anew: bool = True

    def after(self, earlier: "BarsRecord | None") -> "BarsRecord":
        """Both as one record, where `earlier` waits to be written too."""
        if self.anew or earlier is None:
            return self
        bars = {bar.start: bar for bar in (*earlier.bars, *self.bars)}
        begun = self if self.covered_from is not None else earlier
        return msgspec.structs.replace(
            self,
            bars=tuple(bars[start] for start in sorted(bars)),
            covered_from=begun.covered_from,
            previous_close=begun.previous_close,
            anew=earlier.anew,
        )
