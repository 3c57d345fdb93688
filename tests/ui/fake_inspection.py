"""What a desk tells of a row: its board and links, and whatever a test lets have happened."""

from typing import TYPE_CHECKING

from mytrader_tui.market.explanation import explain
from mytrader_tui.market.inspection import BadgeChange, Inspection, RefusedPrint, SourceChange, SourceView
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Source
from mytrader_tui.market.serving import Ground
from mytrader_tui.market.trust.comparison import Comparison

if TYPE_CHECKING:
    from fake_desk import FakeDesk


class FakeInspection:
    """Everything that the board does not know is a plain attribute."""

    def __init__(self) -> None:
        self.ground = Ground.STREAMED
        self.held = ""
        self.comparison: Comparison | None = None
        self.badge_changes: tuple[BadgeChange, ...] = ()
        self.source_changes: tuple[SourceChange, ...] = ()
        self.refused: tuple[RefusedPrint, ...] = ()
        self.asked: list[str] = []

    def of(self, desk: "FakeDesk", symbol: str, now: Moment) -> Inspection:
        """What is behind the row of `symbol`."""
        self.asked.append(symbol)
        served, serving = desk.board.served(symbol), desk.board.serving(symbol)
        return Inspection(
            symbol=symbol,
            now=now,
            hours=desk.hours,
            served=served,
            explanation=explain(served, desk.links[serving or Source.ALPACA], desk.hours, now),
            ground=self.ground,
            story=desk.story,
            sources=tuple(
                SourceView(
                    source=source,
                    quote=(quote := desk.board.quote(symbol, source)),
                    link=link,
                    explanation=explain(quote, link, desk.hours, now),
                    serves=source is serving,
                )
                for source, link in desk.links.items()
            ),
            name=desk.board.name(symbol) or "",
            held=self.held,
            comparison=self.comparison,
            badge_changes=self.badge_changes,
            source_changes=self.source_changes,
            refused=self.refused,
        )
