"""config.toml is either understood whole or refused with one sentence that says where and why."""

import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mytrader_tui.settings.errors import SettingsError
from mytrader_tui.settings.lists import ListSetting
from mytrader_tui.settings.load import check_environment, load, parse
from mytrader_tui.settings.schema import Settings
from mytrader_tui.settings.theme_names import THEMES

FILE = Path("config.toml")


def refusal(text: str) -> str:
    with pytest.raises(SettingsError) as caught:
        parse(text, FILE)
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_a_missing_default_file_means_all_defaults(tmp_path: Path) -> None:
    assert load(None, tmp_path / "config.toml") == Settings()


def test_an_empty_file_means_all_defaults() -> None:
    assert parse("", FILE) == Settings()


def test_a_missing_file_that_was_named_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"absent\.toml: there is no such file"):
        load(tmp_path / "absent.toml")


def test_the_keys_given_win_and_the_others_keep_their_defaults(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[alpaca]\nfeed = "sip"\n[yahoo]\npoll_seconds = 30\n')

    settings = load(file)

    assert (settings.alpaca.feed, settings.yahoo.poll_seconds) == ("sip", 30.0)
    assert settings.alpaca.max_symbols == Settings().alpaca.max_symbols


def test_a_byte_order_mark_from_a_windows_editor_is_no_fault(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(b'\xef\xbb\xbf[alpaca]\r\nfeed = "sip"\r\n')

    assert load(file).alpaca.feed == "sip"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "[alpaca]\nmax_symbols = 0",
            "config.toml:2: [alpaca] max_symbols = 0: expected a whole number from 1 to 10000",
        ),
        (
            "[alpaca]\nmax_symbols = 10001",
            "config.toml:2: [alpaca] max_symbols = 10001: expected a whole number from 1 to 10000",
        ),
        (
            '\n\n[alpaca]\n# the plan\nmax_symbols = "30"',
            'config.toml:5: [alpaca] max_symbols = "30": expected a whole number from 1 to 10000',
        ),
        (
            "[alpaca]\nmax_symbols = true",
            "config.toml:2: [alpaca] max_symbols = true: expected a whole number from 1 to 10000",
        ),
        (
            '[alpaca]\nfeed = "siip"',
            'config.toml:2: [alpaca] feed = "siip": expected one of iex, sip, delayed_sip, test',
        ),
        (
            "[alpaca]\nenabled = 1",
            "config.toml:2: [alpaca] enabled = 1: expected true or false",
        ),
        (
            "[router]\nfailover_seconds = 0.5",
            "config.toml:2: [router] failover_seconds = 0.5: expected a number from 1 to 86400",
        ),
        (
            "[router]\nfailover_seconds = -60",
            "config.toml:2: [router] failover_seconds = -60: expected a number from 1 to 86400",
        ),
        (
            "[router]\nfailover_seconds = nan",
            "config.toml:2: [router] failover_seconds = nan: expected a number from 1 to 86400",
        ),
        (
            "[router]\nrecovery_seconds = inf",
            "config.toml:2: [router] recovery_seconds = inf: expected a number from 1 to 86400",
        ),
        (
            "[router]\ncanary = 1979-05-27",
            "config.toml:2: [router] canary = a date or time: expected a text in quotes",
        ),
        (
            '[watchlist]\nsymbols = "SPY"',
            'config.toml:2: [watchlist] symbols = "SPY": expected a list of texts in quotes, such as ["SPY", "AAPL"]',
        ),
        (
            '[watchlist]\nsymbols = ["AAPL", 3]',
            "config.toml:2: [watchlist] symbols: item 2 is 3: expected a text in quotes",
        ),
        (
            '[lists]\ntech = ["AAPL", {a = 1}, 3]',
            "config.toml:2: [lists] `tech`: item 2 is a table: expected a text in quotes",
        ),
        (
            '[ui]\ntheme = "nosuch"',
            f'config.toml:2: [ui] theme = "nosuch": expected one of {", ".join(THEMES)}',
        ),
        (
            "[ui]\npaint_hz = 0xfffffffffffffffffffffffff",
            "config.toml:2: [ui] paint_hz = a number of very many digits: expected a number from 1 to 60",
        ),
        (
            "alpaca.max_symbols = 0",
            "config.toml:1: [alpaca] max_symbols = 0: expected a whole number from 1 to 10000",
        ),
        (
            "# one line\nalpaca = { max_symbols = 0 }",
            "config.toml:2: [alpaca] max_symbols = 0: expected a whole number from 1 to 10000",
        ),
    ],
)
def test_a_wrong_value_names_its_line_its_key_itself_and_what_was_expected(text: str, message: str) -> None:
    assert refusal(text) == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "[alpaca]\nmax_symbol = 3",
            "config.toml:2: unknown key `max_symbol` in [alpaca]; did you mean max_symbols?",
        ),
        (
            "[alpacca]\nenabled = true",
            "config.toml:1: unknown section `alpacca`; did you mean [alpaca]?",
        ),
        (
            "[zzz]",
            "config.toml:1: unknown section `zzz`; known are "
            + ", ".join(f"[{section}]" for section in Settings.__struct_fields__),
        ),
        (
            "[ui]\nzzz = 1",
            "config.toml:2: unknown key `zzz` in [ui]; known are theme, colours, glyphs, paint_hz",
        ),
        (
            "paint_hz = 5",
            "config.toml:1: `paint_hz` belongs under [ui]",
        ),
        (
            "enabled = false",
            "config.toml:1: `enabled` belongs under [alpaca] or [yahoo] or [history]",
        ),
        (
            "yahoo = false",
            "config.toml:1: `yahoo` must be a section, [yahoo] on a line of its own",
        ),
        (
            "[[alpaca]]\nenabled = true",
            "config.toml:1: `alpaca` must be a section, [alpaca] on a line of its own",
        ),
    ],
)
def test_an_unknown_key_is_told_with_the_nearest_known_one(text: str, message: str) -> None:
    assert refusal(text) == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[alpaca]\nfeed = \n", "config.toml:2: not valid TOML: Invalid value at column 8"),
        ("[alpaca\n", "config.toml:1: not valid TOML: Expected ']' at the end of a table declaration at column 8"),
        ("[ui]\n\nx = {a=", "config.toml:3: not valid TOML: Invalid value (at end of document)"),
        ("x = " + "[" * 20_000, "config.toml: not valid TOML: too long a number or too deep a nesting"),
        ("x = " + "1" * 5_000, "config.toml: not valid TOML: too long a number or too deep a nesting"),
    ],
)
def test_broken_toml_is_told_with_its_place(text: str, message: str) -> None:
    assert refusal(text) == message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[alpaca]\ntrading_url = "https://api.alpaca.markets"', "paper accounts only"),
        ('[alpaca]\ntrading_stream_url = "wss://api.alpaca.markets/stream"', "paper accounts only"),
        ('[alpaca]\ntrading_url = "http://paper-api.alpaca.markets"', "must be a https:// address"),
        ('[alpaca]\nstream_url = "ws://stream.data.alpaca.markets"', "must be a wss:// address"),
        ('[alpaca]\nstream_url = ""', "must be a wss:// address"),
        ('[alpaca]\nstream_url = "wss://[::1"', "is not an address"),
        ('[alpaca]\ntrading_url = "https://paper-api.alpaca.markets:99999"', "is not an address"),
        ('[alpaca]\ntrading_url = "https://paper-api.alpaca.markets\\n"', "without blanks or control characters"),
        ('[yahoo]\nbase_url = "https://finance.example"', "for a loopback server"),
        ('[yahoo]\nbase_url = "ftp://localhost"', "must be a https:// address"),
        ('[watchlist]\nsymbols = ["SPY", "A B"]', "`A B` is not a symbol"),
    ],
)
def test_an_address_or_symbol_that_cannot_be_is_refused_at_its_line(text: str, words: str) -> None:
    message = refusal(text)

    assert message.startswith("config.toml:2: [")
    assert words in message


