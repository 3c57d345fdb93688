"""A conversation with Yahoo through yfinance's own session: cookie, crumb, and the two price endpoints.

Importing this module loads yfinance, pandas and curl_cffi (half a second): only the poller's thread does.
"""

import logging
import pickle
import re
import time
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import peewee
import yfinance
from curl_cffi import CurlOpt, requests
from curl_cffi.requests.exceptions import RequestException, Timeout
from yfinance.cache import get_cookie_cache
from yfinance.data import YfData
from yfinance.exceptions import YFException, YFRateLimitError

from mytrader_tui.feeds.yahoo.failure import RateLimitedError, YahooError
from mytrader_tui.market.link import Reason

_QUOTE_URL = "https://query1.finance.yahoo.com/v7/finance/quote"
_CHART_URL = "https://query1.finance.yahoo.com/v8/finance/chart/"
_SEARCH_URL = "https://query2.finance.yahoo.com/v1/finance/search"
_MOST_FOUND = "10"
_LATEST_ONLY = {"range": "1d", "interval": "1d"}
_CRUMB_PATH = "/v1/test/getcrumb"
_CRUMB = re.compile(rb"[!-;=?-~]{1,64}")
_COOKIE_HOSTS = frozenset({"fc.yahoo.com", "guce.yahoo.com", "consent.yahoo.com"})
_RATE_LIMITED = frozenset({429, 999})
_MAX_BODY = 8 * 1024 * 1024
"""Bytes of one answer; fifty quotes are about 150 kB."""

# What yfinance's cookie cache and consent form raise when the cache file is damaged or a page has changed.
_LIBRARY_FAULTS = (
    YFException,
    peewee.PeeweeException,
    pickle.UnpicklingError,
    EOFError,
    LookupError,
    TypeError,
    ValueError,
    AttributeError,
)


