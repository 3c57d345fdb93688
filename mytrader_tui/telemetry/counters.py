"""Counts of what went by: messages a second for the status bar, refused prints by rule, the history's work."""

from collections import Counter, OrderedDict, deque

import msgspec

from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Source, Update
from mytrader_tui.market.trust.validation import Rule

RATE_WINDOW_SECONDS = 5.0
KEPT = 100
"""Rejected prints kept for inspection."""

KEPT_OF_SYMBOL = 10
KEPT_SYMBOLS = 1_000
"""Rejected prints kept of each symbol, so that a noisy one does not crowd the others out, and of how many symbols."""


class HistoryCounts(msgspec.Struct):
    """What became of the history's work since the start.

    `batches` were written with `rows` rows; `failures` are attempts that failed, `dropped` batches given up for good,
    `openings` how often it was opened, `answers` the questions that it answered.
    """

    batches: int = 0
    rows: int = 0
    failures: int = 0
    dropped: int = 0
    openings: int = 0
    answers: int = 0


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
        self._of_symbol: OrderedDict[str, deque[Rejected]] = OrderedDict()

    def of(self, symbol: str) -> tuple[Rejected, ...]:
        """The latest refused prints of `symbol`, oldest first."""
        return tuple(self._of_symbol.get(symbol, ()))

    def count(self, update: Update, rule: Rule, when: Moment) -> None:
        """Count `update`, which broke `rule`, and keep it, unless it is a trade that merely may not set a price."""
        self.by_rule[update.origin.source, rule] += 1
        # Half of an honest feed's trades are odd lots: they would leave no room for what is worth a look.
        if rule is not Rule.CONDITION:
            rejected = Rejected(update.origin.source, rule, when, update)
            self.latest.append(rejected)
            self._keep(update.symbol, rejected)

    def count_unreadable(self, source: Source, count: int, why: str, when: Moment) -> None:
        """Count messages of `source` that could not be read; `why` the first of them could not."""
        self.by_rule[source, Rule.UNREADABLE] += count
        self.latest.append(Rejected(source, Rule.UNREADABLE, when, why=why))

    def _keep(self, symbol: str, rejected: Rejected) -> None:
        """Keep it with its symbol; the symbol that was refused nothing for longest makes room."""
        kept = self._of_symbol.setdefault(symbol, deque(maxlen=KEPT_OF_SYMBOL))
        kept.append(rejected)
        self._of_symbol.move_to_end(symbol)
        if len(self._of_symbol) > KEPT_SYMBOLS:
            self._of_symbol.popitem(last=False)
