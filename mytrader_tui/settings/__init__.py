"""config.toml, the environment, credentials, paths and what the keys in the app change."""

from mytrader_tui.settings.schema import Settings
from mytrader_tui.settings.secret import Secret

__all__ = ["Secret", "Settings"]
