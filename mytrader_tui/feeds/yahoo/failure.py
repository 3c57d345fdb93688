"""Why Yahoo gave no prices.

YahooError
└── RateLimitedError
"""

from mytrader_tui.market.link import Reason
from mytrader_tui.market.text import clean


class YahooError(Exception):
    """Yahoo did not answer, or not with what was asked: `reason` for people, `detail` as the server put it, cleaned.

    Not an OSError on purpose: yfinance takes those for passing faults, goes on without a cookie or a crumb, and
    sends requests that must fail too.
    """

    def __init__(self, reason: Reason, detail: str = "") -> None:
        self.reason = reason
        self.detail = clean(detail)
        super().__init__(f"{reason.value} ({self.detail})" if self.detail else reason.value)


class RateLimitedError(YahooError):
    """Yahoo wants to be left alone. `retry_after` is its Retry-After header as sent, None without one."""

    def __init__(self, retry_after: str | None = None, detail: str = "") -> None:
        super().__init__(Reason.RATE_LIMITED, detail)
        self.retry_after = retry_after
