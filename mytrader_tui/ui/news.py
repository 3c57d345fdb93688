"""What became of orders, fitted into the few words of a toast."""

from collections.abc import Sequence

from rich.text import Text

from mytrader_tui.ui.figures import HIDDEN
from mytrader_tui.ui.flow import cut

_BEFORE_PRICES = frozenset({"@", "stop"})


def news_text(lines: Sequence[str], room: int) -> str:
    """`lines`, which are oldest first, in `room` cells: all of them, or the last and how many more there are."""
    joined = " · ".join(lines)
    if len(lines) == 1 or len(joined) <= room:
        return joined
    more = f" and {len(lines) - 1} more"
    return cut(Text(lines[-1]), max(1, room - len(more))).plain + more


def without_amounts(line: str) -> str:
    """`line` with dots for every number but the prices, which are the market's and stand behind `@` or `stop`."""
    words = line.split(" ")
    for place, word in enumerate(words):
        bare = word.rstrip(",:;")
        priced = place > 0 and words[place - 1] in _BEFORE_PRICES
        if not priced and bare.replace(",", "").replace(".", "", 1).lstrip("-+").isdigit():
            words[place] = HIDDEN + word[len(bare) :]
    return " ".join(words)
