"""What there is to remember: prices, the account's worth and the changes of source, as the history's rows."""

import platform
from collections.abc import Callable, Iterable, Sequence
from itertools import takewhile
from pathlib import Path

from mytrader_tui.history.last_known import LastKnown, read_last_known, write_last_known
from mytrader_tui.history.records import (
    Batch,
    EquityRecord,
    QuoteRecord,
    TransitionRecord,
    equity_record,
    makes_sense,
    quote_record,
    transition_record,
)
from mytrader_tui.market.account.portfolio import Account
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Source
from mytrader_tui.market.serving import priced
from mytrader_tui.market.text import clean
from mytrader_tui.monitor.intake import Intake
from mytrader_tui.telemetry.ledger import LedgerEntry

MOST_NAME = 64
MOST_KNOWN = 5000
"""Symbols whose last known price is kept, those heard of last."""


class Observations:
    """Takes down what is seen. Nothing is said twice in two batches but prices, which the history keeps once.

    `monitor` names this machine among those that write to one history; `account` tells the account from others.
    """

    def __init__(self, intake: Intake, worth: Callable[[], Account | None], path: Path) -> None:
        self._intake = intake
        self._worth = worth
        self._path = path
        self.account = ""
        self.monitor = clean(platform.node(), MOST_NAME) or "here"
        self._known = {known.record.symbol: known for known in read_last_known(path) if makes_sense(known.record)}
        self._equity_at: Moment | None = None
        self._last_told = intake.ledger.entries[-1:]

    def restore(self, symbols: Iterable[str], now: Moment) -> None:
        """Put the last known price of each of `symbols` that has none on the board."""
        known = (self._known.get(symbol) for symbol in symbols)
        self._intake.restore([each.quote(now) for each in known if each is not None])

    def recall(self, now: Moment) -> None:
        """Put what is known of the watched symbols on the board that has no price of them: those that came back."""
        board = self._intake.board
        self.restore([symbol for symbol in self._intake.wanted & self._known.keys() if not board.served(symbol)], now)

    def learn(self, records: Iterable[QuoteRecord], now: Moment) -> None:
        """Know of these prices too, where nothing newer is known, and put them on the board."""
        older = [record for record in records if record.symbol not in self._known and makes_sense(record)]
        self._known |= {record.symbol: LastKnown(record) for record in older}
        self.restore([record.symbol for record in older], now)

    def unknown(self) -> list[str]:
        """The watched symbols of which no price is known at all."""
        board = self._intake.board
        wanted = sorted(self._intake.wanted - self._known.keys())
        return [symbol for symbol in wanted if board.served(symbol) is None]

    @property
    def complete(self) -> bool:
        """True once a source has told a price of every watched symbol."""
        served = (self._intake.board.served(symbol) for symbol in self._intake.wanted)
        told = [quote is not None and priced(quote) and quote.origin.source is not Source.CACHE for quote in served]
        return bool(told) and all(told)

    def take(self) -> Batch:
        """What is seen now of all symbols, and what happened since the last time."""
        return Batch(self._quotes(), self._equity(), self._transitions())

    def write_last_known(self) -> None:
        """Keep the newest prices where the next start finds them before anything else. Raises OSError."""
        newest = sorted(self._known.values(), key=lambda known: known.record.receipt_time)[-MOST_KNOWN:]
        write_last_known(self._path, newest)

    def _quotes(self) -> tuple[QuoteRecord, ...]:
        board = self._intake.board
        served = (board.served(symbol) for symbol in self._intake.wanted)
        records = [record for quote in served if quote is not None and (record := quote_record(quote))]
        self._known |= {record.symbol: LastKnown(record, board.name(record.symbol)) for record in records}
        return tuple(records)

    def _equity(self) -> tuple[EquityRecord, ...]:
        account = self._worth()
        if account is None or account.receipt == self._equity_at:
            return ()
        self._equity_at = account.receipt
        return (equity_record(account, self.account),)

    def _transitions(self) -> tuple[TransitionRecord, ...]:
        entries = self._intake.ledger.entries
        places = [place for place, entry in enumerate(entries) if self._last_told and entry is self._last_told[0]]
        first = places[-1] + 1 if places else 0
        self._last_told = entries[-1:]
        return tuple(
            transition_record(entry, self.monitor, _before_at_once(entries, place))
            for place, entry in enumerate(entries[first:], first)
        )


def _before_at_once(entries: Sequence[LedgerEntry], place: int) -> int:
    """How many entries right before that one are of the same instant."""
    earlier = reversed(entries[:place])
    return sum(1 for _ in takewhile(lambda entry: entry.at == entries[place].at, earlier))
