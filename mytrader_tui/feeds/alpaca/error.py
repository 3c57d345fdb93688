"""What can go wrong in asking Alpaca's REST servers, in words that say what to do about it."""

from datetime import datetime

import msgspec

from mytrader_tui.feeds.retry_after import reset_seconds, retry_after_seconds
from mytrader_tui.market.link import Reason
from mytrader_tui.market.text import clean

_WHAT_TO_DO = {
    Reason.AUTH_FAILED: "Check ALPACA_API_KEY and ALPACA_SECRET_KEY: a paper account has keys of its own.",
    Reason.NOT_ENTITLED: 'Set feed = "iex" under [alpaca] in config.toml, or change the plan at Alpaca.',
    Reason.RATE_LIMITED: "If this stays, close other programs that use the same keys.",
    Reason.SERVER_ERROR: "If this stays, see status.alpaca.markets.",
    Reason.NETWORK: "Check the connection, the proxy and the firewall.",
    Reason.TIMEOUT: "If this stays, check the connection.",
    Reason.UNREADABLE: "If this stays, see whether a proxy or a login page answers in Alpaca's place.",
    Reason.BAD_REQUEST: "If this stays, please report it: the request is the program's own.",
}

# A timeout is not among them: it has used up more time already than all the pauses of a retry together.
_TRANSIENT = frozenset({Reason.NETWORK, Reason.RATE_LIMITED, Reason.SERVER_ERROR})

# More than is shown: a key must be whole to be found and taken out.
_MOST_SAID = 1000


class AlpacaError(Exception):
    """Alpaca's REST servers gave no answer, or none that can be used. The tree of exceptions:

    AlpacaError
    └── NotFoundError

    `detail` is the server's own word, cleaned and without keys; `retry_after` the seconds it asks us to wait, if it
    does; `transient` whether the same question may well be answered a little later. The text says what happened,
    what the program does about it and what the user can do. No library's exception is attached as its cause: those
    keep the request, and the request keeps the keys.
    """

    def __init__(self, reason: Reason, detail: str = "", retry_after: float | None = None) -> None:
        super().__init__(_message(reason, detail, retry_after))
        self.reason = reason
        self.detail = detail
        self.retry_after = retry_after

    @property
    def transient(self) -> bool:
        """True for a lost connection, too many requests and a server's fault: what passes by itself."""
        return self.reason in _TRANSIENT


class NotFoundError(AlpacaError):
    """Alpaca itself says that what was asked for does not exist."""


class Refusal(msgspec.Struct, frozen=True):
    """An answer whose HTTP status says no: what the server `said`, None where that was not in Alpaca's own form.

    The two headers may ask for a pause.
    """

    status: int
    said: str | None
    retry_after: str | None = None
    rate_limit_reset: str | None = None


class Fault(msgspec.Struct, frozen=True):
    """No answer, or none that is JSON, and why."""

    reason: Reason
    detail: str


class _Problem(msgspec.Struct):
    """Alpaca's error body: `{"code": 40110000, "message": "request is not authorized"}`."""

    message: str


def from_refusal(refusal: Refusal, host: str, now: datetime) -> AlpacaError:
    """The error that a refusal amounts to, heard at `now`; one of the keys names the `host` that refused them.

    A 404 counts as Alpaca's own word only with Alpaca's own body: a proxy's page does not make a symbol unknown.
    """
    by = f" from {host}" if refusal.status in (401, 403) else ""
    detail = f"HTTP {refusal.status}{by}" + (f": {refusal.said}" if refusal.said else "")
    if refusal.status == 404:
        own = refusal.said is not None
        return NotFoundError(Reason.BAD_REQUEST, detail) if own else AlpacaError(Reason.UNREADABLE, detail)
    pause = retry_after_seconds(refusal.retry_after, now)
    if pause is None:
        pause = reset_seconds(refusal.rate_limit_reset, now) if refusal.status == 429 else None
    return AlpacaError(_reason(refusal.status, refusal.said or ""), detail, pause)


def said(body: str) -> str | None:
    """The server's own word in an error `body`, cleaned, or None if it is not in Alpaca's form."""
    try:
        return clean(msgspec.json.decode(body, type=_Problem).message, _MOST_SAID)
    except msgspec.DecodeError:
        return None


def _reason(status: int, said: str) -> Reason:
    if status == 401:
        return Reason.AUTH_FAILED
    if status == 403:
        # "subscription does not permit querying recent SIP data" is the plan; a bare "forbidden." is the keys.
        return Reason.NOT_ENTITLED if "subscription" in said.lower() else Reason.AUTH_FAILED
    if status == 429:
        return Reason.RATE_LIMITED
    return Reason.SERVER_ERROR if status >= 500 else Reason.BAD_REQUEST


def _message(reason: Reason, detail: str, retry_after: float | None) -> str:
    happened = f"Alpaca: {reason.value} ({detail})." if detail else f"Alpaca: {reason.value}."
    again = "later" if retry_after is None else f"in {retry_after:.0f} s"
    does = f"What is known stays and grows old; it is asked again {again}."
    return " ".join(filter(None, (happened, does, _WHAT_TO_DO.get(reason, ""))))
