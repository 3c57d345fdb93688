"""state.toml: what the keys in the app change, kept apart from the user's config.toml."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import tomli_w

from mytrader_tui.market.symbol import canonical
from mytrader_tui.market.watchlists import FIRST_NAME
from mytrader_tui.settings.files import UnusableFileError, read_text, write_atomically
from mytrader_tui.settings.lists import ListSetting

_HEADER = b"# Written by mytrader-tui. Your own settings belong in config.toml.\n\n"


class View(msgspec.Struct, frozen=True):
    """How the user left the screen.

    `sort` is the name of the column that the active list is sorted by, empty for the order made by hand; `falling`
    is whether its largest comes first. `theme` and `colours` are the names of those chosen by key, empty if none were.
    `positions_hidden` and `detail_hidden` are whether that pane is kept off the screen where it has room.
    `positions_sort` and `positions_falling` are the same of the positions; empty is by symbol.
    """

    sort: str = ""
    falling: bool = False
    theme: str = ""
    colours: str = ""
    positions_hidden: bool = False
    detail_hidden: bool = False
    positions_sort: str = ""
    positions_falling: bool = False


class KeptList(msgspec.Struct, frozen=True, omit_defaults=True):
    """A list as the keys left it; `origin` is its name in config.toml, empty if it is not from there."""

    name: str
    symbols: tuple[str, ...] = ()
    sort: str = ""
    falling: bool = False
    origin: str = ""


class State(msgspec.Struct, frozen=True):
    """What the keys in the app changed: the lists, with those in config.toml that they were then based on.

    `active` is the name of the list shown, `hide_amounts` whether the account's amounts are kept off the screen,
    `theme` and `colours` those chosen by key, empty if none were, `positions_hidden` and `detail_hidden` whether those
    panes are kept off it, `positions_sort` and `positions_falling` the positions' order. There is at least one list.
    """

    lists: tuple[KeptList, ...]
    configured: tuple[ListSetting, ...] = ()
    active: str = ""
    hide_amounts: bool = False
    theme: str = ""
    colours: str = ""
    positions_hidden: bool = False
    detail_hidden: bool = False
    positions_sort: str = ""
    positions_falling: bool = False

    def __post_init__(self) -> None:
        if not self.lists:
            raise ValueError("there is no list")
        for symbols in (*(each.symbols for each in self.lists), *(each.symbols for each in self.configured)):
            for symbol in symbols:
                canonical(symbol)


class _OneList(msgspec.Struct, frozen=True):
    """The only list of the first versions."""

    symbols: tuple[str, ...] = ()
    configured: tuple[str, ...] = ()


class _Account(msgspec.Struct, frozen=True):
    hide_amounts: bool = False


class _View(msgspec.Struct, frozen=True):
    active: str = ""
    theme: str = ""
    colours: str = ""
    positions_hidden: bool = False
    detail_hidden: bool = False
    positions_sort: str = ""
    positions_falling: bool = False


class _Document(msgspec.Struct, frozen=True):
    account: _Account = _Account()
    view: _View = _View()
    lists: tuple[KeptList, ...] = ()
    configured: tuple[ListSetting, ...] = ()
    watchlist: _OneList | None = None


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


def kept_state(path: Path) -> State | None:
    """The state in `path`; None where it is not there or makes no sense. It stays where it is."""
    try:
        return _decode(read_text(path))
    except (OSError, ValueError, RecursionError, msgspec.ValidationError):
        return None


def write_state(path: Path, state: State) -> None:
    """Write `state` to `path` atomically; what `path` says that this version knows nothing of stays. Raises OSError."""
    there = _strangers(path)
    document = {
        **there.document,
        "account": {**there.account, "hide_amounts": state.hide_amounts},
        "view": {
            **there.view,
            "active": state.active,
            "theme": state.theme,
            "colours": state.colours,
            "positions_hidden": state.positions_hidden,
            "detail_hidden": state.detail_hidden,
            "positions_sort": state.positions_sort,
            "positions_falling": state.positions_falling,
        },
        "lists": [{**there.lists.get(each.name, {}), **msgspec.to_builtins(each)} for each in state.lists],
        "configured": [msgspec.to_builtins(each) for each in state.configured],
    }
    write_atomically(path, _HEADER + tomli_w.dumps(document).encode())


def _decode(text: str) -> State:
    read = msgspec.convert(tomllib.loads(text), _Document)
    lists, configured = read.lists, read.configured
    if read.watchlist is not None and not lists:
        lists = (KeptList(FIRST_NAME, read.watchlist.symbols, origin=FIRST_NAME),)
        configured = (ListSetting(FIRST_NAME, read.watchlist.configured),)
    view = read.view
    return State(
        lists,
        configured,
        view.active,
        read.account.hide_amounts,
        view.theme,
        view.colours,
        view.positions_hidden,
        view.detail_hidden,
        view.positions_sort,
        view.positions_falling,
    )


class _Strangers(msgspec.Struct, frozen=True):
    """What is in the file of a newer version, by where it stands: `lists` by their names."""

    document: dict[str, Any] = {}
    account: dict[str, Any] = {}
    view: dict[str, Any] = {}
    lists: dict[str, dict[str, Any]] = {}


def _strangers(path: Path) -> _Strangers:
    try:
        text = read_text(path)
        _decode(text)
        document = tomllib.loads(text)
    except (OSError, ValueError, RecursionError, msgspec.ValidationError):
        return _Strangers()
    return _Strangers(
        _besides(document, _Document),
        _besides(document.get("account", {}), _Account),
        _besides(document.get("view", {}), _View),
        {each["name"]: _besides(each, KeptList) for each in document.get("lists", ())},
    )


def _besides(table: dict[str, Any], known: type[msgspec.Struct]) -> dict[str, Any]:
    return {key: value for key, value in table.items() if key not in known.__struct_fields__}


def _move_aside(path: Path) -> str:
    try:
        written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        aside = path.with_name(f"{path.stem}.broken-{written:%Y%m%d-%H%M%S}{path.suffix}")
        path.replace(aside)
    except OSError as error:
        return f"{path.name} makes no sense and cannot be moved aside ({error.strerror}): starting from config.toml"
    return f"{path.name} made no sense and was moved to {aside.name}: starting from config.toml"
