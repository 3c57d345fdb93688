"""The lists that config.toml names: what they may be called, and what is on them."""

from collections.abc import Mapping, Sequence

import msgspec

from mytrader_tui.market.symbol import MAX_SYMBOL, BadSymbolError, canonical
from mytrader_tui.market.text import clean
from mytrader_tui.market.watchlists import FIRST_NAME, BadListError, list_name


class ListSetting(msgspec.Struct, frozen=True):
    """A list as config.toml has it. The symbols are spelt as they stand there."""

    name: str
    symbols: tuple[str, ...] = ()


def check_symbols(symbols: Sequence[str]) -> None:
    """Raise ValueError for the first of `symbols` that cannot be one."""
    for symbol in symbols:
        try:
            canonical(symbol)
        except BadSymbolError as error:
            raise ValueError(f"`{clean(symbol, 2 * MAX_SYMBOL)}` is not a symbol: {error}") from error


def canonical_symbols(symbols: Sequence[str]) -> tuple[str, ...]:
    """`symbols` in their one spelling, each once. Raises ValueError, which names the first that cannot be one."""
    check_symbols(symbols)
    return tuple(dict.fromkeys(map(canonical, symbols)))


def check_lists(lists: Mapping[str, Sequence[str]]) -> None:
    """Raise ValueError for the first list with a name or a symbol that cannot be, or a name taken before it."""
    taken = {FIRST_NAME.casefold()}
    for text, symbols in lists.items():
        try:
            name = list_name(text)
        except BadListError as error:
            raise ValueError(f"`{text}` is not a list's name: {error}") from error
        if name.casefold() == FIRST_NAME.casefold():
            raise ValueError(f"`{text}` is the name of the first list, whose symbols stand under [watchlist]")
        if name.casefold() in taken:
            raise ValueError(f"`{text}` is the name of a list before it")
        taken.add(name.casefold())
        check_symbols(symbols)
