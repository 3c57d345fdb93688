"""The account on the screen and its equity over time."""

import asyncio
import re
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from fake_desk import START, FakeDesk
from screen_text import app_for, line_with, lines_of, main_of
from syrupy.assertion import SnapshotAssertion
from textual.pilot import Pilot

from mytrader_tui.market.account.equity import EquityHistory, EquityPeriod, EquityPoint
from mytrader_tui.market.account.portfolio import Account
from mytrader_tui.market.session import Session
from mytrader_tui.ui.account_figures import AccountFigures
from mytrader_tui.ui.account_table import figures_lines
from mytrader_tui.ui.equity_curve import LiveLine, curve_of
from mytrader_tui.ui.screens.account import AccountScreen


def a_history(period: EquityPeriod = "1D", *equities: str, step: timedelta = timedelta(minutes=5)) -> EquityHistory:
    points = tuple(
        EquityPoint(START.wall - step * (len(equities) - place), Decimal(equity))
        for place, equity in enumerate(equities)
    )
    return EquityHistory(period=period, points=points, base=Decimal("102000"), receipt=START)


RISING = ("101800", "101950.5", "101900", "102100", "102050", "102250", "102300.25")


def a_desk(history: EquityHistory | str | None = None, quantity: str = "302") -> FakeDesk:
    desk = FakeDesk()
    desk.quote("AAPL", 190.0)
    desk.hold(AAPL=(quantity, "180"))
    desk.history = a_history("1D", *RISING) if history is None else history
    return desk


async def curve_drawn(pilot: Pilot[int]) -> None:
    async with asyncio.timeout(60):
        while not any("┫" in line for line in lines_of(pilot.app)):
            await pilot.pause(0.05)


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (120, 36)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_account_at_each_size(size: tuple[int, int], snapshot: SnapshotAssertion) -> None:
    app = app_for(a_desk())
    async with app.run_test(size=size) as pilot:
        await pilot.press("e")
        await curve_drawn(pilot)
        await pilot.pause(0.1)
        assert "\n".join(lines_of(app)) == snapshot


async def test_the_curve_is_drawn_on_a_terminal_without_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = app_for(a_desk())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("e")
        await curve_drawn(pilot)


@pytest.mark.parametrize(
    ("key", "name", "period"), [("2", "1W", "1W"), ("3", "1M", "1M"), ("4", "3M", "3M"), ("5", "1Y", "1A")]
)
async def test_a_number_chooses_the_period(key: str, name: str, period: str) -> None:
    desk = a_desk()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("e", key)
        await pilot.pause(0.05)
        assert desk.periods == ["1D", period]
        assert line_with(app, f"[{key} {name}]")


