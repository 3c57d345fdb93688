"""Every setting, its type, its range and its default: the shape of config.toml."""

from ipaddress import ip_address
from typing import Annotated, Literal
from urllib.parse import SplitResult, urlsplit

import msgspec
from msgspec import Meta

from mytrader_tui.market.symbol import alpaca_can_know
from mytrader_tui.market.watchlists import FIRST_NAME, list_name
from mytrader_tui.settings.history import History
from mytrader_tui.settings.lists import ListSetting, check_lists, check_symbols
from mytrader_tui.settings.theme_names import ThemeName

PAPER_HOST = "paper-api.alpaca.markets"
LIVE_HOST = "api.alpaca.markets"

AlpacaFeed = Literal["iex", "sip", "delayed_sip", "test"]
WatchColumn = Literal[
    "symbol",
    "name",
    "last",
    "change",
    "change_percent",
    "bid",
    "ask",
    "spread",
    "volume",
    "vwap",
    "open",
    "high",
    "low",
    "previous_close",
    "day_range",
    "year_range",
    "sparkline",
    "badge",
    "source",
    "age",
    "discrepancy",
    "currency",
    "extended",
]
"""What the watchlist can show of a symbol and be sorted by."""

FEED_DELAY_SECONDS: dict[str, float] = {"iex": 0.0, "sip": 0.0, "delayed_sip": 900.0, "test": 0.0}
"""How late each of Alpaca's feeds is by its own word."""

Colours = Literal["green-up", "red-up", "blue-orange"]
"""What the colours that carry meaning are, on top of any theme."""

Glyphs = Literal["auto", "unicode", "ascii"]
"""Which characters the terminal is trusted with; auto goes by TERM."""

Seconds = Annotated[float, Meta(ge=1, le=86400)]
PollSeconds = Annotated[float, Meta(ge=1, le=3600)]


def check_url(key: str, url: str, scheme: str, host: str | None = None) -> None:
    """Raise ValueError unless `url` is `scheme`://, at `host` if one is demanded; loopback may be anything plain.

    Plain ws:// and http:// would show keys to the network, so only this machine may be spoken to plainly. The
    trading hosts are an allow-list of one: this program never touches a live account. A user name or password
    in the address is refused without repeating it.
    """
    plain = scheme.removesuffix("s")
    parts = _split(key, url)
    if _is_loopback(parts.hostname) and parts.scheme in (scheme, plain):
        return
    if parts.scheme != scheme or not parts.hostname:
        raise ValueError(f"`{key}` must be a {scheme}:// address (plain {plain}:// only to loopback), got `{url}`")
    if parts.hostname == LIVE_HOST:
        raise ValueError(f"`{key}` names a live account: this program is for paper accounts only, got `{url}`")
    if host is not None and (parts.hostname != host or parts.port not in (None, 443)):
        raise ValueError(f"`{key}` must be at {host} or loopback: this program is for paper accounts only, got `{url}`")


def _split(key: str, url: str) -> SplitResult:
    if any(char.isspace() or not char.isprintable() for char in url):
        raise ValueError(f"`{key}` must be an address without blanks or control characters")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ValueError(f"`{key}` is not an address: {error}") from error
    if port == 0:
        raise ValueError(f"`{key}` is not an address: no server listens at port 0")
    if parts.username is not None:
        raise ValueError(f"`{key}` must not carry a user name or password: credentials go in the environment")
    return parts


def _is_loopback(host: str | None) -> bool:
    if host is None:
        return False
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


