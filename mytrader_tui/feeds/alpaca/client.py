"""alpaca-py's REST clients, made and used in a worker thread. Importing this module imports nothing of alpaca-py."""

from collections.abc import Callable
from enum import Enum
from typing import TYPE_CHECKING, Any, Protocol, cast
from urllib.parse import urlsplit

from mytrader_tui.feeds.alpaca.error import Fault, Refusal, said
from mytrader_tui.feeds.alpaca.rate_limit import Allowance
from mytrader_tui.feeds.alpaca.transport import Timeouts, Transport, WrongHostError
from mytrader_tui.market.link import Reason
from mytrader_tui.market.text import clean
from mytrader_tui.settings.schema import PAPER_HOST
from mytrader_tui.settings.secret import Secret

if TYPE_CHECKING:
    from requests import RequestException, Response, Session
    from requests.adapters import BaseAdapter

Parameters = dict[str, str]

# Left to itself, alpaca-py sleeps for 9 s over a 429 and tells nobody. The count is private: a test watches over it.
_NO_RETRY = 0


class Server(Enum):
    """Which of Alpaca's servers; the value is the one host that it may be at, or "" for any."""

    TRADING = PAPER_HOST
    DATA = ""


class RestClient(Protocol):
    """What is used of alpaca-py's clients: `get`, their public way to any path, takes every shape of answer."""

    def get(self, path: str, data: Parameters | None = None) -> object:
        """The decoded JSON of GET /v2`path`."""


class Connection:
    """One alpaca-py client, imported and made when it is first used: that costs up to half a second.

    Everything but `close` belongs to the worker thread.
    """

    def __init__(self, *, server: Server, url: str, key: Secret, secret: Secret, timeouts: Timeouts) -> None:
        self._server = server
        self._url = url.rstrip("/")
        self._key = key
        self._secret = secret
        self._timeouts = timeouts
        self._client: RestClient | None = None
        self._transport: Transport | None = None

    def get(self, path: str, parameters: Parameters | None) -> object:
        """The decoded JSON of GET /v2`path`; raises what alpaca-py and requests raise."""
        if self._client is None:
            self._client = self._trading() if self._server is Server.TRADING else self._data()
        return self._client.get(path, parameters)

    @property
    def allowance(self) -> Allowance | None:
        """What the latest answer said of the account's limit; for the worker thread, right after `get`."""
        return None if self._transport is None else self._transport.allowance

    def close(self) -> None:
        """Close the idle connections; one in use closes itself when its answer is in."""
        if self._transport is not None:
            self._transport.close()

    def _trading(self) -> RestClient:
        from alpaca.trading.client import TradingClient

        return self._bound(
            TradingClient(self._key.reveal(), self._secret.reveal(), raw_data=True, url_override=self._url)
        )

    def _data(self) -> RestClient:
        from alpaca.data.historical.stock import StockHistoricalDataClient

        return self._bound(
            StockHistoricalDataClient(self._key.reveal(), self._secret.reveal(), raw_data=True, url_override=self._url)
        )

    def _bound(self, client: Any) -> RestClient:
        from requests.adapters import HTTPAdapter

        client._retry = _NO_RETRY
        session: Session = client._session
        # Plain http is for this machine only; a proxy from the environment would get the keys in the clear.
        session.trust_env = urlsplit(self._url).scheme == "https"
        self._transport = Transport(HTTPAdapter(), self._timeouts, self._server.value or None)
        # A session needs no more of an adapter than `send` and `close`.
        adapter = cast("BaseAdapter", self._transport)
        session.mount("https://", adapter)
        session.mount("http://", adapter)
        bound: RestClient = client
        return bound


def ask(question: Callable[[], object]) -> object:
    """The JSON that `question` brings, or the Refusal or Fault that it came to. Runs in the worker thread."""
    from alpaca.common.exceptions import APIError
    from requests import exceptions

    try:
        return question()
    except (exceptions.InvalidHeader, UnicodeEncodeError):
        # The exception's text quotes the key.
        return Fault(Reason.AUTH_FAILED, "the keys hold characters that no key has")
    except exceptions.Timeout:
        return Fault(Reason.TIMEOUT, "")
    except APIError as error:
        return _refusal(error.response)
    except WrongHostError as error:
        return Fault(Reason.BAD_REQUEST, str(error))
    except (ValueError, RecursionError, exceptions.ContentDecodingError):
        return Fault(Reason.UNREADABLE, "the answer is not JSON")
    except exceptions.RequestException as error:
        return _network(error)


def _refusal(response: "Response") -> Refusal:
    headers = response.headers
    return Refusal(
        response.status_code, said(response.text), headers.get("Retry-After"), headers.get("X-RateLimit-Reset")
    )


def _network(error: "RequestException") -> Fault:
    from urllib3.exceptions import ReadTimeoutError

    if error.args and isinstance(error.args[0], ReadTimeoutError):
        return Fault(Reason.TIMEOUT, "the answer broke off")
    root: BaseException = error
    while root.__context__ is not None:
        root = root.__context__
    why = root.strerror if isinstance(root, OSError) else None
    return Fault(Reason.NETWORK, clean(why or type(root).__name__))
