"""How much a total knows: the age of its oldest price, and what part of it is live, delayed or only last known."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from enum import Enum

import msgspec

from mytrader_tui.market.freshness import BadgeKind

_NOTHING = Decimal(0)


class Standing(Enum):
    """What may be claimed of a part of a total. The value is the word for people."""

    LIVE = "live"
    DELAYED = "delayed"
    HALTED = "halted"
    AT_CLOSE = "at close"
    LAST_KNOWN = "last-known"

    # Enum's own hash runs in Python, and every row looks its standing up.
    __hash__ = object.__hash__


_STANDINGS = {
    BadgeKind.LIVE: Standing.LIVE,
    BadgeKind.DELAYED: Standing.DELAYED,
    BadgeKind.HALTED: Standing.HALTED,
    BadgeKind.CLOSED: Standing.AT_CLOSE,
}


def standing_of(kind: BadgeKind) -> Standing:
    """What a price with a badge of `kind` brings into a total."""
    return _STANDINGS.get(kind, Standing.LAST_KNOWN)


class Share(msgspec.Struct, frozen=True):
    """A part of a total's gross value in whole percent: at least 1, for a part that shows as 0 % would be hidden."""

    standing: Standing
    percent: int


class Sample(msgspec.Struct, frozen=True):
    """A row in a total: its absolute market value, the badge of its price, and when that was printed, if known."""

    size: Decimal
    kind: BadgeKind
    event_time: datetime | None


class Honesty(msgspec.Struct, frozen=True, kw_only=True):
    """What a total may claim. The percentages of `shares` are by absolute market value and add up to 100.

    `oldest` is the earliest event time among the rows that have one; `undated` counts the rows that have none, which
    may be older still. `excluded` counts the rows that are in no total.
    """

    oldest: datetime | None = None
    undated: int = 0
    shares: tuple[Share, ...] = ()
    excluded: int = 0

    @property
    def phrases(self) -> tuple[str, ...]:
        """All but the time in words: `82 % live`, `15 % delayed`, `1 row excluded`."""
        said = [f"{share.percent} % {share.standing.value}" for share in self.shares]
        if self.undated:
            said.append(f"{_rows(self.undated)} of unknown time")
        if self.excluded:
            said.append(f"{_rows(self.excluded)} excluded")
        return tuple(said)


def honesty(samples: Iterable[Sample], excluded: int) -> Honesty:
    """What the total of the rows in `samples` may claim while `excluded` others are left out."""
    sizes: dict[Standing, Decimal] = {}
    oldest: datetime | None = None
    undated = 0
    for sample in samples:
        standing = standing_of(sample.kind)
        sizes[standing] = sizes.get(standing, _NOTHING) + sample.size
        if sample.event_time is None:
            undated += 1
        elif oldest is None or sample.event_time < oldest:
            oldest = sample.event_time
    return Honesty(oldest=oldest, undated=undated, shares=shares_of(sizes), excluded=excluded)


def shares_of(sizes: Mapping[Standing, Decimal]) -> tuple[Share, ...]:
    """The parts that are not 0, in the standings' order; none if all are."""
    present = [standing for standing in Standing if sizes.get(standing)]
    percents = whole_percents([sizes[standing] for standing in present])
    return tuple(map(Share, present, percents))


def whole_percents(sizes: Sequence[Decimal]) -> list[int]:
    """The shares of positive `sizes` in whole percent: they add up to 100, and each is at least 1.

    A smaller size never shows a larger share. Needs at most 100 sizes.
    """
    small: set[int] = set()
    while True:
        others = [place for place in range(len(sizes)) if place not in small]
        shares = _largest_remainders([sizes[place] for place in others], 100 - len(small))
        hidden = {place for place, share in zip(others, shares, strict=True) if share == 0}
        if not hidden:
            found = dict(zip(others, shares, strict=True))
            return [found.get(place, 1) for place in range(len(sizes))]
        # What would show as 0 takes its 1 beforehand, and the rest is shared out anew.
        small |= hidden


def _largest_remainders(sizes: Sequence[Decimal], parts: int) -> list[int]:
    """`parts` shared out by `sizes`: rounded down, and what is left over to the largest remainders."""
    whole = sum(sizes, _NOTHING)
    exact = [parts * size / whole for size in sizes]
    shares = [int(share) for share in exact]
    by_remainder = sorted(range(len(sizes)), key=lambda place: shares[place] - exact[place])
    for place in by_remainder[: parts - sum(shares)]:
        shares[place] += 1
    return shares


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count} rows"
