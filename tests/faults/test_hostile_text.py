"""F54 and F55: text from outside that is long, odd, or meant for the terminal."""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from layers import generated, installed, unit
from processes import closed_ports, on_screen
from world import WEDNESDAY

from mytrader_tui.feeds.alpaca.reading import read
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Origin, Source
from mytrader_tui.market.symbol import BadSymbolError, canonical
from mytrader_tui.market.text import MAX_TEXT, clean

IEX = Origin(Source.ALPACA, "iex", 0.0)
NOW = Moment(WEDNESDAY, 1000.0)

CLIPBOARD = "\x1b]52;c;c3RvbGVu\x07"
HOSTILE = {
    "OSC 52": CLIPBOARD,
    "OSC 8": "\x1b]8;;http://evil.test\x1b\\here\x1b]8;;\x1b\\",
    "CSI": "\x1b[2J\x1b[31mred",
    "DCS": "\x1bP$qm\x1b\\",
    "C1": "\x9b31m\x9d52;c;c3RvbGVu\x9c",
    "DSR": "\x1b[6n\x1b[c\x05",
    "unterminated OSC": "name\x1b]52;c;c3RvbGVu",
    "title": "\x1b]0;owned\x07",
}
ODD = [
    "BRK.B",
    "[B]",
    "[/x]",
    "A" * 10_000,
    "🚀🚀",
    "\u202eLPAA",
    "é̵̡" * 40,
    "A\x00B",
    "[link=http://evil.test]x[/link]",
    "​A",
]

_BEYOND = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@given(
    st.text() | st.sampled_from(ODD) | st.lists(st.sampled_from([*HOSTILE.values(), "AAPL", "\x1b", "]"])).map("".join)
)
@generated
def test_f54_whatever_comes_in_is_bounded_and_holds_no_character_that_is_not_shown(text):
    cleaned = clean(text)

    assert len(cleaned) <= MAX_TEXT
    assert not any(unicodedata.category(char) in _BEYOND for char in cleaned)
    assert clean(cleaned) == cleaned


@pytest.mark.parametrize("symbol", ODD)
@unit
def test_f54_an_odd_symbol_on_the_wire_is_literal_or_dropped_and_never_another_ones(symbol):
    message = {"T": "t", "S": symbol, "i": 1, "x": "V", "p": 1.0, "s": 1, "t": WEDNESDAY, "z": "C"}

    reading = read(msgspec.msgpack.encode([message]), IEX, NOW)

    assert [each.symbol for each in reading.updates] in ([symbol], [])
    assert len(reading.updates) + reading.dropped == 1


@pytest.mark.parametrize("symbol", [each for each in ODD if each != "BRK.B"])
@unit
def test_f54_an_odd_symbol_cannot_be_watched(symbol):
    with pytest.raises(BadSymbolError) as refused:
        canonical(symbol)

    assert clean(str(refused.value), 400) == str(refused.value)


@given(st.lists(st.sampled_from(list(HOSTILE.values())) | st.text(max_size=8), max_size=6).map("".join))
@generated
def test_f55_no_sequence_survives_the_cleaning(text):
    cleaned = clean(text)

    assert not re.search(r"[\x00-\x1f\x7f-\x9f]", cleaned)


@unit
def test_f55_what_a_sequence_carried_goes_with_it():
    assert clean(CLIPBOARD + "Apple") == "Apple"
    assert clean("Apple" + HOSTILE["unterminated OSC"]) == "Applename"
    assert clean(HOSTILE["C1"] + "x") == "x"


SYMBOLS = ("AAPL", "MSFT", "AMD", "INTC")
NAMES = [
    "Apple" + CLIPBOARD + HOSTILE["CSI"] + HOSTILE["DSR"],
    "[/x][bold]Micro[B]" + HOSTILE["OSC 8"],
    "🚀\u202eAMD\x00" + "é̵̡" * 20 + "long " * 2000,
    HOSTILE["C1"] + HOSTILE["DCS"] + HOSTILE["title"] + HOSTILE["unterminated OSC"],
]


class _Yahoo(BaseHTTPRequestHandler):
    """Every name that it tells is hostile."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path.endswith("getcrumb"):
            self._answer(b"crumb")
        elif parts.path.endswith("quote"):
            asked = parse_qs(parts.query).get("symbols", [""])[0].split(",")
            quotes = [_quote(symbol) for symbol in asked if symbol in SYMBOLS]
            self._answer(msgspec.json.encode({"quoteResponse": {"result": quotes, "error": None}}))
        else:
            self._answer(b"")

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _quote(symbol: str) -> dict[str, object]:
    name = NAMES[SYMBOLS.index(symbol)]
    return {
        "symbol": symbol,
        "shortName": name,
        "currency": "USD" + CLIPBOARD,
        "marketState": "REGULAR" + CLIPBOARD,
        "regularMarketPrice": 123.45,
        "regularMarketPreviousClose": 120.0,
        "regularMarketTime": int(datetime.now(UTC).timestamp()),
        "exchangeDataDelayedBy": 15,
    }


@contextmanager
def _hostile_yahoo() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Yahoo)
    Thread(target=server.serve_forever, name="hostile yahoo", daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


@installed
def test_f54_f55_hostile_names_are_shown_without_their_sequences_and_no_byte_of_them_reaches_the_terminal(tmp_path):
    with _hostile_yahoo() as url:
        config = closed_ports().replace('base_url = "http://127.0.0.1:9"', f'base_url = "{url}"')
        config = config.replace('symbols = ["AAPL"]', f"symbols = {list(SYMBOLS)}".replace("'", '"'))
        with on_screen(tmp_path, config=config, keys=False, size=(160, 36)) as screen:
            for symbol in SYMBOLS:
                screen.wait_for_row(symbol, "123.45")
            screen.send("?")
            screen.send("\x1b")
            written = screen.raw
            assert screen.process.poll() is None

    for forbidden in (
        b"]52;",
        b"c3RvbGVu",
        b"evil.test",
        b"]0;owned",
        b"\x1b[6n",
        b"\xe2\x80\xae",
        b"\x1bP$q",
        b"\xc2\x9b",
        b"\xc2\x9d",
    ):
        assert forbidden not in written, forbidden
    assert b"\x00" not in written
    for controls in re.findall(rb"\x1b\](\d+)", written):
        assert controls not in (b"52", b"8", b"0"), written
