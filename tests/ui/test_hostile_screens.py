"""No text from outside is more than text: it colours nothing, links nothing, hides nothing and moves no column.

Each goes the whole way from the bytes of a source, read by the program's own decoder, to the lines of the screen.
"""

import asyncio
import json
import logging
from collections.abc import Callable
from datetime import UTC
from pathlib import Path

import pytest
from fake_desk import IEX, START, FakeDesk, IdleWorker
from hostile import HOSTILE, RED, faults, unshown
from hostile_broker import hostile_broker
from hypothesis import given
from hypothesis import strategies as st
from rich.segment import Segment
from rich.style import Style
from screen_text import app_for, line_with, painted, settled
from textual import events
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widgets import Input

from mytrader_tui.app import MarketApp, told
from mytrader_tui.feeds.alpaca.error import AlpacaError
from mytrader_tui.feeds.alpaca.order_wire import Unreadable, decode
from mytrader_tui.feeds.alpaca.reading import read
from mytrader_tui.feeds.yahoo.failure import YahooError
from mytrader_tui.feeds.yahoo.search_wire import decode_search
from mytrader_tui.feeds.yahoo.wire import decode_chart, decode_quotes
from mytrader_tui.market.account.orders import OrderUpdate
from mytrader_tui.market.link import Reason
from mytrader_tui.market.listing import Listing
from mytrader_tui.market.quote import Quote, TradingStatus
from mytrader_tui.market.symbol import yahoo_spelling
from mytrader_tui.market.text import clean
from mytrader_tui.monitor.account import AccountBook
from mytrader_tui.monitor.broker_listings import BrokerListings
from mytrader_tui.settings.errors import SettingsError
from mytrader_tui.settings.load import parse
from mytrader_tui.settings.schema import Ui
from mytrader_tui.settings.state import read_state
from mytrader_tui.telemetry.logs import RedactingFormatter
from mytrader_tui.ui.screens.account import AccountScreen
from mytrader_tui.ui.screens.add_symbol import AddSymbol

SIZES = ((120, 40), (60, 16))
TEXTS = {f"H{number}": text for number, text in enumerate(HOSTILE.values())}
"""A symbol for each, so that one screen shows them all."""

hostile = pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
in_sizes = pytest.mark.parametrize("size", SIZES)


def as_json(document: object) -> bytes:
    """With the escapes that only a JSON text can have: half of a pair is `\\ud83d` on the wire."""
    return json.dumps(document).encode()


def of_yahoo(texts: dict[str, str]) -> tuple[Quote, ...]:
    """The symbols as Yahoo's v7 answer tells them, with a text wherever one may stand."""
    items = [
        {
            "symbol": yahoo_spelling(symbol),
            "shortName": text,
            "longName": text,
            "currency": text,
            "marketState": text,
            "regularMarketPrice": 123.45,
            "regularMarketTime": int(START.wall.timestamp()),
        }
        for symbol, text in texts.items()
    ]
    answer = decode_quotes(as_json({"quoteResponse": {"result": items}}), {each: each for each in texts}, START)
    return answer.quotes


def said(what: Callable[[], object], *errors: type[Exception]) -> str:
    """What `what` returns if that is a text, or what its error says."""
    try:
        told = what()
    except errors as error:
        return str(error)
    return told if isinstance(told, str) else ""


async def visited(pilot: Pilot[int], *keys: str) -> None:
    """Press `keys`, and look at the picture before, between and after."""
    await pilot.pause()
    assert faults(pilot.app) == []
    for key in keys:
        await pilot.press(key)
        await pilot.pause()
        assert faults(pilot.app) == [], key


@in_sizes
async def test_names_and_currencies_of_yahoos(size: tuple[int, int]) -> None:
    desk = FakeDesk(tuple(TEXTS))
    quotes = of_yahoo(TEXTS)
    for quote in quotes:
        desk.board.apply(quote)
        desk.board.serve(quote.symbol, quote.origin.source)
    columns = ("symbol", "name", "last", "badge", "currency")
    app = MarketApp(desk, worker=IdleWorker(), settings=Ui(), columns=columns, zone=UTC)
    async with app.run_test(size=size) as pilot:
        await painted(pilot, desk)
        await settled(pilot)
        await visited(pilot, *["pagedown"] * 3, "home", "enter", *["down"] * len(TEXTS), "escape")
        await visited(pilot, "exclamation_mark", "escape", "i", "escape")
    assert len(quotes) == len(TEXTS)


@hostile
def test_a_name_in_a_chart_of_yahoos(text: str) -> None:
    meta = {"symbol": "AAPL", "shortName": text, "currency": text, "regularMarketPrice": 1.0}
    body = as_json({"chart": {"result": [{"meta": meta}]}})

    (quote,) = decode_chart(body, {"AAPL": "AAPL"}, START).quotes

    assert unshown(f"{quote.name}{quote.currency}") == []


