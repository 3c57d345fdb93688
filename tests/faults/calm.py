"""Long quiet spans: the program's smallest intervals stretched, so that a weekend takes seconds too."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from mytrader_tui.feeds.alpaca import stream as stream_module
from mytrader_tui.feeds.alpaca.deadlines import Deadlines
from mytrader_tui.market import link as link_module
from mytrader_tui.monitor import broker_watch as broker_module
from mytrader_tui.monitor import questions as questions_module
from mytrader_tui.monitor import sparklines as sparklines_module
from mytrader_tui.monitor import worker as worker_module

TICK_SECONDS = 30.0


@contextmanager
def calm() -> Iterator[None]:
    """A tick and a look every 30 s, a ping every five minutes, the broker's clock and orders every quarter of an hour.

    A stream is then heard from every five minutes, so that this is what it takes to be proven.
    """

    def deadlines() -> Deadlines:
        return Deadlines(quiet=300.0, ping_interval=300.0)

    with (
        patch.object(worker_module, "TICK_SECONDS", TICK_SECONDS),
        patch.object(sparklines_module, "_TICK_SECONDS", TICK_SECONDS),
        patch.object(questions_module, "PROBE_LOOK_SECONDS", TICK_SECONDS),
        patch.object(broker_module, "CLOCK_SECONDS", 900.0),
        patch.object(broker_module, "ORDERS_SECONDS", 900.0),
        patch.object(stream_module, "Deadlines", deadlines),
        patch.object(link_module, "STREAM_HEARD_LIMIT", 310.0),
    ):
        yield
