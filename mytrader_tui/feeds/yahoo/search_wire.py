"""What Yahoo's search answers say, as `market` values.

The endpoint (/v1/finance/search) is undocumented. Its shape here is the one that yfinance 1.7 reads, and every field
is optional.
"""

import msgspec

from mytrader_tui.feeds.json_text import decode_json
from mytrader_tui.feeds.yahoo import fields
from mytrader_tui.feeds.yahoo.failure import YahooError
from mytrader_tui.market.link import Reason
from mytrader_tui.market.listing import Listing
from mytrader_tui.market.quote import Source
from mytrader_tui.market.symbol import BadSymbolError, canonical

_MAX_NAME = 60
_MAX_EXCHANGE = 16
_MAX_KIND = 16
_KINDS = {"equity": "stock", "cryptocurrency": "crypto", "mutualfund": "fund"}


class _Item(msgspec.Struct):
    symbol: object = None
    short_name: object = msgspec.field(default=None, name="shortname")
    long_name: object = msgspec.field(default=None, name="longname")
    exchange: object = None
    exchange_name: object = msgspec.field(default=None, name="exchDisp")
    kind: object = msgspec.field(default=None, name="quoteType")


class _Body(msgspec.Struct):
    quotes: list[msgspec.Raw]


_BODY = msgspec.json.Decoder(_Body)
_ITEM = msgspec.json.Decoder(_Item)
_MALFORMED = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


def decode_search(body: bytes) -> tuple[Listing, ...]:
    """The listings in a search answer, in Yahoo's order; what has no symbol that we could ask for is left out.

    Raises YahooError (UNREADABLE) if the answer as a whole is of another shape, such as a page of HTML.
    """
    try:
        items = decode_json(_BODY, body).quotes
    except _MALFORMED as error:
        raise YahooError(Reason.UNREADABLE, "not the shape of a search answer") from error
    return tuple(listing for raw in items if (listing := _listing(raw)) is not None)


def _listing(raw: msgspec.Raw) -> Listing | None:
    try:
        item = _ITEM.decode(raw)
        symbol = canonical(item.symbol) if isinstance(item.symbol, str) else ""
    except (*_MALFORMED, BadSymbolError):
        return None
    kind = (fields.words(item.kind, _MAX_KIND) or "").lower()
    return (
        Listing(
            symbol=symbol,
            name=fields.words(item.long_name, _MAX_NAME) or fields.words(item.short_name, _MAX_NAME) or "",
            exchange=fields.words(item.exchange_name, _MAX_EXCHANGE)
            or fields.words(item.exchange, _MAX_EXCHANGE)
            or "",
            kind=_KINDS.get(kind, kind),
            source=Source.YAHOO,
        )
        if symbol
        else None
    )
