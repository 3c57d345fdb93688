"""A row of failures in the log: told when it begins, when its reason changes and when it ends, not once for each."""

import logging

from mytrader_tui.market.moment import Moment


class Outage:
    """Logs to `log` how `what` fails and recovers; a failure that merely goes on is counted."""

    def __init__(self, what: str, log: logging.Logger) -> None:
        self._what = what
        self._log = log
        self._since: Moment | None = None
        self._reason = ""
        self._failures = 0

    def failed(self, reason: str, detail: str, now: Moment) -> None:
        """It failed at `now` for `reason`; `detail` is told with it, and is no reason to tell it again."""
        self._since = self._since or now
        self._failures += 1
        if reason != self._reason:
            self._reason = reason
            self._log.warning("%s failed: %s", self._what, " ".join(filter(None, (reason, detail))))

    def succeeded(self, now: Moment) -> None:
        """It went well at `now`."""
        if self._since is not None:
            times = "once" if self._failures == 1 else f"{self._failures} times"
            lasted = now.mono - self._since.mono
            self._log.info("%s works again: it failed %s in %s", self._what, times, _span(lasted))
        self._since, self._reason, self._failures = None, "", 0


def _span(seconds: float) -> str:
    """A span in at most two units: `42 s`, `9 min 5 s`, `3 h 20 min`."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"
