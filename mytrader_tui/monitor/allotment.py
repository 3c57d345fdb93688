"""Who is asked for what: positions first, then the rows in sight, then the rest, within what the plan streams."""

from collections.abc import Sequence

from mytrader_tui.feeds.alpaca.stream import AlpacaStream
from mytrader_tui.feeds.yahoo import YahooPoller
from mytrader_tui.market.failover.evidence import Phase
from mytrader_tui.market.failover.router import fallback_wanted
from mytrader_tui.market.quote import Source
from mytrader_tui.market.session import Session
from mytrader_tui.market.symbol import alpaca_can_know
from mytrader_tui.monitor.intake import Intake

CLOSED_POLL_SECONDS = 15 * 60.0
"""How often the fallback is asked while everything that it serves is closed."""

CLOSED_RECONNECT_SECONDS = 60.0
"""The least time between two attempts to connect the stream while there is nothing to miss."""

REORDER_SECONDS = 1.0
"""The least time between two re-balancings of the stream that only the rows in sight call for."""


class Allotment:
    """Asks the stream and the poller for symbols, again whenever anything that decides it changed."""

    def __init__(
        self,
        intake: Intake,
        stream: AlpacaStream | None,
        yahoo: YahooPoller | None,
        *,
        places: int,
        poll_seconds: float,
    ) -> None:
        self._intake = intake
        self._stream = stream
        self._yahoo = yahoo
        self._places = places
        self._poll_seconds = poll_seconds
        self._asked: tuple[str, ...] = ()
        self._reordered = float("-inf")

    def balance(self, held: Sequence[str], listed: Sequence[str], in_sight: Sequence[str], now: float) -> None:
        """Ask each feed for what it should serve; `now` is in monotonic seconds."""
        symbols = tuple(dict.fromkeys((*held, *listed)))
        self._intake.watch(symbols)
        if self._stream is not None:
            self._ask_stream(self._stream, held, symbols, in_sight, now)
        if self._yahoo is not None:
            self._ask_yahoo(self._yahoo, symbols)

    def _ask_stream(
        self, stream: AlpacaStream, held: Sequence[str], symbols: Sequence[str], in_sight: Sequence[str], now: float
    ) -> None:
        closed = self._intake.model.phase is Phase.CLOSED
        stream.keep_pace(CLOSED_RECONNECT_SECONDS if closed else 0.0)
        order = by_importance(held, symbols, in_sight, stream.covered, self._places)
        if set(order) == set(self._asked) and now - self._reordered < REORDER_SECONDS:
            return
        if order != self._asked:
            self._asked, self._reordered = order, now
        stream.want(order)

    def _ask_yahoo(self, yahoo: YahooPoller, symbols: Sequence[str]) -> None:
        intake = self._intake
        if not fallback_wanted(intake.model):
            # What the stream serves is left to it, but for what the two sources contradict each other about.
            streamed = intake.covered - intake.opinions.frozen_symbols
            symbols = tuple(symbol for symbol in symbols if symbol not in streamed)
        yahoo.want(symbols)
        poll_seconds = self._pace(symbols)
        if poll_seconds != yahoo.link.poll_seconds:
            yahoo.set_cadence(poll_seconds)
            intake.set_cadence(poll_seconds)

    def _pace(self, symbols: Sequence[str]) -> float:
        """Seconds between polls: many while nothing that Yahoo serves can trade."""
        quotes = [self._intake.board.quote(symbol, Source.YAHOO) for symbol in symbols if alpaca_can_know(symbol)]
        closed = [quote is not None and quote.session is Session.CLOSED for quote in quotes]
        if len(closed) == len(symbols) and closed and all(closed):
            return max(self._poll_seconds, CLOSED_POLL_SECONDS)
        return self._poll_seconds


def by_importance(
    held: Sequence[str], symbols: Sequence[str], in_sight: Sequence[str], streamed: frozenset[str], places: int
) -> tuple[str, ...]:
    """`symbols` in the order in which they deserve one of `places` on the stream.

    Positions come first, then the rows in sight, then those that are streamed already, which costs no request.
    Where there is a place for each, the order stays as it is.
    """
    streamable = [symbol for symbol in symbols if alpaca_can_know(symbol)]
    if len(streamable) <= places:
        return tuple(symbols)
    known = set(symbols)
    seen = [symbol for symbol in in_sight if symbol in known]
    kept = [symbol for symbol in symbols if symbol in streamed]
    return tuple(dict.fromkeys((*(s for s in held if s in known), *seen, *kept, *symbols)))
