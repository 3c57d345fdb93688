"""The paper account, asked for every few seconds: what is known, and why it is not newer."""

import logging
from typing import TYPE_CHECKING

from mytrader_tui.market.link import Reason
from mytrader_tui.market.portfolio import Account, Holdings

if TYPE_CHECKING:
    from mytrader_tui.feeds.alpaca.account import AlpacaAccount

POLL_SECONDS = 5.0
REFUSED_POLL_SECONDS = 60.0

NO_KEYS_NOTE = (
    "No paper account: set ALPACA_API_KEY and ALPACA_SECRET_KEY. "
    "Keys are free: app.alpaca.markets, Paper Trading, API Keys."
)
DISABLED_NOTE = "No paper account: [alpaca] enabled is false in config.toml."

_log = logging.getLogger(__name__)


class AccountWatch:
    """The last known account and holdings. A failed request leaves both as they were and says why in `note`."""

    def __init__(self, note: str) -> None:
        self.account: Account | None = None
        self.holdings: Holdings | None = None
        self.note = note

    async def refresh(self, broker: "AlpacaAccount") -> float:
        """Ask `broker` once; the seconds until it should be asked again."""
        from mytrader_tui.feeds.alpaca.error import AlpacaError

        try:
            self.account = await broker.account()
            self.holdings = await broker.holdings()
        except AlpacaError as error:
            _log.warning("the account could not be read: %s", error)
            self.note = str(error)
            if error.retry_after is not None:
                return max(POLL_SECONDS, error.retry_after)
            return REFUSED_POLL_SECONDS if error.reason.fatal else POLL_SECONDS
        self.note = ""
        return POLL_SECONDS


def note_for(reason: Reason | None) -> str:
    """What the positions pane says while there is no account because of `reason`."""
    if reason is Reason.NO_KEYS:
        return NO_KEYS_NOTE
    return DISABLED_NOTE if reason is Reason.DISABLED else "Reading the paper account…"
