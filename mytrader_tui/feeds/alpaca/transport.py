"""The last step before a socket opens: every request is held to its time limits and to the hosts allowed."""

from typing import TYPE_CHECKING, Any

import msgspec

from mytrader_tui.feeds.alpaca.rate_limit import Allowance
from mytrader_tui.settings.schema import check_url

if TYPE_CHECKING:
    from requests import PreparedRequest, Response
    from requests.adapters import HTTPAdapter


class Timeouts(msgspec.Struct, frozen=True):
    """Seconds for connecting, for each read, and for a whole request however it trickles in."""

    connect: float = 3.05
    read: float = 8.0
    overall: float = 12.0


class WrongHostError(Exception):
    """A request was about to leave for a host that must not be spoken to."""


class Transport:
    """Mounted on alpaca-py's session in place of its adapter, to which it hands on what it lets pass.

    alpaca-py sets no timeout on any request. The host is checked in the address as the HTTP library itself has
    parsed it, so that two readings of one odd address cannot make a difference. `allowance` is what the headers of
    the latest answer say of the account's limit, which alpaca-py throws away; None where there was no answer.
    """

    def __init__(self, adapter: "HTTPAdapter", timeouts: Timeouts, host: str | None) -> None:
        self._adapter = adapter
        self._timeouts = timeouts
        self._host = host
        self.allowance: Allowance | None = None

    def send(self, request: "PreparedRequest", **options: Any) -> "Response":
        """Send `request`. Raises WrongHostError before a socket opens, and what the adapter raises."""
        self.allowance = None
        try:
            check_url("the address", request.url or "", "https", host=self._host)
        except ValueError as error:
            raise WrongHostError(str(error)) from error
        options["timeout"] = (self._timeouts.connect, self._timeouts.read)
        response = self._adapter.send(request, **options)
        headers = response.headers
        self.allowance = Allowance(headers.get("X-RateLimit-Remaining"), headers.get("X-RateLimit-Reset"))
        return response

    def close(self) -> None:
        """Close the pooled connections."""
        self._adapter.close()
