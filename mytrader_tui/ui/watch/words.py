"""What is told of the watchlist beside its rows: a pause, a sort that cannot be seen, columns without room."""

from collections.abc import Sequence
from datetime import tzinfo

from mytrader_tui.market.freshness import short_span
from mytrader_tui.market.moment import Moment
from mytrader_tui.settings.schema import WatchColumn
from mytrader_tui.ui.watch.columns import TITLES
from mytrader_tui.ui.watch.picture import PAUSED


def held_text(since: Moment, now: Moment, zone: tzinfo | None, key: str) -> str:
    """That prices are held, since when, and by which `key` they go on."""
    span, at = short_span(now.seconds_since(since)), since.wall.astimezone(zone)
    return f"{PAUSED} {span} · prices as of {at:%H:%M:%S}" + (f" · {key} goes on" if key else "")


def sorted_text(column: WatchColumn, *, falling: bool) -> str:
    """By what the rows are sorted, for a column that is not in sight."""
    return f"sorted by {TITLES[column]} {'↓' if falling else '↑'}, which has no room here"


def left_out_text(columns: Sequence[WatchColumn]) -> str:
    """Which of the columns in the settings have no room."""
    return f"No room for {', '.join(columns)}: a wider terminal shows {'it' if len(columns) == 1 else 'them'}."


def why_unmovable(*, sort: WatchColumn | None, filtered: bool, key: str, whole: str) -> str:
    """Why a row cannot be moved by hand, and how to get there (`key` sorts, `whole` shows all); empty if it can."""
    if sort is not None:
        return f"Sorted by {TITLES[sort]}: {key} b goes back to the order by hand"
    return f"Filtered: {whole} shows all rows, then they move" if filtered else ""
