"""A market of the test's own behind the real desk, and a book of everything that was ever said in it.

The desk, its intake, validator, router and board are the program's; the feeds, the clocks and the book are the test's.
No price is said twice, so that what stands on the screen names the print that it came from.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from mytrader_tui.feeds.feed import PollOutcome
from mytrader_tui.market.account.portfolio import Account, Holdings, Position
from mytrader_tui.market.link import Link, Reason
from mytrader_tui.market.moment import Moment, remembered
from mytrader_tui.market.quote import BidAsk, Cancel, DayBar, Origin, Quote, Source, Trade, TradingStatus, Update
from mytrader_tui.market.session import Session
from mytrader_tui.monitor.desk import MarketDesk
from mytrader_tui.settings import Settings
from mytrader_tui.settings.paths import Paths
from mytrader_tui.settings.schema import History, Watchlist
from mytrader_tui.telemetry.log_memory import LogMemory

NEW_YORK = ZoneInfo("America/New_York")
STREAM = Origin(Source.ALPACA, "iex", 0.0)
POLL_SECONDS = 60.0

BASES = {"AAPL": 228.4, "MSFT": 431.1, "BRK.A": 612_345.0, "PENNY": 0.1234, "^GSPC": 6012.3, "SHIB-USD": 0.0000123}
"""The symbols, each about so dear: some do not fit their columns."""

STREAMED = ("AAPL", "MSFT", "BRK.A", "PENNY")
HELD = {"AAPL": ("120", "198.44"), "PENNY": ("-30000", "0.1301"), "^GSPC": ("1.5", "6000")}


@dataclass
class Said:
    """One price as it was said: by whom, when it was made and when it was heard."""

    price: float
    origin: Origin
    event_time: datetime | None
    heard: float
    taken_back: bool = False


@dataclass
class Figures:
    """Every other number that one source ever said of one symbol, by its column."""

    numbers: dict[str, set[float]] = field(default_factory=dict)

    def note(self, **said: float | None) -> None:
        for name, number in said.items():
            if number is not None:
                self.numbers.setdefault(name, set()).add(number)


class OwnFeed:
    """A feed whose link and coverage are what the test says."""

    def __init__(self, source: Source, link: Link, covered: frozenset[str] = frozenset()) -> None:
        self.source, self.link, self.covered = source, link, covered

    def want(self, symbols: Sequence[str]) -> None:
        """It covers what the test says, whatever is wanted."""

    async def run(self) -> None:
        """It says what the test says, when it does."""


class OwnDesk(MarketDesk):
    """The real desk without the tasks."""

    def _changed(self) -> None:
        pass


class TrueMarket:
    """What happens is done by its methods; what was said is in `said` and `figures`."""

    def __init__(self, begun: datetime, folder: Path, mono: float = 1000.0) -> None:
        self.wall, self.mono = begun.astimezone(UTC), mono
        settings = Settings(watchlist=Watchlist(symbols=(*BASES,)), history=History(enabled=False))
        paths = Paths.under(folder)
        self.desk = OwnDesk(settings, None, paths, clock=self.clock, demo=False, log=LogMemory((), self.clock))
        self.intake = self.desk.intake
        now = self.clock()
        self.alpaca = OwnFeed(Source.ALPACA, Link(up=False, since=now, reason=Reason.STARTING))
        self.yahoo = OwnFeed(
            Source.YAHOO, Link(up=False, since=now, reason=Reason.STARTING, poll_seconds=POLL_SECONDS), frozenset(BASES)
        )
        self.intake.attach(self.alpaca)
        self.intake.attach(self.yahoo)
        self.intake.begin(alpaca_off=None, yahoo_off=None)
        self.intake.watch(BASES)
        self.said: dict[str, list[Said]] = {symbol: [] for symbol in BASES}
        self.figures: dict[tuple[str, Source], Figures] = {}
        self.halts: dict[str, list[tuple[bool, datetime]]] = {symbol: [] for symbol in BASES}
        self.at = dict(BASES)
        self._used: set[float] = set()
        self._numbers: dict[float, tuple[int, str]] = {}
        self._trades = 0
        self._hold()

    # The clocks.

    def clock(self) -> Moment:
        return Moment(self.wall, self.mono)

    def wait(self, seconds: float, *, alive: bool = False) -> None:
        """Let time go by; `alive` for a stream that gives a sign of life at the end of it."""
        self.wall += timedelta(seconds=seconds)
        self.mono += seconds
        if alive:
            self.live()
        self.intake.tick()

    def set_wall(self, seconds: float) -> None:
        """Somebody sets the machine's clock."""
        self.wall += timedelta(seconds=seconds)
        self.intake.tick()

    # The stream.

    def live(self) -> None:
        """A frame or a pong, if there is a connection."""
        link = self.alpaca.link
        if link.up:
            self.alpaca.link = Link(up=True, since=link.since, heard=self.clock())

    def come_up(self, covered: frozenset[str]) -> None:
        now = self.clock()
        self.alpaca.link = Link(up=True, since=now, heard=now)
        self.intake.link_changed(Source.ALPACA, self.alpaca.link)
        self.cover(covered)

    def cover(self, covered: frozenset[str]) -> None:
        self.alpaca.covered = covered
        self.intake.coverage_changed(Source.ALPACA, covered)

    def go_down(self, reason: Reason) -> None:
        self.alpaca.link = Link(up=False, since=self.clock(), reason=reason)
        self.intake.link_changed(Source.ALPACA, self.alpaca.link)

    def print(self, symbol: str, moved: float, *, late: float = 0.0, extended: bool = False) -> None:
        """A trade on the tape, made `late` seconds ago."""
        if not self.alpaca.link.up or symbol not in self.alpaca.covered:
            return
        self.live()
        price, made, now = self._price(symbol, moved), self.wall - timedelta(seconds=late), self.clock()
        self._trades += 1
        self._numbers[price] = (self._trades, "V")
        self._say(symbol, price, STREAM, made)
        conditions = ("@", "T") if extended else ("@",)
        self._publish(Trade(symbol, price, 100.0, made, STREAM, now, self._trades, "V", conditions, "C"))

    def take_back(self, symbol: str) -> None:
        """The newest trade of the stream never was; those before it are told anew by that."""
        told = [said for said in self.said[symbol] if said.price in self._numbers and not said.taken_back]
        if not told or not self.alpaca.link.up or symbol not in self.alpaca.covered:
            return
        for said in told:
            said.taken_back = said.price == told[-1].price
        self.said[symbol] += [replace(said, heard=self.mono) for said in self._told_by_stream(symbol)]
        self.live()
        number = self._numbers[told[-1].price]
        self._publish(Cancel(symbol=symbol, original=number, event_time=self.wall, origin=STREAM, receipt=self.clock()))

    def _told_by_stream(self, symbol: str) -> list[Said]:
        """What stands of that, each price once."""
        told = (said for said in self.said[symbol] if said.origin is STREAM and not said.taken_back)
        return [*{said.price: said for said in told}.values()]

    def quote_sides(self, symbol: str, apart: float) -> None:
        if not self.alpaca.link.up or symbol not in self.alpaca.covered:
            return
        self.live()
        bid, ask = round(self.at[symbol] * 0.9999, 7), round(self.at[symbol] * (1.0001 + apart), 7)
        self._note(symbol, Source.ALPACA, bid=bid, ask=ask)
        self._publish(BidAsk(symbol, bid, ask, 2.0, 3.0, self.wall, STREAM, self.clock()))

    def bar(self, symbol: str, volume: float) -> None:
        if not self.alpaca.link.up or symbol not in self.alpaca.covered:
            return
        self.live()
        low, high, vwap = (round(self.at[symbol] * part, 7) for part in (0.97, 1.04, 1.003))
        self._note(symbol, Source.ALPACA, volume=volume, vwap=vwap, open=low, high=high, low=low)
        day = datetime.combine(self.wall.astimezone(NEW_YORK).date(), time(), NEW_YORK)
        self._publish(DayBar(symbol, low, high, low, high, volume, vwap, day, STREAM, self.clock()))

    def halt(self, symbol: str, *, halted: bool) -> None:
        if not self.alpaca.link.up or symbol not in self.alpaca.covered:
            return
        self.live()
        self.halts[symbol].append((halted, self.wall))
        self._publish(
            TradingStatus(
                symbol=symbol,
                halted=halted,
                code="H" if halted else "T",
                reason="news pending" if halted else "",
                event_time=self.wall,
                origin=STREAM,
                receipt=self.clock(),
            )
        )

    # Answers to questions.

    def snapshot(self, symbol: str, age: float) -> None:
        """Alpaca's answer on what it streams: its last trade is as old as it says."""
        price, made = self._price(symbol, 0.0), self.wall - timedelta(seconds=age)
        close = round(price * 0.99, 7)
        self._say(symbol, price, STREAM, made)
        self._note(symbol, Source.ALPACA, previous_close=close)
        self.intake.ingest(
            [
                Quote(
                    symbol=symbol,
                    origin=STREAM,
                    receipt=self.clock(),
                    last=price,
                    event_time=made,
                    previous_close=close,
                )
            ]
        )

    def answer(self, symbols: Sequence[str], delay: float | None, age: float | None, session: Session | None) -> None:
        """Yahoo answers a poll; `age` None for an answer without a time."""
        now = self.clock()
        self.yahoo.link = Link(up=True, since=self.yahoo.link.since, heard=now, poll_seconds=POLL_SECONDS)
        self.intake.polled(Source.YAHOO, PollOutcome(len(symbols), len(symbols)))
        quotes = [self._answered(symbol, delay, age, session, now) for symbol in symbols]
        self.intake.publish(quotes)

    def _answered(
        self, symbol: str, delay: float | None, age: float | None, session: Session | None, now: Moment
    ) -> Quote:
        origin = Origin(Source.YAHOO, "quote", delay, polled=True)
        price, made = self._price(symbol, 0.0), None if age is None else self.wall - timedelta(seconds=age)
        close, volume = round(price * 1.01, 7), float(int(price * 1e6) % 10**11)
        self._say(symbol, price, origin, made)
        self._note(symbol, Source.YAHOO, previous_close=close, volume=volume)
        return Quote(
            symbol=symbol,
            origin=origin,
            receipt=now,
            last=price,
            event_time=made,
            previous_close=close,
            volume=volume,
            session=session,
        )

    def contradict(self, symbol: str) -> None:
        """Yahoo says something else altogether, twice."""
        self.at[symbol] *= 1.35
        for _ in range(2):
            self.wait(1.0)
            self.answer((symbol,), 0.0, 1.0, Session.REGULAR)
        self.at[symbol] /= 1.35

    def refuse_poll(self, reason: Reason) -> None:
        link = self.yahoo.link
        self.yahoo.link = Link(up=False, since=link.since, heard=link.heard, poll_seconds=POLL_SECONDS, reason=reason)
        self.intake.polled(Source.YAHOO, PollOutcome(0, len(BASES), reason))

    def remember(self, symbol: str, age: float) -> None:
        """The disk knows a price from an earlier run."""
        made = self.wall - timedelta(seconds=age)
        price, origin = self._price(symbol, 0.0), Origin(Source.CACHE, "iex", None)
        before = self.intake.board.served(symbol)
        if before is None or before.price is None:
            receipt = remembered(made, self.clock())
            self.said[symbol].append(Said(price, origin, made, receipt.mono))
            self.intake.restore([Quote(symbol=symbol, origin=origin, receipt=receipt, last=price, event_time=made)])

    # The book.

    def _price(self, symbol: str, moved: float) -> float:
        """A price that was never said before, near the one before it."""
        base = BASES[symbol]
        places = 2 if base >= 1 else 8 if base < 0.01 else 4
        step = 10.0**-places
        self.at[symbol] = min(max(self.at[symbol] * (1.0 + moved), base * 0.85), base * 1.15)
        price = round(self.at[symbol], places)
        while price in self._used:
            price = round(price + step, places)
        self._used.add(price)
        return price

    def _say(self, symbol: str, price: float, origin: Origin, made: datetime | None) -> None:
        self.said[symbol].append(Said(price, origin, made, self.mono))

    def _note(self, symbol: str, source: Source, **said: float | None) -> None:
        self.figures.setdefault((symbol, source), Figures()).note(**said)

    def _publish(self, update: Update) -> None:
        self.intake.publish([update])

    def _hold(self) -> None:
        book, now = self.desk._account, self.clock()
        book.holdings = Holdings(
            tuple(
                Position(symbol=symbol, quantity=Decimal(quantity), average_entry=Decimal(entry), receipt=now)
                for symbol, (quantity, entry) in HELD.items()
            ),
            now,
        )
        book.account = Account(
            equity=Decimal("102345.67"),
            last_equity=Decimal("102000"),
            cash=Decimal("45000"),
            buying_power=Decimal("190000"),
            currency="USD",
            status="ACTIVE",
            paper=True,
            receipt=now,
        )
