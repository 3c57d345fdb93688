"""state.toml never stops the program, and config.toml's changes reach a list that the keys have changed."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mytrader_tui.market.symbol import BadSymbolError
from mytrader_tui.settings.state import State, effective_symbols, read_state, write_state

SYMBOLS = st.lists(st.sampled_from(["AAPL", "MSFT", "SPY", "BRK.B", "^GSPC", "BTC-USD"]), unique=True).map(tuple)


def test_what_was_written_is_read(tmp_path: Path) -> None:
    state = State(("AAPL", "^GSPC", "BRK.B"), ("AAPL",))

    write_state(tmp_path / "state.toml", state)

    assert read_state(tmp_path / "state.toml") == (state, "")


def test_a_missing_file_is_no_state_and_no_message(tmp_path: Path) -> None:
    assert read_state(tmp_path / "state.toml") == (None, "")


def test_an_empty_list_is_a_state(tmp_path: Path) -> None:
    write_state(tmp_path / "state.toml", State((), ("AAPL",)))

    assert read_state(tmp_path / "state.toml") == (State((), ("AAPL",)), "")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\xff",
        b"[watchlist",
        b"watchlist = 3",
        b"[watchlist]\nsymbols = 'AAPL'",
        b"[watchlist]\nsymbols = ['[/x]']",
        b"x = " + b"[" * 20_000,
        b"#" * 1_000_001,
    ],
)
def test_a_broken_file_is_moved_aside_with_its_date_and_told(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "state.toml"
    file.write_bytes(data)
    written = datetime(2026, 11, 20, 9, 30, 15, tzinfo=UTC).timestamp()
    os.utime(file, (written, written))

    state, message = read_state(file)

    assert state is None
    assert message == (
        "state.toml made no sense and was moved to state.broken-20261120-093015.toml: starting from config.toml"
    )
    assert [entry.name for entry in tmp_path.iterdir()] == ["state.broken-20261120-093015.toml"]
    assert (tmp_path / "state.broken-20261120-093015.toml").read_bytes() == data


def test_a_key_of_a_later_version_is_no_fault(tmp_path: Path) -> None:
    file = tmp_path / "state.toml"
    file.write_text("sort = 'age'\n[watchlist]\nsymbols = ['AAPL']\nconfigured = []\ncolour = 'red'\n")

    assert read_state(file) == (State(("AAPL",), ()), "")


def test_a_file_that_cannot_be_read_is_left_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    state, message = read_state(tmp_path / "file" / "state.toml")

    assert state is None
    assert message == "state.toml cannot be read (Not a directory): starting from config.toml"


@given(st.one_of(st.text(), st.text().map("[watchlist]\nsymbols = {}".format), st.text().map(repr)))
def test_any_text_as_state_is_read_or_moved_aside(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    file = tmp_path_factory.mktemp("state") / "state.toml"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))

    state, message = read_state(file)

    assert (state is None) == bool(message)
    assert message.isprintable()
    assert file.exists() == (state is not None)


@pytest.mark.parametrize(
    ("configured", "state", "effective"),
    [
        (("AAPL", "MSFT"), None, ("AAPL", "MSFT")),
        (("aapl", "AAPL", "brk-b"), None, ("AAPL", "BRK.B")),
        (("AAPL", "MSFT"), State(("MSFT", "SPY"), ("AAPL", "MSFT")), ("MSFT", "SPY")),
        (("AAPL", "TSLA"), State(("SPY", "AAPL"), ("AAPL",)), ("SPY", "AAPL", "TSLA")),
        (("AAPL",), State(("MSFT", "SPY", "AAPL"), ("AAPL", "MSFT")), ("SPY", "AAPL")),
        (("AAPL", "SPY"), State(("SPY", "AAPL"), ("AAPL",)), ("SPY", "AAPL")),
        ((), State(("AAPL", "SPY"), ("AAPL",)), ("SPY",)),
        (("BRK-B",), State((), ("BRK.B",)), ()),
        (("AAPL",), State(("brk-b", "BRK.B"), ("AAPL",)), ("BRK.B",)),
    ],
    ids=[
        "no state: config.toml's list",
        "duplicates and spellings fold",
        "the app's list wins when config.toml has not changed",
        "new in config.toml: appended",
        "gone from config.toml: dropped",
        "new in config.toml but added in the app before: keeps its place",
        "what only the app added stays",
        "removed in the app: stays removed under any spelling",
        "the state's duplicates and spellings fold",
    ],
)
def test_effective_symbols(configured: tuple[str, ...], state: State | None, effective: tuple[str, ...]) -> None:
    assert effective_symbols(configured, state) == effective


def test_a_configured_text_that_is_no_symbol_is_refused() -> None:
    with pytest.raises(BadSymbolError):
        effective_symbols(("A B",), None)


@given(SYMBOLS, SYMBOLS, SYMBOLS)
def test_the_three_way_rule(configured: tuple[str, ...], before: tuple[str, ...], listed: tuple[str, ...]) -> None:
    effective = effective_symbols(configured, State(listed, before))

    new, gone = set(configured) - set(before), set(before) - set(configured)
    assert set(effective) == (set(listed) - gone) | new
    assert len(effective) == len(set(effective))
    kept = [symbol for symbol in listed if symbol in effective]
    assert list(effective[: len(kept)]) == kept


@given(SYMBOLS, SYMBOLS)
def test_without_a_change_in_config_the_list_stays_as_the_app_left_it(
    configured: tuple[str, ...], listed: tuple[str, ...]
) -> None:
    assert effective_symbols(configured, State(listed, configured)) == listed
