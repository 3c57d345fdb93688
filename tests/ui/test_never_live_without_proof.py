"""No drawn row says LIVE without proof, no number is cut and no age is too young, whatever feeds and clocks do.

A real desk behind the real screen; the feeds and the clocks are the test's, and so is the judgement of what is drawn.
"""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import msgspec
import pytest
from fake_desk import IdleWorker
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from own_judgement import Judgement, Line
from own_market_truth import BASES, NEW_YORK, STREAM, STREAMED, TrueMarket
from rich.text import Text
from screen_text import main_of

from mytrader_tui.app import MarketApp
from mytrader_tui.market import board as board_module
from mytrader_tui.market import freshness
from mytrader_tui.market.freshness import LIVE
from mytrader_tui.market.link import Link, Reason
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Quote, Source
from mytrader_tui.market.session import Session
from mytrader_tui.monitor.intake import Intake
from mytrader_tui.settings.schema import Ui, WatchColumn
from mytrader_tui.ui import columns
from mytrader_tui.ui.columns import Tone
from mytrader_tui.ui.detail_figures import Telling, headline
from mytrader_tui.ui.screens.strip import COLUMNS as STRIP
from mytrader_tui.ui.watch.picture import Claim, HeldPicture
from mytrader_tui.ui.widgets import ticking_table, watchlist
from mytrader_tui.ui.widgets.ticking_table import TickingTable

EXAMPLES = int(os.environ.get("SCREEN_EXAMPLES", "40"))
"""For each size of the screen."""
PHASES = (Phase.generate, Phase.shrink) if "SCREEN_SHRINK" in os.environ else (Phase.generate,)
"""The smallest example takes minutes to find: only whoever asks for it waits for that."""

STEPS = 14
PAINT_SECONDS = 0.3
"""More than any part of the screen may take to notice what the clock alone changed."""

NUMBERS: tuple[WatchColumn, ...] = (
    *("symbol", "last", "age", "badge", "change", "change_percent", "bid", "ask", "spread", "volume", "vwap"),
    *("previous_close", "open", "high", "low"),
)
SIZES = {"60x16": ((60, 16), ()), "strip": ((60, 20), STRIP), "120x40": ((120, 40), ()), "190x50": ((190, 50), NUMBERS)}

CLAIMS = ("LIVE", "DELAYED", "STALE", "CLOSED", "CACHED", "HALTED", "NO DATA", "PAUSED")

SYMBOLS = st.sampled_from([*BASES])
STREAMS = st.sampled_from(STREAMED)
MOVES = st.floats(-0.02, 0.02)
SPANS = st.sampled_from([0.0, 0.5, 1.0, 4.0, 4.6, 4.8, 6.0, 59.0, 61.0, 149.0, 151.0, 3600.0, 7200.0])
AGES = st.sampled_from([0.0, 1.0, 30.0, 59.9, 60.0, 900.0, 3599.0, 7200.0, 80_000.0, 200_000.0])
BEGINS = st.sampled_from(
    [
        datetime(2026, 11, 10, 10, 30, tzinfo=NEW_YORK),
        datetime(2026, 11, 10, 9, 29, 50, tzinfo=NEW_YORK),
        datetime(2026, 11, 11, 15, 59, 50, tzinfo=NEW_YORK),
        datetime(2026, 11, 12, 3, 59, 50, tzinfo=NEW_YORK),
        datetime(2026, 11, 12, 18, 0, tzinfo=NEW_YORK),
        datetime(2026, 11, 13, 19, 59, 50, tzinfo=NEW_YORK),
        datetime(2026, 11, 14, 12, 0, tzinfo=NEW_YORK),
    ]
)


class Window:
    """The desk that the screen reads: that of the market there is now."""

    def __init__(self, desk: object) -> None:
        self.desk = desk

    def __getattr__(self, name: str) -> Any:
        return getattr(self.desk, name)


