"""The whole proof of a row as lines of text, fit to a width; nothing in it is read as markup."""

from collections.abc import Callable, Iterator
from datetime import tzinfo

from rich.cells import set_cell_size
from rich.text import Text

from mytrader_tui.market.explanation import span_text
from mytrader_tui.market.inspection import Inspection
from mytrader_tui.market.trust.comparison import Comparison
from mytrader_tui.ui.figures import MISSING, fit, price_forms
from mytrader_tui.ui.flow import cut, wrap
from mytrader_tui.ui.inspection.look import NAMES, Look
from mytrader_tui.ui.inspection.side_by_side import price_of, side_by_side
from mytrader_tui.ui.widgets.ledger_table import SERVING

_ENTRY_LINES = 3
_INDENT = 2


def inspection_lines(proof: Inspection, width: int, zone: tzinfo | None, toned: Callable[[str], str]) -> list[Text]:
    """`proof` in lines of at most `width` cells.

    `zone` is home (None: the system's), `toned` the colour of a theme variable.
    """
    look = Look(width, zone, proof.now, toned)
    return [
        *_head(proof, look),
        *side_by_side(proof, look),
        *_difference(proof.comparison, look),
        *_badges(proof, look),
        *_sources(proof, look),
        *_refused(proof, look),
    ]


def _head(proof: Inspection, look: Look) -> Iterator[Text]:
    quote, told = proof.served, proof.explanation
    price = price_of(quote, quote.price if quote else None)
    named = f"  {proof.name}" if proof.name else ""
    badge = look.badge(told.badge.kind, told.badge.text)
    yield cut(Text.assemble((fit(price, look.width), "bold"), "  ", badge, (named, look.toned("faint"))), look.width)
    yield from look.sentence(told.text)
    source = next((view.source for view in proof.sources if view.serves), None)
    yield from look.sentence(f"{'Served by ' + NAMES[source] if source else 'Served by nobody'}: {proof.ground.value}.")
    yield from look.sentence(f"Router: {' · '.join(proof.story)}.", tone="faint")
    if proof.held:
        yield from look.sentence(f"Held: {proof.held}.", tone="stale")


def _difference(found: Comparison | None, look: Look) -> Iterator[Text]:
    yield from look.heading("The sources against each other")
    if found is None:
        yield from look.sentence("They have not been compared yet.", tone="faint")
        return
    ago = f"compared {span_text(look.now.seconds_since(found.at))} ago"
    points = found.basis_points
    if points is None or found.expected is None:
        why = found.obstacle.value if found.obstacle else found.verdict.value
        yield from look.sentence(f"Not comparable: {why}; {ago}.", tone="faint")
        return
    low, high = (price_forms(price)[0] for price in (found.expected.low, found.expected.high))
    then = low if low == high else f"{low} to {high}"
    latest = 10_000.0 * (found.latest_difference or 0.0)
    yield from look.sentence(
        f"{points:+z.0f} bp, {found.verdict.value}: Yahoo said {price_forms(found.yahoo_price)[0]} at "
        f"{look.time(found.yahoo_time)}, when Alpaca said {then}. Against Alpaca's "
        f"{price_forms(found.alpaca_price)[0]} of {look.time(found.alpaca_time)} it is {latest:+z.0f} bp; {ago}.",
        tone="" if found.agrees else "stale",
    )


def _badges(proof: Inspection, look: Look) -> Iterator[Text]:
    yield from look.heading("Badges of this row, newest first")
    if not proof.badge_changes:
        yield from look.sentence("None noted yet.", tone="faint")
    for change in proof.badge_changes:
        source = f"  {NAMES[change.source] if change.source else MISSING:<8} "
        badge = look.badge(change.kind, set_cell_size(change.kind.value, 9))
        yield cut(Text.assemble(f"{look.time(change.at.wall)}  ", badge, source, change.rule.value), look.width)


def _sources(proof: Inspection, look: Look) -> Iterator[Text]:
    yield from look.heading("Changes of the serving source, newest first")
    if not proof.source_changes:
        yield from look.sentence("None yet.", tone="faint")
    for change in proof.source_changes:
        moved = f"{SERVING[change.before]} → {SERVING[change.after]}"
        yield from _entry(f"{look.time(change.at)}  {moved:<18}  {change.cause}", look)


def _refused(proof: Inspection, look: Look) -> Iterator[Text]:
    yield from look.heading("Refused prints of this symbol, newest first")
    if not proof.refused:
        yield from look.sentence("None.", tone="faint")
    for each in proof.refused:
        rule = each.rule.value.replace("_", " ")
        when = f", of {look.time(each.event_time, millis=True)}" if each.event_time else ""
        yield from _entry(f"{look.time(each.at.wall)}  {NAMES[each.source]}  {rule}: {each.text}{when}", look)


def _entry(text: str, look: Look) -> Iterator[Text]:
    """An entry of a list; what does not fit on its line goes on under it."""
    lines = wrap(text, look.width, _ENTRY_LINES)
    yield from lines[:1]
    for line in wrap(" ".join(line.plain for line in lines[1:]), max(1, look.width - _INDENT), _ENTRY_LINES):
        yield Text.assemble(" " * _INDENT, line)