@pytest.mark.parametrize(
    "text",
    [
        '[alpaca]\nstream_url = "ws://127.0.0.1:9"\ntrading_url = "http://localhost:1"\ndata_url = "http://[::1]:2"',
        '[alpaca]\ntrading_url = "https://paper-api.alpaca.markets:443/"',
        '[yahoo]\nbase_url = "http://127.0.0.1:8080"',
    ],
)
def test_loopback_may_be_plain_and_paper_may_name_its_port(text: str) -> None:
    assert isinstance(parse(text, FILE), Settings)


SECRET = "PKSECRETSECRETSECRET"


@pytest.mark.parametrize(
    "text",
    [
        f'api_key = "{SECRET}"',
        f'[alpaca]\napi_key = "{SECRET}"',
        f'[alpaca]\nsecret_key = "{SECRET}"',
        f'[alpaca]\n"API-Key" = "{SECRET}"',
        f'[alpaca]\nAPCA_API_KEY_ID = "{SECRET}"',
        f'[alpaca]\nkey = "{SECRET}"',
        f'[alpaca.credentials]\nx = "{SECRET}"',
        f'[credentials]\nx = "{SECRET}"',
    ],
)
def test_a_credential_is_refused_with_the_way_to_the_environment_and_never_repeated(text: str) -> None:
    message = refusal(text)

    assert "credentials go in the environment, as ALPACA_API_KEY and ALPACA_SECRET_KEY" in message
    assert SECRET not in message


