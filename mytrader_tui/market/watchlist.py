"""The list of symbols being watched, with its undo. A value: every change is a new list."""

import msgspec


class Removal(msgspec.Struct, frozen=True):
    """A symbol that was taken off the list, and the place it had."""

    symbol: str
    index: int


class Refusal(msgspec.Struct, frozen=True):
    """A text that was not added, and why."""

    text: str
    why: str


class AddOutcome(msgspec.Struct, frozen=True):
    """What became of the symbols that a user typed."""

    added: tuple[str, ...] = ()
    refused: tuple[Refusal, ...] = ()


class Watchlist(msgspec.Struct, frozen=True):
    """Canonical symbols in the order shown, and the removals that can be undone, the latest last."""

    symbols: tuple[str, ...] = ()
    removals: tuple[Removal, ...] = ()

    def add(self, symbol: str) -> "Watchlist":
        """The list with `symbol` at its end; the same list if it is there already."""
        if symbol in self.symbols:
            return self
        kept = tuple(removal for removal in self.removals if removal.symbol != symbol)
        return Watchlist((*self.symbols, symbol), kept)

    def remove(self, symbol: str) -> "Watchlist":
        """The list without `symbol`; the same list if it was not there."""
        if symbol not in self.symbols:
            return self
        index = self.symbols.index(symbol)
        rest = self.symbols[:index] + self.symbols[index + 1 :]
        return Watchlist(rest, (*self.removals, Removal(symbol, index)))

    def undo(self) -> "Watchlist":
        """The list with its latest removal back in its place; the same list if there is none."""
        if not self.removals:
            return self
        *earlier, last = self.removals
        index = min(last.index, len(self.symbols))
        return Watchlist((*self.symbols[:index], last.symbol, *self.symbols[index:]), tuple(earlier))

    def move(self, symbol: str, rows: int) -> "Watchlist":
        """The list with `symbol` so many rows further down (negative: up), no further than to the end.

        The same list if that is where it is, or if it is not there.
        """
        if symbol not in self.symbols:
            return self
        moved = list(self.symbols)
        index = moved.index(symbol)
        place = max(0, min(index + rows, len(moved) - 1))
        if place == index:
            return self
        moved.insert(place, moved.pop(index))
        return Watchlist(tuple(moved), self.removals)