async def test_a_history_that_cannot_be_told_says_why() -> None:
    app = app_for(a_desk("the keys were refused (401)"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("e")
        await pilot.pause(0.2)
        assert line_with(app, "The equity history cannot be told: the keys were refused (401)")
        assert line_with(app, "102,345.67")


async def test_a_history_that_hangs_is_given_up() -> None:
    desk = a_desk()
    never = asyncio.Event()

    async def hangs(period: EquityPeriod) -> str:
        await never.wait()
        return ""

    desk.equity_history = hangs
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await app.push_screen(AccountScreen(desk, deadline_seconds=0.05))
        await pilot.pause(0.3)
        assert line_with(app, "no answer within 0.05 s")


async def test_a_history_without_points_says_so() -> None:
    desk = a_desk(a_history())
    desk.account = None
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("e")
        await pilot.pause(0.2)
        assert line_with(app, "The broker has no equity history of this period.")


async def test_without_an_account_the_note_says_what_to_do() -> None:
    desk = FakeDesk()
    desk.account_note = "no paper account: set ALPACA_API_KEY"
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("e")
        await pilot.pause(0.2)
        assert line_with(app, "set ALPACA_API_KEY")


async def test_hidden_amounts_leave_no_amount_in_the_box() -> None:
    app = app_for(a_desk())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("e")
        await curve_drawn(pilot)
        await pilot.press("dollar_sign")
        await pilot.pause(0.3)
        shown = "\n".join(lines_of(app))
        assert not re.search(r"\d{2},\d{3}|345\.67|45000", shown)
        assert "••• ┫" in shown
        assert "+0.34%" in shown


@pytest.mark.parametrize("key", ["escape", "e", "q"])
async def test_keys_that_close_it(key: str) -> None:
    app = app_for(a_desk())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("e")
        assert isinstance(app.screen, AccountScreen)
        await pilot.press(key)
        assert app.screen is main_of(app)


@pytest.mark.parametrize("size", [(40, 8), (20, 5), (200, 60)])
async def test_no_size_breaks_it(size: tuple[int, int]) -> None:
    app = app_for(a_desk())
    async with app.run_test(size=size) as pilot:
        await pilot.press("e")
        await pilot.pause(0.5)
        await pilot.resize_terminal(100, 30)
        await curve_drawn(pilot)
        assert app.is_running


async def test_an_equity_far_from_the_brokers_is_told_and_not_drawn() -> None:
    desk = a_desk(quantity="10")
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("e")
        await curve_drawn(pilot)
        assert line_with(app, "equity here -54.17% from the broker's")
        assert not line_with(app, "50,000")


# The present end of the curve.


def later(seconds: float) -> datetime:
    return START.wall + timedelta(seconds=seconds)


def test_todays_line_grows_between_two_answers() -> None:
    live = LiveLine()
    for second in (0, 10, 40, 45):
        live.take(Decimal(102400 + second), Session.REGULAR, START.later(second))
    curve = curve_of(a_history("1D", *RISING), live.samples)
    assert curve is not None
    assert curve.values[-2:] == (102410.0, 102445.0)
    assert curve.times[-1] == later(45)


def test_a_closed_market_adds_nothing() -> None:
    live = LiveLine()
    live.take(Decimal(1), Session.CLOSED, START)
    live.take(None, Session.REGULAR, START)
    assert live.samples == ()


def test_in_a_history_of_days_the_present_is_todays_point() -> None:
    today = a_history("1M", "101000", "101500", step=timedelta(hours=1))
    curve = curve_of(today, ((later(5), Decimal("102000")),))
    assert curve is not None
    assert curve.values == (101000.0, 102000.0)


def test_a_line_of_yesterday_does_not_run_on_into_today() -> None:
    yesterday = a_history("1D", "101000", "101500", step=timedelta(days=1))
    curve = curve_of(yesterday, ((later(5), Decimal("102000")),))
    assert curve is not None
    assert curve.values == (101000.0, 101500.0)


def test_an_answer_newer_than_a_sample_replaces_it() -> None:
    curve = curve_of(a_history("1D", *RISING), ((later(-3600), Decimal("1")),))
    assert curve is not None
    assert 1.0 not in curve.values


@pytest.mark.parametrize(("minutes", "format_"), [(1, "%H:%M:%S"), (5, "%H:%M")])
def test_times_under_a_short_curve_have_seconds(minutes: int, format_: str) -> None:
    curve = curve_of(a_history("1D", *RISING, step=timedelta(minutes=minutes)), ())
    assert curve is not None
    assert curve.time_format == format_


# The figures have whole lines, whatever the width.


def figures(equity: str, yesterday: str, *, paper: bool = True, status: str = "ACTIVE") -> AccountFigures:
    worth = Decimal(equity)
    account = Account(
        equity=worth,
        last_equity=Decimal(yesterday),
        cash=worth,
        buying_power=worth * 4,
        currency="USD",
        status=status,
        paper=paper,
        receipt=START,
    )
    return AccountFigures(account, worth, -worth, 12, hidden=False, age=0.0)


ACCOUNTS = (
    figures("102345.67", "102000"),
    figures("1234567.89", "1100000"),
    figures("98765432109.87", "88765432109.87"),
    figures("102345.67", "102000", paper=False, status="ACCOUNT_CLOSED_PENDING"),
)


@pytest.mark.parametrize("told", ACCOUNTS, ids=range(len(ACCOUNTS)))
@pytest.mark.parametrize("width", [51, 60, 71, 109])
def test_no_figure_is_broken_or_cut_at_any_width(told: AccountFigures, width: int) -> None:
    lines = [line.plain for line in figures_lines(told, width)]
    assert max(map(len, lines)) <= width
    said = "\n".join(lines)
    account = told.account
    for amount in (account.equity, account.cash, account.buying_power, told.long, told.short):
        assert f"{amount:,.2f}" in said
    assert account.day_profit is not None
    assert re.search(rf"\+{re.escape(f'{account.day_profit:,.2f}')} \(\+\d+\.\d\d%\)", said)
    assert "12 open orders" in said
    assert "PAPER" in said


def test_of_a_usual_account_a_narrow_screen_says_no_more_than_that_it_is_paper() -> None:
    narrow, wide = (
        "\n".join(line.plain for line in figures_lines(figures("102345.67", "102000"), width)) for width in (51, 109)
    )
    assert ("USD" in narrow, "USD" in wide) == (False, True)


async def test_the_axis_of_a_low_curve_tells_both_its_ends() -> None:
    app = app_for(a_desk())
    async with app.run_test(size=(60, 16)) as pilot:
        await pilot.press("e")
        await curve_drawn(pilot)
        await pilot.pause(0.1)
        assert len([line for line in lines_of(app) if re.search(r"\d{3},\d{3} ┫", line)]) == 2
        assert line_with(app, "level line 102,000.00")


async def test_no_digit_of_a_great_amount_is_missing_on_the_axis() -> None:
    great = EquityHistory(
        period="1D",
        points=tuple(
            EquityPoint(START.wall - timedelta(minutes=9 - at), Decimal(f"12345678901.{at}0")) for at in range(9)
        ),
        base=Decimal("12345678901"),
        receipt=START,
    )
    desk = FakeDesk()
    desk.history = great
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("e")
        await curve_drawn(pilot)
        await pilot.pause(0.1)
        labels = [found[1] for line in lines_of(app) if (found := re.search(r"([\d,.]+) ┫", line))]
        assert labels
        assert all(re.fullmatch(r"12,3\d\d,\d{3},\d{3}(\.\d+)?", label) for label in labels), labels
