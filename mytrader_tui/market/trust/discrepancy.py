"""Which symbols the two sources contradict each other about, and which source broke with itself.

A symbol is frozen from the comparison that finds its sources more than 20 % apart until 3 new answers of the
fallback in a row agree. Nothing here chooses a source: that a source is wrong is said only where it also left its
own last prices.
"""

from datetime import datetime

import msgspec

from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Quote, Source
from mytrader_tui.market.trust.comparison import Comparison, Obstacle, Verdict, compare
from mytrader_tui.market.trust.price_trail import Continuity, PriceTrail

RELEASE_AGREEMENTS = 3
"""New answers of the fallback that must agree, one after the other, before a frozen symbol is released."""

DISTRUST_SYMBOLS = 3
DISTRUST_SHARE = 0.20
"""How many symbols, and what share of those compared, must be apart before a source as a whole is in doubt."""

EVIDENCE_SECONDS = 10 * 60.0
"""How long a comparison speaks for or against a source if no later one follows."""


class Freeze(msgspec.Struct, frozen=True):
    """A frozen symbol: why in words, since when, and how many of the agreements that release it are there."""

    reason: str
    since: Moment
    agreements: int = 0


class _Pair:
    """Both sources' word on one symbol."""

    __slots__ = ("alpaca", "answered", "freeze", "latest", "trail", "yahoo")

    def __init__(self) -> None:
        self.trail = PriceTrail()
        self.alpaca = Continuity()
        self.yahoo = Continuity()
        self.latest: Comparison | None = None
        self.freeze: Freeze | None = None
        self.answered: float | None = None


class Discrepancies:
    """Keeps what both sources said of every symbol and what came of comparing them."""

    def __init__(self) -> None:
        self._pairs: dict[str, _Pair] = {}

    def heard(self, symbol: str, source: Source, price: float, event_time: datetime | None) -> None:
        """Take in an accepted last `price`, printed at `event_time` (aware) as far as that is known."""
        pair = self._pairs.get(symbol)
        if pair is None:
            pair = self._pairs[symbol] = _Pair()
        if source is Source.ALPACA:
            pair.alpaca.follow(price)
            if event_time is not None:
                pair.trail.add(price, event_time)
        elif source is Source.YAHOO:
            pair.yahoo.follow(price)

    def compare(
        self, symbol: str, alpaca: Quote | None, yahoo: Quote | None, now: Moment, obstacle: Obstacle | None = None
    ) -> Comparison:
        """Compare what each source last said of `symbol`, and freeze or release it accordingly.

        To be called on each new answer of the fallback. `obstacle` is what the caller knows to forbid the
        comparison; one that is not comparable neither freezes nor releases, nor does it break a row of agreements.
        """
        pair = self._pairs.setdefault(symbol, _Pair())
        found = pair.latest = compare(symbol, alpaca, yahoo, pair.trail, now, obstacle)
        if found.verdict is Verdict.AGREE:
            pair.alpaca.confirm()
            pair.yahoo.confirm()
        answered = yahoo.receipt.mono if yahoo is not None else None
        if found.verdict is not Verdict.NOT_COMPARABLE:
            pair.freeze = _after(pair.freeze, found, is_new=answered != pair.answered)
            pair.answered = answered
        return found

    def latest(self, symbol: str) -> Comparison | None:
        """The last comparison of `symbol`, or None before the first."""
        pair = self._pairs.get(symbol)
        return None if pair is None else pair.latest

    def frozen(self, symbol: str) -> Freeze | None:
        """Why and since when `symbol` is frozen, or None if it is not."""
        pair = self._pairs.get(symbol)
        return None if pair is None else pair.freeze

    @property
    def frozen_symbols(self) -> frozenset[str]:
        """All symbols that are frozen."""
        return frozenset(symbol for symbol, pair in self._pairs.items() if pair.freeze is not None)

    def distrust(self, now: Moment) -> bool:
        """True while so many symbols are apart that a source as a whole must be wrong, whichever it is."""
        compared = self._compared(now)
        return _widespread(sum(_apart(pair) for pair in compared), len(compared))

    def broken(self, now: Moment) -> Source | None:
        """The one source that left its own last prices in so many of the symbols that are apart.

        None without distrust, if no source did, and if both did: then neither can be judged by the other.
        """
        compared = self._compared(now)
        apart = [pair for pair in compared if _apart(pair)]
        alpaca = _widespread(sum(pair.alpaca.broken for pair in apart), len(compared))
        yahoo = _widespread(sum(pair.yahoo.broken for pair in apart), len(compared))
        if alpaca is yahoo:
            return None
        return Source.ALPACA if alpaca else Source.YAHOO

    def forget(self, symbol: str) -> None:
        """Drop everything known of `symbol`, which nobody watches any more."""
        self._pairs.pop(symbol, None)

    def _compared(self, now: Moment) -> list[_Pair]:
        """The pairs whose last comparison says something, and is recent."""
        return [pair for pair in self._pairs.values() if _speaks(pair.latest, now)]


def _after(freeze: Freeze | None, found: Comparison, *, is_new: bool) -> Freeze | None:
    """The freeze that follows `freeze` by what was found; an answer seen before is no further agreement."""
    if found.apart:
        return Freeze(found.text, found.at if freeze is None else freeze.since)
    if freeze is None:
        return None
    if not found.agrees:
        return Freeze(freeze.reason, freeze.since)
    agreements = freeze.agreements + is_new
    return None if agreements >= RELEASE_AGREEMENTS else Freeze(freeze.reason, freeze.since, agreements)


def _speaks(found: Comparison | None, now: Moment) -> bool:
    if found is None or found.verdict is Verdict.NOT_COMPARABLE:
        return False
    return now.seconds_since(found.at) <= EVIDENCE_SECONDS


def _apart(pair: _Pair) -> bool:
    return pair.latest is not None and pair.latest.apart


def _widespread(count: int, compared: int) -> bool:
    return count >= DISTRUST_SYMBOLS and count >= DISTRUST_SHARE * compared
