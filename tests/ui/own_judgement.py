"""What the screen may say, judged by the book of what was said and by nothing of the program's but the text it drew."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal

from own_market_truth import HELD, NEW_YORK, POLL_SECONDS, Said, TrueMarket

from mytrader_tui.market.quote import Source

STREAM_LIMIT = 5.0
POLL_LIMIT = max(60.0, 2.5 * POLL_SECONDS)
SLACK = 1e-3

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_SCALES = {"": 1.0, "K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12, "%": 1.0}
_NUMBER = re.compile(r"(?P<sign>[+-]?)(?P<digits>\d{1,3}(?:,\d{3})+|\d+)(?P<rest>\.\d+)?(?P<scale>[KMBT%]?)")
_BEFORE = re.compile(r"^(?:pre |post |ext |e ?|[▲▼] ?)+")
_UNKNOWN = ("", "—", "#")


@dataclass(frozen=True)
class Line:
    """A drawn row: its whole text, and its cells by their columns' names."""

    text: str
    cells: dict[str, str]


def number_in(cell: str) -> tuple[float, float] | None:
    """The number that `cell` says and half of its last place, or None where it says that it has none or no room."""
    text = cell.strip()
    if text in _UNKNOWN:
        return None
    found = _NUMBER.fullmatch(_BEFORE.sub("", text))
    assert found, f"{cell!r} is neither a number nor #"
    scale, places = _SCALES[found["scale"]], len(found["rest"] or ".") - 1
    value = float(f"{found['sign']}{found['digits'].replace(',', '')}{found['rest'] or ''}") * scale
    return value, 0.5 * 10.0**-places * scale


def says(cell: str, numbers: Iterable[float]) -> bool:
    """True if `cell` says one of `numbers`, rounded as it shows, or says that it has none or no room."""
    shown = number_in(cell)
    return shown is None or any(near(shown, number) for number in numbers)


def near(shown: tuple[float, float], number: float) -> bool:
    value, half = shown
    return abs(value - number) <= half * (1 + 1e-6) + 1e-9 * abs(number)


def covers(shown: str, truth: float) -> bool:
    """True if a span such as `42s`, which is rounded down, is neither less nor more than `truth` seconds."""
    found = re.fullmatch(r"(\d+)([smhd])", shown)
    assert found, f"{shown!r} is no span"
    unit = _UNITS[found[2]]
    least = int(found[1]) * unit
    return least - SLACK <= truth < least + unit + SLACK


def session_began(wall: datetime) -> tuple[str, datetime]:
    """The session at `wall` and when it began, by New York's clock; only for weeks without a holiday."""
    here = wall.astimezone(NEW_YORK)
    if here.weekday() >= 5:
        return "closed", wall
    edges = (("closed", 0, 0), ("pre", 4, 0), ("regular", 9, 30), ("post", 16, 0), ("closed", 20, 0))
    name, hour, minute = [edge for edge in edges if (here.hour, here.minute) >= edge[1:]][-1]
    return name, datetime.combine(here.date(), time(hour, minute), NEW_YORK)


