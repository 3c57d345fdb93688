"""What a chart says in words: the candle under the crosshair, the whole of it, and where its bars come from."""

from datetime import UTC, datetime, timedelta, tzinfo

from rich.text import Text

from mytrader_tui.market.bars import BarSeries
from mytrader_tui.market.freshness import short_span
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.session import NEW_YORK, Session
from mytrader_tui.ui.candles import Candle, Candles
from mytrader_tui.ui.columns import Tone
from mytrader_tui.ui.detail_figures import Colours, sign_tone_of
from mytrader_tui.ui.figures import Forms, change_forms, percent_forms, price_forms, volume_forms
from mytrader_tui.ui.flow import Phrase
from mytrader_tui.ui.spans import zone_name
from mytrader_tui.ui.watch.row import source_forms

_DAY, _WEEK = 86_400.0, 604_800.0
_EXTENDED = {Session.PRE: "pre-market", Session.POST: "post-market"}


def readout(candle: Candle, span_seconds: float, zone: tzinfo | None, width: int, colours: Colours) -> list[Phrase]:
    """The candle in words, the most important first: when, its prices, its change, its volume.

    Where not even time and prices fit in a line of `width`, the close stands for all four.
    """
    here, there = times(candle, span_seconds, zone)
    prices = tuple(price_forms(price)[0] for price in (candle.open, candle.high, candle.low, candle.close))
    shown = (part for pair in zip("OHLC", prices, strict=True) for part in pair)
    ohlc = Text(" ").join(Text(part, style=colours[Tone.MUTED] if part in "OHLC" else "") for part in shown)
    fits = len(here[-1]) + len(" · ") + ohlc.cell_len <= width
    close = Text.assemble(("C ", colours[Tone.MUTED]), prices[3])
    percent = percent_forms(candle.change_percent)[0]
    change = f"{percent} ({change_forms(candle.change, candle.close)[0]})"
    tone = colours[sign_tone_of(percent)]
    said = [Phrase(tuple(Text(form, style="bold") for form in here)), Phrase((ohlc,) if fits else (ohlc, close))]
    if candle.extended:
        said.append(Phrase((Text(_EXTENDED[candle.session], style=colours[Tone.DELAYED]),)))
    if candle.change is not None:
        said.append(Phrase((Text(change, style=tone), Text(percent, style=tone))))
    said.append(Phrase((Text.assemble(("vol ", colours[Tone.MUTED]), volume_forms(candle.volume)[0]),)))
    if there:
        said.append(Phrase((Text(there, style=colours[Tone.MUTED]),)))
    return said


def times(candle: Candle, span_seconds: float, zone: tzinfo | None) -> tuple[Forms, str]:
    """When `candle` was: at home, the fullest form first, and in New York, empty where that says nothing new."""
    if span_seconds >= _DAY:
        return _dates(candle, span_seconds), ""
    start, end = candle.start, candle.last + timedelta(seconds=span_seconds)
    here, there = start.astimezone(zone), start.astimezone(NEW_YORK)
    name = "NY" if here.utcoffset() == there.utcoffset() else zone_name(here)
    span = f"{here:%H:%M}–{end.astimezone(zone):%H:%M} {name}"
    home = (f"{here:%a} {here.day} {here:%b} {span}", f"{here:%a} {span}", f"{here:%a} {here:%H:%M} {name}")
    new_york = f"{there:%H:%M}–{end.astimezone(NEW_YORK):%H:%M}"
    if here.utcoffset() == there.utcoffset():
        return home, ""
    day = "" if here.date() == there.date() else f"{there:%a} "
    return home, f"{day}{new_york} NY"


def _dates(candle: Candle, span_seconds: float) -> Forms:
    # A whole day begins at New York's midnight, by which UTC has the same date.
    first, last = candle.start.astimezone(UTC), candle.last.astimezone(UTC) + timedelta(seconds=span_seconds - _DAY)
    if first.date() == last.date():
        return (f"{first:%a} {_date(first)} {first.year}", f"{_date(first)} {first:%y}")
    both = f"{first.day}–{_date(last)}" if first.month == last.month else f"{_date(first)}–{_date(last)}"
    return (f"{_date(first)} – {_date(last)} {last.year}", f"{both} {last:%y}", both)


def _date(day: datetime) -> str:
    return f"{day.day} {day:%b}"


def summary(series: BarSeries, seen: Candles, colours: Colours, *, zoomed: bool, keys: str) -> list[Phrase]:
    """What the candles in sight come to: the change over them, their extremes, and by which `keys` one is read."""
    shown = seen.shown
    before = shown[0].before if shown[0].before is not None else shown[0].open
    percent = percent_forms(100 * (shown[-1].close - before) / before if before else None)[0]
    change = change_forms(shown[-1].close - before, shown[-1].close)[0]
    span = "in sight" if zoomed else series.timeframe.value
    high, low = max(one.high for one in shown), min(one.low for one in shown)
    return [
        Phrase((Text.assemble((f"{span} ", "bold"), (f"{percent} ({change})", colours[sign_tone_of(percent)])),)),
        Phrase((Text.assemble(("high ", colours[Tone.MUTED]), price_forms(high)[0]),)),
        Phrase((Text.assemble(("low ", colours[Tone.MUTED]), price_forms(low)[0]),)),
        *([Phrase((Text(f"{keys} read a candle", style=colours[Tone.MUTED]),))] if keys else []),
    ]


def origin(series: BarSeries, now: Moment, colours: Colours) -> list[Phrase]:
    """Who told the bars, how late they are and when they were told; the note on them comes by itself."""
    delay = series.origin.delay_seconds
    late = "" if delay == 0 else f", {short_span(delay)} late" if delay else ", delay unknown"
    whole = f"bars: {source_forms(series.origin)[0]}{late}"
    told = f"told {short_span(now.seconds_since(series.receipt))} ago"
    said = [whole, told]
    if series.currency:
        said.append(f"in {series.currency}")
    return [Phrase((Text(part, style=colours[Tone.MUTED]),)) for part in said]


def made_of(
    series: BarSeries, seen: Candles | None, *, line: bool, zoomed: bool, turn: str, whole: str
) -> tuple[str, ...]:
    """What the chart is made of: `15 min candles · zoomed`, the fullest form first.

    The key `turn` makes it a line or candles again, `whole` shows every bar; both may be empty.
    """
    each = span_words(series.span_seconds * (seen.bars if seen and not line else 1))
    kind = "line" if line else "candles"
    if zoomed:
        return (f"{kind} of {each} · zoomed" + (f", {whole} shows all" if whole else ""), f"{each} · zoomed", "zoomed")
    other = "candles" if line else "line"
    return (f"{kind} of {each}" + (f" · {turn} {other}" if turn else ""), f"{kind} of {each}", each)


def span_words(seconds: float) -> str:
    """A span in its largest whole unit: `15 min`, `2 h`, `3 days`, `1 week`."""
    for unit, name, many in ((_WEEK, "week", "weeks"), (_DAY, "day", "days"), (3600.0, "h", "h"), (60.0, "min", "min")):
        if seconds >= unit and seconds % unit == 0:
            count = int(seconds // unit)
            return f"{count} {name if count == 1 else many}"
    return f"{seconds:g} s"
