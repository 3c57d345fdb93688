"""What the status bar is told: the router's state and every source's link, as one value."""

from enum import Enum

import msgspec

from mytrader_tui.market.failover.router import State
from mytrader_tui.market.failover.story import clock_span
from mytrader_tui.market.link import Link, Reason
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Source
from mytrader_tui.market.session import MarketHours

_HINTS = {
    Reason.NO_KEYS: "no Alpaca keys: Yahoo only · keys are free: app.alpaca.markets, Paper Trading, API Keys",
    Reason.DISABLED: "Alpaca is off: Yahoo only · [alpaca] enabled = true in config.toml turns it on",
    Reason.AUTH_FAILED: "Alpaca refused the keys · check ALPACA_API_KEY and ALPACA_SECRET_KEY, then restart",
    Reason.NOT_ENTITLED: 'your Alpaca plan lacks this feed · set [alpaca] feed = "iex", then restart',
    Reason.CONNECTION_LIMIT: "another session holds your stream · close it, or wait: we keep asking",
    Reason.SECOND_INSTANCE: "this window serves from Yahoo · close the other mytrader-tui to stream here",
}


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
    """The program's condition at `now`.

    `story` says who serves, why and what comes next; `hint` what the user can do, where something can be done;
    `warnings` how many records of the log at that level or above nobody has seen.
    """

    now: Moment
    state: State
    story: tuple[str, ...]
    sources: tuple[SourceStatus, ...]
    hours: MarketHours
    messages_per_second: float
    hint: str = ""
    demo: bool = False
    warnings: int = 0


def source_status(source: Source, link: Link, rows: int, delay_seconds: float, now: Moment) -> SourceStatus:
    """The badge of `source` by its link alone; `delay_seconds` is what its feed declares (0 for real time)."""
    if link.reason in (Reason.NO_KEYS, Reason.DISABLED, Reason.SECOND_INSTANCE):
        return SourceStatus(source, SourceHealth.OFF, link, rows, link.reason.value)
    if link.proven(now):
        real_time = delay_seconds == 0 and link.poll_seconds is None
        return SourceStatus(source, SourceHealth.LIVE if real_time else SourceHealth.DELAYED, link, rows, link.detail)
    return SourceStatus(source, SourceHealth.DOWN, link, rows, _trouble(link, now))


def hint_for(link: Link) -> str:
    """What the user can do about `link`, or an empty text where there is nothing to do."""
    return _HINTS.get(link.reason, "") if link.reason else ""


def skew_text(seconds: float) -> str:
    """What is told of a machine whose clock is ahead of the broker's by `seconds` (behind if negative)."""
    if not seconds:
        return ""
    side = "ahead of" if seconds > 0 else "behind"
    return f"this machine's clock is {clock_span(abs(seconds))} {side} Alpaca's · ages are corrected, set your clock"


def _trouble(link: Link, now: Moment) -> str:
    """Why `link` cannot be relied on, and when it is tried again."""
    if link.up:
        return f"nothing heard for {clock_span(now.seconds_since(link.heard or link.since))}"
    words = link.reason.value if link.reason else Reason.DROPPED.value
    if link.retry_at is not None and link.retry_at.mono > now.mono:
        words += f", again in {clock_span(link.retry_at.mono - now.mono)}"
    return words
