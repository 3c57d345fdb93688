"""The whole program on a demo market in virtual time, watched: what it showed, and how it knocked at the doors."""

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from unittest.mock import patch

from msgspec.structs import replace
from virtual_time import VirtualLoop

from mytrader_tui.demo.gate import Flow
from mytrader_tui.demo.market import DemoMarket
from mytrader_tui.demo.settings import connected, demo_credentials
from mytrader_tui.feeds.alpaca import stream as stream_module
from mytrader_tui.feeds.alpaca.line import Line
from mytrader_tui.market.failover.router import State
from mytrader_tui.market.freshness import BadgeKind
from mytrader_tui.market.link import Link
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Source
from mytrader_tui.monitor import broker_watch as broker_module
from mytrader_tui.monitor import sources as sources_module
from mytrader_tui.monitor.worker import Monitor
from mytrader_tui.settings import Settings
from mytrader_tui.settings.credentials import Credentials
from mytrader_tui.settings.history import History
from mytrader_tui.settings.paths import Paths
from mytrader_tui.settings.schema import Watchlist
from mytrader_tui.telemetry.ledger import LedgerEntry

WEDNESDAY = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)
"""Ten in the morning in New York, on a trading day like any other."""

PRIMARY, FALLBACK, BOTH = State.PRIMARY_ACTIVE, State.FALLBACK_ACTIVE, State.BOTH_UNAVAILABLE
LIVE, DELAYED, STALE, CLOSED = BadgeKind.LIVE, BadgeKind.DELAYED, BadgeKind.STALE, BadgeKind.CLOSED

SECRET = "demo-secret-that-nobody-may-see"
KEY = "PKDEMOKEYTHATNOBODYMAYSEE"
ACCOUNT_POLL_SECONDS = 61.0

ORDINARY = Settings(watchlist=Watchlist(symbols=("AAPL", "MSFT")), history=History(enabled=False))
"""The defaults, with a short watchlist."""


class Machine:
    """The program's clock: `set_clock` moves its wall, `suspend` moves everybody's while the monotonic one stands."""

    def __init__(self, loop: asyncio.AbstractEventLoop, start: datetime) -> None:
        self._loop = loop
        self._zero = start - timedelta(seconds=loop.time())
        self._wrong = timedelta()

    def __call__(self) -> Moment:
        true = self.true()
        return Moment(true.wall + self._wrong, true.mono)

    def true(self) -> Moment:
        """What the market's clocks say."""
        return Moment(self._zero + timedelta(seconds=self._loop.time()), self._loop.time())

    def set_clock(self, seconds: float) -> None:
        """Somebody sets this machine's wall clock forward, or back."""
        self._wrong += timedelta(seconds=seconds)

    def suspend(self, seconds: float) -> None:
        """The machine sleeps."""
        self._zero += timedelta(seconds=seconds)


@dataclass
class Knocks:
    """Every attempt to open the market data socket."""

    attempts: list[float] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    most_open: int = 0
    dialling: int = 0

    def most_in(self, seconds: float) -> int:
        """The largest number of attempts within any `seconds`."""
        return max((sum(at <= each < at + seconds for each in self.attempts) for at in self.attempts), default=0)

    def since(self, at: float) -> int:
        """Attempts from `at` on."""
        return sum(each >= at for each in self.attempts)

    def gaps(self, since: float = 0.0) -> list[float]:
        """Seconds between attempts from `since` on."""
        return [after - before for before, after in pairwise(each for each in self.attempts if each >= since)]

    async def dial(self, original: Callable[..., Any], *args: Any, **options: Any) -> Line:
        self.attempts.append(asyncio.get_running_loop().time())
        self.dialling += 1
        try:
            self._count()
            line: Line = await original(*args, **options)
            self.lines.append(line)
            return line
        finally:
            self.dialling -= 1
            self._count()

    def _count(self) -> None:
        self.lines = [line for line in self.lines if not line._connection.transport.is_closing()]
        self.most_open = max(self.most_open, self.dialling + len(self.lines))


