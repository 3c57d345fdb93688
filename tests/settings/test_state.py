"""state.toml never stops the program, and what was written is read."""

import os
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mytrader_tui.settings.lists import ListSetting
from mytrader_tui.settings.state import KeptList, State, read_state, write_state

SYMBOLS = st.lists(st.sampled_from(["AAPL", "MSFT", "SPY", "BRK.B", "^GSPC", "BTC-USD"]), unique=True).map(tuple)


def one_list(*symbols: str) -> State:
    """The state of who has one list, begun by a config.toml without symbols."""
    return State((KeptList("Watchlist", symbols, origin="Watchlist"),), (ListSetting("Watchlist"),))


def test_what_was_written_is_read(tmp_path: Path) -> None:
    state = State(
        (
            KeptList("Watchlist", ("AAPL", "^GSPC", "BRK.B"), "change", True, "Watchlist"),
            KeptList('Abroad, "overnight" [/]', ("7203.T",)),
            KeptList("Empty"),
        ),
        (ListSetting("Watchlist", ("AAPL",)), ListSetting("Deleted since", ("KO",))),
        active="Empty",
        hide_amounts=True,
        theme="nord",
    )

    write_state(tmp_path / "state.toml", state)

    assert read_state(tmp_path / "state.toml") == (state, "")


def test_a_missing_file_is_no_state_and_no_message(tmp_path: Path) -> None:
    assert read_state(tmp_path / "state.toml") == (None, "")


def test_an_empty_list_is_a_state(tmp_path: Path) -> None:
    state = State((KeptList("Watchlist"),))

    write_state(tmp_path / "state.toml", state)

    assert read_state(tmp_path / "state.toml") == (state, "")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\xff",
        b"[watchlist",
        b"watchlist = 3",
        b"[watchlist]\nsymbols = 'AAPL'",
        b"[watchlist]\nsymbols = ['[/x]']",
        b"lists = []",
        b"[[lists]]\nsymbols = ['AAPL']",
        b"[[lists]]\nname = 'Tech'\nsymbols = ['A B']",
        b"[[lists]]\nname = 'Tech'\n[[configured]]\nname = 'Tech'\nsymbols = ['']",
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

    assert read_state(file) == (one_list("AAPL"), "")


def test_the_file_of_a_version_that_knew_one_list_is_read_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "state.toml"
    file.write_text(
        "[watchlist]\nsymbols = ['AAPL', 'KO']\nconfigured = ['AAPL', 'SPY']\n[account]\nhide_amounts = true\n"
    )

    state, message = read_state(file)

    assert message == ""
    assert state == State(
        (KeptList("Watchlist", ("AAPL", "KO"), origin="Watchlist"),),
        (ListSetting("Watchlist", ("AAPL", "SPY")),),
        hide_amounts=True,
    )


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


@given(st.lists(st.tuples(st.text(), SYMBOLS, st.text(), st.booleans(), st.text()), min_size=1), st.text(), st.text())
def test_lists_of_any_name_come_back_as_they_were(
    tmp_path_factory: pytest.TempPathFactory,
    lists: list[tuple[str, tuple[str, ...], str, bool, str]],
    active: str,
    theme: str,
) -> None:
    file = tmp_path_factory.mktemp("state") / "state.toml"
    state = State(tuple(KeptList(*each) for each in lists), active=active, theme=theme)

    write_state(file, state)

    assert read_state(file) == (state, "")


def test_what_a_newer_version_wrote_is_left_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "state.toml"
    file.write_text(
        "era = 2\n[account]\nshade = true\n[view]\nzoom = 3\n"
        '[[lists]]\nname = "Main"\nsymbols = ["SPY"]\nsort = "last"\nicon = "x"\n[weather]\nwind = "north"\n'
    )

    write_state(file, State((KeptList("Main", ("SPY", "KO")), KeptList("Other"))))

    document = tomllib.loads(file.read_text())
    assert (document["era"], document["account"]["shade"], document["view"]["zoom"]) == (2, True, 3)
    assert document["weather"] == {"wind": "north"}
    assert document["lists"] == [{"name": "Main", "symbols": ["SPY", "KO"], "icon": "x"}, {"name": "Other"}]
