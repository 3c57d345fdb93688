"""The account on the screen: its figures, and its equity over a day, a week, months or a year."""

import asyncio
import importlib
from datetime import tzinfo
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.screen import ModalScreen

from mytrader_tui.market.account.equity import EquityHistory
from mytrader_tui.market.account.marking import Portfolio
from mytrader_tui.market.moment import Moment
from mytrader_tui.ui.account_figures import AccountFigures
from mytrader_tui.ui.account_table import figures_lines
from mytrader_tui.ui.desk import Desk
from mytrader_tui.ui.equity_curve import PERIODS, LiveLine, curve_of, live_equity
from mytrader_tui.ui.figures import MISSING, money_forms, unless
from mytrader_tui.ui.flow import SEPARATOR, wrap
from mytrader_tui.ui.keymap import key_of
from mytrader_tui.ui.widgets.dialog import Dialog
from mytrader_tui.ui.widgets.honesty_line import apart_text, time_text
from mytrader_tui.ui.widgets.lines import Lines

if TYPE_CHECKING:
    from mytrader_tui.ui.widgets.equity_plot import EquityPlot

LOOK_SECONDS = 0.5
"""How often the present end of the curve moves while the account is open."""

ASK_SECONDS = 60.0
"""How often the history is asked for again."""

DEADLINE_SECONDS = 20.0
_NOTE_LINES = 3
_LOW = 20
"""Under so many lines the chart gets those that would be blank."""
_NOTHING_DIRTY: frozenset[str] = frozenset()


class AccountScreen(ModalScreen[str | None]):
    """Shows the account of `desk` and goes on doing so; `zone` is home (None: the system's).

    The chart brings numpy, so it is imported in a thread when this opens.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "close", "Close", id="close"),
        Binding("e", "close", "Close", show=False, id="account"),
        *(
            Binding(f"{key}", f"period('{name}')", name, show=False, id=f"period_{name.lower()}")
            for key, name in enumerate(PERIODS, start=1)
        ),
        Binding("dollar_sign", "hide", "Hide amounts", key_display="$", id="hide"),
    ]

    def __init__(self, desk: Desk, *, zone: tzinfo | None = None, deadline_seconds: float = DEADLINE_SECONDS) -> None:
        super().__init__()
        self._desk = desk
        self._zone = zone
        self._deadline = deadline_seconds
        self._chosen = "1D"
        self._history: EquityHistory | None = None
        self._why = ""
        self._live = LiveLine()
        self._figures = Lines(id="account-figures")
        self._periods = Lines(id="account-periods")
        self._chart = Container(id="account-chart")
        self._note = Lines(id="account-note")
        self._plot: EquityPlot | None = None

    def compose(self) -> ComposeResult:
        """The box: the figures, the periods, the curve, and what is the matter."""
        with Dialog("Account", id="account-box"):
            yield self._figures
            yield self._periods
            yield self._chart
            yield self._note

    def on_mount(self) -> None:
        """Show the figures at once, bring the chart, and ask for the history again and again."""
        self.look()
        self.set_interval(LOOK_SECONDS, self.look, name="account")
        self.set_interval(ASK_SECONDS, self._ask, name="equity history")
        self.run_worker(self._bring_chart(), name="bring the chart", group="chart", exit_on_error=True)
        self._ask()

    def look(self) -> None:
        """Take what is new."""
        now = self._desk.now()
        portfolio = self._desk.portfolio(now, _NOTHING_DIRTY)
        self._live.take(live_equity(portfolio), self._desk.status(now).hours.session, now)
        figures = AccountFigures.of(self._desk, portfolio)
        self._figures.show(figures_lines(figures, max(1, self._figures.size.width)) if figures else [])
        self._periods.show([self._period_line()])
        self._draw()
        self._note.show(self._notes(portfolio, now))

    def on_resize(self, event: events.Resize) -> None:
        """Leave no line blank where there are few."""
        self.set_class(event.size.height < _LOW, "-low")

    def on_lines_resized(self, event: Lines.Resized) -> None:
        """Fit what is said to the new width."""
        event.stop()
        self.look()

    def action_period(self, name: str) -> None:
        """Show the equity over the period that people call `name`."""
        if name != self._chosen:
            self._chosen, self._history, self._why = name, None, ""
            self._ask()
            self.look()

    def action_hide(self) -> None:
        """Hide the account's amounts, or show them again."""
        self._desk.hide_amounts(not self._desk.amounts_hidden)
        self.look()

    def action_close(self) -> None:
        """Close it, and give up a question that is still open."""
        self.workers.cancel_node(self)
        self.dismiss(None)

    # The chart.

    async def _bring_chart(self) -> None:
        try:
            module = await asyncio.to_thread(importlib.import_module, "mytrader_tui.ui.widgets.equity_plot")
        except ImportError as error:
            self._why = f"The curve cannot be drawn: {error}."
            return
        plot: EquityPlot = module.EquityPlot(zone=self._zone)
        await self._chart.mount(plot)
        self._plot = plot
        self.call_after_refresh(self.look)

    def _draw(self) -> None:
        if self._plot is None:
            return
        curve = None if self._history is None else curve_of(self._history, self._live.samples)
        colours = (self._note.tone("primary"), self._note.tone("faint"))
        self._plot.display = curve is not None
        self._plot.draw(curve, colours, hidden=self._desk.amounts_hidden)

    # The history.

    def _ask(self) -> None:
        """Ask for the history; a question that is still open is given up for this one."""
        self.run_worker(
            self._read(self._chosen), name="equity history", group="ask", exclusive=True, exit_on_error=True
        )

    async def _read(self, name: str) -> None:
        try:
            async with asyncio.timeout(self._deadline):
                answer = await self._desk.equity_history(PERIODS[name])
        except TimeoutError:
            answer = f"no answer within {self._deadline:g} s"
        if isinstance(answer, str):
            # What is known stays on the screen, with the reason why it is not newer.
            self._why = f"The equity history cannot be told: {answer}"
        else:
            self._history, self._why = answer, ""
        self.look()

    # What it says.

    def _period_line(self) -> Text:
        said: list[Text] = []
        for name in PERIODS:
            chosen = name == self._chosen
            text = f"{key_of(self.app, f'period_{name.lower()}')} {name}".strip()
            text = f"[{text}]" if chosen else text
            said.append(Text(text, style="bold" if chosen else self._periods.tone("faint")))
        return SEPARATOR.join(said)

    def _notes(self, portfolio: Portfolio, now: Moment) -> list[Text]:
        width, faint = max(1, self._note.size.width), self._note.tone("faint")
        lines = [Text(line, style=faint) for line in self._curve_note(now)]
        check = portfolio.equity
        apart = apart_text(check) if check is not None and check.apart else ""
        for why in (self._why, self._desk.account_note, apart):
            lines += wrap(why, width, _NOTE_LINES, self._note.tone("delayed"))
        return lines

    def _curve_note(self, now: Moment) -> list[str]:
        history = self._history
        if history is None:
            return [] if self._why else ["Reading the equity history…"]
        if not history.points and not self._live.samples:
            return ["The broker has no equity history of this period."]
        base = unless(self._desk.amounts_hidden, money_forms(history.base))[0]
        level = MISSING if history.base is None else base
        return [f"history as of {time_text(history.receipt.wall, now, self._zone)} · level line {level}"]
