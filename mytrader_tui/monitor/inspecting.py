"""The proof of a row: put together from those who know, and the changes of its badge, noted once a second."""

from collections import deque

from mytrader_tui.market.explanation import explain
from mytrader_tui.market.freshness import judge
from mytrader_tui.market.inspection import (
    KEPT_CHANGES,
    BadgeChange,
    Inspection,
    RefusedPrint,
    SourceChange,
    SourceView,
)
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Source
from mytrader_tui.monitor.intake import Intake

_SOURCES = (Source.ALPACA, Source.YAHOO)


class Inspector:
    """Answers what is behind a row of `intake`'s board."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._changes: dict[str, deque[BadgeChange]] = {}

    def note(self, now: Moment) -> None:
        """Remember every watched row whose badge or source is another than when last noted."""
        intake = self._intake
        for gone in self._changes.keys() - intake.wanted:
            del self._changes[gone]
        for symbol in intake.wanted:
            badge, rule = judge(intake.board.served(symbol), intake.link_behind(symbol), intake.hours, now)
            source = intake.board.serving(symbol)
            known = self._changes.get(symbol)
            if known is None:
                known = self._changes[symbol] = deque(maxlen=KEPT_CHANGES)
            if not known or (known[-1].kind, known[-1].source) != (badge.kind, source):
                known.append(BadgeChange(now, badge.kind, rule, source))

    def inspect(self, symbol: str, now: Moment) -> Inspection:
        """Everything behind the row of `symbol` at `now`."""
        intake = self._intake
        served = intake.board.served(symbol)
        return Inspection(
            symbol=symbol,
            now=now,
            hours=intake.hours,
            name=intake.board.name(symbol) or "",
            served=served,
            explanation=explain(served, intake.link_behind(symbol), intake.hours, now),
            ground=intake.ground(symbol),
            story=intake.story(now),
            held=intake.opinions.mark(symbol) if intake.opinions.frozen(symbol) else "",
            sources=tuple(self._view(symbol, source, now) for source in self._asked(symbol)),
            comparison=intake.opinions.latest(symbol),
            badge_changes=tuple(reversed(self._changes.get(symbol, ()))),
            source_changes=self._source_changes(),
            refused=self._refused(symbol),
        )

    def _asked(self, symbol: str) -> tuple[Source, ...]:
        """Both sources, and the disk while it is what the row shows."""
        cached = self._intake.board.serving(symbol) is Source.CACHE
        return (*_SOURCES, Source.CACHE) if cached else _SOURCES

    def _view(self, symbol: str, source: Source, now: Moment) -> SourceView:
        intake = self._intake
        quote, link = intake.board.quote(symbol, source), intake.link_to(symbol, source)
        return SourceView(
            source=source,
            quote=quote,
            link=link,
            explanation=explain(quote, link, intake.hours, now),
            serves=intake.board.serving(symbol) is source,
        )

    def _source_changes(self) -> tuple[SourceChange, ...]:
        newest = reversed(self._intake.ledger.entries[-KEPT_CHANGES:])
        return tuple(SourceChange(entry.at, entry.before, entry.after, entry.cause) for entry in newest)

    def _refused(self, symbol: str) -> tuple[RefusedPrint, ...]:
        return tuple(
            RefusedPrint(each.when, each.source, each.rule, each.update)
            for each in reversed(self._intake.rejections.of(symbol))
            if each.update is not None
        )
