"""What the status bar is told: the router's state and every source's link, as one value."""

from enum import Enum

import msgspec

from mytrader_tui.market.failover.router import State
from mytrader_tui.market.failover.story import clock_span
from mytrader_tui.market.link import Link, Reason
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Source
from mytrader_tui.market.session import MarketHours

_KEYS_ARE_FREE = "keys are free: app.alpaca.markets, Paper Trading, API Keys"
_HINTS = {
    Reason.NO_KEYS: f"no Alpaca keys: Yahoo only · {_KEYS_ARE_FREE}",
    Reason.DISABLED: "Alpaca is off: Yahoo only",
    Reason.AUTH_FAILED: "Alpaca refused the keys · check ALPACA_API_KEY and ALPACA_SECRET_KEY, then restart",
    Reason.NOT_ENTITLED: 'your Alpaca plan lacks this feed · set [alpaca] feed = "iex", then restart',
    Reason.CONNECTION_LIMIT: "another session holds your stream · close it, or wait: we keep asking",
    Reason.SECOND_INSTANCE: "this window serves from Yahoo · close the other mytrader-tui to stream here",
}
_HINTS_WITHOUT_YAHOO = {
    Reason.NO_KEYS: f"no Alpaca keys and Yahoo is off: no prices · {_KEYS_ARE_FREE}",
    Reason.DISABLED: "Alpaca and Yahoo are off: no prices",
    Reason.SECOND_INSTANCE: "the other mytrader-tui streams and Yahoo is off: no prices here · close it to stream here",
}
_NOT_TRIED = frozenset({Reason.NO_KEYS, Reason.DISABLED, Reason.SECOND_INSTANCE})


class SourceHealth(Enum):
    """A source's own badge in the status bar."""

    LIVE = "● Live"
    CONNECTING = "○ Connecting"
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
    if (why := why_off(link)) is not None:
        return SourceStatus(source, SourceHealth.OFF, link, rows, why)
    if link.proven(now):
        real_time = delay_seconds == 0 and link.poll_seconds is None
        return SourceStatus(source, SourceHealth.LIVE if real_time else SourceHealth.DELAYED, link, rows, link.detail)
    if _connecting(link, now):
        return SourceStatus(source, SourceHealth.CONNECTING, link, rows)
    return SourceStatus(source, SourceHealth.DOWN, link, rows, _trouble(link, now))


def why_off(link: Link) -> str | None:
    """Why the source of `link` is not tried, in words; None if it is."""
    if link.up or link.reason not in _NOT_TRIED:
        return None
    return f"{link.reason.value} {link.detail}".rstrip()


def hint_for(alpaca: Link, yahoo: Link, cure: str = "") -> str:
    """What the user can do about `alpaca`, or an empty text where there is nothing to do.

    `cure` is what would switch it on where it is switched off.
    """
    if alpaca.reason is None:
        return ""
    hint = _HINTS.get(alpaca.reason, "")
    if yahoo.reason is Reason.DISABLED:
        hint = _HINTS_WITHOUT_YAHOO.get(alpaca.reason, hint)
    return f"{hint} · {cure}" if alpaca.reason is Reason.DISABLED and cure else hint


def skew_text(seconds: float) -> str:
    """What is told of a machine whose clock is ahead of the broker's by `seconds` (behind if negative)."""
    if not seconds:
        return ""
    side = "ahead of" if seconds > 0 else "behind"
    return f"this machine's clock is {clock_span(abs(seconds))} {side} Alpaca's · ages are corrected, set your clock"


def _connecting(link: Link, now: Moment) -> bool:
    """True for a link on its way: not heard yet, or a stream that was greeted just now and is not let in yet."""
    if link.up:
        return link.heard is None and now.seconds_since(link.since) <= link.limit
    if link.reason is not Reason.STARTING:
        return False
    return link.heard is None or (link.poll_seconds is None and now.seconds_since(link.heard) <= link.limit)


def _trouble(link: Link, now: Moment) -> str:
    """Why `link` cannot be relied on, and when it is tried again."""
    if link.up:
        return f"nothing heard for {clock_span(now.seconds_since(link.heard or link.since))}"
    if link.reason is Reason.STARTING and link.heard is not None:
        # It was there before and is asked as ever: connecting is not what it does.
        return f"nothing heard for {clock_span(now.seconds_since(link.heard))}"
    words = link.reason.value if link.reason else Reason.DROPPED.value
    if link.retry_at is not None and link.retry_at.mono > now.mono:
        words += f", again in {clock_span(link.retry_at.mono - now.mono)}"
    return words