class World:
    """A Monitor on a DemoMarket. Seconds are virtual."""

    def __init__(
        self, market: DemoMarket, machine: Machine, settings: Settings, keys: Credentials, folder: Path
    ) -> None:
        self.market = market
        self.machine = machine
        self.knocks = Knocks()
        self._forgiven = 0
        self.links: list[Link] = []
        self.monitor = Monitor(settings, keys, Paths.under(folder), clock=machine)
        self._intake_hears = self.monitor.intake.link_changed
        self.monitor.intake.link_changed = self._hear  # type: ignore[method-assign]

    # What the user sees.

    @property
    def state(self) -> State:
        return self.monitor.intake.model.state

    @property
    def alpaca(self) -> Link:
        return self.monitor.intake.link(Source.ALPACA)

    @property
    def yahoo(self) -> Link:
        return self.monitor.intake.link(Source.YAHOO)

    @property
    def entries(self) -> tuple[LedgerEntry, ...]:
        return self.monitor.intake.ledger.entries

    @property
    def failovers(self) -> list[LedgerEntry]:
        """The exits from Alpaca."""
        return [entry for entry in self.entries if entry.before is PRIMARY]

    @property
    def words(self) -> str:
        """Everything that the status bar says."""
        status = self.monitor.status(self.monitor.now())
        reasons = (f"{each.health.value} {each.reason}" for each in status.sources)
        return " · ".join((*status.story, *reasons, status.hint))

    def kind(self, symbol: str) -> BadgeKind:
        return self.monitor.badge(symbol, self.monitor.now()).kind

    def last(self, symbol: str) -> float | None:
        quote = self.monitor.board.served(symbol)
        return quote.last if quote else None

    @property
    def drops(self) -> int:
        """How often Alpaca's link went from up to down."""
        return sum(before.up and not after.up for before, after in pairwise(self.links))

    def _hear(self, source: Source, link: Link) -> None:
        if source is Source.ALPACA:
            self.links.append(link)
        self._intake_hears(source, link)

    # Time.

    @property
    def now(self) -> float:
        return self.machine.true().mono

    async def go(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def until(self, condition: Callable[[], object], within: float, what: str) -> float:
        """Wait for `condition` and return the seconds that took; fails after `within` seconds."""
        began = self.now
        while not condition():
            if self.now - began > within:
                raise AssertionError(f"not within {within:g} s: {what} · {self.words} · {self.causes}")
            await asyncio.sleep(0.2)
        return self.now - began

    async def serving(self) -> None:
        """Wait until Alpaca serves and its row is live."""
        await self.until(lambda: self.state is PRIMARY and self.kind("AAPL") is LIVE, 30.0, "live rows")

    async def failover(self, within: float) -> float:
        """Wait for the next exit from Alpaca to Yahoo and return the seconds that took."""
        return await self.until(lambda: self.state is FALLBACK, within, "failover")

    async def steady(self, seconds: float, *, state: State = PRIMARY) -> None:
        """Let `seconds` go by, through all of which `state` must last."""
        before = len(self.entries)
        await asyncio.sleep(seconds)
        assert self.state is state
        assert len(self.entries) == before, self.causes

    @property
    def causes(self) -> list[str]:
        return [entry.cause for entry in self.entries]

    def forgive_errors(self, count: int) -> None:
        """So many errors in the log are what this test is about."""
        self._forgiven = count

    # Breaking things.

    def cut_off(self) -> None:
        """The stream's port closes and its connections are reset."""
        self.market.gates.stream.refuse()
        self.market.gates.stream.cut()

    def lose_network(self) -> None:
        """Nothing can be reached any more; what is open gets no further byte."""
        for gate in (self.market.gates.stream, self.market.gates.rest, self.market.gates.yahoo):
            gate.refuse()
            gate.freeze()


class _Seeded:
    """Stands in for the `random` module where the stream's backoff is made, so that two runs are one."""

    @staticmethod
    def Random() -> random.Random:
        return random.Random(7)


class _Heard(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []
        self.errors: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        text = logging.Formatter("%(name)s %(message)s").format(record)
        self.lines.append(text)
        if record.levelno >= logging.ERROR:
            self.errors.append(text)


@asynccontextmanager
async def world(
    folder: Path,
    *,
    start: datetime = WEDNESDAY,
    settings: Settings = ORDINARY,
    ticks_per_second: float = 2.0,
    symbol_limit: int = 30,
    connection_limit: int = 1,
    symbols: Sequence[str] = (),
    key: str = KEY,
    secret: str = SECRET,
    prepare: Callable[[DemoMarket], None] = lambda _: None,
    change: Callable[[Settings], Settings] = lambda settings: settings,
    account_poll_seconds: float = ACCOUNT_POLL_SECONDS,
) -> AsyncIterator[World]:
    """The program on a market of its own from `start` (aware) on.

    `prepare` breaks the market before anybody connects, `change` the settings after they were pointed at it. At the
    end it must stop within a second of its time, and what holds of every fault is checked.
    """
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    machine = Machine(loop, start)
    market = DemoMarket(
        clock=machine.true,
        ticks_per_second=ticks_per_second,
        symbol_limit=symbol_limit,
        connection_limit=connection_limit,
        key=KEY,
        secret=SECRET,
    )
    if symbols:
        settings = replace(settings, watchlist=Watchlist(symbols=tuple(symbols)))
    heard = _Heard()
    logging.getLogger("mytrader_tui").addHandler(heard)
    with patch.object(broker_module, "ACCOUNT_SECONDS", account_poll_seconds):
        async with market:
            prepare(market)
            loop.hold_for_hanging_servers(lambda: _hangs(market))
            keys = replace(demo_credentials(market))
            this = World(market, machine, change(connected(settings, market)), keys, folder)
            original = stream_module.dial

            async def dial(*args: Any, **options: Any) -> Line:
                return await this.knocks.dial(original, *args, **options)

            with patch.object(stream_module, "dial", dial), patch.object(sources_module, "random", _Seeded):
                random.seed(7)  # the poller's jitter
                task = asyncio.create_task(this.monitor.run(), name="monitor under test")
                try:
                    yield this
                finally:
                    began = loop.time()
                    task.cancel()
                    await asyncio.wait({task}, timeout=5.0)
                    logging.getLogger("mytrader_tui").removeHandler(heard)
            assert task.cancelled(), "the monitor did not stop when told to"
            assert loop.time() - began < 1.0, "stopping took longer than a second"
    _check(this, heard)


def _hangs(market: DemoMarket) -> bool:
    faults = market.faults
    if faults.yahoo_hang or faults.rest_hang or not market.running:
        return True
    return any(gate.flow is not Flow.OPEN for gate in (market.gates.rest, market.gates.yahoo))


def _check(this: World, heard: _Heard) -> None:
    """What no fault may lead to."""
    assert this.knocks.most_in(10.0) <= 10, "more than one attempt a second over ten seconds"
    assert this.knocks.most_open <= 1, "more than one socket at a time"
    assert len(heard.errors) == this._forgiven, heard.errors
    said = "\n".join((*heard.lines, this.words, *this.causes))
    assert SECRET not in said
    assert KEY not in said
