"""What every command starts from: the settings, the keys, the folders, and the demo where there is one."""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mytrader_tui.monitor.clock import system_clock
from mytrader_tui.settings import Settings
from mytrader_tui.settings.credentials import Credentials, credentials
from mytrader_tui.settings.flags import NO_FLAGS, Flags
from mytrader_tui.settings.load import check_environment, load
from mytrader_tui.settings.merge import effective_watchlists
from mytrader_tui.settings.opening import AS_LEFT, Opening
from mytrader_tui.settings.paths import Paths
from mytrader_tui.settings.state import read_state

if TYPE_CHECKING:
    from mytrader_tui.demo_run import DemoRun


@dataclass(frozen=True)
class Asked:
    """The command line before any command: the settings' file, the demo's kind, and the flags of this run."""

    config: Path | None = None
    demo: str | None = None
    flags: Flags = NO_FLAGS


@dataclass(frozen=True)
class Setup:
    """What every command starts from. `opening` is the list to begin with, where the command line names one."""

    settings: Settings
    credentials: Credentials | None
    paths: Paths
    demo: "DemoRun | None" = None
    folder: "tempfile.TemporaryDirectory[str] | None" = None
    opening: Opening = AS_LEFT
    flags: Flags = NO_FLAGS

    @property
    def theme(self) -> str:
        """The theme of this run alone, empty for the one that was chosen or set."""
        return self.flags.theme or ""

    def close(self, *, keep_files: bool = False) -> None:
        """End the demo and remove its files, where there is one; `keep_files` is for a message that names its log."""
        if self.demo is not None:
            self.demo.close()
        if self.folder is not None and not keep_files:
            self.folder.cleanup()


def prepared(asked: Asked) -> Setup:
    """Read everything that there is to read; nothing is opened yet. Raises SettingsError."""
    if asked.demo is not None:
        return _of_demo(asked)
    check_environment(os.environ)
    paths = Paths.default()
    settings = asked.flags.over(load(asked.config))
    opening = opening_of(asked.flags, settings, paths)
    return Setup(settings, _credentials(paths), paths, opening=opening, flags=asked.flags)


def _of_demo(asked: Asked) -> Setup:
    from mytrader_tui.demo_run import DemoRun

    looks = load(asked.config) if asked.config is not None else Settings()
    run = DemoRun(system_clock, faults=asked.demo == "faults", looks=looks)
    run.settings = asked.flags.over(run.settings)
    opening = asked.flags.opening(effective_watchlists(run.settings.watchlists, None).names)
    folder = tempfile.TemporaryDirectory(prefix="mytrader-tui-demo-", ignore_cleanup_errors=True)
    return Setup(run.settings, None, Paths.under(Path(folder.name)), run, folder, opening, asked.flags)


def opening_of(flags: Flags, settings: Settings, paths: Paths) -> Opening:
    """The list that a run with `flags` begins with. Raises SettingsError."""
    if flags.list_name is None and flags.symbols is None:
        return AS_LEFT
    state, _ = read_state(paths.state_file)
    return flags.opening(effective_watchlists(settings.watchlists, state).names)


def _credentials(paths: Paths) -> Credentials | None:
    """The environment's, else the keyring's, else the file's. Raises SettingsError."""
    from mytrader_tui.settings.credential_stores import FILE_NAME, from_file, from_keyring

    found = credentials(os.environ) or from_keyring()
    return found or from_file(paths.config_file.with_name(FILE_NAME))
