"""Opens what the settings ask for: the stream, the REST clients, the poller; and closes all of it again."""

import random
from dataclasses import dataclass

from mytrader_tui.feeds.alpaca.account import AlpacaAccount
from mytrader_tui.feeds.alpaca.data import AlpacaData
from mytrader_tui.feeds.alpaca.order_stream import AlpacaOrders, OrderSink
from mytrader_tui.feeds.alpaca.rate_limit import RequestLimit
from mytrader_tui.feeds.alpaca.stream import AlpacaStream
from mytrader_tui.feeds.feed import Clock, Sink
from mytrader_tui.feeds.yahoo import YahooPoller
from mytrader_tui.settings import Settings
from mytrader_tui.settings.credentials import Credentials
from mytrader_tui.settings.paths import Paths


@dataclass(frozen=True)
class Sources:
    """The open connections; None for what the settings or missing keys leave out."""

    stream: AlpacaStream | None
    data: AlpacaData | None
    broker: AlpacaAccount | None
    orders: AlpacaOrders | None
    yahoo: YahooPoller | None

    def close(self) -> None:
        """Let go of every thread and session at once; the feeds' own tasks end by cancellation."""
        for client in (self.data, self.broker, self.yahoo):
            if client is not None:
                client.close()


def open_sources(
    settings: Settings,
    credentials: Credentials | None,
    paths: Paths,
    *,
    sink: Sink,
    order_sink: OrderSink,
    clock: Clock,
) -> Sources:
    """The clients that `settings` and `credentials` allow. Nothing connects yet."""
    yahoo = None
    if settings.yahoo.enabled:
        yahoo = YahooPoller(
            sink=sink,
            clock=clock,
            poll_seconds=settings.yahoo.poll_seconds,
            base_url=settings.yahoo.base_url,
            cache_folder=paths.cache_folder,
        )
    if credentials is None or not settings.alpaca.enabled:
        return Sources(None, None, None, None, yahoo)
    alpaca, key, secret = settings.alpaca, credentials.key, credentials.secret
    stream = AlpacaStream(
        url=alpaca.stream_url,
        feed=alpaca.feed,
        key=key,
        secret=secret,
        sink=sink,
        clock=clock,
        max_symbols=alpaca.max_symbols,
        canary=settings.router.canary,
        backoff_rng=random.Random(),
    )
    # The broker counts the requests of a key, whichever of its servers they go to.
    limit = RequestLimit(clock)
    data = AlpacaData(data_url=alpaca.data_url, feed=alpaca.feed, key=key, secret=secret, clock=clock, limit=limit)
    broker = AlpacaAccount(trading_url=alpaca.trading_url, key=key, secret=secret, clock=clock, limit=limit)
    orders = AlpacaOrders(url=alpaca.trading_stream_url, key=key, secret=secret, sink=order_sink, clock=clock)
    return Sources(stream, data, broker, orders, yahoo)
