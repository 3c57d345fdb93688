"""Alpaca's REST servers: the account, the limit on requests, the clock, and the prices of the feed."""

from collections.abc import Callable

from mytrader_tui.doctor.advice import refused
from mytrader_tui.doctor.result import Result, fail, ok, skip, warn
from mytrader_tui.feeds.alpaca.account import AlpacaAccount
from mytrader_tui.feeds.alpaca.data import AlpacaData
from mytrader_tui.feeds.alpaca.error import AlpacaError
from mytrader_tui.feeds.alpaca.rate_limit import Allowance, RequestLimit
from mytrader_tui.feeds.alpaca.rest import Timeouts
from mytrader_tui.feeds.feed import Clock
from mytrader_tui.market.freshness import short_span
from mytrader_tui.market.link import Reason
from mytrader_tui.monitor.clock import MAX_ROUND_TRIP, SKEW_WORTH_CORRECTING
from mytrader_tui.settings.credentials import Credentials
from mytrader_tui.settings.schema import Alpaca

TIMEOUTS = Timeouts(connect=3.05, read=6.0, overall=9.0)
WORST_SKEW = 300.0
"""Seconds off from which on certificates and sessions go wrong, whatever is corrected."""

FEW_REQUESTS = 20
"""Requests left in this minute below which other programs seem to use the same keys."""

_ACTIVE = "ACTIVE"


class HeardLimit(RequestLimit):
    """The account's limit, which remembers the servers' latest word on it."""

    heard: Allowance | None = None

    def hear(self, server: str, allowance: Allowance) -> None:
        """Keep what was said."""
        self.heard = allowance
        super().hear(server, allowance)


class Broker:
    """Asks the servers of `alpaca` with the keys of `pair`; each question of its own waits for no other."""

    def __init__(self, alpaca: Alpaca, pair: Credentials, clock: Clock, timeouts: Timeouts = TIMEOUTS) -> None:
        self._alpaca = alpaca
        self._pair = pair
        self._clock = clock
        self._timeouts = timeouts
        self._limit = HeardLimit(clock)
        self._accounts = self._client(self._limit)

    async def account(self) -> Result:
        """Whether the keys are taken, and how the account stands; none of its amounts."""
        try:
            account = await self._accounts.account()
        except AlpacaError as error:
            return refused(error.reason, error.detail)
        kind = "paper account" if account.paper else "account"
        if account.status != _ACTIVE:
            return warn(
                f"the keys are taken; the {kind} is {account.status or 'of no status'}", "See app.alpaca.markets."
            )
        return ok(f"the keys are taken; the {kind} is active, in {account.currency}")

    async def requests(self) -> Result:
        """How many requests the account has left, by the headers of the answer to the same question."""
        try:
            await self._accounts.account()
        except AlpacaError as error:
            if error.reason is not Reason.RATE_LIMITED:
                return skip("no answer to read them from")
            return refused(error.reason, error.detail)
        finally:
            self._accounts.close()
        heard = self._limit.heard
        if heard is None or heard.remaining is None or not heard.remaining.strip().isdigit():
            return ok("the server tells none; the program itself keeps to 200 a minute")
        left = int(heard.remaining)
        text = f"{left:,} more this minute"
        return ok(text) if left >= FEW_REQUESTS else warn(text, "Close other programs that use the same keys.")

    async def clock(self) -> Result:
        """How far this machine's clock is off the broker's, half a round trip considered."""
        client = self._client(self._limit)
        try:
            # The first question loads libraries and opens the connection, which would pass for a slow answer.
            await client.clock()
            asked = self._clock()
            told = await client.clock()
            answered = self._clock()
        except AlpacaError as error:
            return skip(f"the broker's clock cannot be read: {error.reason.value}")
        finally:
            client.close()
        round_trip = answered.seconds_since(asked)
        ahead = (asked.wall - told.timestamp).total_seconds() + round_trip / 2
        return skewed(ahead, round_trip)

    async def prices(self, symbol: str) -> Result:
        """Whether the plan gives a snapshot of `symbol` on the feed of the settings."""
        feed = self._alpaca.feed
        if feed == "test":
            return skip("the test feed has no snapshots")
        data = AlpacaData(
            data_url=self._alpaca.data_url,
            feed=feed,
            key=self._pair.key,
            secret=self._pair.secret,
            clock=self._clock,
            timeouts=self._timeouts,
            limit=self._limit,
        )
        try:
            quotes = await data.snapshots([symbol])
        except AlpacaError as error:
            return refused(error.reason, error.detail)
        finally:
            data.close()
        priced = next((quote for quote in quotes if quote.price is not None), None)
        if priced is None:
            return warn(f"no price of {symbol} on the feed {feed}", "Ask again when the market has been open.")
        age = "" if priced.price_time is None else f", {short_span(self._clock().age_of(priced.price_time))} old"
        return ok(f"a price of {symbol} on the feed {feed}{age}")

    def _client(self, limit: RequestLimit) -> AlpacaAccount:
        return AlpacaAccount(
            trading_url=self._alpaca.trading_url,
            key=self._pair.key,
            secret=self._pair.secret,
            clock=self._clock,
            timeouts=self._timeouts,
            limit=limit,
        )


def skewed(ahead: float, round_trip: float) -> Result:
    """The verdict on a clock that is so many seconds ahead (negative: behind), read in `round_trip` seconds."""
    took = f"round trip {1000 * round_trip:,.0f} ms"
    if round_trip > MAX_ROUND_TRIP and abs(ahead) < WORST_SKEW:
        return warn(f"the answer took too long to tell ({took})", "Try again on a faster connection.")
    side = "ahead of" if ahead > 0 else "behind"
    if abs(ahead) <= SKEW_WORTH_CORRECTING:
        return ok(f"within {SKEW_WORTH_CORRECTING:g} s of Alpaca's ({abs(ahead):.1f} s {side} it, {took})")
    make: Callable[[str, str], Result] = fail if abs(ahead) > WORST_SKEW else warn
    found = f"{abs(ahead):,.1f} s {side} Alpaca's ({took}); ages on the screen are corrected by it"
    return make(found, "Set the clock: timedatectl set-ntp true, or the system's date settings.")
