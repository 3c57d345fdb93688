"""Runs the program in the terminal: on all of it, or as a strip under the prompt."""

import sys
from typing import TYPE_CHECKING, NoReturn

import click

from mytrader_tui.monitor.clock import system_clock
from mytrader_tui.process.garbage import keep_everything
from mytrader_tui.process.unwanted import go_without
from mytrader_tui.settings import Secret
from mytrader_tui.start import Setup

if TYPE_CHECKING:
    from mytrader_tui.telemetry.log_memory import LogMemory
    from mytrader_tui.telemetry.logs import LogFile

EXIT_NO_TERMINAL = 2
LOG_NAME = "mytrader-tui.log"
NO_TERMINAL = "mytrader-tui needs a terminal; `mytrader-tui snapshot` prints the prices without one."
NO_INLINE = "--inline draws under the prompt, which Windows' terminals do not let it do; start without it."


def run_screen(setup: Setup) -> NoReturn:
    """The whole program, until it is left."""
    _demand_terminal()
    _be_light(setup)
    from mytrader_tui.app import MarketApp, run
    from mytrader_tui.settings.keys import keymap

    work = _Work(setup)
    app = MarketApp(
        work.monitor,
        worker=work.monitor,
        settings=setup.settings.ui,
        keymap=keymap(setup.settings.keys),
        columns=setup.settings.watchlist.columns,
        log_path=work.log.path if work.log else None,
        theme=setup.theme,
    )
    run(app, close=lambda: work.close(app.return_code), alarm=work.monitor.alarm)


def run_inline(setup: Setup) -> NoReturn:
    """The active list as a strip, until it is left."""
    if sys.platform == "win32":
        click.echo(NO_INLINE, err=True)
        raise SystemExit(EXIT_NO_TERMINAL)
    _demand_terminal()
    _be_light(setup)
    from mytrader_tui.app import run
    from mytrader_tui.inline import InlineApp
    from mytrader_tui.settings.keys import keymap

    work = _Work(setup)
    app = InlineApp(
        work.monitor,
        worker=work.monitor,
        settings=setup.settings.ui,
        keymap=keymap(setup.settings.keys),
        log_path=work.log.path if work.log else None,
        theme=setup.theme,
    )
    run(app, close=lambda: work.close(app.return_code), alarm=work.monitor.alarm, inline=True)


class _Work:
    """What runs behind either: the monitor, and the log."""

    def __init__(self, setup: Setup) -> None:
        from mytrader_tui.monitor.worker import Monitor
        from mytrader_tui.telemetry.log_memory import LogMemory

        self._setup = setup
        memory = LogMemory(_secrets(setup), system_clock)
        self.log = _open_log(setup, memory)
        demo = setup.demo
        self.monitor: Monitor = Monitor(
            setup.settings,
            setup.credentials,
            setup.paths,
            prepare=demo.prepare if demo else None,
            log=memory,
            opening=setup.opening,
            flags=setup.flags,
        )
        if demo is not None:
            demo.announce = self.monitor.announce

    def close(self, code: int | None) -> None:
        """End the demo and the log, of which the message of a crash tells."""
        from mytrader_tui.app import CRASHED

        self._setup.close(keep_files=code == CRASHED)
        if self.log is not None:
            self.log.close()


def _demand_terminal() -> None:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        click.echo(NO_TERMINAL, err=True)
        raise SystemExit(EXIT_NO_TERMINAL)


def _be_light(setup: Setup) -> None:
    """Spend neither time nor memory on what the screen has no use for."""
    keep_everything()
    go_without("pyarrow")
    if not setup.settings.history.url:
        # yfinance's cookie cache would load the driver for a database that it never opens.
        go_without("psycopg")


def _secrets(setup: Setup) -> tuple[Secret, ...]:
    """What no log may hold."""
    pair = setup.credentials
    return (pair.key, pair.secret) if pair else ()


def _open_log(setup: Setup, memory: "LogMemory") -> "LogFile | None":
    from mytrader_tui.telemetry.logs import LogFile, silence_terminal

    try:
        return LogFile(setup.paths.log_folder / LOG_NAME, _secrets(setup), memory=memory)
    except OSError as error:
        silence_terminal(memory)
        click.echo(f"The log cannot be written ({error.strerror}); going on without one.", err=True)
        return None
