"""Whether a source can be tried at all, who says that it cannot, and how it could."""

import msgspec

from mytrader_tui.market.link import Reason
from mytrader_tui.settings import Settings
from mytrader_tui.settings.credentials import Credentials
from mytrader_tui.settings.flags import Flags


class Off(msgspec.Struct, frozen=True):
    """Why a source is not tried, what switched it off where something did, and what would switch it on."""

    reason: Reason
    by: str = ""
    cure: str = ""


def alpaca_off(settings: Settings, credentials: Credentials | None, flags: Flags) -> Off | None:
    """Why Alpaca cannot even be tried, or None."""
    if not settings.alpaca.enabled:
        return _switched_off("alpaca", by_flag=flags.no_alpaca)
    return Off(Reason.NO_KEYS) if credentials is None else None


def yahoo_off(settings: Settings, flags: Flags) -> Off | None:
    """Why Yahoo cannot even be tried, or None."""
    return None if settings.yahoo.enabled else _switched_off("yahoo", by_flag=flags.no_yahoo)


def _switched_off(source: str, *, by_flag: bool) -> Off:
    if by_flag:
        return Off(Reason.DISABLED, f"by --no-{source}", f"start without --no-{source} to turn it on")
    return Off(Reason.DISABLED, "in the settings", f"[{source}] enabled = true in config.toml turns it on")