class Frame:
    """The screen of `app` as it is drawn, and the way to put another market behind it."""

    def __init__(self, app: MarketApp, window: Window) -> None:
        self.main, self._window = main_of(app), window

    def look_at(self, market: TrueMarket) -> None:
        """Forget everything of the market before."""
        if self.held:
            self.main.action_pause()
        self._window.desk = market.desk
        for table in (self.main._watchlist, self.main._positions):
            table.set_keys(())
            table._flashes.clear()
            table._checked = None
        self.main._symbols, self.main._said, self.main._watchlist._lasts = (), None, {}
        self.main._watchlist._live._names.clear()

    @property
    def held(self) -> bool:
        return self.main._held_since is not None

    def rows(self) -> dict[str, Line]:
        """The rows of the watchlist in sight, by symbol."""
        return _lines(self.main._watchlist, "name")

    def positions(self) -> dict[str, Line]:
        """The rows of the positions in sight, by symbol; none where there is no room for them."""
        return _lines(self.main._positions, "title")

    def text(self, id: str) -> str:
        """What a line of text says."""
        return " ".join(Text("\n").join(self.main.query_one(f"#{id}")._shown).plain.split())  # type: ignore[attr-defined]


def _lines(table: TickingTable[Any], named: str) -> dict[str, Line]:
    found: dict[str, Line] = {}
    for place, key in enumerate(table.in_sight):
        text = table.render_line(place + 1).text
        cells, at = {}, 1
        for column, width in table._arrangement.placed:
            cells[getattr(column, named)] = text[at : at + width]
            at += width + table._arrangement.gap
        found[key] = Line(text, cells)
    return found


