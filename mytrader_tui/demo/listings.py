"""Which symbols exist in the demo, at which source, and how each is traded: name, currency, exchange, delay."""

import hashlib
import re

import msgspec

from mytrader_tui.market.symbol import alpaca_can_know


class Listing(msgspec.Struct, frozen=True):
    """A symbol's fixed facts. `base` is the price that its walk starts near, in `currency`.

    `exchange` is Yahoo's code, `delay_minutes` how late Yahoo says its prices are, `digits` the decimals quoted.
    """

    symbol: str
    name: str
    base: float
    kind: str = "EQUITY"
    currency: str = "USD"
    exchange: str = "NMS"
    exchange_name: str = "NasdaqGS"
    timezone: str = "America/New_York"
    delay_minutes: int = 15
    digits: int = 2


class Venue(msgspec.Struct, frozen=True):
    """A foreign exchange: what a Yahoo suffix stands for."""

    currency: str
    exchange: str
    name: str
    timezone: str
    delay_minutes: int = 15


_VENUES = {
    "T": Venue("JPY", "JPX", "Tokyo", "Asia/Tokyo", 20),
    "L": Venue("GBp", "LSE", "LSE", "Europe/London", 20),
    "DE": Venue("EUR", "GER", "XETRA", "Europe/Berlin"),
    "PA": Venue("EUR", "PAR", "Paris", "Europe/Paris"),
    "AS": Venue("EUR", "AMS", "Amsterdam", "Europe/Amsterdam"),
    "MI": Venue("EUR", "MIL", "Milan", "Europe/Rome"),
    "SW": Venue("CHF", "EBS", "Swiss", "Europe/Zurich"),
    "TO": Venue("CAD", "TOR", "Toronto", "America/Toronto"),
    "HK": Venue("HKD", "HKG", "HKSE", "Asia/Hong_Kong"),
    "AX": Venue("AUD", "ASX", "ASX", "Australia/Sydney", 20),
    "NS": Venue("INR", "NSI", "NSE", "Asia/Kolkata"),
}

_STOCKS = {
    "AAPL": ("Apple Inc.", 190.0),
    "MSFT": ("Microsoft Corporation", 418.0),
    "NVDA": ("NVIDIA Corporation", 122.0),
    "AMZN": ("Amazon.com, Inc.", 185.0),
    "GOOGL": ("Alphabet Inc.", 176.0),
    "META": ("Meta Platforms, Inc.", 505.0),
    "TSLA": ("Tesla, Inc.", 248.0),
    "AVGO": ("Broadcom Inc.", 168.0),
    "BRK.B": ("Berkshire Hathaway Inc. New", 412.0),
    "JPM": ("JPMorgan Chase & Co.", 199.0),
    "V": ("Visa Inc.", 275.0),
    "MA": ("Mastercard Incorporated", 452.0),
    "UNH": ("UnitedHealth Group Incorporated", 512.0),
    "XOM": ("Exxon Mobil Corporation", 114.0),
    "CVX": ("Chevron Corporation", 156.0),
    "LLY": ("Eli Lilly and Company", 880.0),
    "JNJ": ("Johnson & Johnson", 148.0),
    "WMT": ("Walmart Inc.", 68.0),
    "PG": ("Procter & Gamble Company (The)", 167.0),
    "HD": ("Home Depot, Inc. (The)", 345.0),
    "COST": ("Costco Wholesale Corporation", 850.0),
    "ORCL": ("Oracle Corporation", 141.0),
    "KO": ("Coca-Cola Company (The)", 63.0),
    "PEP": ("PepsiCo, Inc.", 166.0),
    "BAC": ("Bank of America Corporation", 40.0),
    "NFLX": ("Netflix, Inc.", 675.0),
    "AMD": ("Advanced Micro Devices, Inc.", 160.0),
    "INTC": ("Intel Corporation", 31.0),
    "DIS": ("Walt Disney Company (The)", 101.0),
    "CSCO": ("Cisco Systems, Inc.", 47.0),
    "ADBE": ("Adobe Inc.", 530.0),
    "CRM": ("Salesforce, Inc.", 245.0),
    "QCOM": ("QUALCOMM Incorporated", 205.0),
    "F": ("Ford Motor Company", 12.5),
    "GE": ("GE Aerospace", 162.0),
    "BA": ("Boeing Company (The)", 182.0),
    "PLTR": ("Palantir Technologies Inc.", 25.0),
    "UBER": ("Uber Technologies, Inc.", 72.0),
    "NKE": ("Nike, Inc.", 76.0),
    "IBM": ("International Business Machines Corporation", 172.0),
    "CAT": ("Caterpillar Inc.", 328.0),
    "GS": ("Goldman Sachs Group, Inc. (The)", 455.0),
    "MS": ("Morgan Stanley", 97.0),
    "C": ("Citigroup, Inc.", 62.0),
    "WFC": ("Wells Fargo & Company", 58.0),
    "AXP": ("American Express Company", 232.0),
    "MCD": ("McDonald's Corporation", 256.0),
    "SBUX": ("Starbucks Corporation", 79.0),
    "T": ("AT&T Inc.", 18.5),
    "VZ": ("Verizon Communications Inc.", 41.0),
    "PFE": ("Pfizer, Inc.", 28.0),
    "MRK": ("Merck & Company, Inc.", 128.0),
    "ABBV": ("AbbVie Inc.", 170.0),
    "HON": ("Honeywell International Inc.", 213.0),
    "MMM": ("3M Company", 102.0),
    "UPS": ("United Parcel Service, Inc.", 136.0),
    "GM": ("General Motors Company", 47.0),
    "GOOG": ("Alphabet Inc. Class C", 177.0),
    "PYPL": ("PayPal Holdings, Inc.", 59.0),
    "TXN": ("Texas Instruments Incorporated", 196.0),
}
_FUNDS = {
    "SPY": ("SPDR S&P 500 ETF Trust", 545.0),
    "QQQ": ("Invesco QQQ Trust", 478.0),
    "IWM": ("iShares Russell 2000 ETF", 203.0),
    "DIA": ("SPDR Dow Jones Industrial Average ETF", 391.0),
    "GLD": ("SPDR Gold Shares", 215.0),
    "TLT": ("iShares 20+ Year Treasury Bond ETF", 93.0),
}
_ELSEWHERE = {
    "^GSPC": ("S&P 500", 5475.0),
    "^DJI": ("Dow Jones Industrial Average", 39150.0),
    "^IXIC": ("NASDAQ Composite", 17700.0),
    "^VIX": ("CBOE Volatility Index", 13.2),
    "BTC-USD": ("Bitcoin USD", 61500.0),
    "ETH-USD": ("Ethereum USD", 3380.0),
    "EURUSD=X": ("EUR/USD", 1.0712),
    "GC=F": ("Gold", 2330.0),
    "CL=F": ("Crude Oil", 81.5),
    "7203.T": ("Toyota Motor Corporation", 3290.0),
}
_NEW_YORK_LISTED = frozenset(
    [
        "BRK.B",
        "JPM",
        "V",
        "MA",
        "UNH",
        "XOM",
        "CVX",
        "LLY",
        "JNJ",
        "WMT",
        "PG",
        "HD",
        "ORCL",
        "KO",
        "BAC",
        "DIS",
        "CRM",
        "F",
        "GE",
        "BA",
        "UBER",
        "NKE",
        "IBM",
        "CAT",
        "GS",
        "MS",
        "C",
        "WFC",
        "AXP",
        "MCD",
        "T",
        "VZ",
        "PFE",
        "MRK",
        "ABBV",
        "MMM",
        "UPS",
        "GM",
    ]
)
_ALPACA_EXCHANGE = {"NMS": "NASDAQ", "NYQ": "NYSE", "PCX": "ARCA"}
_NOWHERE = ("ZZZZ", "NOPE")
_CRYPTO = re.compile(r"[A-Z0-9]{2,6}-USD")

