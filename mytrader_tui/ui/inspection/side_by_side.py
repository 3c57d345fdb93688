"""Both sources' word on a symbol side by side: every figure with its times, and the link that brings it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from rich.text import Text

from mytrader_tui.market.explanation import span_text
from mytrader_tui.market.failover.story import clock_span
from mytrader_tui.market.inspection import Inspection, SourceView
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Quote, Source
from mytrader_tui.ui.figures import MISSING, Forms, currency_mark, fit, marked, price_forms, volume_forms
from mytrader_tui.ui.flow import cut, wrap
from mytrader_tui.ui.inspection.look import NAMES, Look

_LABEL = 15
_GAP = 2
_LEAST_SOURCE, _WIDEST_SOURCE = 6, 36
_CELL_LINES = 3
_DASH: Forms = (MISSING,)

_Cell = Callable[[SourceView, Quote], Forms]


def side_by_side(proof: Inspection, look: Look) -> Iterator[Text]:
    """A line for each figure, a column for each source."""
    views = proof.sources
    room = (look.width - _LABEL) // len(views) - _GAP
    room = max(_LEAST_SOURCE, min(_WIDEST_SOURCE, room))
    yield Text()
    heads = [Text(f"{NAMES[view.source]}{', serves' if view.serves else ''}", style="bold") for view in views]
    yield _set("", [cut(head, room) for head in heads], room)
    badges = [look.badge(view.explanation.badge.kind, fit((view.explanation.badge.text,), room)) for view in views]
    yield _set("badge", badges, room)
    for label, cell in _rows(look):
        figures = [fit(cell(view, view.quote) if view.quote else _DASH, room) for view in views]
        yield _set(label, [look.figure(figure) for figure in figures], room)
    for label, say in _WORDS:
        yield from _set_words(label, [say(view, look.now) for view in views], room, look)


def _rows(look: Look) -> Iterable[tuple[str, _Cell]]:
    """Each figure of a source: its label and its forms."""
    now = look.now

    def at(when: datetime | None) -> Forms:
        return (look.time(when, millis=True), look.time(when))

    return (
        ("last", lambda _, quote: _sized(price_of(quote, quote.last), quote.last_size)),
        ("extended hours", lambda _, quote: price_of(quote, quote.extended_last)),
        ("traded", lambda _, quote: at(quote.price_time)),
        ("heard", lambda _, quote: at(quote.price_receipt.wall)),
        ("on its way", lambda view, _: _latency(view.latency)),
        ("age of trade", lambda _, quote: _age(now, quote)),
        ("heard ago", lambda _, quote: (span_text(now.seconds_since(quote.price_receipt)),)),
        ("bid", lambda _, quote: _sized(price_of(quote, quote.bid), quote.bid_size)),
        ("ask", lambda _, quote: _sized(price_of(quote, quote.ask), quote.ask_size)),
        ("bid/ask of", lambda _, quote: at(quote.bid_ask_time)),
        ("previous close", lambda _, quote: price_of(quote, quote.previous_close)),
        ("open", lambda _, quote: price_of(quote, quote.open)),
        ("high", lambda _, quote: price_of(quote, quote.high)),
        ("low", lambda _, quote: price_of(quote, quote.low)),
        ("volume", lambda _, quote: volume_forms(quote.volume)),
        ("VWAP", lambda _, quote: price_of(quote, quote.vwap)),
        ("52-week low", lambda _, quote: price_of(quote, quote.year_low)),
        ("52-week high", lambda _, quote: price_of(quote, quote.year_high)),
        ("currency", lambda _, quote: (quote.currency or MISSING,)),
    )


def price_of(quote: Quote | None, price: float | None) -> Forms:
    """A price in the currency of its quote, if that is not the usual one."""
    if quote is None or price is None:
        return _DASH
    return marked(currency_mark(quote.currency), price_forms(price))


def _sized(price: Forms, size: float | None) -> Forms:
    """A price and how many: `228.41 × 100`; the size goes first where room is short."""
    if size is None or price == _DASH:
        return price
    return (*(f"{price[0]} × {form}" for form in volume_forms(size)), *price)


def _latency(seconds: float | None) -> Forms:
    """How long a price was on its way to us, as far as two clocks can tell."""
    if seconds is None:
        return _DASH
    if abs(seconds) < 1:
        return (f"{seconds * 1000:.0f} ms",)
    return (f"-{span_text(-seconds)}" if seconds < 0 else span_text(seconds),)


def _age(now: Moment, quote: Quote) -> Forms:
    return _DASH if quote.price_time is None else (span_text(now.age_of(quote.price_time)),)


def _session_word(view: SourceView, _now: Moment) -> str:
    return view.quote.session.value if view.quote and view.quote.session else MISSING


def _halt(view: SourceView, _now: Moment) -> str:
    """Whether the source calls the symbol halted; a source that never spoke of it is not said to deny it."""
    quote = view.quote
    if quote is None or quote.halt_time is None:
        return quote.halted if quote and quote.halted else MISSING
    return quote.halted or "no, it trades again"


def _feed(view: SourceView, _now: Moment) -> str:
    if view.quote is None:
        return MISSING
    origin = view.quote.origin
    return f"{origin.feed}, {'asked' if origin.polled else 'streamed'}"


def _declared(view: SourceView, _now: Moment) -> str:
    if view.quote is None:
        return MISSING
    delay = view.quote.origin.delay_seconds
    if delay is None:
        return "it declares none"
    return f"{span_text(delay)} by its word" if delay else "none: real time"


def _link(view: SourceView, now: Moment) -> str:
    link = view.link
    if view.source is Source.CACHE:
        return MISSING
    if link.up:
        every = "" if link.poll_seconds is None else f", asked every {link.poll_seconds:g} s"
        return f"up for {clock_span(now.seconds_since(link.since))}{every}"
    why = f": {link.reason.value}" if link.reason else ""
    return f"down{why}"


def _heard(view: SourceView, now: Moment) -> str:
    heard = view.link.heard
    return MISSING if heard is None else f"{span_text(now.seconds_since(heard))} ago (limit {view.link.limit:g} s)"


_WORDS: tuple[tuple[str, Callable[[SourceView, Moment], str]], ...] = (
    ("its session", _session_word),
    ("halted", _halt),
    ("feed", _feed),
    ("delay", _declared),
    ("link", _link),
    ("link heard", _heard),
    ("server's word", lambda view, _: view.link.detail or MISSING),
)


def _set(label: str, cells: Sequence[Text], room: int) -> Text:
    """A line of the comparison: the label, then each source's cell at its place."""
    line = Text(f"{label:<{_LABEL}}", style="dim")
    parts: list[Text | str] = [line]
    for place, cell in enumerate(cells):
        last = place == len(cells) - 1
        parts += [cell] if last else [cell, " " * max(0, room + _GAP - cell.cell_len)]
    return Text.assemble(*parts)


def _set_words(label: str, words: Sequence[str], room: int, look: Look) -> Iterator[Text]:
    """Words side by side, each within its own place on as many lines as it needs."""
    columns = [wrap(text, room, _CELL_LINES, look.tone_of(text)) or [Text()] for text in words]
    for line in range(max(len(column) for column in columns)):
        cells = [cut(column[line], room) if line < len(column) else Text() for column in columns]
        yield _set(label if line == 0 else "", cells, room)