class ScreenMachine(RuleBasedStateMachine):
    """Whatever happens to the market, the screen says no more than is true."""

    frame: Frame
    folder: Path
    mono = 1000.0
    seen: ClassVar[set[str]] = set()

    @initialize(begun=BEGINS, cached=st.booleans(), age=AGES, streams=st.booleans())
    def begin(self, begun: datetime, cached: bool, age: float, streams: bool) -> None:
        self.market = TrueMarket(begun, self.folder, ScreenMachine.mono)
        self.frame.look_at(self.market)
        if cached:
            for symbol in BASES:
                self.market.remember(symbol, age)
        if streams:
            self.market.come_up(frozenset(STREAMED))
            for symbol in STREAMED:
                self.market.print(symbol, 0.0)

    @rule(symbol=STREAMS, moved=MOVES, late=st.sampled_from([0.0, 0.0, 0.1, 3.0, 70.0]), again=st.integers(0, 3))
    def print(self, symbol: str, moved: float, late: float, again: int) -> None:
        here = self.market.wall.astimezone(NEW_YORK)
        extended = not (9, 30) <= (here.hour, here.minute) < (16, 0)
        for _ in range(again + 1):
            self.market.print(symbol, moved, late=late, extended=extended)

    @rule(symbol=STREAMS, apart=st.sampled_from([0.0, 0.0001, 0.3]))
    def quote_sides(self, symbol: str, apart: float) -> None:
        self.market.quote_sides(symbol, apart)

    @rule(symbol=STREAMS, volume=st.sampled_from([0.0, 7.0, 999.6, 999_960.0, 1.25e6, 4.2e9, 9.9e13]))
    def bar(self, symbol: str, volume: float) -> None:
        self.market.bar(symbol, volume)

    @rule(symbol=STREAMS)
    def take_back(self, symbol: str) -> None:
        self.market.take_back(symbol)

    @rule(symbol=STREAMS, halted=st.booleans())
    def halt(self, symbol: str, halted: bool) -> None:
        self.market.halt(symbol, halted=halted)

    @rule(symbol=STREAMS, age=AGES)
    def snapshot(self, symbol: str, age: float) -> None:
        self.market.snapshot(symbol, age)

    @rule(
        symbols=st.lists(SYMBOLS, min_size=1, unique=True),
        delay=st.sampled_from([900.0, 900.0, 0.0, None]),
        age=st.one_of(st.none(), AGES),
        session=st.sampled_from([None, *Session]),
    )
    def answer(self, symbols: list[str], delay: float | None, age: float | None, session: Session | None) -> None:
        self.market.answer(symbols, delay, age, session)

    @rule(symbol=STREAMS)
    def contradict(self, symbol: str) -> None:
        self.market.contradict(symbol)

    @rule(reason=st.sampled_from([Reason.NETWORK, Reason.RATE_LIMITED]))
    def refuse_poll(self, reason: Reason) -> None:
        self.market.refuse_poll(reason)

    @rule(covered=st.frozensets(STREAMS, min_size=1))
    def come_up(self, covered: frozenset[str]) -> None:
        self.market.come_up(covered)

    @rule(covered=st.frozensets(STREAMS))
    def cover(self, covered: frozenset[str]) -> None:
        if self.market.alpaca.link.up:
            self.market.cover(covered)

    @rule(reason=st.sampled_from([Reason.DROPPED, Reason.HALF_OPEN, Reason.AUTH_FAILED, Reason.CONNECTION_LIMIT]))
    def go_down(self, reason: Reason) -> None:
        self.market.go_down(reason)

    @rule(seconds=SPANS)
    def fall_silent(self, seconds: float) -> None:
        self.market.wait(seconds)

    @rule(seconds=SPANS)
    def stay_quiet(self, seconds: float) -> None:
        for _ in range(4):
            self.market.wait(seconds / 4, alive=True)

    @rule(hour=st.sampled_from([(4, 0), (9, 30), (16, 0), (20, 0)]), alive=st.booleans())
    def reach(self, hour: tuple[int, int], alive: bool) -> None:
        """Go on to just before that time of day."""
        here = self.market.wall.astimezone(NEW_YORK)
        then = here.replace(hour=hour[0], minute=hour[1], second=0, microsecond=0) - timedelta(seconds=0.2)
        if then > here:
            self.market.wait((then - here).total_seconds(), alive=alive)

    @rule(seconds=st.sampled_from([-7200.0, -61.0, -4.0, 4.0, 61.0, 7200.0]))
    def set_wall(self, seconds: float) -> None:
        self.market.set_wall(seconds)

    @rule()
    def pin(self) -> None:
        self.market.desk.cycle_source()

    @rule()
    def pause(self) -> None:
        self.frame.main.action_pause()

    @rule(hidden=st.booleans())
    def hide(self, hidden: bool) -> None:
        self.market.desk.hide_amounts(hidden)

    @invariant()
    def look(self) -> None:
        """Paint, and judge every line."""
        self.market.wait(PAINT_SECONDS)
        self.frame.main.paint()
        judgement = Judgement(self.market, held=self.frame.held)
        rows, positions = self.frame.rows(), self.frame.positions()
        assert rows, "nothing is drawn"
        self.seen |= {word for line in rows.values() for word in CLAIMS if word in line.text}
        for symbol, line in rows.items():
            judgement.row(symbol, line)
        for symbol, line in positions.items():
            judgement.position(symbol, line)
        judgement.totals(self.frame.text("honesty"), {symbol: line.cells["Last"] for symbol, line in positions.items()})
        judgement.sources(self.frame.text("status"))
        self._detail(judgement)

    def _detail(self, judgement: Judgement) -> None:
        desk, now = self.market.desk, self.market.clock()
        colours = dict.fromkeys(Tone, "")
        for symbol in ("AAPL", "^GSPC"):
            said = headline(Telling.of(desk, symbol, now), now, colours)
            judgement.detail(symbol, " ".join(phrase.forms[0].plain for phrase in said))

    def teardown(self) -> None:
        if hasattr(self, "market"):
            ScreenMachine.mono = self.market.mono + 10.0


async def drive(size: str, folder: Path, examples: int, *, seed: bool = False) -> None:
    """Let so many markets happen behind one screen."""
    (width, height), chosen = SIZES[size]
    window = Window(TrueMarket(datetime(2026, 11, 10, 10, 30, tzinfo=NEW_YORK), folder, ScreenMachine.mono).desk)
    app = MarketApp(window, worker=IdleWorker(), settings=Ui(), columns=chosen, zone=UTC)  # type: ignore[arg-type]
    async with app.run_test(size=(width, height)) as pilot:
        await pilot.pause()
        ScreenMachine.frame, ScreenMachine.folder = Frame(app, window), folder
        run_state_machine_as_test(
            ScreenMachine,
            settings=settings(
                max_examples=examples,
                stateful_step_count=STEPS,
                deadline=None,
                database=None,
                derandomize=seed,
                phases=PHASES,
                suppress_health_check=list(HealthCheck),
                print_blob=False,
            ),
        )


