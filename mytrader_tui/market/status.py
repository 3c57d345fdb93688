"""What the status bar is told: the router's state and every source's link, as one value."""

from enum import Enum

import msgspec

from mytrader_tui.market.link import Link
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Source
from mytrader_tui.market.router import State
from mytrader_tui.market.session import MarketHours


class SourceHealth(Enum):
    """A source's own badge in the status bar."""

    LIVE = "● Live"
    DELAYED = "◷ Delayed"
    DOWN = "▲ Down"
    OFF = "○ Off"


class SourceStatus(msgspec.Struct, frozen=True):
    """One source at one instant: its badge, its link, how many rows it serves and why it is as it is."""

    source: Source
    health: SourceHealth
    link: Link
    rows: int
    reason: str = ""


class Status(msgspec.Struct, frozen=True):
    """The program's condition at `now`. `hint` says what the user can do, where something can be done."""

    now: Moment
    state: State
    since: Moment
    cause: str
    sources: tuple[SourceStatus, ...]
    hours: MarketHours
    messages_per_second: float
    hint: str = ""
    demo: bool = False
