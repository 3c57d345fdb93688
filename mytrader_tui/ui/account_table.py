"""The account's figures in two columns, as wide as there is room for; no figure is ever broken or cut."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from rich.text import Text

from mytrader_tui.market.account.portfolio import Account
from mytrader_tui.ui.account_figures import AccountFigures, open_orders_text
from mytrader_tui.ui.figures import money_forms, unless
from mytrader_tui.ui.flow import Phrase, cut, flow
from mytrader_tui.ui.widgets.account_line import day_text

_MOST_LINES = 8
"""One a figure, at the worst."""

_USUAL = frozenset({"USD", "ACTIVE"})


class Figure(NamedTuple):
    """What a figure is called, in full and in short, and what it says, in full and in short."""

    names: tuple[str, str]
    texts: tuple[str, str]


def figures_lines(figures: AccountFigures, width: int) -> list[Text]:
    """The figures in `width` cells: in two columns, with short names where the full ones have no room, else in rows."""
    listed = _figures(figures)
    for short, gap in ((0, 2), (1, 2), (1, 1)):
        lines = [*_columns(listed, short, " " * gap)]
        if max(line.cell_len for line in lines) <= width:
            return lines
    pairs = [_pair(each.names[1], each.texts[1], " ") for each in listed]
    return flow([Phrase((pair, cut(pair, width))) for pair in pairs], (width,) * _MOST_LINES)


def _figures(figures: AccountFigures) -> list[Figure]:
    account = figures.account

    def amount(value: Decimal | None) -> tuple[str, str]:
        shown = unless(figures.hidden and value is not None, money_forms(value))[0]
        return shown, shown

    day, orders = day_text(account, hidden=figures.hidden), open_orders_text(figures.open_orders)
    return [
        Figure(("Equity", "Equity"), amount(account.equity)),
        Figure(("Day P&L", "Day"), (day, day)),
        Figure(("Cash", "Cash"), amount(account.cash)),
        Figure(("Buying power", "Power"), amount(account.buying_power)),
        *(Figure((side, side), amount(worth)) for side, worth in figures.exposure),
        Figure(("Account", "Account"), (_kind(account), _kind(account, short=True))),
        Figure(("Orders", "Orders"), (orders, orders)),
    ]


def _kind(account: Account, *, short: bool = False) -> str:
    """That it is paper, its currency and its status; in `short` only what is not as usual."""
    said = ["PAPER" if account.paper else "NOT A PAPER ACCOUNT"]
    said += [word for word in (account.currency, account.status) if not (short and word.upper() in _USUAL)]
    return " ".join(said)


def _columns(figures: Sequence[Figure], short: int, gap: str) -> Iterator[Text]:
    """Two figures a line, each under the one above it."""
    sides = figures[::2], figures[1::2]
    names = [max(len(each.names[short]) for each in side) for side in sides]
    left_room = max(len(each.texts[short]) for each in sides[0])
    for left, right in zip(*sides, strict=True):
        first = _pair(left.names[short].ljust(names[0]), left.texts[short].ljust(left_room), gap)
        second = _pair(right.names[short].ljust(names[1]), right.texts[short], gap)
        yield Text.assemble(first, gap, second)


def _pair(name: str, text: str, gap: str) -> Text:
    return Text.assemble((name, "dim"), gap, (text, "bold"))
