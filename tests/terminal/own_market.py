"""A demo market in a thread of the test, and a program's config that points at it."""

import socket
from collections.abc import Callable, Coroutine
from pathlib import Path

from msgspec import to_builtins
from msgspec.structs import replace
from program_under_test import write_config

from mytrader_tui.demo.market import DemoMarket
from mytrader_tui.demo.settings import connected
from mytrader_tui.demo.thread import DemoThread
from mytrader_tui.monitor.clock import system_clock
from mytrader_tui.settings import Settings
from mytrader_tui.settings.schema import Router, Watchlist, Yahoo

SYMBOLS = ("AAPL", "MSFT", "SPY", "^GSPC")
SETTINGS = Settings(
    watchlist=Watchlist(symbols=SYMBOLS),
    yahoo=Yahoo(poll_seconds=1.0),
    router=Router(failover_seconds=2.0, recovery_seconds=1.0),
)
"""Timers short enough that a failover and its recovery take seconds."""


class OwnMarket:
    """A demo market; what is done to it happens in its own thread before the call returns."""

    def __init__(self, ticks_per_second: float = 20.0) -> None:
        self._thread = DemoThread(clock=system_clock, ticks_per_second=ticks_per_second)
        self.market: DemoMarket = self._thread.start()

    def config(self, folder: Path, settings: Settings = SETTINGS) -> Path:
        """A config.toml in `folder` with `settings` on this market."""
        return config_of(folder, connected(settings, self.market))

    def do(self, *acts: Callable[[], object]) -> None:
        """Carry out each act on the market's loop."""
        for act in acts:
            self._thread.call(act).result(5.0)

    def tell(self, act: Coroutine[None, None, object]) -> None:
        """Have `act` carried out on the market's loop, without waiting for it."""
        self._thread.call(act)

    def lose_stream(self) -> None:
        """Reset the stream and refuse new ones."""
        gate = self.market.gates.stream
        self.do(gate.refuse, gate.cut)

    def lose_everything(self) -> None:
        """Reset every connection and refuse new ones."""
        gates = self.market.gates
        for gate in (gates.stream, gates.rest, gates.yahoo):
            self.do(gate.refuse, gate.cut)

    def hang_everything(self) -> None:
        """Every server takes connections and answers none; the stream's socket stays, half-open."""
        gates = self.market.gates
        for gate in (gates.stream, gates.rest, gates.yahoo):
            self.do(gate.freeze)

    def close(self) -> None:
        """End the market."""
        self._thread.stop()


def config_of(folder: Path, settings: Settings) -> Path:
    """A config.toml in `folder` that says `settings`."""
    return write_config(folder, **to_builtins(settings))


def unreachable(settings: Settings = SETTINGS) -> Settings:
    """`settings` with Yahoo at a port where nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    return replace(settings, yahoo=replace(settings.yahoo, base_url=f"http://127.0.0.1:{port}"))