class Judgement:
    """Judges what is drawn at `market`'s present; `held` while the screen is paused."""

    def __init__(self, market: TrueMarket, *, held: bool) -> None:
        self._market, self._held = market, held
        self._wall, self._mono = market.wall, market.mono

    def row(self, symbol: str, line: Line) -> None:
        """A row of the watchlist."""
        shown = number_in(line.cells["last"])
        told = self._told(symbol, shown)
        assert shown is None or told, f"nobody ever said {line.cells['last']!r} of {symbol}"
        self._claim(symbol, line.text, told)
        self._age(line.cells.get("age", ""), told)
        self._figures(symbol, line, told)

    def detail(self, symbol: str, text: str) -> None:
        """The headline of a symbol's detail."""
        price = re.match(rf"{re.escape(symbol)} ([\d.,]+)", text)
        told = self._told(symbol, number_in(price[1]) if price else None)
        if price is None:
            assert "NO DATA" in text, text
        held, self._held = self._held, False
        self._claim(symbol, text, told)
        self._held = held
        if ages := re.search(r"event (\S+)(?: ago)?, heard (\S+) ago", text):
            self._age(ages[1], told)
            assert any(covers(ages[2], max(0.0, self._mono - said.heard)) for said in told), text

    def position(self, symbol: str, line: Line) -> None:
        """A row of the positions: its glyph, its price and what that comes to."""
        shown = number_in(line.cells["Last"])
        told = self._told(symbol, shown)
        assert shown is None or told, f"nobody ever said {line.cells['Last']!r} of {symbol}"
        self._glyph(symbol, line.cells[""].strip(), told)
        quantity, entry = map(Decimal, HELD[symbol])
        gains = [float(quantity * (Decimal(str(said.price)) - entry)) for said in told]
        if line.cells["P&L"].strip()[:1] in (*"+-#—0123456789",) and told:
            assert says(line.cells["P&L"], gains), line.text

    def totals(self, text: str, prices: Mapping[str, str]) -> None:
        """The line under the positions: no part of them is live if no row may be. `prices` are the cells in sight."""
        if "% live" in text:
            shown = {symbol: number_in(prices.get(symbol, "")) for symbol in HELD}
            why = [self._not_live(symbol, self._told(symbol, price)) for symbol, price in shown.items()]
            assert "" in why, f"{text}: {why}"

    def sources(self, text: str) -> None:
        """The status bar."""
        if "Alpaca ● Live" in text:
            assert not self._link_doubt(), text

    # The claims.

    def _claim(self, symbol: str, text: str, told: Sequence[Said]) -> None:
        if self._held:
            assert "‖ PAUSED" in text, f"a held row claims to be news: {text}"
        if "LIVE" in text:
            why = self._not_live(symbol, told)
            assert not why, f"{text}: {why}"
        if "DELAYED" in text:
            self._answered_in_time(text, told)
        for word, age in (("CACHED", self._heard_age), ("STALE", self._heard_age)):
            if found := re.search(rf"{word} (\S+)", text):
                self._at_least(found[1], told, age, text)

    def _glyph(self, symbol: str, glyph: str, told: Sequence[Said]) -> None:
        if glyph == "●":
            why = self._not_live(symbol, told)
            assert not why, f"{symbol} ● among the positions: {why}"
        assert not self._held or glyph == "‖"

    def _not_live(self, symbol: str, told: Sequence[Said]) -> str:
        """Why no price of `told` may be called live, or nothing."""
        if self._held:
            return "the screen is held"
        if doubt := self._link_doubt():
            return doubt
        if symbol not in self._market.alpaca.covered:
            return "the stream does not cover it"
        if self._market.intake.opinions.frozen(symbol):
            return "its sources contradict each other"
        session, began = session_began(self._wall)
        if session == "closed":
            return "the market is closed"
        reasons = [self._why_not(symbol, said, None if session == "regular" else began) for said in told]
        return "" if "" in reasons else "; ".join(reasons) or "nobody said a price"

    def _link_doubt(self) -> str:
        link = self._market.alpaca.link
        if not link.up or link.heard is None:
            return "the link is down"
        silent = self._mono - link.heard.mono
        return f"the link is silent for {silent:.1f} s" if silent > STREAM_LIMIT + SLACK else ""

    def _why_not(self, symbol: str, said: Said, began: datetime | None) -> str:
        if said.origin.source is not Source.ALPACA or said.origin.delay_seconds != 0:
            return f"{said.origin.source.value} is no real-time stream"
        if said.taken_back:
            return "the trade was taken back"
        if said.event_time is None:
            return "it has no event time"
        if began is not None and said.event_time < began:
            return "it is of an earlier session"
        if said.heard < self._market.alpaca.link.since.mono:
            return "it was heard before the link came up"
        return "trading is halted" if self._halted(symbol, said.event_time) else ""

    def _halted(self, symbol: str, made: datetime) -> bool:
        halts = self._market.halts[symbol]
        newest = max((at for _, at in halts), default=None)
        return newest is not None and [halted for halted, at in halts if at == newest][-1] and made <= newest

    def _answered_in_time(self, text: str, told: Sequence[Said]) -> None:
        """What is polled and called delayed was answered lately, by a source that is up."""
        polled = [said for said in told if said.origin.source is Source.YAHOO]
        if polled and len(polled) == len(told):
            assert self._market.yahoo.link.up, text
            assert any(self._mono - said.heard <= POLL_LIMIT + SLACK for said in polled), text

    # The numbers.

    def _told(self, symbol: str, shown: tuple[float, float] | None) -> list[Said]:
        if shown is None:
            return [*self._market.said[symbol]]
        return [said for said in self._market.said[symbol] if near(shown, said.price)]

    def _heard_age(self, said: Said) -> float:
        return max(0.0, self._mono - said.heard)

    def _age(self, cell: str, told: Sequence[Said]) -> None:
        if cell.strip() in _UNKNOWN:
            return
        ages = [max(0.0, (self._wall - said.event_time).total_seconds()) for said in told if said.event_time]
        assert any(covers(cell.strip(), age) for age in ages), f"age {cell.strip()}, it is one of {ages}"

    def _at_least(self, shown: str, told: Sequence[Said], age: Callable[[Said], float], text: str) -> None:
        found = re.fullmatch(r"(\d+)([smhd])", shown)
        assert found, text
        most = (int(found[1]) + 1) * _UNITS[found[2]]
        assert any(age(said) < most + SLACK for said in told), f"{text}: it is {[age(said) for said in told]}"

    def _figures(self, symbol: str, line: Line, told: Sequence[Said]) -> None:
        sources = {said.origin.source for said in told}
        known: dict[str, set[float]] = {}
        for source in sources:
            figures = self._market.figures.get((symbol, source))
            for name, numbers in (figures.numbers if figures else {}).items():
                known.setdefault(name, set()).update(numbers)
        closes = known.get("previous_close", set())
        known["change"] = {said.price - close for said in told for close in closes}
        known["change_percent"] = {100 * (said.price / close - 1) for said in told for close in closes}
        known["spread"] = {ask - bid for ask in known.get("ask", ()) for bid in known.get("bid", ())}
        for name in line.cells.keys() & _JUDGED:
            assert says(line.cells[name], known.get(name, ())), f"{name} {line.cells[name]!r} in {line.text}"


_JUDGED = {
    *("change", "change_percent", "bid", "ask", "spread", "volume", "vwap", "open", "high", "low", "previous_close"),
}
