"""Where everything that the feeds say comes in: counted, validated, put before the router and published."""

import logging
from collections.abc import Callable, Iterable, Sequence

import msgspec
from msgspec.structs import replace

from mytrader_tui.feeds.feed import Clock, Feed, PollOutcome
from mytrader_tui.market.board import Board
from mytrader_tui.market.failover import evidence as ev
from mytrader_tui.market.failover import router
from mytrader_tui.market.failover.story import tell
from mytrader_tui.market.freshness import Badge, badge
from mytrader_tui.market.link import Link, Reason
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Quote, Source, Update
from mytrader_tui.market.serving import Ground, decide, priced
from mytrader_tui.market.session import BrokerCalendar, BrokerClock, MarketHours, Session, always_open, hours_by_broker
from mytrader_tui.market.status import why_off
from mytrader_tui.market.trust.comparison import Obstacle
from mytrader_tui.market.trust.validation import Rule, believe
from mytrader_tui.market.trust.validator import Validator
from mytrader_tui.monitor.availability import Off
from mytrader_tui.monitor.opinions import Opinions
from mytrader_tui.settings import Settings
from mytrader_tui.telemetry.counters import MessageRate, Rejections
from mytrader_tui.telemetry.ledger import Ledger
from mytrader_tui.telemetry.outage import Outage

_log = logging.getLogger(__name__)


