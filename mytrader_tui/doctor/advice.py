"""What to do about a server that does not serve, by the reason in the domain's words."""

from mytrader_tui.doctor.result import Result, Verdict
from mytrader_tui.market.link import Reason

_CONNECTION = "Check the connection, the proxy and the firewall."
_WHAT_TO_DO = {
    Reason.NETWORK: _CONNECTION,
    Reason.TIMEOUT: _CONNECTION,
    Reason.DROPPED: _CONNECTION,
    Reason.AUTH_FAILED: "Check ALPACA_API_KEY and ALPACA_SECRET_KEY: a paper account has keys of its own.",
    Reason.NOT_ENTITLED: 'Set [alpaca] feed = "iex", which every plan has, or change the plan at Alpaca.',
    Reason.CONNECTION_LIMIT: "Close the other program or machine that streams with these keys.",
    Reason.SYMBOL_LIMIT: "Close the other program that streams with these keys, or lower [alpaca] max_symbols.",
    Reason.RATE_LIMITED: "Wait a minute. If it stays, close other programs that use the same keys or address.",
    Reason.SERVER_ERROR: "Try again later; status.alpaca.markets tells of outages.",
    Reason.UNREADABLE: "See whether a proxy or a login page answers in the server's place.",
    Reason.REFUSED: "See whether a proxy, a firewall or an ad-blocker stands in between.",
}
_PASSING = frozenset({Reason.RATE_LIMITED, Reason.CONNECTION_LIMIT})
"""What is no fault of this machine or of its settings, and ends by itself."""


def refused(reason: Reason, detail: str) -> Result:
    """The result of a question that came to `reason`; `detail` is the server's own word."""
    verdict = Verdict.WARN if reason in _PASSING else Verdict.FAIL
    found = f"{reason.value} ({detail})" if detail else reason.value
    return Result(verdict, found, _WHAT_TO_DO.get(reason, "If it stays, please report it."))
