"""The two sources held against each other: what they contradict each other about is frozen on the board and marked."""

import logging

from mytrader_tui.market.board import Board
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Believed, Quote, Repair, Source, Trade
from mytrader_tui.market.trust.comparison import Comparison, Obstacle
from mytrader_tui.market.trust.discrepancy import EVIDENCE_SECONDS, Discrepancies

WORTH_SHOWING = 0.05
"""The relative difference of the sources above which a row shows it."""

LAPSE_SECONDS = 30 * 60.0
"""How long a symbol stays frozen when no answer of the fallback can confirm or lift it any more."""

_log = logging.getLogger(__name__)


class Opinions:
    """Hears every believed price, compares on each answer of Yahoo, and holds or releases rows of the board."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._discrepancies = Discrepancies()

    @property
    def frozen_symbols(self) -> frozenset[str]:
        """The symbols whose sources are too far apart for either to be shown as news."""
        return self._discrepancies.frozen_symbols

    def heard(self, believed: Believed, source: Source) -> None:
        """Take in a believed price of the regular session, which is what Yahoo's last prices are of."""
        match believed:
            case Trade(extended=False) as trade:
                self._discrepancies.heard(trade.symbol, source, trade.price, trade.event_time)
            case Repair(extended=False, trade=Trade() as trade):
                self._discrepancies.heard(trade.symbol, source, trade.price, trade.event_time)
            case Quote(last=float() as last):
                self._discrepancies.heard(believed.symbol, source, last, believed.event_time)

    def compare(self, symbol: str, now: Moment, obstacle: Obstacle | None) -> None:
        """Yahoo answered on `symbol`: hold its row if the sources are far apart, release it if they agree again."""
        alpaca, yahoo = self._board.quote(symbol, Source.ALPACA), self._board.quote(symbol, Source.YAHOO)
        was_frozen = self._discrepancies.frozen(symbol) is not None
        found = self._discrepancies.compare(symbol, alpaca, yahoo, now, obstacle)
        frozen = self._discrepancies.frozen(symbol)
        if found.obstacle is None and not found.agrees:
            _log.warning("%s: %s", symbol, found.text)
        if frozen is not None and not was_frozen:
            self._board.hold(symbol)
        elif frozen is None and was_frozen:
            self._board.release(symbol)

    def lapse(self, now: Moment) -> None:
        """Release what nothing has confirmed for so long that the doubt is as old as the price."""
        for symbol in self.frozen_symbols:
            latest = self._discrepancies.latest(symbol)
            if latest is None or now.seconds_since(latest.at) > LAPSE_SECONDS:
                self.forget(symbol)
                self._board.release(symbol)

    def forget(self, symbol: str) -> None:
        """Nobody watches `symbol` any more."""
        self._discrepancies.forget(symbol)

    def frozen(self, symbol: str) -> bool:
        """True while `symbol`'s row is held."""
        return self._discrepancies.frozen(symbol) is not None

    def latest(self, symbol: str) -> Comparison | None:
        """What came of comparing `symbol` last."""
        return self._discrepancies.latest(symbol)

    def apart(self, symbol: str, now: Moment) -> float | None:
        """How far Yahoo's price is over what Alpaca said at its time, in basis points.

        None while they are not comparable, and once the comparison is too old to speak of the present.
        """
        latest = self._discrepancies.latest(symbol)
        if latest is None or now.seconds_since(latest.at) > EVIDENCE_SECONDS:
            return None
        return latest.basis_points

    def mark(self, symbol: str) -> str:
        """What a row says beside its price: why it is held, or how far the sources are apart; empty if all is well."""
        freeze = self._discrepancies.frozen(symbol)
        if freeze is not None:
            return freeze.reason
        latest = self._discrepancies.latest(symbol)
        apart = latest is not None and latest.difference is not None and latest.difference > WORTH_SHOWING
        return latest.text if latest is not None and apart else ""

    def primary_broken(self, now: Moment) -> bool:
        """True while it is Alpaca that left its own last prices on many symbols, not Yahoo."""
        return self._discrepancies.broken(now) is Source.ALPACA

    def text(self, now: Moment) -> str:
        """What the user is told of the whole; empty if all is well."""
        frozen = sorted(self.frozen_symbols)
        if self._discrepancies.distrust(now):
            return f"DISTRUST: the sources contradict each other on {len(frozen)} symbols · neither is taken as news"
        if not frozen:
            return ""
        first = self._discrepancies.frozen(frozen[0])
        reason = first.reason if first else ""
        more = f" and {len(frozen) - 1} more" if len(frozen) > 1 else ""
        return f"{frozen[0]} held: {reason}{more}"
