"""Counts of what went by: messages a second for the status bar, refused prints by rule."""

from collections import Counter, deque

from mytrader_tui.market.quote import Source
from mytrader_tui.market.validation import Rule

RATE_WINDOW_SECONDS = 5.0


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


class Rejections:
    """How many prints of each source broke each rule, and how many messages could not be read at all."""

    def __init__(self) -> None:
        self.by_rule: Counter[tuple[Source, Rule]] = Counter()
        self.unreadable: Counter[Source] = Counter()

    def count(self, source: Source, rule: Rule) -> None:
        """Count a print of `source` that broke `rule`."""
        self.by_rule[source, rule] += 1
