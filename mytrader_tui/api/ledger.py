"""The failover ledger as text for a terminal, and as JSON lines for scripts."""

from collections.abc import Iterable
from datetime import tzinfo

from mytrader_tui.market.failover.story import clock_span
from mytrader_tui.telemetry.ledger import LedgerEntry
from mytrader_tui.telemetry.ledger_file import as_line

_HEADER = ("time", "held", "change", "rows", "cause")
_RIGHT = frozenset({1, 3})


def as_table(entries: Iterable[LedgerEntry], zone: tzinfo | None = None) -> str:
    """A line for each entry: the local time (`zone`, None for the system's), how long the state left had held, the
    states, the rows moved and the cause.
    """
    lines = [_HEADER, *(_cells(entry, zone) for entry in entries)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(_HEADER) - 1)]
    return "".join(_set(line, widths) + "\n" for line in lines)


def as_json_lines(entries: Iterable[LedgerEntry]) -> str:
    """One JSON object a line, with every field; times are UTC, spans seconds."""
    return b"".join(map(as_line, entries)).decode()


def _cells(entry: LedgerEntry, zone: tzinfo | None) -> tuple[str, ...]:
    at = entry.at.astimezone(zone)
    change = f"{entry.before.value} → {entry.after.value}"
    return (f"{at:%Y-%m-%d %H:%M:%S}", clock_span(entry.held_seconds), change, str(entry.rows_moved), entry.cause)


def _set(line: tuple[str, ...], widths: list[int]) -> str:
    cells = [
        text.rjust(width) if place in _RIGHT else text.ljust(width)
        for place, (text, width) in enumerate(zip(line, widths, strict=False))
    ]
    return "  ".join((*cells, line[-1]))
