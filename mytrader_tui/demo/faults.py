"""What is wrong with the demo market at the moment: switched while it runs."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Literal

Step = Literal["", "connected", "auth", "subscribe"]


@dataclass
class Faults:
    """Every field's default is "no fault". Statuses are HTTP's, `auth_error` is one of Alpaca's codes.

    Faults of the transport (cut, frozen, refused, swallowed) are the gates'.
    """

    upgrade_status: int | None = None
    """The stream's upgrade is answered with this instead of 101."""
    upgrade_retry_after: str | None = None
    """The Retry-After of that answer, sent as it stands."""
    mute_step: Step = ""
    """The answer to this step of the stream's handshake never comes."""
    auth_error: int | None = None
    """The answer to every authentication, whatever its key."""
    mute: bool = False
    """No prints; the socket answers pings and acknowledges subscriptions."""
    garbage: bool = False
    """A frame that cannot be read follows every frame of prints."""
    unacknowledged: frozenset[str] = frozenset()
    """Symbols that are left out of every subscription, without a word."""
    malformed: frozenset[str] = frozenset()
    """Symbols for whose sake a whole subscription is refused as malformed."""
    close_code: int | None = None
    """The stream accepts and closes at once with this code; 1006 leaves without a close frame."""

    rest_status: int | None = None
    rest_retry_after: str | None = None
    rest_hang: bool = False
    rest_html: bool = False
    """A page of HTML, with `rest_status` or 200."""
    rest_half_json: bool = False
    """The right answer, cut in the middle."""

    calendar_shut: frozenset[date] = frozenset()
    """Days without trading by the broker's calendar, whatever the rules foretell."""
    calendar_garbled: bool = False
    """The calendar's first day cannot be read."""

    yahoo_status: int | None = None
    yahoo_retry_after: str | None = None
    yahoo_hang: bool = False
    yahoo_html: bool = False
    """A consent page, with `yahoo_status` or 200, also where a crumb was asked for."""
    yahoo_empty: bool = False
    """Answers of the right shape with nothing in them."""
    yahoo_missing: frozenset[str] = frozenset()
    """Canonical symbols that the answers leave out."""
    yahoo_yesterday: bool = False
    """Quotes are those of the latest close before today, whatever the market does."""
    yahoo_doubled: frozenset[str] = frozenset()
    """Canonical symbols whose quotes are told at twice the price, as after a split that was missed."""
    yahoo_factor: float = 2.0
    """How many times the price is told for those, if not twice."""
    yahoo_prompt: bool = False
    """Quotes are told without their delay."""
    yahoo_paths: tuple[str, ...] = ()
    """The beginnings of the paths that the yahoo faults are limited to; all but the cookie's if empty."""

    def clear(self) -> None:
        """End every fault."""
        for each in fields(self):
            setattr(self, each.name, each.default)
