"""Where the outside clock enters the program."""

import time
from datetime import UTC, datetime

from mytrader_tui.market.moment import Moment


def system_clock() -> Moment:
    """The present by this machine's clocks."""
    return Moment(datetime.now(UTC), time.monotonic())
