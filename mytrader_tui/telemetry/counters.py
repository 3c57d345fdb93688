"""Counts of what went by: messages a second for the status bar, refused prints by rule."""

from collections import Counter, deque

import msgspec

from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Source, Update
from mytrader_tui.market.validation import Rule

RATE_WINDOW_SECONDS = 5.0
KEPT = 100
"""Rejected prints kept for inspection."""


class MessageRate:
    """Messages a second over the last five seconds. Times are monotonic seconds."""

    def __init__(self) -> None:
        self._batches: deque[tuple[float, int]] = deque()

    def add(self, count: int, now: float) -> None:
        """Count `count` messages at `now`; those of one instant share an entry, so a burst stays small."""
        slot = round(now, 1)
        if self._batches and self._batches[-1][0] == slot:
            count += self._batches.pop()[1]
        self._batches.append((slot, count))

    def per_second(self, now: float) -> float:
        """The rate at `now`."""
        while self._batches and now - self._batches[0][0] > RATE_WINDOW_SECONDS:
            self._batches.popleft()
        return sum(count for _, count in self._batches) / RATE_WINDOW_SECONDS


class Rejected(msgspec.Struct, frozen=True):
    """A print that broke `rule` at `when`; without the print, what was said of a message that could not be read."""

    source: Source
    rule: Rule
    when: Moment
    update: Update | None = None
    why: str = ""


class Rejections:
    """How many prints of each source broke each rule, unreadable messages included, and the latest of them."""

    def __init__(self) -> None:
        self.by_rule: Counter[tuple[Source, Rule]] = Counter()
        self.latest: deque[Rejected] = deque(maxlen=KEPT)

    def count(self, update: Update, rule: Rule, when: Moment) -> None:
        """Count `update`, which broke `rule`, and keep it, unless it is a trade that merely may not set a price."""
        self.by_rule[update.origin.source, rule] += 1
        # Half of an honest feed's trades are odd lots: they would leave no room for what is worth a look.
        if rule is not Rule.CONDITION:
            self.latest.append(Rejected(update.origin.source, rule, when, update))

    def count_unreadable(self, source: Source, count: int, why: str, when: Moment) -> None:
        """Count messages of `source` that could not be read; `why` the first of them could not."""
        self.by_rule[source, Rule.UNREADABLE] += count
        self.latest.append(Rejected(source, Rule.UNREADABLE, when, why=why))