class Intake:
    """The Sink of every feed, and the keeper of the board, the router's model and the ledger.

    It starts no task and does no I/O: the worker calls `tick` once a second. `changed` is called whenever what the
    feeds should be asked for may have changed, `follow` with what of a watched symbol broke no rule, once it is on the
    board.
    """

    def __init__(
        self, settings: Settings, clock: Clock, changed: Callable[[], None], ledger: Ledger | None = None
    ) -> None:
        now = clock()
        self.board = Board()
        self.ledger = ledger or Ledger()
        self.rate = MessageRate()
        self.rejections = Rejections()
        self.wanted: frozenset[str] = frozenset()
        self.opinions = Opinions(self.board)
        self.follow: Callable[[Update, Moment], None] = lambda _update, _now: None
        self._validator = Validator()
        self._settings = settings
        self._clock = clock
        self._changed = changed
        self._broker_clock: BrokerClock | None = None
        self._broker_calendar: BrokerCalendar | None = None
        self._outages: dict[Source, Outage] = {}
        self._feeds: dict[Source, Feed] = {}
        self._canaries: dict[Source, Callable[[], bool]] = {}
        self._off: dict[Source, Link] = {
            source: Link(up=False, since=now, reason=Reason.STARTING) for source in (Source.ALPACA, Source.YAHOO)
        }
        self.hours = self._hours(now)
        self.model = self._start(now, fatal=None)

    def attach(self, feed: Feed, canary: Callable[[], bool] = lambda: False) -> None:
        """Take `feed`'s link and coverage from now on; `canary` tells whether a symbol that always trades is in it."""
        self._feeds[feed.source] = feed
        self._canaries[feed.source] = canary

    def begin(self, *, alpaca_off: Off | None, yahoo_off: Off | None) -> None:
        """Start the router anew; a source that cannot even be tried comes with the reason."""
        now = self._clock()
        for source, off in ((Source.ALPACA, alpaca_off), (Source.YAHOO, yahoo_off)):
            if off is not None:
                self._off[source] = Link(up=False, since=now, reason=off.reason, detail=off.by)
        chosen = self.model.pinned
        self.model = self._start(now, fatal=alpaca_off.reason if alpaca_off else None, fallback=yahoo_off is None)
        if chosen is not None and self.why_not(chosen) is None:
            self.pin(chosen)

    @property
    def covered(self) -> frozenset[str]:
        """The symbols that Alpaca streams."""
        feed = self._feeds.get(Source.ALPACA)
        return feed.covered if feed else frozenset()

    @property
    def canary(self) -> str:
        """The symbol that always trades, if Alpaca streams it; else an empty text."""
        symbol = self._settings.router.canary
        canary = self._canaries.get(Source.ALPACA)
        return symbol if symbol in self.covered or (canary is not None and canary()) else ""

    def link(self, source: Source) -> Link:
        """How `source` is connected now."""
        feed = self._feeds.get(source)
        return feed.link if feed else self._off[source]

    @property
    def cause(self) -> str:
        """Why the source that serves came to serve; empty where none has come to yet."""
        entries = self.ledger.entries
        return entries[-1].cause if entries else ""

    def story(self, now: Moment) -> tuple[str, ...]:
        """What is going on, the most important first."""
        serving = self._serving(now) if self.model.state is router.State.BOTH_UNAVAILABLE else frozenset()
        return tell(self.model, self.link(Source.ALPACA), self.cause, now, serving)

    def _serving(self, now: Moment) -> frozenset[Source]:
        """The sources that serve a row over a link that is up, whatever the router makes of them."""
        rows = ((self.board.serving(symbol), self.link_behind(symbol)) for symbol in self.wanted)
        return frozenset(source for source, link in rows if source is not None and link.proven(now))

    def why_not(self, source: Source) -> str | None:
        """Why `source` cannot be chosen, in words; None if it can be."""
        return why_off(self.link(source))

    def badge(self, symbol: str, now: Moment) -> Badge:
        """What may be claimed of the price served for `symbol` at `now`."""
        return badge(self.board.served(symbol), self.link_behind(symbol), self.hours, now)

    def link_behind(self, symbol: str) -> Link:
        """The link that keeps the price served for `symbol` fresh."""
        link = self.link_to(symbol, self.board.serving(symbol) or Source.YAHOO)
        if self.opinions.frozen(symbol):
            # A row that is held has no news, whatever its link brings.
            return Link(up=False, since=link.since, reason=Reason.CONTRADICTED)
        return link

    def link_to(self, symbol: str, source: Source) -> Link:
        """The link over which `source` would tell news of `symbol`; of what the disk knows there never is any."""
        if source is Source.CACHE:
            return Link(up=False, since=self.link(Source.YAHOO).since, reason=Reason.STARTING)
        link = self.link(source)
        if source is Source.ALPACA and symbol not in self.covered:
            # A price that Alpaca gave once and does not stream has no link behind it that could keep it live.
            return Link(up=False, since=link.since, reason=Reason.SYMBOL_LIMIT)
        return link

    def ground(self, symbol: str) -> Ground:
        """Why the source that serves `symbol` is the one that does."""
        return self._decide(symbol)[1]

    def watch(self, symbols: Iterable[str]) -> None:
        """Keep these symbols on the board and forget the others."""
        wanted = frozenset(symbols)
        for symbol in self.wanted - wanted:
            self.board.forget(symbol)
            self._validator.forget(symbol)
            self.opinions.forget(symbol)
        self.wanted = wanted

    def hear_broker(self, clock: BrokerClock) -> None:
        """Let the broker's word on the market's hours win over the rules."""
        known = self._broker_clock
        # The reading that first said so tells since when: a repetition may not move that on.
        if known is None or replace(clock, timestamp=known.timestamp) != known:
            self._broker_clock = clock
            self.tick()

    def hear_calendar(self, calendar: BrokerCalendar) -> None:
        """Let the broker's word on the coming days win over the rules."""
        if calendar != self._broker_calendar:
            self._broker_calendar = calendar
            self.tick()

    def restore(self, quotes: Iterable[Quote]) -> None:
        """Show what an earlier run knew, of watched symbols that nobody has said a price of yet."""
        for quote in quotes:
            if quote.symbol in self.wanted and self.board.served(quote.symbol) is None:
                self.board.apply(quote)
                self.board.serve(quote.symbol, Source.CACHE)

    def pin(self, source: Source | None) -> None:
        """Serve from `source` because the user says so, or with None leave it to the router again."""
        self._tell(ev.Pinned(source))
        self.board.touch(self.wanted)
        self._changed()

    def probing(self) -> None:
        """A probe of the silent stream was sent."""
        self._tell(ev.Probing())

    def probed(self, *, misses_prints: bool) -> None:
        """A probe came back: the stream withholds prints, or there were none."""
        self._tell(ev.Mute() if misses_prints else ev.Quiet())

    def resumed(self) -> None:
        """The machine slept: no duration that spans the gap proves anything."""
        self._tell(ev.Resumed())

    def tick(self) -> None:
        """Let a second go by: the session, the router's timers."""
        now = self._clock()
        before = self.hours.session
        self.hours = self._hours(now)
        phase = ev.phase_of(self.hours, now.wall)
        if phase is not self.model.phase:
            self._tell(ev.PhaseEdge(phase))
        self._tell(ev.Tick())
        self.opinions.lapse(now)
        if (broken := self.opinions.primary_broken(now)) != self.model.untrusted:
            self._tell(ev.Untrusted(broken))
        if self.hours.session is not before:
            self.board.touch(self.wanted)
            self._changed()

    def ingest(self, updates: Sequence[Update]) -> None:
        """Validate and publish answers to questions of our own, which say nothing of how a stream is."""
        now = self._clock()
        for update in updates:
            self._accept(update, now)

    def publish(self, updates: Sequence[Update]) -> None:
        """Sink: prints in the order they came. Those of the stream are the primary's life, or its garbage."""
        if not updates:
            return
        now = self._clock()
        self.rate.add(len(updates), now.mono)
        source = updates[0].origin.source
        subscribed = self._subscribed(source)
        life = invalid = 0
        for update in updates:
            rule = self._accept(update, now)
            # A print that is merely late, or told again, says nothing against the feed that carried it, nor for it.
            invalid += rule is not None and rule.blames_feed
            life += (rule is None or rule is Rule.CONDITION) and update.symbol in subscribed
        if source is Source.ALPACA:
            self._judge(life, invalid)

    def unreadable(self, source: Source, count: int, why: str) -> None:
        """Sink: messages that could not be decoded."""
        self.rejections.count_unreadable(source, count, why, self._clock())
        _log.warning("%d unreadable message(s) from %s: %s", count, source.value, why)
        if source is Source.ALPACA:
            self._tell(ev.Invalid(count))

    def link_changed(self, source: Source, link: Link) -> None:
        """Sink: a link came up, went down, or failed to come up."""
        reason = link.reason.value if link.reason else "connected"
        _log.info("%s link %s: %s %s", source.value, "up" if link.up else "down", reason, link.detail)
        if source is Source.ALPACA:
            self._tell(ev.LinkUp() if link.up else ev.LinkDown(link.reason or Reason.DROPPED))
        self.board.touch(self.wanted)
        self._changed()

    def coverage_changed(self, source: Source, covered: frozenset[str]) -> None:
        """Sink: the symbols that a source acknowledged."""
        if source is Source.ALPACA:
            self._tell(ev.Subscribed(len(covered), bool(self.canary)))
        self._assign(self.wanted)
        self._changed()

    def polled(self, source: Source, outcome: PollOutcome) -> None:
        """Sink: a poll ended."""
        outage = self._outages.setdefault(source, Outage(f"{source.value} poll", _log))
        if outcome.reason is None:
            outage.succeeded(self._clock())
            self._tell(ev.PollSucceeded())
            return
        outage.failed(outcome.reason.value, outcome.detail, self._clock())
        self._tell(ev.PollFailed(outcome.retry_after))

    def set_cadence(self, poll_seconds: float) -> None:
        """Tell the router how often the fallback is asked."""
        self._tell(ev.Cadence(poll_seconds))

    def _subscribed(self, source: Source) -> frozenset[str]:
        feed = self._feeds.get(source)
        if feed is None:
            return frozenset()
        return feed.covered | {self.canary} if source is Source.ALPACA else feed.covered

    def _judge(self, life: int, invalid: int) -> None:
        if invalid:
            self._tell(ev.Invalid(invalid))
        if life:
            self._tell(ev.Life(life))

    def _accept(self, update: Update, now: Moment) -> Rule | None:
        """Put `update` on the board as far as it is believed; the rule that it broke."""
        known = self.board.quote(update.symbol, update.origin.source)
        wanted = update.symbol in self.wanted
        # Of what nobody watches, such as the canary, nothing is remembered.
        believed, rule = (self._validator.judge if wanted else believe)(update, known, now.wall)
        if rule is not None:
            self.rejections.count(update, rule, now)
        if believed is not None and wanted:
            self.board.apply(believed)
            self.opinions.heard(believed, believed.origin.source)
            if isinstance(believed, Quote) and believed.origin.source is Source.YAHOO:
                self.opinions.compare(believed.symbol, now, self._obstacle(believed.symbol, now))
            if priced(known) != priced(self.board.quote(update.symbol, update.origin.source)):
                self._assign((update.symbol,))
        if rule is None and wanted:
            self.follow(update, now)
        return rule

    def _obstacle(self, symbol: str, now: Moment) -> Obstacle | None:
        """What forbids comparing the sources on `symbol`, beyond what their quotes say themselves."""
        if self.hours.session is Session.CLOSED:
            return Obstacle.CLOSED
        streamed = symbol in self.covered and self.link(Source.ALPACA).proven(now)
        return None if streamed else Obstacle.NOT_STREAMED

    def _assign(self, symbols: Iterable[str]) -> int:
        """Choose the serving source of each symbol; how many rows moved from one source to another."""
        moved = 0
        for symbol in symbols:
            chosen, _ = self._decide(symbol)
            if chosen is not None:
                moved += self.board.serve(symbol, chosen)
        return moved

    def _decide(self, symbol: str) -> tuple[Source | None, Ground]:
        return decide(
            self.model.state,
            self.board.serving(symbol),
            streamed=symbol in self.covered,
            alpaca=priced(self.board.quote(symbol, Source.ALPACA)),
            yahoo=priced(self.board.quote(symbol, Source.YAHOO)),
        )

    def _tell(self, event: ev.Evidence) -> None:
        now = self._clock()
        self.model, transitions = router.step(self.model, event, now.mono)
        if not transitions:
            return
        moved = self._assign(self.wanted)
        for transition in transitions:
            # Rows moved once, to where the last of the transitions led.
            self.ledger.record(transition, self.model, now.wall, moved if transition is transitions[-1] else 0)
        self.board.touch(self.wanted)
        self._changed()

    def _hours(self, now: Moment) -> MarketHours:
        if self._settings.alpaca.feed == "test":
            return always_open(now.wall)
        return hours_by_broker(now.wall, self._broker_clock, self._broker_calendar)

    def _start(self, now: Moment, *, fatal: Reason | None, fallback: bool = True) -> router.Model:
        # Every key of `[router]` that is a timer bears the timer's name.
        timers = msgspec.convert(self._settings.router, router.Timers, from_attributes=True)
        phase = ev.phase_of(self.hours, now.wall)
        return router.start(timers, now.mono, phase=phase, fatal=fatal, fallback=fallback)
