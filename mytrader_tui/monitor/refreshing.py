"""Every source asked again because the user wants to know now: within what each of them allows, and told in words."""

from mytrader_tui.feeds.feed import Clock
from mytrader_tui.feeds.yahoo import YahooPoller
from mytrader_tui.market.freshness import short_span
from mytrader_tui.monitor.broker_watch import BrokerWatch
from mytrader_tui.monitor.questions import Questions

AGAIN_SECONDS = 5.0
"""How long after one refresh the next may come: a key that is held down is no reason to be shut out by a source."""


class Refreshing:
    """Asks those who work with the sources. A source that wants to be left alone is, and the answer says so."""

    def __init__(
        self, yahoo: YahooPoller | None, questions: Questions | None, broker: BrokerWatch | None, clock: Clock
    ) -> None:
        self._yahoo = yahoo
        self._questions = questions
        self._broker = broker
        self._clock = clock
        self._asked: float | None = None

    def ask(self) -> str:
        """Ask again; what was asked and what was not, in words."""
        now = self._clock().mono
        if self._asked is not None and now - self._asked < AGAIN_SECONDS:
            return f"Asked a moment ago: again in {AGAIN_SECONDS - (now - self._asked):.0f}s."
        asked: list[str] = []
        if self._questions is not None and self._questions.ask_now():
            asked.append("Alpaca")
        pause = self._yahoo.pause_seconds if self._yahoo is not None else 0.0
        if self._yahoo is not None and pause <= 0:
            self._yahoo.poll_now()
            asked.append("Yahoo")
        if self._broker is not None:
            self._broker.happened()
            asked.append("the account")
        if asked:
            self._asked = now
        return _told(asked, pause)


def _told(asked: list[str], pause: float) -> str:
    """The refusal first: it is what the user does not expect."""
    waits = f"Yahoo wants a pause of {short_span(pause)} more." if pause > 0 else ""
    said = f"Asked {_joined(asked)} again." if asked else ""
    return " ".join(filter(None, (waits, said))) or "No source can be asked now."


def _joined(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
