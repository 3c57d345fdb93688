"""Where the program's files are: the platform's own folders, or one root for tests and the demo."""

from pathlib import Path

import msgspec
from platformdirs import PlatformDirs

_APP = "mytrader-tui"


class Paths(msgspec.Struct, frozen=True):
    """The user's config file and the program's own folders. Nothing here is created by looking at it."""

    config_file: Path
    state_folder: Path
    cache_folder: Path
    log_folder: Path
    data_folder: Path

    @property
    def state_file(self) -> Path:
        """What the keys in the app change."""
        return self.state_folder / "state.toml"

    @classmethod
    def default(cls) -> "Paths":
        """The platform's folders for this user (XDG on Linux, Library on macOS, AppData on Windows)."""
        dirs = PlatformDirs(_APP, appauthor=False)
        return cls(
            dirs.user_config_path / "config.toml",
            dirs.user_state_path,
            dirs.user_cache_path,
            dirs.user_log_path,
            dirs.user_data_path,
        )

    @classmethod
    def under(cls, root: Path) -> "Paths":
        """Everything below `root`."""
        return cls(root / "config.toml", root / "state", root / "cache", root / "log", root / "data")
