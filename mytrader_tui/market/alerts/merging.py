"""Alerts that two windows keep in one file, made one: what either changed since both knew the same is kept."""

from collections.abc import Iterable

from msgspec.structs import replace

from mytrader_tui.market.alerts.alert import Alert


def merged(base: Iterable[Alert], ours: Iterable[Alert], theirs: Iterable[Alert]) -> tuple[Alert, ...]:
    """`ours` with what `theirs` changed since both were `base`, by number.

    An alert deleted on either side is gone, unless the other has changed or armed it since. Two new ones of one
    number are both kept, ours under another.
    """
    known, here, there = _by_id(base), _by_id(ours), _by_id(theirs)
    kept: dict[str, Alert] = {}
    crowded: list[Alert] = []
    for alert_id in {**here, **there}:
        before, mine, other = known.get(alert_id), here.get(alert_id), there.get(alert_id)
        if before is None and mine is not None and other is not None and _armed(mine) != _armed(other):
            kept[alert_id] = other
            crowded.append(mine)
        elif (alert := _of_one(before, mine, other)) is not None:
            kept[alert_id] = alert
    for number, alert in enumerate(crowded, 1 + max(map(int, {**known, **here, **there}), default=0)):
        kept[str(number)] = replace(alert, id=str(number))
    return tuple(sorted(kept.values(), key=lambda alert: int(alert.id)))


def _of_one(before: Alert | None, mine: Alert | None, other: Alert | None) -> Alert | None:
    """What becomes of one alert."""
    if mine is None or other is None:
        left = mine or other
        if before is None or left is None:
            return left
        return left if _armed(left) != _armed(before) else None
    if mine in (before, other):
        return other
    if other == before:
        return mine
    if _armed(mine) != _armed(other):
        return max(mine, other, key=lambda alert: alert.created)
    return _both_fired(mine, other)


def _both_fired(mine: Alert, other: Alert) -> Alert:
    """Both changed: what is on disk stands, with what is known here of the very print that fired it."""
    here, there = mine.firing, other.firing
    if here is None or there is None:
        return other if here is None else mine
    if (here.print_id, here.price_time) != (there.print_id, there.price_time):
        return other
    newest = there if there.taken_back else here
    seen = here.seen or there.seen if here.taken_back == there.taken_back else newest.seen
    return replace(other, firing=replace(there, taken_back=newest.taken_back, amended=newest.amended, seen=seen))


def _armed(alert: Alert) -> object:
    """What tells an alert as it was set or armed from what became of it since."""
    return alert.symbol, alert.condition, alert.created


def _by_id(alerts: Iterable[Alert]) -> dict[str, Alert]:
    return {alert.id: alert for alert in alerts}
