"""The command line: the monitor itself, the demo, and the snapshot for scripts."""

import asyncio
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn
from zoneinfo import ZoneInfoNotFoundError

import click

from mytrader_tui import __version__
from mytrader_tui.monitor.clock import system_clock
from mytrader_tui.settings import Settings
from mytrader_tui.settings.credentials import Credentials, credentials
from mytrader_tui.settings.errors import SettingsError
from mytrader_tui.settings.load import check_environment, load
from mytrader_tui.settings.paths import Paths

if TYPE_CHECKING:
    from mytrader_tui.demo_run import DemoRun
    from mytrader_tui.oneshot import Snapshot
    from mytrader_tui.telemetry.logs import LogFile

EXIT_BAD_SETTINGS = 2
LOG_NAME = "mytrader-tui.log"


@dataclass(frozen=True)
class Setup:
    """What every command starts from."""

    settings: Settings
    credentials: Credentials | None
    paths: Paths
    demo: "DemoRun | None" = None
    folder: "tempfile.TemporaryDirectory[str] | None" = None

    def close(self) -> None:
        """End the demo and remove its files, where there is one."""
        if self.demo is not None:
            self.demo.close()
        if self.folder is not None:
            self.folder.cleanup()


class _BadSettings(click.ClickException):
    exit_code = EXIT_BAD_SETTINGS


def main() -> None:
    """The console script."""
    # click would take the word after a bare --demo for its value.
    arguments = ["--demo=market" if argument == "--demo" else argument for argument in sys.argv[1:]]
    try:
        command.main(args=arguments, prog_name="mytrader-tui")
    except ZoneInfoNotFoundError as error:
        click.echo(
            f"{error.args[0]}: without it no trading session can be told. Install it: pip install tzdata", err=True
        )
        raise SystemExit(EXIT_BAD_SETTINGS) from None


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--config", type=click.Path(path_type=Path), metavar="FILE", help="Use this config.toml.")
@click.option(
    "--demo",
    type=click.Choice(["market", "faults"]),
    metavar="[=faults]",
    help="Run on an invented market on this machine; --demo=faults also plays outages and recoveries.",
)
@click.version_option(__version__, "-V", "--version")
@click.pass_context
def command(context: click.Context, config: Path | None, demo: str | None) -> None:
    """A terminal market monitor that never says more than its data knows.

    Live prices and the paper account come from Alpaca if ALPACA_API_KEY and ALPACA_SECRET_KEY are set; everything
    else, and everything without keys, comes delayed from Yahoo.
    """
    try:
        setup = _setup(config, demo)
    except SettingsError as error:
        raise _BadSettings(str(error)) from error
    context.obj = setup
    if context.invoked_subcommand is None:
        _run_screen(setup)


@command.command()
@click.option("--json", "form", flag_value="json", help="A JSON array with every field.")
@click.option("--csv", "form", flag_value="csv", help="CSV with every field and a header line.")
@click.argument("symbols", nargs=-1)
@click.pass_obj
def snapshot(setup: Setup, form: str | None, symbols: tuple[str, ...]) -> None:
    """Print the watchlist (or SYMBOLS) once and exit.

    Exits 0; 3 if some symbols had no data; 4 if no source answered.
    """
    from mytrader_tui.api.snapshot import as_csv, as_json, as_table

    writers = {"json": as_json, "csv": as_csv}
    taken = asyncio.run(_take(setup, _symbols(setup, symbols)))
    for trouble in taken.troubles:
        click.echo(trouble, err=True)
    click.echo(writers.get(form or "", as_table)(taken.rows), nl=False)
    raise SystemExit(taken.exit_code)


@command.command()
@click.option("--json", "as_json", is_flag=True, help="JSON lines with every field.")
@click.option("--last", type=click.IntRange(min=1), metavar="N", help="The latest N only.")
@click.pass_obj
def ledger(setup: Setup, as_json: bool, last: int | None) -> None:
    """Print every change of the serving source, oldest first: when, between which, why, and the timers behind it."""
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


def _setup(config: Path | None, demo: str | None) -> Setup:
    """Raises SettingsError."""
    if demo is not None:
        from mytrader_tui.demo_run import DemoRun

        run = DemoRun(system_clock, faults=demo == "faults")
        folder = tempfile.TemporaryDirectory(prefix="mytrader-tui-demo-", ignore_cleanup_errors=True)
        return Setup(run.settings, None, Paths.under(Path(folder.name)), run, folder)
    check_environment(os.environ)
    paths = Paths.default()
    return Setup(load(config), _credentials(paths), paths)


def _credentials(paths: Paths) -> Credentials | None:
    """The environment's, else the keyring's, else the file's. Raises SettingsError."""
    from mytrader_tui.settings.credential_stores import FILE_NAME, from_file, from_keyring

    found = credentials(os.environ) or from_keyring()
    return found or from_file(paths.config_file.with_name(FILE_NAME))


def _run_screen(setup: Setup) -> NoReturn:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        click.echo("mytrader-tui needs a terminal; `mytrader-tui snapshot` prints the prices without one.", err=True)
        raise SystemExit(EXIT_BAD_SETTINGS)
    from mytrader_tui.app import MarketApp, run
    from mytrader_tui.monitor.worker import Monitor

    demo = setup.demo
    log = _open_log(setup)
    monitor = Monitor(setup.settings, setup.credentials, setup.paths, prepare=demo.prepare if demo else None)
    if demo is not None:
        demo.announce = monitor.announce
    app = MarketApp(monitor, worker=monitor, settings=setup.settings.ui, log_path=log.path if log else None)

    def close() -> None:
        setup.close()
        if log is not None:
            log.close()

    run(app, close=close, alarm=monitor.alarm)


def _open_log(setup: Setup) -> "LogFile | None":
    from mytrader_tui.telemetry.logs import LogFile, silence_terminal

    pair = setup.credentials
    try:
        return LogFile(setup.paths.log_folder / LOG_NAME, (pair.key, pair.secret) if pair else ())
    except OSError as error:
        silence_terminal()
        click.echo(f"The log cannot be written ({error.strerror}); going on without one.", err=True)
        return None


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
    from mytrader_tui.market.symbol import BadSymbolError, canonical
    from mytrader_tui.settings.state import effective_symbols, read_state

    if not texts:
        state, trouble = read_state(setup.paths.state_file)
        if trouble:
            click.echo(trouble, err=True)
        return effective_symbols(setup.settings.watchlist.symbols, state)
    try:
        return tuple(dict.fromkeys(canonical(text) for text in texts))
    except BadSymbolError as error:
        raise click.BadParameter(str(error)) from error
