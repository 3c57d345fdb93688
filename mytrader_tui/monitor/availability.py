"""Whether a source can be tried at all."""

from mytrader_tui.market.link import Reason
from mytrader_tui.settings import Settings
from mytrader_tui.settings.credentials import Credentials


def alpaca_off(settings: Settings, credentials: Credentials | None) -> Reason | None:
    """Why Alpaca cannot even be tried, or None."""
    if not settings.alpaca.enabled:
        return Reason.DISABLED
    return Reason.NO_KEYS if credentials is None else None
