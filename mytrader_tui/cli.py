"""The command line: the monitor itself, the demo, and the snapshot for scripts."""

import asyncio
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfoNotFoundError

import click

from mytrader_tui import __version__
from mytrader_tui.cli_help import Sectioned
from mytrader_tui.doctor_cli import doctor
from mytrader_tui.history_cli import export, history
from mytrader_tui.monitor.clock import system_clock
from mytrader_tui.process.output import output_guarded
from mytrader_tui.settings.errors import SettingsError
from mytrader_tui.settings.flags import FEEDS, Flags
from mytrader_tui.settings.theme_names import THEMES
from mytrader_tui.start import Asked, Setup, prepared

if TYPE_CHECKING:
    from mytrader_tui.oneshot import Snapshot

EXIT_BAD_SETTINGS = 2


class _BadSettings(click.ClickException):
    exit_code = EXIT_BAD_SETTINGS


def main() -> None:
    """The console script."""
    # click would take the word after a bare --demo for its value.
    arguments = ["--demo=market" if argument == "--demo" else argument for argument in sys.argv[1:]]
    try:
        with output_guarded():
            command.main(args=arguments, prog_name="mytrader-tui")
    except ZoneInfoNotFoundError as error:
        click.echo(
            f"{error.args[0]}: without it no trading session can be told. Install it: pip install tzdata", err=True
        )
        raise SystemExit(EXIT_BAD_SETTINGS) from None


def _of(names: Sequence[str]) -> Callable[[click.Context, click.Parameter, str], list[str]]:
    """Completes to those of `names` that begin as was typed."""
    return lambda _context, _parameter, begun: [name for name in names if name.startswith(begun)]


@click.group(
    cls=Sectioned,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
    epilog='Completion for bash, zsh or fish: eval "$(_MYTRADER_TUI_COMPLETE=bash_source mytrader-tui)", '
    "with zsh_source or fish_source in the others, in the shell's start file.",
)
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Use this config.toml; of it, the demo takes the columns, [ui] and [keys].",
)
@click.option(
    "--demo",
    type=click.Choice(["market", "faults"]),
    metavar="[=faults]",
    help="Run on an invented market on this machine; --demo=faults also plays outages and recoveries.",
)
@click.option("--inline", is_flag=True, help="Show the list as a live strip under the prompt; q ends it.")
@click.option("--theme", metavar="NAME", shell_complete=_of(THEMES), help="Wear this theme.")
@click.option("--list", "list_name", metavar="NAME", help="Begin with this list.")
@click.option("--symbols", metavar='"AAPL MSFT"', help="Begin with a list of these symbols, which is not saved.")
@click.option(
    "--feed",
    metavar="NAME",
    shell_complete=_of(FEEDS),
    help=f"Stream this feed of Alpaca's: {', '.join(FEEDS)}.",
)
@click.option("--no-alpaca", is_flag=True, help="Go without Alpaca: everything delayed from Yahoo, no account.")
@click.option("--no-yahoo", is_flag=True, help="Go without Yahoo: only what Alpaca carries, and no fallback.")
@click.option("--no-history", is_flag=True, help="Neither read nor write the history of prices.")
@click.version_option(__version__, "-V", "--version")
@click.pass_context
def command(
    context: click.Context, /, config: Path | None, demo: str | None, inline: bool, **flags: str | bool | None
) -> None:
    """A terminal market monitor that never says more than its data knows.

    Live prices and the paper account come from Alpaca if ALPACA_API_KEY and ALPACA_SECRET_KEY are set; everything
    else, and everything without keys, comes delayed from Yahoo.
    """
    asked = Asked(config, demo, Flags(**flags))  # type: ignore[arg-type]  # click names them as Flags does
    if inline and context.invoked_subcommand is not None:
        raise click.UsageError(f"--inline shows the screen; it does not go with `{context.invoked_subcommand}`.")
    if context.invoked_subcommand == doctor.name:
        # It tells what is wrong with the settings instead of stopping at it.
        context.obj = asked
        return
    try:
        setup = prepared(asked)
    except SettingsError as error:
        raise _BadSettings(str(error)) from error
    context.obj = setup
    if context.invoked_subcommand is None:
        from mytrader_tui.on_screen import run_inline, run_screen

        (run_inline if inline else run_screen)(setup)


command.sections = (
    ("Start", ("config", "demo", "inline")),
    ("For this run alone, before config.toml", tuple(Flags.__struct_fields__)),
    ("About", ("version", "help")),
)


@command.command()
@click.option("--json", "json_wanted", is_flag=True, help="A JSON array with every field.")
@click.option("--csv", "csv_wanted", is_flag=True, help="CSV with every field and a header line.")
@click.argument("symbols", nargs=-1)
@click.pass_obj
def snapshot(setup: Setup, json_wanted: bool, csv_wanted: bool, symbols: tuple[str, ...]) -> None:
    """Print the watchlist (or SYMBOLS) once and exit.

    Exits 0; 3 if no source told a price of some symbols; 4 if no source
    answered. What was known before is printed then, marked CACHED.
    """
    from mytrader_tui.api.snapshot import as_csv, as_json, as_table

    if json_wanted and csv_wanted:
        setup.close()
        raise click.UsageError("--json and --csv exclude each other: one answer has one form")
    taken = asyncio.run(_take(setup, _symbols(setup, symbols)))
    for trouble in taken.troubles:
        click.echo(trouble, err=True)
    write = as_json if json_wanted else as_csv if csv_wanted else as_table
    click.echo(write(taken.rows), nl=False)
    raise SystemExit(taken.exit_code)


@command.command()
@click.option("--json", "as_json", is_flag=True, help="JSON lines with every field.")
@click.option("--last", type=click.IntRange(min=1), metavar="N", help="The latest N only.")
@click.pass_obj
def ledger(setup: Setup, as_json: bool, last: int | None) -> None:
    """Print every change of the serving source.

    Oldest first: when, between which, why, and the timers behind it.
    """
    from mytrader_tui.api.ledger import as_json_lines, as_table
    from mytrader_tui.telemetry.ledger_file import FILE_NAME, read_ledger

    setup.close()
    path = setup.paths.state_folder / FILE_NAME
    try:
        entries, unreadable = read_ledger(path)
    except OSError as error:
        raise click.ClickException(f"{path} cannot be read: {error.strerror}") from error
    if unreadable:
        click.echo(f"{unreadable} line(s) of {path} could not be read and are left out.", err=True)
    if not entries:
        click.echo("No change of source has been recorded yet.", err=True)
        return
    entries = entries[-(last or 0) :]
    click.echo(as_json_lines(entries) if as_json else as_table(entries), nl=False)


for _each in (history, export, doctor):
    command.add_command(_each)


async def _take(setup: Setup, symbols: Sequence[str]) -> "Snapshot":
    from mytrader_tui.oneshot import take_snapshot

    settings, pair = setup.settings, setup.credentials
    try:
        if setup.demo is not None:
            settings, pair = await setup.demo.prepare()
        return await take_snapshot(symbols, settings, pair, setup.paths, system_clock)
    finally:
        setup.close()


def _symbols(setup: Setup, texts: Sequence[str]) -> tuple[str, ...]:
    from mytrader_tui.settings.lists import canonical_symbols
    from mytrader_tui.settings.merge import effective_watchlists
    from mytrader_tui.settings.state import read_state

    if not texts:
        state, trouble = read_state(setup.paths.state_file)
        if trouble:
            click.echo(trouble, err=True)
        lists = effective_watchlists(setup.settings.watchlists, state)
        return setup.opening.of(lists).active.watchlist.symbols
    try:
        return canonical_symbols(texts)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error
