"""Flags of one run: they go before config.toml, are refused in the same words, and are kept nowhere."""

import csv
import io
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from test_command_line import config, offline, program

from mytrader_tui.cli import command
from mytrader_tui.demo.settings import SYMBOLS
from mytrader_tui.settings.schema import Yahoo
from mytrader_tui.start import Asked, prepared


def symbols(text: str) -> list[str]:
    return [row["symbol"] for row in csv.DictReader(io.StringIO(text))]


def test_symbols_are_a_list_of_their_own_that_leaves_no_trace(tmp_path):
    done = program("--demo", "--symbols", "aapl, MSFT aapl", "snapshot", "--csv", home=tmp_path)

    assert (done.returncode, symbols(done.stdout)) == (0, ["AAPL", "MSFT"])


def test_a_list_of_the_settings_is_chosen_by_name_whatever_its_case(tmp_path):
    text = '[yahoo]\nbase_url = "http://127.0.0.1:9"\n[lists]\ntech = ["NVDA", "AMD"]\n'

    done = program("--config", config(tmp_path, text), "--list", "Tech", "snapshot", "--csv", home=tmp_path)

    assert symbols(done.stdout) == ["NVDA", "AMD"]


def test_the_demo_wears_the_looks_of_a_named_file_and_keeps_its_own_market(tmp_path):
    text = """
        [watchlist]
        symbols = ["NOSUCH"]
        columns = ["symbol", "last", "badge"]
        [ui]
        colours = "blue-orange"
        [keys]
        sort = "f6"
        [yahoo]
        base_url = "http://127.0.0.1:9"
    """

    setup = prepared(Asked(config=Path(config(tmp_path, text)), demo="market"))
    setup.close()

    worn = setup.settings
    assert (worn.watchlist.columns, worn.ui.colours, worn.keys) == (
        ("symbol", "last", "badge"),
        "blue-orange",
        {"sort": "f6"},
    )
    assert (worn.watchlist.symbols, worn.yahoo.base_url) == (SYMBOLS, Yahoo().base_url)


def test_a_named_file_that_is_wrong_stops_the_demo_too(tmp_path):
    done = program("--config", config(tmp_path, "[ui]\ncolour = 1\n"), "--demo", "snapshot", home=tmp_path)

    assert done.returncode == 2
    assert "colour" in done.stderr


def test_without_yahoo_only_what_alpaca_carries_has_a_price(tmp_path):
    done = program("--demo", "--no-yahoo", "snapshot", "--json", "AAPL", "^GSPC", home=tmp_path)
    apple, index = json.loads(done.stdout)

    assert (apple["source"], index["last"]) == ("alpaca", None)


def test_without_alpaca_everything_is_delayed(tmp_path):
    done = program("--demo", "--no-alpaca", "snapshot", "--json", "AAPL", home=tmp_path)

    assert [row["source"] for row in json.loads(done.stdout)] == ["yahoo"]


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (("--feed", "ixe"), ['--feed "ixe"', "expected one of iex, sip, delayed_sip, test"]),
        (("--theme", "nosuch"), ['--theme "nosuch"', "expected one of mytrader-dark,", "mytrader-16", "nord"]),
        (("--symbols", "AAPL <b>"), ["--symbols", "`<b>` is not a symbol"]),
        (("--symbols", " , "), ["--symbols", "names no symbol"]),
        (("--list", "Wachlist"), ['--list "Wachlist"', "did you mean Watchlist?"]),
        (("--list", "\x1b[2Jzzz"), ["there is no such list", "known are Watchlist"]),
        (("--list", "a", "--symbols", "b"), ["--list", "--symbols", "exclude each other"]),
    ],
)
def test_a_wrong_flag_exits_2_with_one_clear_message(tmp_path, flags, words):
    done = program("--config", offline(tmp_path), *flags, "snapshot", home=tmp_path)

    assert (done.returncode, done.stdout) == (2, "")
    assert all(word in done.stderr for word in words), done.stderr
    assert "\x1b" not in done.stderr
    assert "Traceback" not in done.stderr


def test_inline_is_for_the_screen_and_not_for_commands(tmp_path):
    done = program("--demo", "--inline", "snapshot", home=tmp_path)

    assert (done.returncode, "--inline" in done.stderr) == (2, True)


def test_inline_without_a_terminal_says_what_to_do(tmp_path):
    done = program("--demo", "--inline", home=tmp_path)

    assert (done.returncode, "mytrader-tui snapshot" in done.stderr) == (2, True)


@pytest.mark.parametrize("name", ["", *sorted(command.commands)])
def test_every_help_fits_80_columns(name):
    told = CliRunner().invoke(command, [*filter(None, [name]), "--help"], terminal_width=80).output

    assert max(map(len, told.splitlines())) <= 80
    assert not re.search(r"\.\.\.$", told.partition("Commands:")[2], re.MULTILINE), "a command is told in full"


def test_the_help_has_its_options_in_groups():
    told = CliRunner().invoke(command, ["--help"], terminal_width=80).output
    headings = re.findall(r"^([A-Z].*):$", told, re.MULTILINE)

    assert headings == ["Start", "For this run alone, before config.toml", "About", "Commands"]
    assert set(re.findall(r"--[a-z-]+", told)) >= {
        "--config", "--demo", "--inline", "--theme", "--list", "--symbols", "--feed", "--no-alpaca", "--no-yahoo",
        "--no-history", "--version", "--help",
    }  # fmt: skip


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_its_completion(tmp_path, shell):
    done = program(home=tmp_path, environ={"_MYTRADER_TUI_COMPLETE": f"{shell}_source", "SHELL": f"/bin/{shell}"})

    assert done.returncode == 0, done.stderr
    assert "_MYTRADER_TUI_COMPLETE" in done.stdout


def test_completion_knows_commands_and_feeds(tmp_path):
    def completed(words: str, place: int) -> str:
        environ = {"_MYTRADER_TUI_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": f"{place}"}
        return program(home=tmp_path, environ=environ).stdout

    assert "doctor" in completed("mytrader-tui do", 1)
    assert "delayed_sip" in completed("mytrader-tui --feed d", 2)
    assert "mytrader-16" in completed("mytrader-tui --theme my", 2)