class Watchlist(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[watchlist]`: what is watched before the keys in the app change it."""

    symbols: tuple[str, ...] = (
        "SPY",
        "QQQ",
        "AAPL",
        "MSFT",
        "NVDA",
        "AMZN",
        "GOOGL",
        "TSLA",
        "BRK.B",
        "^GSPC",
        "BTC-USD",
    )
    columns: tuple[WatchColumn, ...] = ()
    """The table's columns from left to right; empty: as many as the width has room for."""

    def __post_init__(self) -> None:
        check_symbols(self.symbols)
        for name in self.columns:
            if self.columns.count(name) > 1:
                raise ValueError(f"`columns` names `{name}` twice")


class Alpaca(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[alpaca]`: the live stream and the paper account."""

    enabled: bool = True
    feed: AlpacaFeed = "iex"
    max_symbols: Annotated[int, Meta(ge=1, le=10_000)] = 30
    stream_url: str = "wss://stream.data.alpaca.markets"
    trading_url: str = f"https://{PAPER_HOST}"
    trading_stream_url: str = f"wss://{PAPER_HOST}/stream"
    data_url: str = "https://data.alpaca.markets"

    def __post_init__(self) -> None:
        check_url("stream_url", self.stream_url, "wss")
        check_url("data_url", self.data_url, "https")
        check_url("trading_url", self.trading_url, "https", host=PAPER_HOST)
        check_url("trading_stream_url", self.trading_stream_url, "wss", host=PAPER_HOST)


class Yahoo(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[yahoo]`: the fallback, and the source of everything Alpaca does not carry."""

    enabled: bool = True
    poll_seconds: PollSeconds = 60.0
    base_url: str = ""

    def __post_init__(self) -> None:
        if not self.base_url:
            return
        check_url("base_url", self.base_url, "https")
        if not _is_loopback(urlsplit(self.base_url).hostname):
            raise ValueError(f"`base_url` is for a loopback server in tests and the demo, got `{self.base_url}`")


class Router(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[router]`: when to fail over and when to come back."""

    failover_seconds: Seconds = 60.0
    recovery_seconds: Seconds = 120.0
    prefer_alpaca: bool = True
    canary: str = "SPY"
    start_grace_seconds: Seconds = 10.0
    connection_limit_seconds: Seconds = 60.0
    extended_probe_seconds: Seconds = 300.0
    history_seconds: Seconds = 1800.0
    hold_limit_seconds: Seconds = 1800.0
    breaker_cooldown_seconds: Seconds = 900.0
    breaker_limit_seconds: Seconds = 3600.0
    trial_seconds: Seconds = 120.0
    forgive_seconds: Seconds = 1800.0
    budget_seconds: Seconds = 7200.0

    def __post_init__(self) -> None:
        if self.canary and not alpaca_can_know(self.canary):
            raise ValueError(f"`canary` must be a US listing such as SPY, or empty, got `{self.canary}`")


class Ui(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[ui]`: looks and pace of the screen."""

    theme: ThemeName = "mytrader-dark"
    colours: Colours = "green-up"
    glyphs: Glyphs = "auto"
    paint_hz: Annotated[float, Meta(ge=1, le=60)] = 15.0


class Alerts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[alerts]`: how a price alert that fires is told, beside the screen."""

    bell: bool = True
    """Ring the terminal's bell."""

    desktop: bool = True
    """Show a notice of the operating system, where there is a desktop."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole of config.toml; every key is optional.

    `lists` are the further lists: the symbols by the list's name. `watchlists` is the way to read them.
    """

    watchlist: Watchlist = Watchlist()
    lists: dict[str, tuple[str, ...]] = {}
    alpaca: Alpaca = Alpaca()
    yahoo: Yahoo = Yahoo()
    router: Router = Router()
    alerts: Alerts = Alerts()
    history: History = History()
    ui: Ui = Ui()
    keys: dict[str, str] = {}

    def __post_init__(self) -> None:
        check_lists(self.lists)

    @property
    def watchlists(self) -> tuple[ListSetting, ...]:
        """Every list in its order, that of `[watchlist]` first."""
        further = (ListSetting(list_name(name), symbols) for name, symbols in self.lists.items())
        return (ListSetting(FIRST_NAME, self.watchlist.symbols), *further)
