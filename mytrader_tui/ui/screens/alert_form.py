"""The dialog that sets a price alert or mends one: what is waited for, beside what is known now."""

from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import Input
from typing_extensions import override

from mytrader_tui.market.alerts.alert import Alert, AlertCondition, AlertKind
from mytrader_tui.market.alerts.judge import compared, holds
from mytrader_tui.market.alerts.level import level_text, read_level
from mytrader_tui.market.alerts.words import KINDS, condition_forms, condition_text, value_text
from mytrader_tui.market.quote import Quote
from mytrader_tui.market.symbol import alpaca_can_know
from mytrader_tui.ui.columns import BADGE_TONES, Tone
from mytrader_tui.ui.desk import Desk
from mytrader_tui.ui.figures import currency_mark, marked, percent_forms, price_forms
from mytrader_tui.ui.flow import SEPARATOR, wrap
from mytrader_tui.ui.keymap import key_of
from mytrader_tui.ui.spans import long_span
from mytrader_tui.ui.widgets.dialog import Dialog, Together
from mytrader_tui.ui.widgets.lines import Lines

LOOK_SECONDS = 0.5
"""How often the present price is read while the dialog is open."""

_ANSWER_LINES = 3
_TOLD = (Together(("previous_kind", "next_kind"), "", "what to wait for"),)
_PRICED = (AlertKind.ABOVE, AlertKind.BELOW)
_PROPOSED = "The price as it was a moment ago: type the one to wait for. Enter sets it."


