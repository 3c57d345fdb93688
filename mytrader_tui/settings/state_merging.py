"""The states of two windows on one file, made one: what either changed since both knew the same is kept."""

from collections.abc import Iterable, Sequence
from itertools import chain

from msgspec.structs import replace

from mytrader_tui.market.watchlists import free_name
from mytrader_tui.settings.lists import ListSetting
from mytrader_tui.settings.merge import effective_watchlists
from mytrader_tui.settings.state import KeptList, State

_CHOICES = (
    ("active",),
    ("hide_amounts",),
    ("theme",),
    ("colours",),
    ("positions_hidden",),
    ("detail_hidden",),
    ("positions_sort", "positions_falling"),
)
"""What is chosen by itself, beside the lists: the fields of a State, those together that make one choice."""

_LIST_CHOICES = (("name",), ("sort", "falling"), ("origin",))

_Lists = dict[str, KeptList]


def merged(base: State, ours: State, theirs: State) -> State:
    """`theirs` with what `ours` changed since it was `base`; where both changed one thing it is as in `ours`.

    Symbols that either put on a list are on it, those that either took off are not. A list deleted on either side is
    gone, unless the other has since renamed it or changed its symbols. All are of `ours.configured`.
    """
    lists = _merged_lists(base.lists, ours.lists, theirs.lists)
    return replace(ours, lists=lists or ours.lists, **_all_chosen(_CHOICES, base, ours, theirs))


def based_on(state: State, configured: tuple[ListSetting, ...]) -> State:
    """`state` as a window would start with it where config.toml has these lists now. Raises BadSymbolError."""
    lists = effective_watchlists(configured, state).lists
    kept = (KeptList(each.name, each.watchlist.symbols, each.sort, each.falling, each.origin) for each in lists)
    return replace(state, lists=tuple(kept), configured=configured)


def merged_order(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> tuple[str, ...]:
    """What is on either side but for what one of them took away, in the order of the one that moved it, ours first.

    What only the other side added comes last.
    """
    if tuple(ours) == tuple(base):
        return tuple(theirs)
    known = dict.fromkeys(base)
    first, second = (theirs, ours) if _moved(known, theirs) and not _moved(known, ours) else (ours, theirs)
    kept = (each for each in first if each in second or each not in known)
    return tuple(dict.fromkeys(chain(kept, (each for each in second if each not in known))))


def _moved(known: dict[str, None], now: Sequence[str]) -> bool:
    return [each for each in now if each in known] != [each for each in known if each in now]


def _merged_lists(
    base: tuple[KeptList, ...], ours: tuple[KeptList, ...], theirs: tuple[KeptList, ...]
) -> tuple[KeptList, ...]:
    known = {_key(each.name): each for each in base}
    here, there = _by_base(known, ours), _by_base(known, theirs)
    # A list that one side deleted and the other worked on is not deleted: it counts as one that the other began.
    common = [key for key, each in known.items() if not _outlives(each, here.get(key), there.get(key))]
    merged: list[KeptList] = []
    for key in merged_order(common, tuple(here), tuple(there)):
        left = here.get(key) or there[key]
        each = _merged_list(known.get(key) or KeptList(left.name), here.get(key, left), there.get(key, left))
        merged.append(replace(each, name=free_name(each.name, [other.name for other in merged])))
    return tuple(merged)


def _merged_list(base: KeptList, ours: KeptList, theirs: KeptList) -> KeptList:
    symbols = merged_order(base.symbols, ours.symbols, theirs.symbols)
    return replace(ours, symbols=symbols, **_all_chosen(_LIST_CHOICES, base, ours, theirs))


def _outlives(before: KeptList, here: KeptList | None, there: KeptList | None) -> bool:
    """True if a list that one side deleted was renamed, or got other symbols, on the other."""
    left = here or there
    if left is None or (here and there):
        return False
    return (left.name, left.symbols) != (before.name, before.symbols)


def _by_base(known: _Lists, lists: tuple[KeptList, ...]) -> _Lists:
    """`lists` by the names that they had; one that is gone, while another is new that differs by name alone, is it."""
    names = {_key(each.name) for each in lists}
    gone = {key: each for key, each in known.items() if key not in names}
    found: _Lists = {}
    for each in lists:
        key = _key(each.name)
        if key not in known:
            key = next((old for old, before in gone.items() if replace(before, name=each.name) == each), key)
            gone.pop(key, None)
        found[key] = each
    return found


def _all_chosen(choices: Iterable[tuple[str, ...]], base: object, ours: object, theirs: object) -> dict[str, object]:
    """The fields of each choice: as ours where we changed it, else as theirs."""
    chosen: dict[str, object] = {}
    for choice in choices:
        changed = any(getattr(ours, field) != getattr(base, field) for field in choice)
        chosen |= {field: getattr(ours if changed else theirs, field) for field in choice}
    return chosen


def _key(name: str) -> str:
    return name.casefold()
