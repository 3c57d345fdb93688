"""Outages as the user sees them: what turns stale, what takes over, and that the keys answer all the while."""

import re
from pathlib import Path

import pytest
from own_market import SETTINGS, SYMBOLS, OwnMarket, config_of, unreachable
from pty_terminal import Start

pytestmark = pytest.mark.terminal

STALE_WITHIN_SECONDS = 5.0
KEY_WITHIN_SECONDS = 1.0
STREAMED = tuple(symbol for symbol in SYMBOLS if not symbol.startswith("^"))


def test_a_lost_stream_is_stale_then_delayed_then_live_again(start: Start, market: OwnMarket, home: Path) -> None:
    terminal = start("--config", market.config(home))
    for symbol in STREAMED:
        terminal.wait_for_row(symbol, "● LIVE")

    market.lose_stream()
    took = terminal.wait(lambda picture: "● LIVE" not in picture, "no row live", STALE_WITHIN_SECONDS)
    for symbol in STREAMED:
        terminal.wait_for_row(symbol, "▲ STALE", STALE_WITHIN_SECONDS - took)
    for symbol in STREAMED:
        terminal.wait_for_row(symbol, "◷ DELAYED")
    terminal.wait_for("Yahoo serving")

    market.do(market.market.gates.stream.accept)
    for symbol in STREAMED:
        terminal.wait_for_row(symbol, "● LIVE")
    terminal.wait_for("Alpaca serving")


def test_a_half_open_stream_is_not_live_for_longer_than_5_s(start: Start, market: OwnMarket, home: Path) -> None:
    terminal = start("--config", market.config(home))
    terminal.wait_for_row("AAPL", "● LIVE")

    market.do(market.market.gates.stream.freeze)

    terminal.wait(lambda picture: "● LIVE" not in picture, "no row live", STALE_WITHIN_SECONDS + 1)


def test_the_keyboard_answers_while_everything_is_lost(start: Start, market: OwnMarket, home: Path) -> None:
    terminal = start("--config", market.config(home))
    terminal.wait_for_row("AAPL", "● LIVE")

    market.lose_everything()
    terminal.wait_for_row("AAPL", "▲ STALE")

    terminal.send("j")
    terminal.wait_for("▌MSFT", KEY_WITHIN_SECONDS)
    terminal.send("?")
    terminal.wait_for("esc closes", KEY_WITHIN_SECONDS)
    terminal.send("\x1b")
    terminal.wait(lambda picture: "esc closes" not in picture, "the help closed", KEY_WITHIN_SECONDS)


def test_without_keys_and_without_yahoo_no_row_pretends(start: Start, home: Path) -> None:
    terminal = start("--config", config_of(home, unreachable()), keys=False)

    terminal.wait_for("no Alpaca keys")
    terminal.wait_for("cannot reach the server")

    for symbol in SETTINGS.watchlist.symbols:
        terminal.wait_for_row(symbol, "— NO DATA")
    terminal.send("q")
    terminal.wait_left()
    assert b"Traceback" not in terminal.raw
    assert not re.search(r"● LIVE|◷ DELAYED", terminal.raw.decode())
