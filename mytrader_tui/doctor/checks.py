"""Which checks there are, in the order of the report."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from mytrader_tui.doctor import hosts, machine, storage, terminal, yahoo
from mytrader_tui.doctor import settings as configuration
from mytrader_tui.doctor.broker import Broker
from mytrader_tui.doctor.result import Check, Result, Run, skip
from mytrader_tui.doctor.settings import Keys
from mytrader_tui.doctor.stream import StreamTrial
from mytrader_tui.feeds.feed import Clock
from mytrader_tui.market.symbol import alpaca_can_know
from mytrader_tui.settings import Settings
from mytrader_tui.settings.errors import SettingsError
from mytrader_tui.settings.history import History as HistorySettings
from mytrader_tui.settings.paths import Paths

SYMBOL = "SPY"
"""Whose price is asked for where the settings name none that will do."""

NO_SETTINGS = "not before the settings can be read"
NO_KEYS = "no keys to ask with"
ALPACA_OFF = "Alpaca is switched off"
YAHOO_OFF = "Yahoo is switched off"
_FOLDERS = ("config", "state", "cache", "log", "data")


@dataclass(frozen=True)
class Subject:
    """What is examined.

    `read` are the settings, or what is wrong with them; `file` is where they stand, None for the demo's own; `flags`
    is whether the command line changed some. What a library insists on writing goes to `scratch`.
    """

    read: Settings | SettingsError
    keys: Keys
    paths: Paths
    scratch: Path
    file: Path | None
    flags: bool
    environ: Mapping[str, str]
    clock: Clock


def checks(subject: Subject) -> tuple[Check, ...]:
    """Every check of `subject`."""
    return (*_here(subject), *_servers(subject), *_files(subject))


def _here(subject: Subject) -> Iterator[Check]:
    environ, read, keys = subject.environ, subject.read, subject.keys
    told = read if isinstance(read, Settings) else Settings()
    found = terminal.terminal_size()
    yield _looked("python", machine.python)
    yield _looked("libraries", machine.libraries)
    yield _looked("terminal", lambda: terminal.kind(environ))
    yield _looked("terminal size", lambda: terminal.size(found))
    yield _looked("terminal colours", lambda: terminal.colours(environ, terminal=found is not None))
    yield _looked("terminal characters", lambda: terminal.characters(environ, told.ui.glyphs))
    yield _looked("settings", lambda: configuration.settings(read, subject.file, flags=subject.flags))
    yield _looked("credentials", lambda: configuration.credentials(keys, yahoo=told.yahoo.enabled))
    yield _looked("keyring", lambda: machine.keyring(keys.place))


def _servers(subject: Subject) -> Iterator[Check]:
    read = subject.read
    settings = read if isinstance(read, Settings) else Settings()
    unread = "" if isinstance(read, Settings) else NO_SETTINGS
    no_alpaca = unread or ("" if settings.alpaca.enabled else ALPACA_OFF) or ("" if subject.keys.pair else NO_KEYS)
    no_yahoo = unread or ("" if settings.yahoo.enabled else YAHOO_OFF)
    for host in hosts.alpaca_hosts(settings):
        yield _unless(no_alpaca, Check(host.check, partial(hosts.reach, host, subject.clock)))
    for host in hosts.yahoo_hosts(settings):
        yield _unless(no_yahoo, Check(host.check, partial(hosts.reach, host, subject.clock)))
    yield from _alpaca(subject, settings, no_alpaca)
    asked = partial(yahoo.quote, _symbol(settings), settings.yahoo.base_url, subject.scratch, subject.clock)
    yield _unless(no_yahoo, Check("yahoo", asked))


def _alpaca(subject: Subject, settings: Settings, why_not: str) -> Iterator[Check]:
    names = ("account", "requests", "clock", "prices", "stream")
    if why_not or subject.keys.pair is None:
        yield from (_skipped(name, why_not or NO_KEYS) for name in names)
        return
    alpaca, pair, symbol = settings.alpaca, subject.keys.pair, _symbol(settings, alpaca_can_know)
    broker = Broker(alpaca, pair, subject.clock)
    trial = StreamTrial(alpaca, pair, subject.paths.state_folder, subject.clock)
    runs: tuple[Run, ...] = (
        broker.account,
        broker.requests,
        broker.clock,
        partial(broker.prices, symbol),
        partial(trial.run, symbol),
    )
    yield from (Check(name, run) for name, run in zip(names, runs, strict=True))


def _files(subject: Subject) -> Iterator[Check]:
    paths, read = subject.paths, subject.read
    config = (subject.file or paths.config_file).parent
    folders = (config, paths.state_folder, paths.cache_folder, paths.log_folder, paths.data_folder)
    for name, path in zip(_FOLDERS, folders, strict=True):
        yield _looked(f"folder {name}", partial(storage.folder, path, written=name != "config"))
    kept = Check("history", partial(asyncio.to_thread, storage.history, _history(read), paths.data_folder))
    yield _unless("" if isinstance(read, Settings) else NO_SETTINGS, kept)


def _history(read: Settings | SettingsError) -> HistorySettings:
    return read.history if isinstance(read, Settings) else HistorySettings()


def _symbol(settings: Settings, known: Callable[[str], bool] = bool) -> str:
    """A symbol that is watched anyway, if one is `known`."""
    return next(filter(known, (settings.router.canary, *settings.watchlist.symbols)), SYMBOL)


def _looked(name: str, look: Callable[[], Result]) -> Check:
    """A check that asks nobody but this machine, which may be slow all the same: a disk, a keyring."""
    return Check(name, partial(asyncio.to_thread, look))


def _unless(why_not: str, check: Check) -> Check:
    return _skipped(check.name, why_not) if why_not else check


def _skipped(name: str, why: str) -> Check:
    async def say() -> Result:
        return skip(why)

    return Check(name, say)
