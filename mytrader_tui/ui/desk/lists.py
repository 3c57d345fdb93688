"""What the tabs and the dialog of the named lists ask for."""

from typing import Protocol

from mytrader_tui.market.watchlists import Watchlists


class ListDesk(Protocol):
    """The named watchlists. A change is kept across restarts. Names are cleaned texts of 1 to 24 characters.

    No two names differ by case alone. Nothing here raises; a name that is not there any more changes nothing.
    """

    @property
    def watchlists(self) -> Watchlists:
        """All lists with their symbols and the deletions that can be undone; the same value until something changes."""

    @property
    def names(self) -> tuple[str, ...]:
        """The lists' names in their order; there is always one list at least."""

    @property
    def active(self) -> str:
        """The name of the list that `Desk.watchlist` is."""

    def choose(self, name: str) -> None:
        """Make the list `name` the one that is shown."""

    def step(self, places: int) -> None:
        """Show the list so many places further on (negative: back), round the end."""

    def create(self, name: str) -> str:
        """A new empty list, which becomes the one shown; empty, or why not, in words."""

    def rename(self, old: str, new: str) -> str:
        """Give a list another name; empty, or why not, in words."""

    def delete(self, name: str) -> str:
        """Delete a list with its symbols (the last one stays); empty, or why not, in words. `restore` undoes it."""

    def restore(self) -> str | None:
        """Bring the list deleted last back; its name, or None if there is none.

        It is the one shown again if it was when it was deleted. If its name was taken since, it gets a number.
        """

    def shift(self, name: str, places: int) -> None:
        """Move a list so many places later (negative: earlier), no further than to the end."""

    def move(self, symbol: str, rows: int) -> None:
        """Move a symbol of the active list down (negative: up) by `rows`, no further than to the end."""
