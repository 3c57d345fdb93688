"""alerts.toml: the price alerts with their state, kept across restarts."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import tomli_w

from mytrader_tui.market.alerts.alert import Alert
from mytrader_tui.market.alerts.level import level_trouble
from mytrader_tui.market.alerts.merging import merged
from mytrader_tui.market.symbol import canonical
from mytrader_tui.settings.file_lock import alone
from mytrader_tui.settings.files import UnusableFileError, read_text, write_atomically

FILE_NAME = "alerts.toml"
_HEADER = b"# Written by mytrader-tui: the price alerts and what fired them.\n\n"


class _Document(msgspec.Struct, frozen=True):
    alerts: tuple[Alert, ...] = ()


def read_alerts(path: Path) -> tuple[tuple[Alert, ...], str]:
    """The alerts in `path`, and what the user should be told (empty if nothing).

    A file that makes no sense is moved aside under a name with its date; nothing is raised.
    """
    try:
        return _decode(read_text(path)), ""
    except FileNotFoundError:
        return (), ""
    except (UnusableFileError, ValueError, RecursionError, msgspec.ValidationError):
        return (), _move_aside(path)
    except OSError as error:
        return (), f"{path.name} cannot be read ({error.strerror}): no alert is on the watch"


def sync_alerts(path: Path, base: tuple[Alert, ...], ours: tuple[Alert, ...]) -> tuple[Alert, ...]:
    """Write `ours` to `path` with what another window has written since `base`; what is kept then. Raises OSError.

    Nothing is written where `path` says all of it already, nor where it says nothing and `ours` are still `base`.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with alone(path):
        theirs = _written_by_others(path)
        if theirs is None and ours == base:
            return ours
        kept = ours if theirs is None else merged(base, ours, theirs)
        if kept != theirs:
            write_alerts(path, kept)
    return kept


def write_alerts(path: Path, alerts: tuple[Alert, ...]) -> None:
    """Write `alerts` to `path` atomically. Raises OSError."""
    document = {"alerts": [_without_none(msgspec.to_builtins(alert, builtin_types=(datetime,))) for alert in alerts]}
    write_atomically(path, _HEADER + tomli_w.dumps(document).encode())


def _written_by_others(path: Path) -> tuple[Alert, ...] | None:
    """The alerts in `path`; None where it is not there or makes no sense."""
    try:
        return _decode(read_text(path))
    except (OSError, ValueError, RecursionError, msgspec.ValidationError):
        return None


def _decode(text: str) -> tuple[Alert, ...]:
    """Raises ValueError for alerts that no key could have set."""
    alerts = msgspec.convert(tomllib.loads(text), _Document).alerts
    for alert in alerts:
        times = [alert.created, *((alert.firing.price_time, alert.firing.at) if alert.firing else ())]
        if canonical(alert.symbol) != alert.symbol or level_trouble(alert.condition.kind, alert.condition.level):
            raise ValueError("an alert that cannot be")
        if not (alert.id.isascii() and alert.id.isdigit()) or any(time.tzinfo is None for time in times):
            raise ValueError("an alert without a number or a time")
    if len({alert.id for alert in alerts}) != len(alerts):
        raise ValueError("two alerts of one number")
    return alerts


def _without_none(value: object) -> object:
    """TOML has no word for what is not there."""
    if isinstance(value, dict):
        return {key: _without_none(each) for key, each in value.items() if each is not None}
    return value


def _move_aside(path: Path) -> str:
    try:
        written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        aside = path.with_name(f"{path.stem}.broken-{written:%Y%m%d-%H%M%S}{path.suffix}")
        path.replace(aside)
    except OSError as error:
        return f"{path.name} makes no sense and cannot be moved aside ({error.strerror}): no alert is on the watch"
    return f"{path.name} made no sense and was moved to {aside.name}: no alert is on the watch"
