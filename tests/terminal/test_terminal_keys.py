"""What the keys do, and what is kept of it."""

import re
import tomllib
from pathlib import Path

import pytest
from own_market import OwnMarket
from program_under_test import wait_until
from pty_terminal import PtyTerminal, Start

pytestmark = pytest.mark.terminal


def add(terminal: PtyTerminal, symbol: str) -> None:
    """Add `symbol` with the keys."""
    terminal.send("a")
    terminal.wait_for("Add symbols")
    terminal.send(f"{symbol}\r")
    terminal.wait(lambda picture: "Add symbols" not in picture, "the dialog closed")


def symbols_kept(home: Path) -> list[str]:
    """The watchlist in state.toml; empty where there is no such file."""
    files = list(home.rglob("state.toml"))
    if not files:
        return []
    kept: list[str] = tomllib.loads(files[0].read_text(encoding="utf-8"))["lists"][0]["symbols"]
    return kept


def test_a_symbol_added_in_the_demo_becomes_live(start: Start) -> None:
    terminal = start("--demo", size=(80, 24))
    terminal.wait_for_row("AAPL", "● LIVE")

    add(terminal, "amd")

    terminal.wait_for_row("AMD", "● LIVE")


def test_an_added_symbol_is_there_after_a_restart(start: Start, market: OwnMarket, home: Path) -> None:
    config = market.config(home)
    first = start("--config", config)
    first.wait_for_row("AAPL", "● LIVE")
    add(first, "amd")
    first.wait_for_row("AMD", "● LIVE")
    first.send("q")
    first.wait_left()
    assert symbols_kept(home)[-1] == "AMD"

    second = start("--config", config)

    second.wait_for_row("AMD", "● LIVE")


def test_d_removes_and_u_brings_back(start: Start, market: OwnMarket, home: Path) -> None:
    terminal = start("--config", market.config(home))
    terminal.wait_for_row("AAPL", "● LIVE")
    terminal.send("j")

    terminal.send("d")
    terminal.wait(lambda picture: not re.search("MSFT .* alpaca", picture), "MSFT off the list")
    wait_until(lambda: symbols_kept(home) == ["AAPL", "SPY", "^GSPC"], lambda: str(symbols_kept(home)))
    terminal.send("u")

    terminal.wait_for_row("MSFT", "● LIVE")
    wait_until(lambda: symbols_kept(home) == ["AAPL", "MSFT", "SPY", "^GSPC"], lambda: str(symbols_kept(home)))


def test_a_killed_program_leaves_a_readable_state(start: Start, market: OwnMarket, home: Path) -> None:
    config = market.config(home)
    terminal = start("--config", config)
    terminal.wait_for_row("AAPL", "● LIVE")
    add(terminal, "amd")
    add(terminal, "meta")
    wait_until(lambda: "AMD" in symbols_kept(home), lambda: "AMD in state.toml")

    terminal.process.kill()
    terminal.wait_left()

    assert "AMD" in symbols_kept(home)
    again = start("--config", config)
    again.wait_for_row("AMD", "● LIVE")