@pytest.mark.parametrize(
    "text",
    [
        f'[alpaca]\ntrading_url = "https://user:{SECRET}@paper-api.alpaca.markets"',
        f'[alpaca]\nstream_url = "http://user:{SECRET}@x"',
        f'[alpaca.feed]\napi_key = "{SECRET}"',
        f'[other]\nx = "{SECRET}"',
        f'alpaca = "{SECRET}"',
        f"[alpaca]\napi_key = {SECRET}",
    ],
)
def test_what_may_be_a_credential_in_a_wrong_place_is_never_repeated(text: str) -> None:
    assert SECRET not in refusal(text)


def test_a_value_with_control_sequences_is_repeated_without_them() -> None:
    message = refusal('[alpaca]\nfeed = "\\u001b]52;c;aGk=\\u0007\\u001b[31mred\\u202e"')

    assert message == 'config.toml:2: [alpaca] feed = "red": expected one of iex, sip, delayed_sip, test'


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read: it is not a regular file"):
        load(tmp_path)


def test_a_pipe_is_refused_without_waiting_for_a_writer(tmp_path: Path) -> None:
    pipe = tmp_path / "config.toml"
    os.mkfifo(pipe)

    with pytest.raises(SettingsError, match="it is not a regular file"):
        load(pipe)


def test_a_file_that_is_not_utf_8_is_refused_at_its_byte(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes("[ui]\ntheme = 'ü'".encode("latin-1"))

    with pytest.raises(SettingsError, match=r"it is not UTF-8 text \(byte 15\)"):
        load(file)


def test_a_file_over_a_megabyte_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(b"#" * 1_000_001)

    with pytest.raises(SettingsError, match="larger than 1 MB"):
        load(file)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("")
    file.chmod(0)

    with pytest.raises(SettingsError, match="cannot be read: Permission denied"):
        load(file)


def test_a_path_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(SettingsError, match="cannot be read: Not a directory"):
        load(None, tmp_path / "file" / "config.toml")


@pytest.mark.parametrize("url", ["", "  ", "https://paper-api.alpaca.markets", "http://127.0.0.1:8000"])
def test_the_paper_host_in_the_environment_is_accepted(url: str) -> None:
    check_environment({"APCA_API_BASE_URL": url})
    check_environment({})


@pytest.mark.parametrize(
    "url",
    [
        "https://api.alpaca.markets",
        "https://paper-api.alpaca.markets.evil.example",
        "http://paper-api.alpaca.markets",
        "https://user:pw@paper-api.alpaca.markets",
        "api.alpaca.markets",
    ],
)
def test_any_other_host_in_the_environment_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="APCA_API_BASE_URL") as caught:
        check_environment({"APCA_API_BASE_URL": url})
    assert "pw" not in str(caught.value)