class LevelInput(Input):
    """Takes what a number is written with; the x, which is in none, is the dialog's."""

    @override
    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Whether `key` would be typed, so that no binding gets it."""
        return key != "x" and super().check_consume_key(key, character)


class AlertForm(ModalScreen[str | None]):
    """Asks what to wait for of `symbol`; its result is what was set, in words. `alert` is the one to mend."""

    AUTO_FOCUS = "#alert-level"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Close", key_display="esc", id="close"),
        Binding("down,tab", "next_kind(1)", "Next kind", id="next_kind", priority=True),
        Binding("up,shift+tab", "next_kind(-1)", "Previous kind", id="previous_kind", priority=True),
        Binding("x", "extended", "Extended hours", id="extended_hours", priority=True),
    ]

    def __init__(self, desk: Desk, symbol: str, *, alert: Alert | None = None) -> None:
        super().__init__()
        self._desk = desk
        self._symbol = symbol
        self._alert = alert
        self._kind = alert.condition.kind if alert else AlertKind.ABOVE
        self._extended = alert.condition.extended if alert else False
        self._present = Lines(id="alert-present")
        self._kinds = Lines(id="alert-kinds")
        self._kinds.auto_links = False
        self._unit = Lines(id="alert-unit")
        self._hours = Lines(id="alert-hours")
        self._hours.auto_links = False
        self._answer = Lines(id="alert-answer")
        self._given = level_text(alert.condition.level) if alert else self._price_given()
        self._input = LevelInput(self._given, id="alert-level", max_length=40)
        self._why = ""
        self._asked: AlertCondition | None = None

    def compose(self) -> ComposeResult:
        """The box: the present price, the kinds, the level with its unit, the hours, and an answer."""
        title = f"{'Edit' if self._alert else 'New'} alert · {self._symbol}"
        with Dialog(title, id="alert-box", together=_TOLD):
            yield self._present
            yield self._kinds
            yield self._input
            yield self._unit
            yield self._hours
            yield self._answer

    def on_mount(self) -> None:
        """Show what is known, and go on doing so."""
        self.look()
        self.set_interval(LOOK_SECONDS, self.look, name="alert form")

    def look(self) -> None:
        """Say everything anew; a line that stays as it is costs nothing."""
        quote = self._desk.board.served(self._symbol)
        self._present.show([self._present_line(quote)])
        self._kinds.show([self._kind_line()])
        width = max(1, self._unit.size.width)
        self._unit.show(wrap(self._unit_text(quote), width, 2, self._unit.tone("faint")))
        self._hours.show([self._hours_line()])
        self._answer.show(self._answer_lines())

    @on(Lines.Resized)
    def resized(self, event: Lines.Resized) -> None:
        """Fit what is said to the new width."""
        event.stop()
        self.look()

    @on(Input.Changed)
    def mended(self, event: Input.Changed) -> None:
        """Take back what was said of the text before."""
        event.stop()
        self._calm()

    @on(Input.Submitted)
    def submit(self, event: Input.Submitted) -> None:
        """Set the alert, if it can be one; one that would fire at once is asked about first."""
        event.stop()
        level = read_level(self._input.value, self._kind)
        if isinstance(level, str):
            self._refuse(level)
            return
        condition = AlertCondition(self._kind, level, self._extended)
        if condition != self._asked and (already := self._already(condition)):
            self._asked = condition
            self._refuse(f"{already}: it would fire at once. Enter again sets it all the same.")
            return
        alerts = self._desk.alerts
        made = alerts.change(self._alert.id, condition) if self._alert else alerts.create(self._symbol, condition)
        if isinstance(made, str):
            self._refuse(made)
        else:
            self.dismiss(f"Alert set: {made.symbol} {condition_text(made)}.")

    def action_next_kind(self, step: int) -> None:
        """Wait for another kind of thing."""
        kinds = list(AlertKind)
        self.action_choose(kinds[(kinds.index(self._kind) + step) % len(kinds)].name)

    def action_choose(self, name: str) -> None:
        """Wait for the kind called `name`; a level that nobody typed goes with the kind that it was of."""
        untouched = self._input.value in ("", self._given)
        self._kind = AlertKind[name]
        if untouched:
            self._given = self._price_given() if self._kind in _PRICED else ""
            self._input.value = self._given
        self._calm()
        self._input.focus()

    def action_extended(self) -> None:
        """Let prices of the extended hours count, or not."""
        self._extended = not self._extended
        self._calm()

    def action_close(self) -> None:
        """Close it; nothing is set."""
        self.dismiss(None)

    def _calm(self) -> None:
        self._why, self._asked = "", None
        self.look()

    def _refuse(self, why: str) -> None:
        self._why = why
        self.look()

    def _already(self, condition: AlertCondition) -> str:
        """What holds already, in words; empty if the condition does not hold now or nobody knows."""
        quote = self._desk.board.served(self._symbol)
        if quote is None or (quote.in_extended and not condition.extended):
            return ""
        value = compared(condition.kind, quote)
        if value is None or not holds(condition, value):
            return ""
        said = value_text(condition.kind, float(value))
        return {
            AlertKind.PERCENT: f"{self._symbol} has moved {said} already",
            AlertKind.VOLUME: f"The volume is {said} already",
        }.get(condition.kind, f"{self._symbol} is at {said} already")

    def _price_given(self) -> str:
        quote = self._desk.board.served(self._symbol)
        if quote is None or quote.price is None:
            return ""
        shown = price_forms(quote.price)[0].replace(",", "")
        return shown if not isinstance(read_level(shown, AlertKind.ABOVE), str) else ""

    # What it says.

    def _present_line(self, quote: Quote | None) -> Text:
        now = self._desk.now()
        badge = self._desk.badge(self._symbol, now)
        if quote is None or quote.price is None:
            return Text(badge.text, style=self._present.tone("faint"))
        price = marked(currency_mark(quote.currency), price_forms(quote.price))[0]
        tone = BADGE_TONES[badge.kind]
        style = "" if tone is Tone.PLAIN else self._present.tone("faint" if tone is Tone.MUTED else tone.value)
        parts = [Text(price, style="bold"), Text(percent_forms(quote.change_percent)[0]), Text(badge.text, style=style)]
        parts.append(Text(quote.origin.feed if badge.text == "● LIVE" else quote.origin.source.value))
        if quote.price_time is not None:
            parts.append(Text(f"{long_span(now.age_of(quote.price_time))} old", style=self._present.tone("faint")))
        return Text("  ").join(parts)

    def _kind_line(self) -> Text:
        said = []
        for kind, word in KINDS.items():
            chosen = kind is self._kind
            style = Style.parse("bold" if chosen else self._kinds.tone("faint"))
            click = Style(meta={"@click": f"screen.choose('{kind.name}')"})
            said.append(Text(f"[{word}]" if chosen else word, style=style + click))
        return Text.assemble(*(part for word in said for part in (SEPARATOR, word)))[len(SEPARATOR) :]

    def _unit_text(self, quote: Quote | None) -> str:
        """What the level is measured in, and where that stands now."""
        value = None if quote is None else compared(self._kind, quote)
        shown = "not known yet" if value is None else value_text(self._kind, float(value))
        match self._kind:
            case AlertKind.PERCENT:
                close = quote.previous_close if quote is not None else None
                if not close:
                    return "% up or down · held until the previous close is known"
                return f"% of the close {price_forms(close)[0]}, up or down · now {shown}"
            case AlertKind.VOLUME:
                own = quote is not None and quote.origin.feed == "iex"
                return f"shares today · now {shown}{', on iex alone' if own else ''}"
            case AlertKind.ABOVE | AlertKind.BELOW:
                return f"{self._currency(quote)} · now {shown}"

    def _currency(self, quote: Quote | None) -> str:
        if quote is not None and quote.currency:
            return quote.currency
        return "USD" if alpaca_can_know(self._symbol) else "in the currency of its price"

    def _hours_line(self) -> Text:
        mark = "[x]" if self._extended else "[ ]"
        click = Style(meta={"@click": "screen.extended"})
        count = "count too" if self._extended else "do not count"
        key = key_of(self.app, "extended_hours")
        return Text(f"{mark} " + (f"{key}: " if key else "") + f"prices of the extended hours {count}", style=click)

    def _answer_lines(self) -> list[Text]:
        width = max(1, self._answer.size.width)
        if self._why:
            return wrap(self._why, width, _ANSWER_LINES, self._answer.tone("stale"))
        level = read_level(self._input.value, self._kind)
        if isinstance(level, str):
            return wrap("Enter sets it.", width, _ANSWER_LINES, self._answer.tone("faint"))
        condition = AlertCondition(self._kind, level, self._extended)
        if already := self._already(condition):
            if self._input.value == self._given and not self._alert:
                return wrap(_PROPOSED, width, _ANSWER_LINES, self._answer.tone("faint"))
            said = f"{already}: it would fire at once. Enter asks before it is set."
            return wrap(said, width, _ANSWER_LINES, self._answer.tone("delayed"))
        said = f"Fires once: {condition_forms(condition)[0]}, by a LIVE or DELAYED price. Enter sets it."
        return wrap(said, width, _ANSWER_LINES, self._answer.tone("faint"))
