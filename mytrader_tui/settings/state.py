"""state.toml: what the keys in the app change, kept apart from the user's config.toml."""

import tomllib
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import tomli_w

from mytrader_tui.market.symbol import canonical
from mytrader_tui.settings.files import UnusableFileError, read_text, write_atomically

_HEADER = b"# Written by mytrader-tui. Your own settings belong in config.toml.\n\n"


class State(msgspec.Struct, frozen=True):
    """What the keys in the app changed: the watchlist, with the symbols in config.toml that it was then based on.

    `hide_amounts` is whether the account's amounts are kept off the screen.
    """

    symbols: tuple[str, ...] = ()
    configured: tuple[str, ...] = ()
    hide_amounts: bool = False

    def __post_init__(self) -> None:
        for symbol in (*self.symbols, *self.configured):
            canonical(symbol)


class _Watchlist(msgspec.Struct, frozen=True):
    symbols: tuple[str, ...] = ()
    configured: tuple[str, ...] = ()


class _Account(msgspec.Struct, frozen=True):
    hide_amounts: bool = False


class _Document(msgspec.Struct, frozen=True):
    watchlist: _Watchlist
    account: _Account = _Account()


def read_state(path: Path) -> tuple[State | None, str]:
    """The state in `path`, or None, and what the user should be told (empty if nothing).

    A file that makes no sense is moved aside under a name with its date; nothing is raised.
    """
    try:
        return _decode(read_text(path)), ""
    except FileNotFoundError:
        return None, ""
    except (UnusableFileError, ValueError, RecursionError, msgspec.ValidationError):
        return None, _move_aside(path)
    except OSError as error:
        return None, f"{path.name} cannot be read ({error.strerror}): starting from config.toml"


def write_state(path: Path, state: State) -> None:
    """Write `state` to `path` atomically. Raises OSError."""
    watchlist = {"symbols": list(state.symbols), "configured": list(state.configured)}
    document = {"watchlist": watchlist, "account": {"hide_amounts": state.hide_amounts}}
    write_atomically(path, _HEADER + tomli_w.dumps(document).encode())


def effective_symbols(configured: Iterable[str], state: State | None) -> tuple[str, ...]:
    """The watchlist to start with: the state's, with what changed in config.toml since it was written.

    Symbols new in config.toml are appended and those taken out of it dropped. All are canonical, none twice.
    Raises BadSymbolError for a configured text that cannot be a symbol.
    """
    wanted = _unique(configured)
    if state is None:
        return wanted
    before = _unique(state.configured)
    kept = [symbol for symbol in _unique(state.symbols) if symbol in wanted or symbol not in before]
    added = [symbol for symbol in wanted if symbol not in before]
    return _unique([*kept, *added])


def _unique(symbols: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(canonical(symbol) for symbol in symbols))


def _decode(text: str) -> State:
    read = msgspec.convert(tomllib.loads(text), _Document)
    return State(read.watchlist.symbols, read.watchlist.configured, read.account.hide_amounts)


def _move_aside(path: Path) -> str:
    try:
        written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        aside = path.with_name(f"{path.stem}.broken-{written:%Y%m%d-%H%M%S}{path.suffix}")
        path.replace(aside)
    except OSError as error:
        return f"{path.name} makes no sense and cannot be moved aside ({error.strerror}): starting from config.toml"
    return f"{path.name} made no sense and was moved to {aside.name}: starting from config.toml"
