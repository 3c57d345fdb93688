"""The figures of one symbol in words: its price and where it comes from, its day, its year and what is held of it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.text import Text

from mytrader_tui.market.account.marking import PortfolioRow
from mytrader_tui.market.freshness import Badge, BadgeKind, short_span
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Quote
from mytrader_tui.market.session import Session
from mytrader_tui.ui.columns import BADGE_TONES, Tone
from mytrader_tui.ui.desk import Desk
from mytrader_tui.ui.figures import (
    HIDDEN,
    MISSING,
    Forms,
    change_forms,
    currency_mark,
    fit,
    marked,
    money_forms,
    percent_forms,
    price_forms,
    quantity_forms,
    sign_shown,
    unless,
    volume_forms,
)
from mytrader_tui.ui.flow import Phrase
from mytrader_tui.ui.strokes import range_bar
from mytrader_tui.ui.watch.row import source_forms

Colours = Mapping[Tone, str]

_HOURS = {
    Session.REGULAR: "",
    Session.PRE: "before the open",
    Session.POST: "after the close",
    Session.CLOSED: "extended hours",
}
_OLD = frozenset({BadgeKind.STALE, BadgeKind.CACHED})
_LABEL_WIDTH = 11
_IMPORTANCE = (
    *("Bid", "Ask", "Spread", "Day range", "High", "Low", "Volume", "Position", "P&L", "Day P&L", "Reg. close"),
    *("Prev close", "Open", "52 weeks", "VWAP", "Avg entry", "Value"),
)
_NOTHING_DIRTY: frozenset[str] = frozenset()


class Fact(NamedTuple):
    """A label and its figure; a `range_` is drawn where there is room. A fact without a label is a gap."""

    label: str
    forms: Forms = ()
    tone: Tone = Tone.PLAIN
    range_: tuple[float, float, float | None] | None = None


class Telling(NamedTuple):
    """All that is told of `symbol`: the quote, its badge, its name, the 52-week range and what is held of it."""

    symbol: str
    quote: Quote | None
    badge: Badge
    name: str
    year: tuple[float, float] | None
    held: PortfolioRow | None
    hidden: bool
    mark: str

    @classmethod
    def of(cls, desk: Desk, symbol: str, now: Moment) -> "Telling":
        """What the desk tells of `symbol` at `now`."""
        rows = desk.portfolio(now, _NOTHING_DIRTY).rows
        return cls(
            symbol,
            desk.board.served(symbol),
            desk.badge(symbol, now),
            desk.board.name(symbol) or "",
            desk.board.year_range(symbol),
            next((row for row in rows if row.position.symbol == symbol), None),
            desk.amounts_hidden,
            desk.mark(symbol),
        )


def headline(told: Telling, now: Moment, colours: Colours) -> list[Phrase]:
    """The price with its change, badge, source and ages, the most important first."""
    quote, badge = told.quote, Text(told.badge.text, style=colours[BADGE_TONES[told.badge.kind]])
    symbol = Text(told.symbol, style="bold")
    if quote is None or quote.price is None:
        return [Phrase((symbol,)), Phrase((badge,)), *_words((told.name, told.mark), colours)]
    forms = price_forms(quote.price)
    mark = currency_mark(quote.currency)
    price = marked(mark, forms)[0] if mark else forms[0]
    old = told.badge.kind in _OLD
    percent, change = percent_forms(quote.change_percent)[0], change_forms(quote.change, quote.price)[0]
    tone = Tone.MUTED if old else sign_tone_of(percent)
    parts = Text.assemble(symbol, " ", (price, "" if old else "bold"))
    full = Text.assemble(parts, " ", (f"{percent} ({change})", colours[tone]))
    short = Text.assemble(parts, " ", (percent, colours[tone]))
    if quote.change is None:
        full = short = Text.assemble(parts, (" change —", colours[Tone.MUTED]))
    ages = ages_text(quote, now)
    return [
        Phrase((full, short, parts)),
        Phrase((badge,)),
        Phrase(tuple(Text(form, style=colours[Tone.MUTED]) for form in source_forms(quote.origin))),
        Phrase((Text(ages, style=colours[Tone.MUTED]),)),
        *_words((_HOURS[quote.price_session],), colours),
        *_words((_halt(quote), told.mark), colours, Tone.DELAYED),
        *_words((told.name,), colours),
    ]


def ages_text(quote: Quote, now: Moment) -> str:
    """How long ago the price was made, and how long ago it was heard: `event 3s ago, heard 1s ago`."""
    event = MISSING if quote.price_time is None else f"{short_span(now.age_of(quote.price_time))} ago"
    return f"event {event}, heard {short_span(now.seconds_since(quote.price_receipt))} ago"


def facts(told: Telling) -> list[Fact]:
    """The figures of the quote and of the position, from top to bottom."""
    quote = told.quote
    if quote is None:
        return [*_holding(told)]
    low, high, price = quote.low, quote.high, quote.price
    said = [
        Fact("Bid", _side(quote.standing_bid, quote.bid_size)),
        Fact("Ask", _side(quote.standing_ask, quote.ask_size)),
        Fact("Spread", spread(quote)),
        Fact("Open", price_forms(quote.open)),
        Fact("High", price_forms(high)),
        Fact("Low", price_forms(low)),
        Fact("Prev close", price_forms(quote.previous_close)),
        Fact("Volume", volume_forms(quote.volume)),
        Fact("VWAP", price_forms(quote.vwap)),
    ]
    if quote.in_extended and quote.last is not None:
        said.insert(3, Fact("Reg. close", _closed_at(quote, quote.last)))
    if low is not None and high is not None and low < high:
        said.append(Fact("Day range", (f"{price_forms(low)[0]} – {price_forms(high)[0]}",), range_=(low, high, price)))
    if told.year is not None:
        year = f"{price_forms(told.year[0])[0]} – {price_forms(told.year[1])[0]}"
        said.append(Fact("52 weeks", (year,), range_=(*told.year, price)))
    else:
        said.append(Fact("52 weeks", (MISSING,), Tone.MUTED))
    return [*said, *_holding(told)]


def _closed_at(quote: Quote, last: float) -> Forms:
    """The regular close, and once that is today's, the day's own change."""
    forms, close = price_forms(last), quote.previous_close
    if close is None or not quote.spans_close:
        return forms
    return (f"{forms[0]} {percent_forms(100.0 * (last - close) / close)[0]}", *forms)


def spread(quote: Quote) -> Forms:
    """The ask less the bid, and its share of their middle in percent; crossed prices are told as they are."""
    bid, ask = quote.standing_bid, quote.standing_ask
    if bid is None or ask is None:
        return (MISSING,)
    apart, middle = ask - bid, (ask + bid) / 2
    width = change_forms(apart, ask)[0].removeprefix("+")
    return (f"{width} ({100 * apart / middle:.2f}%)", width) if middle > 0 else (width,)


def column(said: Sequence[Fact], width: int, colours: Colours) -> list[Text]:
    """The facts under each other, labels to the left and figures to the right."""
    lines: list[Text] = []
    for fact in said:
        if not fact.label:
            lines.append(Text())
            continue
        room = max(1, width - _LABEL_WIDTH)
        figure = range_bar(*fact.range_, room) if fact.range_ else fit(fact.forms, room)
        label = fact.label.ljust(_LABEL_WIDTH) + " " * max(0, room - cell_len(figure))
        lines.append(Text.assemble((label, colours[Tone.MUTED]), (figure, colours[fact.tone])))
    return lines


def phrases(said: Sequence[Fact], colours: Colours) -> list[Phrase]:
    """The facts one after another, the most important first, for a few lines of text."""
    by_label = {fact.label: fact for fact in said if fact.forms}
    ranges = {"High", "Low"} if "Day range" in by_label else set()
    return [
        Phrase((Text.assemble((f"{_in_a_line(label)} ", colours[Tone.MUTED]), (fact.forms[0], colours[fact.tone])),))
        for label in _IMPORTANCE
        if label not in ranges and (fact := by_label.get(label)) is not None
    ]


def _in_a_line(label: str) -> str:
    return label if "&" in label or label == "VWAP" else label.lower()


def sign_tone_of(shown: str) -> Tone:
    """The tone of a number as it is written."""
    return {1: Tone.UP, 0: Tone.PLAIN, -1: Tone.DOWN}[sign_shown(shown)]


def _holding(told: Telling) -> list[Fact]:
    row = told.held
    if row is None:
        return []
    position, held = row.position, row.valuation
    quantity = unless(told.hidden, quantity_forms(position.quantity))
    said = [Fact(""), Fact("Position", quantity), Fact("Avg entry", price_forms(float(position.average_entry)))]
    if held is None:
        why = row.exclusion.value if row.exclusion else MISSING
        return [*said, Fact("Value", (why,), Tone.DELAYED)]
    return [
        *said,
        Fact("Value", unless(told.hidden, money_forms(held.market_value))),
        _gain("P&L", money_forms(held.unrealized, signed=True), percent_forms(held.unrealized_percent), told.hidden),
        _gain("Day P&L", money_forms(held.day_profit, signed=True), percent_forms(held.day_percent), told.hidden),
    ]


def _gain(label: str, amount: Forms, percent: Forms, hidden: bool) -> Fact:
    shown = HIDDEN if hidden and amount != (MISSING,) else amount[0]
    tone = sign_tone_of(percent[0] if percent != (MISSING,) else amount[0])
    both = () if percent == (MISSING,) else (f"{shown} {percent[0]}", f"{shown} {percent[1 % len(percent)]}")
    return Fact(label, (*both, shown), Tone.MUTED if amount == (MISSING,) else tone)


def _side(price: float | None, size: float | None) -> Forms:
    forms = price_forms(price)
    if price is None or size is None:
        return forms
    return (f"{forms[0]} × {volume_forms(size)[0]}", *forms)


def _halt(quote: Quote) -> str:
    return f"halted: {quote.halted}" if quote.halted else ""


def _words(words: Sequence[str], colours: Colours, tone: Tone = Tone.MUTED) -> list[Phrase]:
    return [Phrase((Text(word, style=colours[tone]),)) for word in words if word]