async def alpacas_listing(text: str, folder: Path) -> Listing:
    """AAPL as Alpaca's list has it, from the disk where the program kept it."""
    for _ in range(2):
        async with hostile_broker(text) as broker:
            listings = BrokerListings(broker.account.assets, url="here", path=folder / "listings", clock=lambda: START)
            await listings._load()
    listing = listings.directory.get("AAPL")
    assert listing is not None
    return listing


@in_sizes
async def test_listings_of_yahoos_search(size: tuple[int, int]) -> None:
    items = [
        *(
            {"symbol": symbol, "longname": f"H{text}", "exchDisp": text, "quoteType": text}
            for symbol, text in TEXTS.items()
        ),
        *({"symbol": text} for text in TEXTS.values()),
    ]
    desk = FakeDesk(("MSFT", "H3"))
    desk.search.near = decode_search(as_json({"quotes": items}))
    desk.search.trouble = " ".join(str(YahooError(Reason.REFUSED, text)) for text in TEXTS.values())
    async with app_for(desk).run_test(size=size) as pilot:
        pilot.app.push_screen(AddSymbol(desk, debounce_seconds=0.0))
        await pilot.pause(0.05)
        await visited(pilot, "h", *["pagedown"] * 2, *["down"] * 8, "tab")
    assert len(desk.search.near) >= len(TEXTS)


@hostile
async def test_a_listing_of_alpacas_directory(text: str, tmp_path: Path) -> None:
    listing = await alpacas_listing(text, tmp_path)

    assert unshown(listing.name + listing.exchange + listing.kind) == []


async def test_what_is_pasted_and_what_is_refused() -> None:
    desk = FakeDesk(("MSFT",))
    async with app_for(desk).run_test(size=(60, 16)) as pilot:
        pilot.app.push_screen(AddSymbol(desk, debounce_seconds=0.0))
        await pilot.pause(0.05)
        for text in TEXTS.values():
            pilot.app.screen.query_one(Input).post_message(events.Paste(text))
            await visited(pilot, "enter")
            for field in pilot.app.screen.query(Input):
                field.value = ""
            if not isinstance(pilot.app.screen, AddSymbol):
                pilot.app.push_screen(AddSymbol(desk, debounce_seconds=0.0))
                await pilot.pause(0.05)
    assert [unshown(asked) for asked in desk.asked] == [[] for _ in desk.asked]
    assert len(desk.asked) > 20


async def test_the_brokers_account_and_orders() -> None:
    desk = FakeDesk(("AAPL",))
    desk.orders_note = "old"
    async with hostile_broker() as broker, app_for(desk).run_test(size=(80, 24)) as pilot:
        await visited(pilot, "e")
        for broker.text in TEXTS.values():
            desk.account = await broker.account.account()
            desk.holdings = await broker.account.holdings()
            desk.orders.reread(await broker.account.orders(), START)
            await painted(pilot, desk)
            assert isinstance(pilot.app.screen, AccountScreen)
            pilot.app.screen.look()
            await pilot.pause()
            assert faults(pilot.app) == [], broker.text
        await visited(pilot, "escape", "o", "3", "end", "escape")


async def test_an_order_that_is_rejected_is_told_in_a_toast() -> None:
    desk = FakeDesk(("AAPL",))
    book = AccountBook("", lambda: START, lambda: None)
    desk.orders = book.orders
    heard = 0
    async with app_for(desk).run_test(size=(120, 24), notifications=True) as pilot:
        for number, text in enumerate(TEXTS.values()):
            event = "rejected" if number % 2 else text
            order = {"id": f"{number}", "symbol": text, "side": text, "qty": "1", "status": text, "type": text}
            frame = as_json({"stream": "trade_updates", "data": {"event": event, "order": order}})
            update = decode(frame, START)
            assert isinstance(update, OrderUpdate), text
            book.order_update(update)
            desk.news = list(book.take_news())
            told_now = bool(desk.news)
            heard += told_now
            await painted(pilot, desk)
            async with asyncio.timeout(60.0):
                while told_now and not line_with(pilot.app, "order"):
                    await pilot.pause(0.01)
            assert faults(pilot.app) == [], text
            pilot.app.clear_notifications()
        await visited(pilot, "o", "end", "home")
    assert heard == len(TEXTS)


@hostile
def test_a_frame_of_the_accounts_socket_that_cannot_be_read(text: str) -> None:
    for frame in (text.encode(errors="replace"), as_json({"stream": text, "data": text})):
        message = decode(frame, START)
        assert isinstance(message, Unreadable)
        assert unshown(message.why) == []


@in_sizes
async def test_what_a_server_says_when_it_refuses(size: tuple[int, int]) -> None:
    desk = FakeDesk(("AAPL",))
    async with hostile_broker(status=403) as broker, app_for(desk).run_test(size=size) as pilot:
        for broker.text in TEXTS.values():
            with pytest.raises(AlpacaError) as refused:
                await broker.account.account()
            desk.account_note = desk.orders_note = desk.history = str(refused.value)
            desk.hint = str(YahooError(Reason.REFUSED, broker.text))
            await painted(pilot, desk)
            assert faults(pilot.app) == [], broker.text
        await visited(pilot, "e", "escape", "o", "escape")


