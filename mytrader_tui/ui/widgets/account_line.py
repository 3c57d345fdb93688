"""The account: equity, cash, buying power and the day's profit, and that it is paper."""

from collections.abc import Mapping

from rich.text import Text

from mytrader_tui.market.portfolio import Account
from mytrader_tui.ui.columns import Tone
from mytrader_tui.ui.figures import MISSING, arrow_of, money_forms, percent_forms, sign_of
from mytrader_tui.ui.flow import Phrase, cut, flow, wrap
from mytrader_tui.ui.widgets.lines import Lines

Colours = Mapping[Tone, str]

_MAX_LINES = 2
_HOME_CURRENCY = "USD"


class AccountLine(Lines):
    """The account above its positions, or why there is none."""

    def say(self, account: Account | None, note: str) -> None:
        """Show `account` and the `note` on it; either may be missing."""
        width = max(1, self.size.width)
        colours = {tone: self.tone(name) for tone, name in _NAMES.items()}
        lines = flow(account_phrases(account, colours), (width,) * _MAX_LINES) if account else []
        if note:
            lines += wrap(note, width, _MAX_LINES, colours[Tone.DELAYED])
        elif account is None:
            lines = [cut(Text("Waiting for the account…", style=colours[Tone.MUTED]), width)]
        self.show(lines)


_NAMES = {
    Tone.UP: "up",
    Tone.DOWN: "down",
    Tone.DELAYED: "delayed",
    Tone.STALE: "stale",
    Tone.MUTED: "faint",
    Tone.PLAIN: "foreground",
}


def account_phrases(account: Account, colours: Colours) -> list[Phrase]:
    """What the line says, the most important first."""
    paper = ("PAPER", colours[Tone.DELAYED]) if account.paper else ("NOT A PAPER ACCOUNT", colours[Tone.STALE])
    title = Text(paper[0], style=f"bold {paper[1]}".strip())
    if account.currency != _HOME_CURRENCY:
        title.append(f" {account.currency}", style=colours[Tone.MUTED])
    if account.status.upper() != "ACTIVE":
        title.append(f" {account.status}", style=colours[Tone.STALE])
    return [
        Phrase((title,)),
        _labelled(("Equity",), money_forms(account.equity)[0], colours),
        _day(account, colours),
        _labelled(("Cash",), money_forms(account.cash)[0], colours),
        _labelled(("Buying power", "Power"), money_forms(account.buying_power)[0], colours),
    ]


def _labelled(labels: tuple[str, ...], amount: str, colours: Colours) -> Phrase:
    return Phrase(tuple(Text.assemble((f"{label} ", colours[Tone.MUTED]), amount) for label in labels))


def _day(account: Account, colours: Colours) -> Phrase:
    profit = account.day_profit
    if profit is None:
        return Phrase((Text.assemble(("Day P&L ", colours[Tone.MUTED]), MISSING),))
    sign = sign_of(profit)
    colour = colours[{1: Tone.UP, -1: Tone.DOWN}.get(sign, Tone.PLAIN)]
    amount = f"{arrow_of(profit)} {money_forms(profit, signed=True)[0]}".strip()
    percent = account.day_profit_percent
    share = "" if percent is None else f" ({percent_forms(percent)[0].lstrip('▲▼ ')})"
    return Phrase(
        tuple(Text.assemble((label, colours[Tone.MUTED]), (amount + share, colour)) for label in ("Day P&L ", "Day "))
    )
