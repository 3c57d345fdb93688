"""Is this print believable after those before it? The rules that remember: duplicates, jumps, what may set a price.

A jump is a price more than 20 % from the source's present one. It is held back until a second print within 5 % of it
agrees; a print near the present price shows that it was an error. However old the present price is, two prints must
agree: after a night, a halt or an hour without a trade, the first print of the new price waits for the second, and
the row keeps the old price with its true age until then.
"""

from datetime import datetime

import msgspec
from msgspec.structs import replace

from mytrader_tui.market.quote import Believed, Cancel, Correction, Quote, Repair, Retraction, Source, Trade, Update
from mytrader_tui.market.session import NEW_YORK
from mytrader_tui.market.trust.conditions import Effect, effect_of
from mytrader_tui.market.trust.tape import Tape
from mytrader_tui.market.trust.validation import (
    Rule,
    amendment_rule,
    believe,
    says_something,
    trade_rule,
    without_extended,
    without_last,
)

MAX_JUMP = 0.20
"""The part of the present price by which one print alone may move it."""

AGREEMENT = 0.05
"""How near a second print must be to the first for both to be believed, as a part of the first."""

# 20 % of a decimal price is no binary number: the limit itself must pass however it was rounded.
_ROUNDING = 1e-9

_EXTENDED = ("T",)
"""The condition of a snapshot's trade of the extended hours, on every tape."""

_Key = tuple[str, Source]
_Verdict = tuple[Believed | None, Rule | None]


class _Candidate(msgspec.Struct, frozen=True):
    """A price that waits for a second print. `trade` is None for a snapshot's."""

    price: float
    event_time: datetime | None
    trade: Trade | None = None


