"""The account: equity, the day's profit, cash, buying power, exposure and open orders, and that it is paper."""

from collections.abc import Mapping
from decimal import Decimal

from rich.text import Text

from mytrader_tui.market.account.portfolio import Account
from mytrader_tui.market.freshness import short_span
from mytrader_tui.ui.account_figures import AccountFigures, open_orders_text
from mytrader_tui.ui.columns import Tone
from mytrader_tui.ui.figures import MISSING, arrow_of, money_forms, percent_forms, sign_of, unless
from mytrader_tui.ui.flow import Phrase, cut, flow, wrap
from mytrader_tui.ui.widgets.lines import Lines

Colours = Mapping[Tone, str]

MOST_LINES = 2
_HOME_CURRENCY = "USD"


class AccountLine(Lines):
    """The account above its positions, or why there is none."""

    def say(self, figures: AccountFigures | None, note: str, most: int = MOST_LINES) -> None:
        """Show `figures` and the `note` on them, each in `most` lines; either may be missing."""
        width = max(1, self.size.width)
        colours = {tone: self.tone(name) for tone, name in _NAMES.items()}
        phrases = account_phrases(figures, colours) if figures else []
        if figures and note:
            # What was told before the trouble is old news, and says so.
            phrases.insert(1, Phrase((Text(f"told {short_span(figures.age)} ago", style=colours[Tone.STALE]),)))
        lines = flow(phrases, (width,) * most) if phrases else []
        if note:
            lines += wrap(note, width, most, colours[Tone.DELAYED])
        elif figures is None:
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


def account_phrases(figures: AccountFigures, colours: Colours) -> list[Phrase]:
    """What the line says, the most important first."""
    account = figures.account

    def labelled(labels: tuple[str, ...], amount: Decimal | None) -> Phrase:
        shown = unless(figures.hidden, money_forms(amount))[0]
        return Phrase(tuple(Text.assemble((f"{label} ", colours[Tone.MUTED]), shown) for label in labels))

    return [
        Phrase((account_title(account, colours),)),
        labelled(("Equity",), account.equity),
        _day(account, colours, hidden=figures.hidden),
        labelled(("Cash",), account.cash),
        labelled(("Buying power", "Power"), account.buying_power),
        *(labelled((side,), worth) for side, worth in figures.exposure if worth is not None),
        Phrase((Text(open_orders_text(figures.open_orders), style=colours[Tone.MUTED]),)),
    ]


def account_title(account: Account, colours: Colours) -> Text:
    """That the account is paper, and what else is not as usual: another currency, another status than active."""
    paper = ("PAPER", colours[Tone.DELAYED]) if account.paper else ("NOT A PAPER ACCOUNT", colours[Tone.STALE])
    title = Text(paper[0], style=f"bold {paper[1]}".strip())
    if account.currency != _HOME_CURRENCY:
        title.append(f" {account.currency}", style=colours[Tone.MUTED])
    if account.status.upper() != "ACTIVE":
        title.append(f" {account.status}", style=colours[Tone.STALE])
    return title


def day_text(account: Account, *, hidden: bool) -> str:
    """The day's profit and what it is of yesterday's equity: `▲ +345.67 (+0.34%)`."""
    profit = account.day_profit
    if profit is None:
        return MISSING
    amount = f"{arrow_of(profit)} {unless(hidden, money_forms(profit, signed=True))[0]}".strip()
    percent = account.day_profit_percent
    return amount if percent is None else f"{amount} ({percent_forms(percent)[0].lstrip('▲▼ ')})"


def _day(account: Account, colours: Colours, *, hidden: bool) -> Phrase:
    colour = colours[{1: Tone.UP, -1: Tone.DOWN}.get(sign_of(account.day_profit), Tone.PLAIN)]
    shown = (day_text(account, hidden=hidden), "" if account.day_profit is None else colour)
    return Phrase(tuple(Text.assemble((label, colours[Tone.MUTED]), shown) for label in ("Day P&L ", "Day ")))
