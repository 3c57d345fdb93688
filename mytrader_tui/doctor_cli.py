"""The command that looks at everything the program needs and says what to do."""

import asyncio
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NoReturn

import click

from mytrader_tui.monitor.clock import system_clock
from mytrader_tui.settings.errors import SettingsError
from mytrader_tui.settings.load import check_environment, load
from mytrader_tui.settings.paths import Paths
from mytrader_tui.start import Asked, opening_of, prepared

if TYPE_CHECKING:
    from mytrader_tui.doctor.checks import Subject
    from mytrader_tui.doctor.result import Report
    from mytrader_tui.doctor.settings import Keys
    from mytrader_tui.settings import Settings

KEYS_SECONDS = 3.0
"""How long the keyring may take: it may ask the user for a password in a window that nobody sees."""

_WIDEST = 120


@click.command()
@click.option("--json", "as_json", is_flag=True, help="JSON with every check, for programs.")
@click.pass_obj
def doctor(asked: Asked, as_json: bool) -> None:
    """Look at all that the program needs; say what to do.

    Python, libraries, terminal, settings, keys (never their values), the way to each server, the account, the plan's
    feed, the clock, Yahoo, the folders, the history. It asks the servers a few questions, changes nothing and leaves
    a running mytrader-tui alone.

    Every line is ok, warn, fail or skip. Exits 1 if one is fail, else 0.
    """
    from mytrader_tui.doctor.telling import as_json as in_json
    from mytrader_tui.doctor.telling import as_text

    report = _examined(asked)
    on_terminal = sys.stdout.isatty()
    if as_json:
        text = in_json(report)
    else:
        coloured = on_terminal and not os.environ.get("NO_COLOR")
        text = as_text(report, width=_width() if on_terminal else None, coloured=coloured)
    _end(text, report.exit_code)


def _examined(asked: Asked) -> "Report":
    """The report. A name that is still being looked up in a thread is left behind."""
    loop = asyncio.new_event_loop()
    work = _examine_demo(asked) if asked.demo is not None else _examine(asked)
    return loop.run_until_complete(work)


async def _examine(asked: Asked) -> "Report":
    from mytrader_tui.doctor.checks import Subject

    paths = Paths.default()
    keys = await _keys(paths)
    file = asked.config or paths.config_file
    # A cookie of Yahoo's that is already here is not used either: the way to a new one is looked at as well.
    with TemporaryDirectory(prefix="mytrader-tui-doctor-", ignore_cleanup_errors=True) as name:
        return await _report(
            Subject(_read(asked, paths), keys, paths, Path(name), file, asked.flags.given, os.environ, system_clock)
        )


async def _examine_demo(asked: Asked) -> "Report":
    from mytrader_tui.doctor.checks import Subject
    from mytrader_tui.doctor.settings import Keys

    try:
        setup = prepared(asked)
    except SettingsError as error:
        raise click.UsageError(str(error)) from error
    assert setup.demo is not None
    try:
        settings, pair = await setup.demo.prepare()
        keys = Keys(pair, "the demo")
        paths = setup.paths
        return await _report(
            Subject(settings, keys, paths, paths.cache_folder, None, asked.flags.given, os.environ, system_clock)
        )
    finally:
        setup.close()


async def _report(subject: "Subject") -> "Report":
    from mytrader_tui.doctor.checks import checks
    from mytrader_tui.doctor.examination import examine

    pair = subject.keys.pair
    secrets = (pair.key, pair.secret) if pair is not None else ()
    return await examine(checks(subject), secrets, subject.clock)


async def _keys(paths: Paths) -> "Keys":
    from mytrader_tui.doctor.settings import Keys, find_keys

    try:
        async with asyncio.timeout(KEYS_SECONDS):
            return await asyncio.to_thread(find_keys, os.environ, paths)
    except TimeoutError:
        return Keys(trouble=f"the keyring does not answer within {KEYS_SECONDS:g} s")


def _read(asked: Asked, paths: Paths) -> "Settings | SettingsError":
    try:
        check_environment(os.environ)
        settings = asked.flags.over(load(asked.config))
        opening_of(asked.flags, settings, paths)
        return settings
    except SettingsError as error:
        return error


def _width() -> int:
    from mytrader_tui.doctor.terminal import terminal_size

    size = terminal_size()
    return min(size[0], _WIDEST) if size is not None else _WIDEST


def _end(text: str, code: int) -> NoReturn:
    """Print and end the process under whatever thread still waits for an answer: Python would wait with it."""
    encoding = sys.stdout.encoding or "utf-8"
    click.echo(text.encode(encoding, "replace").decode(encoding))
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