class Validator:
    """Judges each update of each source by what the same source said before. One per program; forgets on request."""

    def __init__(self) -> None:
        self._tapes: dict[_Key, Tape] = {}
        self._candidates: dict[_Key, _Candidate] = {}

    def judge(self, update: Update, known: Quote | None, now: datetime) -> _Verdict:
        """What may go on the board at `now`, where `known` is the source's quote on it, and the rule broken.

        As `validation.believe`; a correction or cancel of the trade that set a price becomes its Repair, and
        that of one that may have set the day's high or low a Retraction.
        """
        if isinstance(update, Trade):
            return self._trade(update, known, now)
        if isinstance(update, Quote):
            return self._quote(update, known, now)
        if isinstance(update, Correction | Cancel):
            return self._amend(update, known, now)
        return believe(update, known, now)

    def forget(self, symbol: str) -> None:
        """Drop what is remembered of `symbol`."""
        for source in Source:
            self._tapes.pop((symbol, source), None)
            self._candidates.pop((symbol, source), None)

    def _trade(self, trade: Trade, known: Quote | None, now: datetime) -> _Verdict:
        if rule := trade_rule(trade, now):
            return None, rule
        key = (trade.symbol, trade.origin.source)
        tape = self._tapes.get(key)
        if tape is None:
            tape = self._tapes[key] = Tape()
        if tape.knows(trade) or (self._candidates and self._waits(key, trade)):
            return None, Rule.DUPLICATE
        effect = effect_of(trade.tape, trade.conditions)
        if effect is Effect.NONE or (effect is Effect.FIRST and not _first_of_day(trade, known)):
            tape.note(trade)
            return None, Rule.CONDITION
        if known is not None:
            newest = known.extended_time if effect is Effect.EXTENDED else known.event_time
            late = newest is not None and trade.event_time < newest
            if rule := self._late(key, trade, known) if late else self._jump(key, trade, known):
                return None, rule
        tape.add(trade)
        return trade, None

    def _waits(self, key: _Key, trade: Trade) -> bool:
        held = self._candidates.get(key)
        if held is None or held.trade is None or trade.print_id is None:
            return False
        return held.trade.print_id == trade.print_id and held.trade.event_time == trade.event_time

    def _late(self, key: _Key, trade: Trade, known: Quote) -> Rule:
        """An older trade sets nothing, but a price may fall back to it if the newer ones are cancelled."""
        if known.price is None or not _apart(trade.price, known.price, MAX_JUMP):
            self._tapes[key].add(trade)
        return Rule.OUT_OF_ORDER

    def _jump(self, key: _Key, trade: Trade, known: Quote) -> Rule | None:
        present = known.price
        if present is None or not _apart(trade.price, present, MAX_JUMP):
            if self._candidates:
                self._candidates.pop(key, None)
            return None
        held = self._candidates.pop(key, None)
        if held is None or _apart(trade.price, held.price, AGREEMENT):
            self._candidates[key] = _Candidate(trade.price, trade.event_time, trade)
            return Rule.JUMP
        first = held.trade
        # Believed with the second, but no newer: the tape's newest is always what the board shows.
        if first is not None and first.extended is trade.extended and first.event_time <= trade.event_time:
            self._tapes[key].add(first)
        return None

    def _quote(self, quote: Quote, known: Quote | None, now: datetime) -> _Verdict:
        believed, rule = believe(quote, known, now)
        if not isinstance(believed, Quote):
            return None, rule
        key = (quote.symbol, quote.origin.source)
        refused: Rule | None = None
        if self._took_back(key, believed):
            refused = Rule.DUPLICATE
        elif known is not None and believed.price is not None and self._answer_jumps(key, believed, known):
            refused = Rule.JUMP
        if refused is not None:
            believed = without_extended(without_last(believed))
            return (believed if says_something(believed) else None), rule or refused
        if not believed.origin.polled:
            self._remember(key, believed)
        return believed, rule

    def _took_back(self, key: _Key, quote: Quote) -> bool:
        """True if the snapshot's trade is one that was corrected or cancelled: it may know of that later than we."""
        tape, name, time = self._tapes.get(key), quote.price_print_id, quote.price_time
        return tape is not None and name is not None and time is not None and tape.took_back(name, time)

    def _answer_jumps(self, key: _Key, quote: Quote, known: Quote) -> bool:
        """True if the answer's price waits for a second.

        A polled source that says so again insists, and that is enough; a snapshot that shows the same trade twice
        shows one trade.
        """
        price, present = quote.price, known.price
        if price is None or present is None or not _apart(price, present, MAX_JUMP):
            if price is not None:
                self._candidates.pop(key, None)
            return False
        held = self._candidates.get(key)
        same = held is not None and not quote.origin.polled and held.event_time == quote.price_time
        if held is not None and not same and not _apart(price, held.price, AGREEMENT):
            del self._candidates[key]
            return False
        if not same:
            self._candidates[key] = _Candidate(price, quote.price_time)
        return True

    def _remember(self, key: _Key, quote: Quote) -> None:
        """Put a snapshot's prices on the tape, so that a price can fall back to them."""
        prices = (
            (quote.last, quote.event_time, quote.print_id, False),
            (quote.extended_last, quote.extended_time, quote.extended_print_id, True),
        )
        for price, time, name, extended in prices:
            if price is None or time is None:
                continue
            number, exchange = name or (None, "")
            trade = Trade(
                symbol=quote.symbol,
                price=price,
                size=quote.last_size or 0.0,
                event_time=time,
                origin=quote.origin,
                receipt=quote.receipt,
                trade_id=number,
                exchange=exchange,
                conditions=_EXTENDED if extended else (),
            )
            tape = self._tapes.setdefault(key, Tape())
            newest = tape.newest(extended=extended)
            if newest is None or (newest.event_time, newest.price) != (time, price):
                tape.add(trade)

    def _amend(self, update: Correction | Cancel, known: Quote | None, now: datetime) -> _Verdict:
        if rule := amendment_rule(update, now):
            return None, rule
        key = (update.symbol, update.origin.source)
        held = self._candidates.get(key)
        if held is not None and held.trade is not None and held.trade.print_id == update.original:
            del self._candidates[key]
        tape = self._tapes.get(key)
        amended = tape.find(update.original) if tape else None
        if tape is None or amended is None:
            return None, None
        was_newest = tape.newest(extended=amended.extended) is amended
        tape.take_back(update.original, _instead(amended, update))
        if not was_newest or not _shows(known, amended):
            return _retracted(amended, update, known), None
        standing = tape.newest(extended=amended.extended)
        repair = Repair(
            symbol=update.symbol,
            trade=standing,
            extended=amended.extended,
            origin=update.origin,
            receipt=update.receipt,
        )
        return repair, None


def _retracted(amended: Trade, update: Correction | Cancel, known: Quote | None) -> Retraction | None:
    """What is left to say where the print taken back is not the one shown."""
    if known is None or amended.extended or amended.price not in (known.high, known.low):
        return None
    return Retraction(
        symbol=amended.symbol,
        price=amended.price,
        event_time=amended.event_time,
        origin=update.origin,
        receipt=update.receipt,
    )


def _apart(price: float, other: float, part: float) -> bool:
    """True if `price` is more than `part` of `other` away from it."""
    return abs(price - other) > part * other * (1.0 + _ROUNDING)


def _first_of_day(trade: Trade, known: Quote | None) -> bool:
    if known is None or known.last is None or known.event_time is None:
        return True
    return trade.event_time.astimezone(NEW_YORK).date() > known.event_time.astimezone(NEW_YORK).date()


def _instead(amended: Trade, update: Correction | Cancel) -> Trade | None:
    """The trade as corrected, or None where nothing is left of it, or nothing that may set a price."""
    if isinstance(update, Cancel):
        return None
    conditions = amended.conditions if update.conditions is None else update.conditions
    if effect_of(amended.tape, conditions) is Effect.NONE:
        return None
    number, exchange = update.corrected
    return replace(
        amended, trade_id=number, exchange=exchange, price=update.price, size=update.size, conditions=conditions
    )


def _shows(known: Quote | None, trade: Trade) -> bool:
    if known is None:
        return False
    return (known.extended_time if trade.extended else known.event_time) == trade.event_time
