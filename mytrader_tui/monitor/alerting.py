"""Price alerts, judged on what is on the board, told when they fire and kept in alerts.toml."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import msgspec
from msgspec.structs import replace

from mytrader_tui.market.account.order_text import price_text
from mytrader_tui.market.account.portfolio import money
from mytrader_tui.market.alerts.alert import Alert, AlertCondition, AlertView, Firing, Stand, Verdict, armed_at
from mytrader_tui.market.alerts.judge import judge
from mytrader_tui.market.alerts.level import level_trouble
from mytrader_tui.market.alerts.merging import merged
from mytrader_tui.market.alerts.words import fired_text, news_lines
from mytrader_tui.market.freshness import Badge
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Cancel, Correction, Quote, Trade, Update
from mytrader_tui.market.session import NEW_YORK
from mytrader_tui.market.symbol import BadSymbolError, canonical
from mytrader_tui.monitor.alerts_kept import AlertsKept
from mytrader_tui.settings.schema import Alerts

MAX_ALERTS = 500
"""Alerts kept at most; each costs a look every second."""

AFTERMATH = timedelta(minutes=10)
"""How long the symbol of an alert that fired is still fed, so that a print taken back is heard of."""

LOOK_SECONDS = 10.0
"""How often is looked whether another window has changed the alerts."""

_TOLD_AT_ONCE = 4

_log = logging.getLogger(__name__)


class Sight(msgspec.Struct, frozen=True):
    """What a row shows: the quote served, its badge, and what is the matter with it."""

    quote: Quote | None
    badge: Badge
    mark: str


class Notices(Protocol):
    """What tells the desktop."""

    def show(self, title: str, text: str) -> None:
        """Show a notice; returns at once and never raises."""

    def close(self) -> None:
        """Show no more."""


class Alerting:
    """The AlertDesk. `look` tells what a row shows; `changed` is called when other symbols are to be fed.

    It starts no task: the worker calls `tick` every second, and `heard` for what the feeds say.
    """

    def __init__(
        self,
        path: Path,
        settings: Alerts,
        *,
        look: Callable[[str, Moment], Sight],
        clock: Callable[[], Moment],
        changed: Callable[[], None],
        notices: Notices | None = None,
    ) -> None:
        self.rings = settings.bell
        self._look = look
        self._clock = clock
        self._changed = changed
        self._notices = notices if settings.desktop else None
        self._kept = AlertsKept(path)
        self._alerts = {alert.id: alert for alert in self._kept.shared}
        self._verdicts: dict[str, Verdict] = {}
        self._deleted: list[Alert] = []
        self._fired: list[Alert] = []
        self._untold: list[Alert] = []
        self._views: tuple[AlertView, ...] | None = None
        self._watched: dict[str, list[str]] = {}
        self._spent: dict[str, list[str]] = {}
        self._dirty = asyncio.Event()
        self._index()

    # What the screens ask.

    @property
    def alerts(self) -> tuple[AlertView, ...]:
        """Every alert and how it stands."""
        if self._views is None:
            self._views = tuple(AlertView(alert, self._verdicts.get(alert.id)) for alert in self._alerts.values())
        return self._views

    @property
    def trouble(self) -> str:
        """Why the alerts cannot be kept; empty while they can."""
        return self._kept.trouble

    @property
    def unseen(self) -> tuple[Alert, ...]:
        """The alerts that fired since the list was last looked at."""
        return tuple(alert for alert in self._alerts.values() if alert.firing is not None and not alert.firing.seen)

    def create(self, symbol: str, condition: AlertCondition) -> Alert | str:
        """Set an alert; or why it cannot be, in words."""
        try:
            symbol = canonical(symbol)
        except BadSymbolError as error:
            return str(error)
        if len(self._alerts) >= MAX_ALERTS:
            return f"There are {MAX_ALERTS} alerts already: delete one first."
        if why := self._refusal(symbol, condition):
            return why
        now = self._clock()
        alert = Alert(self._number(now), symbol, condition, now.wall, self._currency(symbol, now))
        self._put(alert)
        return alert

    def change(self, alert_id: str, condition: AlertCondition) -> Alert | str:
        """Give an alert another condition and let it be on the watch; or why it cannot be, in words."""
        alert = self._alerts.get(alert_id)
        if alert is None:
            return "This alert is gone."
        if why := self._refusal(alert.symbol, condition, but=alert_id):
            return why
        now = self._clock()
        currency = self._currency(alert.symbol, now) or alert.currency
        self._put(armed_at(replace(alert, condition=condition, currency=currency), now))
        return self._alerts[alert_id]

    def rearm(self, alert_id: str) -> None:
        """Let an alert that fired be on the watch again."""
        alert = self._alerts.get(alert_id)
        if alert is not None and alert.firing is not None:
            self._put(armed_at(alert, self._clock()))

    def delete(self, alert_id: str) -> None:
        """Remove an alert."""
        alert = self._alerts.pop(alert_id, None)
        if alert is not None:
            self._deleted.append(alert)
            self._altered()

    @property
    def undoable(self) -> bool:
        """Whether there is an alert to bring back."""
        return bool(self._deleted)

    def undo_delete(self) -> Alert | None:
        """Bring the alert removed last back, as it was."""
        if not self._deleted:
            return None
        alert = self._deleted.pop()
        self._alerts = dict(sorted({**self._alerts, alert.id: alert}.items(), key=lambda item: int(item[0])))
        self._altered()
        return alert

    def take_fired(self) -> tuple[Alert, ...]:
        """The alerts that fired since the last call, and those whose print was taken back."""
        fired = tuple(self._fired)
        self._fired.clear()
        return fired

    def see(self) -> None:
        """Nothing that has fired so far is unseen any more."""
        for alert in self.unseen:
            if alert.firing is not None:
                self._put(replace(alert, firing=replace(alert.firing, seen=True)))

    # What the worker tells.

    def symbols(self, now: Moment) -> tuple[str, ...]:
        """The symbols to be fed for the alerts' sake, the longest watched first."""
        wanted = (
            alert.symbol
            for alert in self._alerts.values()
            if alert.firing is None or now.wall - alert.firing.at < AFTERMATH
        )
        return tuple(dict.fromkeys(wanted))

    def heard(self, update: Update, now: Moment) -> None:
        """A feed said this and it was believed: a price that comes and goes within a second counts."""
        symbol = update.symbol
        match update:
            case Trade():
                if symbol in self._watched:
                    self._judge(symbol, now)
            case Correction() | Cancel():
                if symbol in self._spent:
                    self._take_back(update)

    def tick(self) -> None:
        """Judge every alert, whose row may have changed by the clock alone, and tell the desktop what fired."""
        now = self._clock()
        for symbol in tuple(self._watched):
            self._judge(symbol, now)
        if self._untold:
            self._tell_desktop(now)

    async def write_when_changed(self) -> None:
        """Write the alerts to disk after each change, and look for those of other windows, until cancelled."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._dirty.wait()
            self._dirty.clear()
            ours = tuple(self._alerts.values())
            self._adopt(ours, await asyncio.to_thread(self._kept.write, self._kept.shared, ours))

    def close(self) -> None:
        """Write what is not written yet, and tell the desktop nothing more."""
        self._kept.write(self._kept.shared, tuple(self._alerts.values()))
        if self._notices is not None:
            self._notices.close()

    # Judging.

    def _judge(self, symbol: str, now: Moment) -> None:
        sight = self._look(symbol, now)
        for alert_id in tuple(self._watched.get(symbol, ())):
            alert = self._alerts[alert_id]
            verdict = judge(alert, sight.quote, sight.badge, sight.mark, now)
            if verdict.stand is Stand.MET and verdict.firing is not None:
                self._fire(alert, verdict.firing)
            elif self._verdicts.get(alert_id) != verdict:
                self._verdicts[alert_id] = verdict
                self._views = None

    def _fire(self, alert: Alert, firing: Firing) -> None:
        fired = replace(alert, firing=firing)
        _log.info("alert fired: %s", fired_text(fired, firing.at, None))
        self._put(fired)
        self._fired.append(fired)
        self._untold.append(fired)

    def _take_back(self, update: Correction | Cancel) -> None:
        became = f"corrected to {price_text(money(update.price))}" if isinstance(update, Correction) else "taken back"
        for alert_id in self._spent[update.symbol]:
            alert = self._alerts[alert_id]
            if alert.firing is None or not _is_print_of(update, alert.firing):
                continue
            amended = update.corrected if isinstance(update, Correction) else alert.firing.amended
            # The stream may say the same again.
            if (became, amended) != (alert.firing.taken_back, alert.firing.amended):
                firing = replace(alert.firing, taken_back=became, amended=amended, seen=False)
                self._put(replace(alert, firing=firing))
                self._fired.append(self._alerts[alert_id])
                self._untold.append(self._alerts[alert_id])

    def _tell_desktop(self, now: Moment) -> None:
        told, self._untold = self._untold, []
        if self._notices is not None:
            symbols = ", ".join(dict.fromkeys(alert.symbol for alert in told[:_TOLD_AT_ONCE]))
            self._notices.show(f"mytrader-tui: {symbols}", "\n".join(news_lines(told, now.wall, None, _TOLD_AT_ONCE)))

    # Keeping.

    def _refusal(self, symbol: str, condition: AlertCondition, but: str = "") -> str:
        """Why there can be no such alert; empty if there can."""
        if why := level_trouble(condition.kind, condition.level):
            return why
        twins = (
            alert
            for alert in self._alerts.values()
            if alert.symbol == symbol and alert.condition == condition and alert.firing is None and alert.id != but
        )
        return "There is this very alert already." if next(twins, None) else ""

    def _currency(self, symbol: str, now: Moment) -> str:
        quote = self._look(symbol, now).quote
        return (quote.currency or "") if quote is not None else ""

    def _put(self, alert: Alert) -> None:
        self._alerts[alert.id] = alert
        self._verdicts.pop(alert.id, None)
        self._altered()

    def _altered(self) -> None:
        """Have what changed judged, written and fed."""
        self._index()
        self._dirty.set()
        self._changed()

    def _index(self) -> None:
        self._watched = _by_symbol(alert for alert in self._alerts.values() if alert.firing is None)
        self._spent = _by_symbol(alert for alert in self._alerts.values() if alert.firing is not None)
        self._views = None

    def _adopt(self, sent: tuple[Alert, ...], kept: tuple[Alert, ...] | None) -> None:
        """Have here too what another window changed; `sent` was ours when `kept` was written."""
        if kept is None:
            return
        self._kept.shared = kept
        if kept == sent:
            return
        before = self._alerts
        self._alerts = {alert.id: alert for alert in merged(sent, before.values(), kept)}
        for alert_id in {**before, **self._alerts}:
            if self._alerts.get(alert_id) != before.get(alert_id):
                self._verdicts.pop(alert_id, None)
        self._altered()

    def _number(self, now: Moment) -> str:
        """A number for a new alert, greater than any before. It is that of the millisecond: another window, which does
        not know of it yet, takes another."""
        newest = max((int(alert.id) for alert in (*self._alerts.values(), *self._deleted)), default=0)
        return str(max(newest + 1, int(now.wall.timestamp() * 1000)))


def _is_print_of(update: Correction | Cancel, firing: Firing) -> bool:
    """True if `update` is of the very print that `firing` was on, by the name that it had or was corrected to.

    Prints are numbered anew every day.
    """
    names = (firing.print_id, firing.amended)
    if firing.print_id is None or update.origin.source is not firing.source or update.original not in names:
        return False
    return update.event_time.astimezone(NEW_YORK).date() == firing.price_time.astimezone(NEW_YORK).date()


def _by_symbol(alerts: Iterable[Alert]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for alert in alerts:
        found.setdefault(alert.symbol, []).append(alert.id)
    return found