@pytest.mark.parametrize("size", SIZES)
async def test_the_screen_never_says_more_than_was_said(size: str, tmp_path: Path) -> None:
    ScreenMachine.seen.clear()

    await drive(size, tmp_path, EXAMPLES)

    assert ScreenMachine.seen >= {"LIVE", "DELAYED", "STALE"}, "there was something to judge"


# That it can fail: faults put into the program, each of which it notices.


def _silence_is_no_doubt(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Link, "proven", lambda link, _: link.up)


def _what_was_missed_is_forgotten(patch: pytest.MonkeyPatch) -> None:
    real = freshness._doubt

    def doubt(quote: Quote, link: Link, session: Session, now: Moment) -> freshness.BadgeRule | None:
        found = real(quote, link, session, now)
        return None if found is freshness.BadgeRule.MISSED else found

    patch.setattr(freshness, "_doubt", doubt)


def _what_is_late_is_live(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(freshness, "_served", lambda _quote, _link: (LIVE, freshness.BadgeRule.REAL_TIME))


def _an_overdue_poll_is_delayed(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(freshness, "_overdue", lambda _link, _age: False)


def _an_earlier_session_is_live(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(freshness, "_of_an_earlier_session", lambda _quote, _link, _hours: False)


def _a_halt_is_not_told(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(freshness, "_halt_stands", lambda _quote, _link, _now: False)


def _badges_are_not_looked_at_again(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(ticking_table, "RECHECK_SECONDS", 1e9)


def _positions_keep_their_badges(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("mytrader_tui.market.account.portfolio_keeper.BADGE_SECONDS", 1e9)


def _numbers_are_cut(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(columns, "fit", lambda forms, width: forms[0][:width])


def _numbers_lose_their_ends(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(columns, "fit", lambda forms, width: forms[-1][-width:])


def _ages_are_of_the_receipt(patch: pytest.MonkeyPatch) -> None:
    def age(quote: Quote | None, now: Moment) -> str:
        return "—" if quote is None else freshness.short_span(now.seconds_since(quote.price_receipt))

    patch.setattr(watchlist, "age_text", age)


def _a_pause_keeps_the_badges(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(HeldPicture, "claim", lambda _picture, _symbol, _now: Claim(LIVE.text, Tone.LIVE, False, 0))


def _rows_stay_with_their_source(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Intake, "link_behind", lambda intake, _: intake.link(Source.ALPACA))


def _what_is_not_streamed_has_the_streams_link(patch: pytest.MonkeyPatch) -> None:
    real = Intake.link_to

    def link_to(intake: Intake, symbol: str, source: Source) -> Link:
        return intake.link(source) if source is Source.ALPACA else real(intake, symbol, source)

    patch.setattr(Intake, "link_to", link_to)


def _a_price_taken_back_stays(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(board_module, "_repaired", lambda known, _: known)


def _the_disk_is_believed(patch: pytest.MonkeyPatch) -> None:
    def restore(intake: Intake, quotes: list[Quote]) -> None:
        for quote in quotes:
            live = msgspec.structs.replace(quote, origin=STREAM, receipt=intake._clock())
            intake.board.apply(live)
            intake.board.serve(quote.symbol, Source.ALPACA)

    patch.setattr(Intake, "restore", restore)


FAULTS = (
    _silence_is_no_doubt,
    _what_was_missed_is_forgotten,
    _what_is_late_is_live,
    _an_overdue_poll_is_delayed,
    _an_earlier_session_is_live,
    _a_halt_is_not_told,
    _badges_are_not_looked_at_again,
    _positions_keep_their_badges,
    _numbers_are_cut,
    _numbers_lose_their_ends,
    _ages_are_of_the_receipt,
    _a_pause_keeps_the_badges,
    _rows_stay_with_their_source,
    _what_is_not_streamed_has_the_streams_link,
    _a_price_taken_back_stays,
    _the_disk_is_believed,
)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__.strip("_"))
async def test_a_planted_fault_is_noticed(
    fault: Callable[[pytest.MonkeyPatch], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault(monkeypatch)

    with pytest.raises((AssertionError, ExceptionGroup)):
        await drive("120x40", tmp_path, 300, seed=True)
