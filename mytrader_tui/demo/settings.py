"""The settings under which the program runs on the demo market."""

from typing import TYPE_CHECKING

from msgspec.structs import replace

from mytrader_tui.settings import Secret, Settings
from mytrader_tui.settings.credentials import Credentials
from mytrader_tui.settings.schema import Router, Yahoo

if TYPE_CHECKING:
    # The market brings its web server along, which the first paint need not wait for.
    from mytrader_tui.demo.market import DemoMarket

SYMBOLS = ("SPY", "QQQ", "AAPL", "MSFT", "NVDA", "AMZN", "GOOGL", "META", "TSLA", "BRK.B", "^GSPC", "BTC-USD", "7203.T")
POLL_SECONDS = 10.0
FAULTS_FAILOVER_SECONDS = 3.0
FAULTS_RECOVERY_SECONDS = 3.0
FAULTS_POLL_SECONDS = 2.0
FAULTS_HISTORY_SECONDS = 10.0
"""How long a failover counts against Alpaca: less than a step, so that six of them do not bar it for an hour."""


def demo_settings(*, faults: bool, looks: Settings) -> Settings:
    """The demo's watchlist and sources, with the columns, colours and keys of `looks`.

    With `faults`, the timers are short enough for six failures in two minutes.
    """
    watchlist = replace(looks.watchlist, symbols=SYMBOLS)
    settings = Settings(watchlist=watchlist, yahoo=Yahoo(poll_seconds=POLL_SECONDS), ui=looks.ui, keys=looks.keys)
    if not faults:
        return settings
    router = Router(
        failover_seconds=FAULTS_FAILOVER_SECONDS,
        recovery_seconds=FAULTS_RECOVERY_SECONDS,
        history_seconds=FAULTS_HISTORY_SECONDS,
    )
    return replace(settings, router=router, yahoo=Yahoo(poll_seconds=FAULTS_POLL_SECONDS))


def connected(settings: Settings, market: "DemoMarket") -> Settings:
    """`settings` with every address pointing at a started `market`."""
    alpaca = replace(
        settings.alpaca,
        stream_url=market.stream_url,
        trading_url=market.trading_url,
        trading_stream_url=market.trading_stream_url,
        data_url=market.data_url,
    )
    return replace(settings, alpaca=alpaca, yahoo=replace(settings.yahoo, base_url=market.yahoo_url))


def demo_credentials(market: "DemoMarket") -> Credentials:
    """The key pair that `market` accepts."""
    return Credentials(Secret(market.key), Secret(market.secret))
