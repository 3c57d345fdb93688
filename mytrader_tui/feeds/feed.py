"""What a price feed is, and what it tells the monitor."""

from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec

from mytrader_tui.market.link import Link, Reason
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Source, Update

Clock = Callable[[], Moment]
"""Where a feed gets the time: the monitor hands it in, tests hand in their own."""


class PollOutcome(msgspec.Struct, frozen=True):
    """How one poll went: `reason` is None for success; `retry_after` seconds if the source asked for a pause."""

    answered: int
    asked: int
    reason: Reason | None = None
    retry_after: float | None = None
    detail: str = ""


class Sink(Protocol):
    """The monitor's ear. Every call is made on the event loop, returns at once and never raises."""

    def publish(self, updates: Sequence[Update]) -> None:
        """Prints in the order they came, decoded but not yet validated."""

    def unreadable(self, source: Source, count: int, why: str) -> None:
        """Messages that could not be decoded and were dropped."""

    def link_changed(self, source: Source, link: Link) -> None:
        """The link came up, went down, or failed to come up again."""

    def coverage_changed(self, source: Source, covered: frozenset[str]) -> None:
        """The symbols that the source acknowledged and now serves."""

    def polled(self, source: Source, outcome: PollOutcome) -> None:
        """A poll ended, well or badly."""


class Feed(Protocol):
    """A source of prices. `run` lasts until cancelled; cancelling closes its connection within a second.

    Nothing that the outside does makes `run` raise.
    """

    source: Source

    @property
    def link(self) -> Link:
        """The connection as of now."""

    @property
    def covered(self) -> frozenset[str]:
        """The symbols that the source acknowledged."""

    def want(self, symbols: Sequence[str]) -> None:
        """Serve these symbols from now on, the most important first; replaces the list before."""

    async def run(self) -> None:
        """Connect and keep connected until cancelled."""
