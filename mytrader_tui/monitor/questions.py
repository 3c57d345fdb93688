"""Questions asked beside the feeds: snapshots of what is streamed, probes of a silent stream, second opinions."""

import asyncio
import logging
from datetime import timedelta

from mytrader_tui.feeds.alpaca.data import AlpacaData
from mytrader_tui.feeds.alpaca.error import AlpacaError
from mytrader_tui.feeds.feed import Clock
from mytrader_tui.feeds.yahoo import YahooError, YahooPoller
from mytrader_tui.market.failover.router import State, probe_due, silent_for
from mytrader_tui.market.quote import Quote, Source
from mytrader_tui.market.session import Session
from mytrader_tui.monitor.intake import Intake

SNAPSHOT_RETRY_SECONDS = 15.0
PROBED_SYMBOLS = 10
"""Symbols that a probe asks about: enough for one of them to have traded."""

OPINION_SECONDS = 5 * 60.0
"""How often Yahoo is asked about what Alpaca serves, so that the two can be compared."""

PROBE_LOOK_SECONDS = 1.0

_LATE = timedelta(seconds=1)
"""How much later than it happened a print may be heard on a good line."""

_log = logging.getLogger(__name__)


class Questions:
    """Asks over REST what the stream alone does not tell, and hands the answers to the intake."""

    def __init__(self, intake: Intake, data: AlpacaData | None, yahoo: YahooPoller | None, clock: Clock) -> None:
        self._clock = clock
        self._intake = intake
        self._data = data
        self._yahoo = yahoo
        self._due = asyncio.Event()
        self._mark: object = None

    def notice(self) -> None:
        """Something may have changed: after every gap, edge and subscription the snapshots are read again."""
        intake = self._intake
        link = intake.link(Source.ALPACA)
        mark = (link.since.mono, link.up, intake.hours.session, intake.covered)
        if link.up and intake.covered and mark != self._mark:
            self._mark = mark
            self._due.set()

    def ask_now(self) -> bool:
        """Have the snapshots read again, if there is anything that Alpaca could tell; True if there is."""
        able = self._data is not None and bool(self._intake.covered)
        if able:
            self._due.set()
        return able

    async def read_snapshots(self) -> None:
        """Last, previous close and volume before the first trade prints, whenever they are due, until cancelled."""
        while self._data is not None:
            await self._due.wait()
            self._due.clear()
            try:
                self._intake.ingest(await self._data.snapshots(sorted(self._intake.covered)))
            except AlpacaError as error:
                _log.warning("snapshots could not be read: %s", error)
                await asyncio.sleep(max(SNAPSHOT_RETRY_SECONDS, error.retry_after or 0.0))
                self._due.set()

    async def probe_silence(self) -> None:
        """Ask whether a stream that fell silent withholds prints, whenever the router wants to know."""
        while self._data is not None:
            await asyncio.sleep(PROBE_LOOK_SECONDS)
            if probe_due(self._intake.model):
                self._intake.probing()
                await self._probe(self._data)

    async def gather_opinions(self) -> None:
        """Ask Yahoo now and then about what Alpaca serves, until cancelled."""
        while self._yahoo is not None:
            await asyncio.sleep(OPINION_SECONDS)
            intake = self._intake
            if intake.model.state is not State.PRIMARY_ACTIVE or intake.hours.session is Session.CLOSED:
                continue
            try:
                intake.ingest(await self._yahoo.once(sorted(intake.covered)))
            except YahooError as error:
                _log.info("no second opinion: %s", error)

    async def _probe(self, data: AlpacaData) -> None:
        """The exchange's newer print is the proof that ours are missing; no answer is no verdict."""
        canary = self._intake.canary
        asked = [*sorted(self._intake.covered - {canary})[:PROBED_SYMBOLS], *filter(None, [canary])]
        try:
            quotes = await data.snapshots(asked)
        except AlpacaError as error:
            _log.info("the probe of a silent stream got no answer: %s", error)
            return
        if quotes:
            self._intake.probed(misses_prints=any(self._is_news(quote) for quote in quotes))

    def _is_news(self, quote: Quote) -> bool:
        """True for what happened after the newest that the stream told of the symbol, or of anything at all."""
        known = self._intake.board.quote(quote.symbol, Source.ALPACA)
        if known is not None and known.event_time is not None:
            return quote.event_time is not None and quote.event_time > known.event_time
        now, silence = self._clock(), silent_for(self._intake.model)
        heard = now.later(-silence).wall + _LATE
        return any(time is not None and time > heard for time in (quote.event_time, quote.bid_ask_time))
