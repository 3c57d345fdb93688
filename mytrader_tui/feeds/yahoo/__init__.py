"""Yahoo Finance, polled: the fallback, and the source of everything that Alpaca does not carry.

Importing this package loads neither yfinance nor curl_cffi; the poller's own thread does, at its first request.
"""

from mytrader_tui.feeds.yahoo.failure import RateLimitedError, YahooError
from mytrader_tui.feeds.yahoo.pauses import Pauses
from mytrader_tui.feeds.yahoo.poller import YahooPoller

__all__ = ["Pauses", "RateLimitedError", "YahooError", "YahooPoller"]