WELL_KNOWN = (*_STOCKS, *_FUNDS, *_ELSEWHERE)


def exists(symbol: str) -> bool:
    """True unless the canonical `symbol` is one of those that the demo knows to be unknown anywhere."""
    return not symbol.startswith(_NOWHERE)


def at_alpaca(symbol: str) -> bool:
    """True if the canonical `symbol` can be had from the demo's Alpaca."""
    return exists(symbol) and alpaca_can_know(symbol)


def never_closes(symbol: str) -> bool:
    """True for what trades around the clock."""
    return _CRYPTO.fullmatch(symbol) is not None


def alpaca_exchange(listing: Listing) -> str:
    """The listing's exchange in Alpaca's words: NASDAQ, NYSE or ARCA."""
    return _ALPACA_EXCHANGE.get(listing.exchange, "NASDAQ")


def alpaca_name(listing: Listing) -> str:
    """The listing's name in Alpaca's words, which tell a share by them: `Apple Inc. Common Stock`."""
    told = listing.kind != "EQUITY" or listing.name.endswith((" New", " Class C"))
    return listing.name if told else f"{listing.name} Common Stock"


def listing(symbol: str) -> Listing:
    """The facts of a canonical `symbol`; those of a symbol that nobody has heard of follow from its letters."""
    if symbol in _FUNDS:
        name, base = _FUNDS[symbol]
        return Listing(symbol, name, base, kind="ETF", exchange="PCX", exchange_name="NYSEArca")
    if alpaca_can_know(symbol):
        name, base = _STOCKS.get(symbol, (f"{symbol} Demo Corporation", _made_up_price(symbol)))
        if symbol in _NEW_YORK_LISTED:
            return Listing(symbol, name, base, exchange="NYQ", exchange_name="NYSE")
        return Listing(symbol, name, base)
    return _elsewhere(symbol)


def _elsewhere(symbol: str) -> Listing:
    name, base = _ELSEWHERE.get(symbol, (f"{symbol} (demo)", _made_up_price(symbol)))
    if symbol.startswith("^"):
        return Listing(symbol, name, base, kind="INDEX", exchange="SNP", exchange_name="SNP")
    if never_closes(symbol):
        return Listing(symbol, name, base, "CRYPTOCURRENCY", "USD", "CCC", "CCC", "UTC", delay_minutes=0)
    if symbol.endswith("=X"):
        return Listing(
            symbol, name, base, "CURRENCY", _quoted_in(symbol), "CCY", "CCY", "Europe/London", delay_minutes=0, digits=4
        )
    if symbol.endswith("=F"):
        return Listing(symbol, name, base, "FUTURE", exchange="CME", exchange_name="CME", delay_minutes=10)
    venue = _VENUES.get(symbol.rpartition(".")[2])
    if venue is None:
        return Listing(symbol, name, base)
    return Listing(
        symbol,
        name,
        base,
        currency=venue.currency,
        exchange=venue.exchange,
        exchange_name=venue.name,
        timezone=venue.timezone,
        delay_minutes=venue.delay_minutes,
    )


def _quoted_in(pair: str) -> str:
    """The currency that a Yahoo pair is priced in: `EURUSD=X` and `JPY=X` (dollars in yen)."""
    return pair.removesuffix("=X")[-3:]


def _made_up_price(symbol: str) -> float:
    """A price between 5 and 500 that depends on the symbol alone, small ones as likely as large."""
    share = int.from_bytes(hashlib.sha256(symbol.encode()).digest()[:4], "big") / 2**32
    return round(float(5.0 * 100.0**share), 2)
