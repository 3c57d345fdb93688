"""The line under the positions' totals: how old, how live and how complete they are."""

from datetime import datetime, tzinfo

from mytrader_tui.market.account.marking import EquityCheck, Portfolio
from mytrader_tui.market.moment import Moment
from mytrader_tui.ui.figures import percent_forms
from mytrader_tui.ui.flow import Phrase, flow, plain
from mytrader_tui.ui.widgets.lines import Lines

MOST_LINES = 3


class HonestyLine(Lines):
    """What the totals may claim; times are at home in `zone` (None: the system's)."""

    def __init__(self, *, zone: tzinfo | None, id: str = "honesty") -> None:
        super().__init__(id=id)
        self._zone = zone

    def say(self, portfolio: Portfolio, now: Moment, most: int = MOST_LINES) -> None:
        """Show what holds of `portfolio` in `most` lines, and nothing where there are no positions."""
        width = max(1, self.size.width)
        phrases = honesty_phrases(portfolio, now, self._zone, (self.tone("faint"), self.tone("delayed")))
        self.show(flow(phrases, (width,) * most) if phrases else [])


def honesty_phrases(
    portfolio: Portfolio, now: Moment, zone: tzinfo | None, colours: tuple[str, str] = ("", "")
) -> list[Phrase]:
    """The age of the oldest price, what part is how live, what is left out, and the broker's other opinion."""
    calm, loud = colours
    honesty = portfolio.honesty
    said = [] if honesty.oldest is None else [f"as of oldest {time_text(honesty.oldest, now, zone)}"]
    said += honesty.phrases
    if portfolio.totals is not None and (dayless := portfolio.totals.without_day):
        said.append(f"day P&L without {'1 row' if dayless == 1 else f'{dayless} rows'}")
    phrases = [plain(phrase, style=calm) for phrase in said]
    if portfolio.equity is not None and portfolio.equity.apart:
        phrases.append(plain(apart_text(portfolio.equity), style=loud))
    return phrases


def apart_text(check: EquityCheck) -> str:
    """How far our equity is from the broker's, without an amount: `equity here +0.72% from the broker's`."""
    if check.percent is None:
        return "equity here is not the broker's"
    return f"equity here {percent_forms(check.percent)[0].lstrip('▲▼ ')} from the broker's"


def time_text(at: datetime, now: Moment, zone: tzinfo | None) -> str:
    """The time of day of `at`, behind its day where that is not today."""
    here, today = at.astimezone(zone), now.wall.astimezone(zone).date()
    if here.date() == today:
        return f"{here:%H:%M:%S}"
    return f"{here:%a %H:%M:%S}" if abs((today - here.date()).days) < 7 else f"{here:%Y-%m-%d}"
