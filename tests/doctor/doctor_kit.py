"""What the tests of the examination start from: a clock, keys that must never be seen, and a demo market."""

from pathlib import Path

from mytrader_tui.demo.market import DemoMarket
from mytrader_tui.demo.settings import connected
from mytrader_tui.feeds.alpaca.deadlines import Deadlines
from mytrader_tui.feeds.alpaca.rest import Timeouts
from mytrader_tui.monitor.clock import system_clock
from mytrader_tui.settings import Secret, Settings
from mytrader_tui.settings.credentials import Credentials
from mytrader_tui.settings.schema import Alpaca

KEY, SECRET = "PKCANARYKEY0000", "canary-secret-0000"
PAIR = Credentials(Secret(KEY), Secret(SECRET))
QUICK = Deadlines(connect=2.0, step=0.4, close=0.2)
SOON = Timeouts(connect=2.0, read=2.0, overall=10.0)
CERTIFICATES = Path(__file__).parents[1] / "faults" / "certificates"


def market(**options: object) -> DemoMarket:
    """A market that prints nothing by itself and takes the canary keys."""
    return DemoMarket(clock=options.pop("clock", system_clock), ticks_per_second=0, key=KEY, secret=SECRET, **options)


def alpaca_of(demo: DemoMarket, **changed: object) -> Alpaca:
    """The settings of a started market."""
    alpaca = connected(Settings(), demo).alpaca
    return Alpaca(**{name: getattr(alpaca, name) for name in Alpaca.__struct_fields__} | changed)
