"""The named watchlists as they are now, for the screens to change."""

from collections.abc import Callable

from mytrader_tui.market.watchlist import Watchlist
from mytrader_tui.market.watchlists import BadListError, Watchlists


class Lists:
    """Holds the newest value of the lists; `changed` is called after each change, never without one."""

    def __init__(self, watchlists: Watchlists, changed: Callable[[], None]) -> None:
        self._watchlists = watchlists
        self._changed = changed

    @property
    def watchlists(self) -> Watchlists:
        """All lists; the same value until something changes."""
        return self._watchlists

    @property
    def names(self) -> tuple[str, ...]:
        """The lists' names in their order."""
        return self._watchlists.names

    @property
    def active(self) -> str:
        """The name of the list that is shown."""
        return self._watchlists.active.name

    def choose(self, name: str) -> None:
        """Show the list `name`."""
        self._replace(self._watchlists.choose(name))

    def step(self, places: int) -> None:
        """Show the list so many places further on, round the end."""
        self._replace(self._watchlists.step(places))

    def create(self, name: str) -> str:
        """A new empty list, which becomes the one shown; empty, or why not."""
        return self._tried(lambda: self._watchlists.create(name))

    def rename(self, old: str, new: str) -> str:
        """Give a list another name; empty, or why not."""
        return self._tried(lambda: self._watchlists.rename(old, new))

    def delete(self, name: str) -> str:
        """Delete a list with its symbols; empty, or why not."""
        return self._tried(lambda: self._watchlists.delete(name))

    def restore(self) -> str | None:
        """Bring the list deleted last back; its name, or None if there is none."""
        before = self._watchlists
        self._replace(before.restore())
        back = [name for name in self.names if before.find(name) is None]
        return back[0] if back else None

    def shift(self, name: str, places: int) -> None:
        """Move a list so many places later (negative: earlier), no further than to the end."""
        self._replace(self._watchlists.shift(name, places))

    def move(self, symbol: str, rows: int) -> None:
        """Move a symbol of the list that is shown so many rows down (negative: up), no further than to the end."""
        self.put(self._watchlists.active.watchlist.move(symbol, rows))

    def put(self, watchlist: Watchlist) -> None:
        """The list that is shown has these symbols now."""
        self._replace(self._watchlists.put(watchlist))

    def sort(self, column: str, *, falling: bool) -> None:
        """The list that is shown is sorted by `column` now (empty: by hand), the largest first if `falling`."""
        self._replace(self._watchlists.sorted_by(column, falling=falling))

    def _tried(self, change: Callable[[], Watchlists]) -> str:
        try:
            changed = change()
        except BadListError as error:
            return str(error)
        self._replace(changed)
        return ""

    def _replace(self, watchlists: Watchlists) -> None:
        if watchlists is not self._watchlists:
            self._watchlists = watchlists
            self._changed()