class _Browser(requests.Session):  # type: ignore[misc]  # curl_cffi's types are not followed
    """curl_cffi's session with a browser's fingerprint, a cap on every timeout and on all of them together.

    A rate limit, a fault of the server and a dead network end the request at once: yfinance would answer each
    with a new cookie, a new crumb and a second try, three to nine requests where one has been refused.
    """

    def __init__(self, base_url: str, request_timeout: float) -> None:
        super().__init__(
            impersonate="chrome",
            trust_env=not base_url,
            http_version="v1" if base_url else None,  # over plain HTTP it would ask for an upgrade each time
            curl_options={CurlOpt.MAXFILESIZE_LARGE: _MAX_BODY},
        )
        self._loopback = base_url.rstrip("/")
        self._request_timeout = request_timeout
        self._until = 0.0

    def grant(self, seconds: float) -> None:
        """Let all requests from now on take `seconds` together."""
        self._until = time.monotonic() + seconds

    def request(self, method: str, url: str, *args: Any, **options: Any) -> Any:
        """One request, and its answer. Raises YahooError, or curl_cffi's own errors for the cookie's hosts."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise YahooError(Reason.TIMEOUT)
        options["timeout"] = min(left, self._request_timeout)
        target = url
        if self._loopback:
            parts = urlsplit(url)
            target = f"{self._loopback}{parts.path}" + (f"?{parts.query}" if parts.query else "")
            options["allow_redirects"] = False
        try:
            answer = super().request(method, target, *args, **options)
        except RequestException as error:
            if urlsplit(url).hostname in _COOKIE_HOSTS:
                raise
            raise _network_fault(error) from error
        if urlsplit(url).hostname not in _COOKIE_HOSTS:
            _refuse(answer, url)
        return answer


class YahooSession:
    """Asks Yahoo for prices. Belongs to the thread that made it; every method blocks for up to `patience` seconds.

    `base_url` is a loopback server that stands in for all of Yahoo's hosts, or empty for Yahoo itself. Cookies are
    kept in `cache_folder`. Answers are returned as sent.
    """

    def __init__(self, *, base_url: str, cache_folder: Path, request_timeout: float, patience: float) -> None:
        _silence()
        self._cache_folder = cache_folder
        self._patience = patience
        yfinance.set_tz_cache_location(str(cache_folder))
        self._browser = _Browser(base_url, request_timeout)
        self._yahoo = self._introduce()

    def quotes(self, spellings: Sequence[str]) -> bytes:
        """The v7 quote answer for up to 50 symbols as Yahoo spells them. Raises YahooError."""
        self._browser.grant(self._patience)
        try:
            answer = self._ask(",".join(spellings))
            _expect_success(answer)
        except YahooError as error:
            self._start_afresh(error.reason)
            raise
        content: bytes = answer.content
        return content

    def chart(self, spelling: str, parameters: Mapping[str, str] = _LATEST_ONLY) -> bytes:
        """The v8 chart answer for one symbol, which needs neither cookie nor crumb. Raises YahooError."""
        self._browser.grant(self._patience)
        url = _CHART_URL + quote(spelling, safe="")
        answer = self._browser.get(url, params=dict(parameters))
        if answer.status_code != 404:  # which is how Yahoo says that it does not know the symbol, in JSON
            _expect_success(answer)
        content: bytes = answer.content
        return content

    def search(self, text: str) -> bytes:
        """The search answer for `text`, which needs neither cookie nor crumb. Raises YahooError."""
        self._browser.grant(self._patience)
        parameters = {"q": text, "quotesCount": _MOST_FOUND, "newsCount": "0", "enableFuzzyQuery": "true"}
        answer = self._browser.get(_SEARCH_URL, params=parameters)
        _expect_success(answer)
        content: bytes = answer.content
        return content

    def _ask(self, symbols: str) -> Any:
        try:
            return self._yahoo.get(_QUOTE_URL, params={"symbols": symbols})
        except YFRateLimitError as error:
            raise RateLimitedError from error
        except RequestException as error:
            raise _network_fault(error) from error
        except peewee.PeeweeException as error:
            self._discard_cookie_file()
            raise YahooError(Reason.UNREADABLE, "the cookie cache was damaged and is made anew") from error
        except _LIBRARY_FAULTS as error:
            raise YahooError(Reason.UNREADABLE, f"yfinance stopped at {type(error).__name__}") from error

    def _introduce(self) -> Any:
        """A YfData of our own, not the process's one: a thread that hangs inside it holds its lock for good."""
        return type.__call__(YfData, session=self._browser)

    def _start_afresh(self, reason: Reason) -> None:
        """Keep no crumb that came with a failure: yfinance stores even the text of an error page as one.

        A refused cookie goes too, since yfinance would load it from its cache until it expires.
        """
        self._yahoo = self._introduce()
        if reason is not Reason.REFUSED:
            return
        self._browser.cookies.clear()
        try:
            get_cookie_cache().store("curlCffi", None)
        except peewee.PeeweeException:
            self._discard_cookie_file()

    def _discard_cookie_file(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            try:
                (self._cache_folder / f"cookies.db{suffix}").unlink(missing_ok=True)
            except OSError:
                return  # a read-only folder: the next request fails the same way and says so


def _silence() -> None:
    """Keep what the libraries say off the terminal, which belongs to the screen.

    Their loggers have no handlers, so that Python would write to stderr; yfinance's import puts a warnings filter in
    front of any that was set before.
    """
    for library in ("yfinance", "bs4", "peewee"):
        logger = logging.getLogger(library)
        logger.propagate = False
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())
    warnings.filterwarnings("ignore", module=r"(yfinance|bs4|curl_cffi)(\..*)?")


def _network_fault(error: RequestException) -> YahooError:
    timed_out = isinstance(error, Timeout)
    return YahooError(Reason.TIMEOUT if timed_out else Reason.NETWORK, "" if timed_out else type(error).__name__)


def _refuse(answer: Any, url: str) -> None:
    """Raise for an answer after which another request would do harm or no good, and empty a crumb that is none."""
    status: int = answer.status_code
    throttled_crumb = urlsplit(url).path == _CRUMB_PATH and b"Too Many Requests" in answer.content[:512]
    if status in _RATE_LIMITED or throttled_crumb:
        raise RateLimitedError(answer.headers.get("Retry-After"), "no crumb" if throttled_crumb else f"HTTP {status}")
    if status >= 500:
        raise YahooError(Reason.SERVER_ERROR, f"HTTP {status}")
    if urlsplit(url).path == _CRUMB_PATH and not _CRUMB.fullmatch(answer.content):
        # yfinance takes any text for a crumb and would send a whole page along. Without one it goes its other way.
        answer.content = b""


def _expect_success(answer: Any) -> None:
    status: int = answer.status_code
    if status in (401, 403):
        raise YahooError(Reason.REFUSED, f"HTTP {status}")
    if status >= 400:
        raise YahooError(Reason.BAD_REQUEST, f"HTTP {status}")
