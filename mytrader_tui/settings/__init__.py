"""config.toml, the environment, credentials, paths and what the keys in the app change."""

from mytrader_tui.settings.credentials import Credentials, credentials
from mytrader_tui.settings.errors import CredentialsError, SettingsError
from mytrader_tui.settings.load import check_environment, load
from mytrader_tui.settings.paths import Paths
from mytrader_tui.settings.schema import Settings
from mytrader_tui.settings.secret import Secret

__all__ = [
    "Credentials",
    "CredentialsError",
    "Paths",
    "Secret",
    "Settings",
    "SettingsError",
    "check_environment",
    "credentials",
    "load",
]