SECTIONS = st.sampled_from(["watchlist", "alpaca", "yahoo", "router", "ui", "zzz", "api_key"])
KEYS = st.sampled_from(["symbols", "enabled", "feed", "max_symbols", "trading_url", "poll_seconds", "theme", "secret"])
VALUES = st.one_of(
    st.integers().map(str),
    st.floats().map(repr),
    st.booleans().map(lambda value: str(value).lower()),
    st.text(st.characters(exclude_categories=["C"]), max_size=20).map(lambda text: "'" + text.replace("'", "") + "'"),
    st.just("['SPY', '^GSPC']"),
    st.just("{ a = 1 }"),
    st.just("1979-05-27"),
)


def outcome(text: str) -> Settings | str:
    try:
        return parse(text, FILE)
    except SettingsError as error:
        return str(error)


@given(st.text())
def test_any_text_loads_or_is_refused(text: str) -> None:
    result = outcome(text)

    assert isinstance(result, Settings) or result.isprintable()


@given(st.lists(st.tuples(SECTIONS, KEYS, VALUES), max_size=4))
def test_any_toml_of_known_and_unknown_keys_loads_or_is_refused_at_a_line(lines: list[tuple[str, str, str]]) -> None:
    result = outcome("\n".join(f"[{section}]\n{key} = {value}" for section, key, value in lines))

    assert isinstance(result, Settings) or re.match(r"config\.toml:[1-8]: \S", result)


@pytest.mark.parametrize("key", ["stream_url", "data_url", "trading_url", "trading_stream_url"])
def test_no_address_may_be_a_live_accounts(tmp_path, key):
    scheme = "wss" if "stream" in key else "https"

    with pytest.raises(SettingsError, match="paper"):
        parse(f'[alpaca]\n{key} = "{scheme}://api.alpaca.markets/stream"\n', tmp_path / "config.toml")


@pytest.mark.parametrize("canary", ["^GSPC", "7203.T", "<b>", "spy!"])
def test_a_canary_that_the_stream_cannot_carry_is_refused(tmp_path, canary):
    with pytest.raises(SettingsError, match="canary"):
        parse(f'[router]\ncanary = "{canary}"\n', tmp_path / "config.toml")


def test_further_lists_are_read_in_their_order_after_the_first() -> None:
    settings = parse('[watchlist]\nsymbols = ["SPY"]\n[lists]\nTech = ["AAPL"]\n" Abroad  FX " = []', FILE)

    assert settings.watchlists == (
        ListSetting("Watchlist", ("SPY",)),
        ListSetting("Tech", ("AAPL",)),
        ListSetting("Abroad FX", ()),
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('Tech = "AAPL"', '2: [lists] `Tech` = "AAPL": expected a list of texts in quotes, such as ["SPY", "AAPL"]'),
        (
            "Tech = []\nAny = [3]",
            "3: [lists] `Any`: item 1 is 3: expected a text in quotes",
        ),
        ('Tech = ["A B"]', "2: [lists] `Tech`: `A B` is not a symbol: "),
        ("Tech = []\nTECH = []", "3: [lists] `TECH` is the name of a list before it"),
        (
            "watchList = []",
            "2: [lists] `watchList` is the name of the first list, whose symbols stand under [watchlist]",
        ),
        ('"" = []', "2: [lists] `` is not a list's name: a list needs a name"),
        (
            f'"{"x" * 25}" = []',
            f"2: [lists] `{'x' * 25}` is not a list's name: a name has at most 24 characters, not 25",
        ),
        ('"\\u001b[2Jx" = ["A B"]', "1: [lists] `x`: `A B` is not a symbol: "),
        (f'api_key = "{SECRET}"', "2: `api_key` does not belong here: credentials go in the environment"),
    ],
)
def test_a_further_list_that_cannot_be_is_refused_at_its_line(text: str, message: str) -> None:
    refused = refusal(f"[lists]\n{text}")

    assert refused.startswith(f"config.toml:{message}")
    assert SECRET not in refused