@hostile
def test_a_halts_reason_and_what_is_said_of_a_frame_that_cannot_be_read(text: str) -> None:
    status = {"T": "s", "S": "AAPL", "sc": "H", "sm": text[:200], "rc": "T1", "rm": text[:200], "z": text[:200]}
    frame = as_json([{**status, "t": START.wall.isoformat()}, {"T": text, "S": text}, {"T": "t", "S": text}])

    reading = read(frame, IEX, START)

    reasons = [each.reason + each.code for each in reading.updates if isinstance(each, TradingStatus)]
    assert [unshown(each) for each in reasons] == [[] for _ in reasons]
    assert unshown(reading.why) == []


async def test_the_names_of_lists() -> None:
    desk = FakeDesk(("AAPL",))
    for text in TEXTS.values():
        for name in (text, text[:20]):
            assert unshown(desk.lists.create(name)) == []
    assert len(desk.lists.names) > 10
    for size in ((120, 40), (60, 16)):
        async with app_for(desk).run_test(size=size) as pilot:
            await painted(pilot, desk)
            await visited(pilot, "tab", "tab", "shift+tab", "L", *["down"] * 4, "end", "escape")


@hostile
def test_a_state_file_that_somebody_else_wrote(text: str, tmp_path: Path) -> None:
    path = tmp_path / "state.toml"
    path.write_text(f"[[lists]]\nname = {json.dumps(text)}\nsymbols = [{json.dumps(text)}]\n", "utf-8", "replace")

    _, trouble = read_state(path)

    assert unshown(trouble) == []


SETTINGS = (
    "[watchlist]\nsymbols = [{}]",
    "[watchlist]\ncolumns = [{}]",
    "[watchlist\n{}",
    "[lists]\n{} = []",
    "[lists]\nx = [{}]",
    "[ui]\ntheme = {}",
    "[ui]\n{} = 1",
    "[{}]\nx = 1",
    "{} = 1",
    "[keys]\nquit = {}",
    "[keys]\n{} = 'x'",
    "[alpaca]\nfeed = {}",
    "[alpaca]\nstream_url = {}",
    "[alpaca]\ntrading_url = {}",
    "[history]\nurl = {}",
    "[yahoo]\npoll_seconds = {}",
)


@hostile
def test_a_setting_that_is_told_to_be_wrong(text: str, tmp_path: Path) -> None:
    for line in SETTINGS:
        written = line.format(json.dumps(text.encode(errors="replace").decode()))

        assert unshown(said(lambda written=written: parse(written, tmp_path / "config.toml"), SettingsError)) == [], (
            line
        )


async def test_an_error_of_our_own_that_quotes_it() -> None:
    desk = FakeDesk(("AAPL",))
    app = app_for(desk)
    async with app.run_test(size=(60, 16)) as pilot:
        for text in TEXTS.values():
            app.get_default_screen().alarm(told(RuntimeError(text)))
            await painted(pilot, desk)
            assert faults(app) == [], text


@in_sizes
async def test_records_of_the_log(size: tuple[int, int]) -> None:
    desk = FakeDesk(("AAPL",))
    for text in TEXTS.values():
        record = logging.LogRecord(f"mytrader_tui.{text}", logging.ERROR, "here", 1, "said %s", (text,), None)
        desk.log.emit(record)
        assert not [char for char in RedactingFormatter(()).format(record) if not char.isprintable() and char != "\n"]

    assert [unshown(line.text + line.part) for line in desk.log.lines] == [[] for _ in TEXTS]
    async with app_for(desk).run_test(size=size) as pilot:
        await visited(pilot, "l", "home", "end", *["up"] * 6)


@given(st.text(), st.sampled_from(sorted(HOSTILE.values())), st.text())
def test_whatever_is_put_together_is_cleaned_to_plain_text(head: str, middle: str, tail: str) -> None:
    assert unshown(clean(head + middle + tail)) == []


@pytest.mark.parametrize(
    "segment",
    [
        Segment("A\x1b[31mB"),
        Segment("A\u202eB"),
        Segment("A", Style(link="http://evil.test")),
        Segment("A", Style(meta={"@click": "app.quit"})),
        Segment("A", Style(bgcolor=f"rgb({RED.red},{RED.green},{RED.blue})")),
        Segment("Z\u0351\u0352\u0353"),
        Segment("short"),
    ],
)
async def test_the_test_sees_what_it_looks_for(segment: Segment, monkeypatch: pytest.MonkeyPatch) -> None:
    app = app_for(FakeDesk(("AAPL",)))
    async with app.run_test(size=(60, 16)) as pilot:
        await settled(pilot)
        assert faults(app) == []
        pad = "" if segment.text == "short" else " " * (60 - Strip([segment]).cell_length)
        strips = [Strip([segment, Segment(pad)]), *app.screen._compositor.render_strips()[1:]]
        monkeypatch.setattr(app.screen._compositor, "render_strips", lambda: strips)

        assert faults(app)
