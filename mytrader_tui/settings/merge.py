"""config.toml's lists and those that the keys have changed, made one: what changed in either since is kept."""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from mytrader_tui.market.symbol import canonical
from mytrader_tui.market.text import clean
from mytrader_tui.market.watchlist import Watchlist
from mytrader_tui.market.watchlists import FIRST_NAME, NAME_LENGTH, NamedList, Watchlists, free_name
from mytrader_tui.settings.lists import ListSetting
from mytrader_tui.settings.state import KeptList, State


def effective_watchlists(configured: Sequence[ListSetting], state: State | None) -> Watchlists:
    """The lists to start with: the state's, with what changed in config.toml since it was written.

    A list that is new in config.toml is appended; one that was taken out of it goes, but for the symbols that the
    keys put on it; one that the keys deleted stays deleted. All symbols are canonical, none twice on a list.
    Raises BadSymbolError for a configured text that cannot be a symbol.
    """
    lists: list[NamedList] = []
    before = () if state is None else state.configured
    for kept in () if state is None else state.lists:
        if (named := _kept(kept, configured, before, lists)) is not None:
            lists.append(named)
    held = {each.origin for each in lists}
    for setting in configured:
        if setting.name not in held and _find(before, setting.name) is None:
            _begin(setting, lists)
    if not lists:
        _begin(next(iter(configured), ListSetting(FIRST_NAME)), lists)
    watchlists = Watchlists(tuple(lists))
    return watchlists if state is None else watchlists.choose(state.active)


def merged_symbols(configured: Iterable[str], before: Iterable[str], listed: Iterable[str]) -> tuple[str, ...]:
    """`listed`, with what changed in config.toml from `before` to `configured`.

    Symbols new in config.toml are appended and those taken out of it dropped. Raises BadSymbolError.
    """
    wanted, based = _unique(configured), _unique(before)
    kept = [symbol for symbol in _unique(listed) if symbol in wanted or symbol not in based]
    return _unique([*kept, *(symbol for symbol in wanted if symbol not in based)])


def _kept(
    kept: KeptList, configured: Sequence[ListSetting], before: Sequence[ListSetting], so_far: Sequence[NamedList]
) -> NamedList | None:
    """The list as the keys left it, with what config.toml changed; None where config.toml took all of it away."""
    setting, based = _find(configured, kept.origin), _find(before, kept.origin)
    symbols = merged_symbols(
        setting.symbols if setting is not None else (), based.symbols if based is not None else (), kept.symbols
    )
    if setting is None and based is not None and not symbols:
        return None
    name = free_name(clean(kept.name, NAME_LENGTH) or FIRST_NAME, [each.name for each in so_far])
    origin = setting.name if setting is not None and setting.name not in [each.origin for each in so_far] else ""
    return NamedList(name, Watchlist(symbols), kept.sort, kept.falling, origin)


def _begin(setting: ListSetting, lists: list[NamedList]) -> None:
    """Put the symbols of `setting` on the list of that name that the keys made before, or on a list of its own."""
    place = Watchlists(tuple(lists)).find(setting.name)
    if place is None or lists[place].origin:
        name = free_name(setting.name, [each.name for each in lists])
        lists.append(NamedList(name, Watchlist(_unique(setting.symbols)), origin=setting.name))
        return
    own = lists[place]
    symbols = merged_symbols(setting.symbols, (), own.watchlist.symbols)
    lists[place] = replace(own, watchlist=Watchlist(symbols), origin=setting.name)


def _find(settings: Sequence[ListSetting], name: str) -> ListSetting | None:
    return next((each for each in settings if each.name.casefold() == name.casefold()), None)


def _unique(symbols: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(canonical(symbol) for symbol in symbols))
