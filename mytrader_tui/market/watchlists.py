"""The named watchlists, of which one is shown. A value: every change is a new one, and none loses a symbol."""

from collections.abc import Iterable

import msgspec
from msgspec.structs import replace

from mytrader_tui.market.text import clean
from mytrader_tui.market.watchlist import Watchlist

FIRST_NAME = "Watchlist"
"""The name of the first list until the user gives it another."""

NAME_LENGTH = 24
"""The most characters of a list's name."""

_READ = 1000


class BadListError(ValueError):
    """A change of the lists that cannot be; the message says why, for people."""


class NamedList(msgspec.Struct, frozen=True):
    """A watchlist with its name.

    `sort` is the name of the column that it is sorted by, empty for the order made by hand; `falling` is whether the
    largest comes first. `origin` is the name under which the settings began the list, empty if they did not.
    """

    name: str
    watchlist: Watchlist = Watchlist()
    sort: str = ""
    falling: bool = False
    origin: str = ""


class Deletion(msgspec.Struct, frozen=True):
    """A list that was deleted, the place it had, and whether it was the one shown."""

    deleted: NamedList
    index: int
    shown: bool


class Watchlists(msgspec.Struct, frozen=True):
    """The lists in the order of their tabs, at least one; the place of the active one, which is shown.

    `deletions` can be undone, the latest is last. No two names differ by case alone.
    """

    lists: tuple[NamedList, ...] = (NamedList(FIRST_NAME),)
    place: int = 0
    deletions: tuple[Deletion, ...] = ()

    @property
    def active(self) -> NamedList:
        """The list that is shown."""
        return self.lists[self.place]

    @property
    def names(self) -> tuple[str, ...]:
        """The lists' names in their order."""
        return tuple(each.name for each in self.lists)

    @property
    def symbols(self) -> tuple[str, ...]:
        """The symbols of every list, each once: those of the active list first, then list by list."""
        every = (self.active, *self.lists)
        return tuple(dict.fromkeys(symbol for each in every for symbol in each.watchlist.symbols))

    def find(self, name: str) -> int | None:
        """The place of the list called `name`, whatever its case; None if there is none."""
        wanted = name.casefold()
        return next((place for place, each in enumerate(self.lists) if each.name.casefold() == wanted), None)

    def choose(self, name: str) -> "Watchlists":
        """The list `name` is the active one; the same value if it is already, or if there is no such list."""
        place = self.find(name)
        return self if place is None or place == self.place else replace(self, place=place)

    def step(self, places: int) -> "Watchlists":
        """The list so many places after the active one (negative: before) is active, round the end."""
        place = (self.place + places) % len(self.lists)
        return self if place == self.place else replace(self, place=place)

    def put(self, watchlist: Watchlist) -> "Watchlists":
        """The active list has these symbols; the same value if it is that list."""
        return self if watchlist is self.active.watchlist else self._with(replace(self.active, watchlist=watchlist))

    def sorted_by(self, sort: str, *, falling: bool) -> "Watchlists":
        """The active list is sorted so; the same value if it is already."""
        if (sort, falling) == (self.active.sort, self.active.falling):
            return self
        return self._with(replace(self.active, sort=sort, falling=falling))

    def create(self, name: str) -> "Watchlists":
        """An empty list called `name` at the end, which is the active one. Raises BadListError."""
        added = NamedList(self._free(name))
        return replace(self, lists=(*self.lists, added), place=len(self.lists))

    def rename(self, old: str, new: str) -> "Watchlists":
        """The list `old` is called `new`; the same value if it is already. Raises BadListError."""
        place = self._place(old)
        name = self._free(new, besides=place)
        if name == self.lists[place].name:
            return self
        return replace(self, lists=_put(self.lists, place, replace(self.lists[place], name=name)))

    def delete(self, name: str) -> "Watchlists":
        """Without the list `name`; the one after it is active in its stead. Raises BadListError."""
        place = self._place(name)
        if len(self.lists) == 1:
            raise BadListError("the only list cannot be deleted")
        rest = self.lists[:place] + self.lists[place + 1 :]
        gone = Deletion(self.lists[place], place, place == self.place)
        active = self.place - 1 if place < self.place else min(self.place, len(rest) - 1)
        return Watchlists(rest, active, (*self.deletions, gone))

    def restore(self) -> "Watchlists":
        """The list deleted last is back in its place; the same value if there is none.

        It is active again if it was when it was deleted. Where its name was taken since, it gets a number.
        """
        if not self.deletions:
            return self
        *earlier, last = self.deletions
        index = min(last.index, len(self.lists))
        back = replace(last.deleted, name=free_name(last.deleted.name, self.names))
        place = index if last.shown else self.place + (index <= self.place)
        return Watchlists((*self.lists[:index], back, *self.lists[index:]), place, tuple(earlier))

    def shift(self, name: str, places: int) -> "Watchlists":
        """The list `name` so many places later (negative: earlier), no further than to the end."""
        index = self.find(name)
        if index is None:
            return self
        order = list(range(len(self.lists)))
        order.insert(max(0, min(index + places, len(order) - 1)), order.pop(index))
        if order == sorted(order):
            return self
        return replace(self, lists=tuple(self.lists[each] for each in order), place=order.index(self.place))

    def _with(self, active: NamedList) -> "Watchlists":
        return replace(self, lists=_put(self.lists, self.place, active))

    def _place(self, name: str) -> int:
        place = self.find(name)
        if place is None:
            raise BadListError(f"there is no list called {clean(name, NAME_LENGTH)}")
        return place

    def _free(self, text: str, *, besides: int | None = None) -> str:
        name = list_name(text)
        place = self.find(name)
        if place is not None and place != besides:
            raise BadListError(f"there is a list called {self.lists[place].name} already")
        return name


def list_name(text: str) -> str:
    """The name that `text` gives a list: cleaned, of 1 to 24 characters. Raises BadListError."""
    name = clean(text, _READ)
    if not name:
        raise BadListError("a list needs a name")
    if len(name) > NAME_LENGTH:
        raise BadListError(f"a name has at most {NAME_LENGTH} characters, not {len(name)}")
    return name


def free_name(name: str, taken: Iterable[str]) -> str:
    """`name`, or with a number after it where that is taken, whatever its case; of at most 24 characters."""
    folded = {each.casefold() for each in taken}
    found, number = name, 1
    while found.casefold() in folded:
        number += 1
        found = f"{name[: NAME_LENGTH - len(str(number)) - 1].rstrip()} {number}"
    return found


def _put(lists: tuple[NamedList, ...], place: int, named: NamedList) -> tuple[NamedList, ...]:
    return (*lists[:place], named, *lists[place + 1 :])
