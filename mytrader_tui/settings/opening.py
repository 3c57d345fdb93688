"""The list that one run begins with, other than the one that was left; afterwards all is as if it had not been."""

from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from mytrader_tui.market.watchlist import Watchlist
from mytrader_tui.market.watchlists import NamedList, Watchlists, free_name

THIS_RUN = "This run"
"""What a list of the command line's symbols is called."""

_ORIGIN = "\0this run"
"""Marks that list, whatever it is renamed to. No list of config.toml can have a control character in its name."""


class Opening(msgspec.Struct, frozen=True):
    """The `name` of a list to begin with, or the canonical `symbols` of one that is kept nowhere; neither by default.

    Until the user goes to another list, the one shown is not remembered as the one that was left.
    """

    name: str = ""
    symbols: tuple[str, ...] = ()

    def of(self, lists: Watchlists) -> Watchlists:
        """`lists` as the run begins with them."""
        if not self.symbols:
            return lists.choose(self.name)
        name = free_name(THIS_RUN, lists.names)
        added = NamedList(name, Watchlist(self.symbols), origin=_ORIGIN)
        return replace(lists, lists=(*lists.lists, added), place=len(lists.lists))

    def left(self, lists: Watchlists, before: str) -> str:
        """The name of the list to remember as left, where `before` was remembered by the run before."""
        active = lists.active
        passing = active.origin == _ORIGIN or (bool(self.name) and active.name == self.name)
        return before if passing else active.name


AS_LEFT = Opening()


def lasting(lists: Sequence[NamedList]) -> tuple[NamedList, ...]:
    """Those of `lists` that are kept."""
    return tuple(each for each in lists if each.origin != _ORIGIN)
