"""What is being watched: the list, what may be added to it, and keeping it across restarts."""

import asyncio
import logging
import re
from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING

from mytrader_tui.market.symbol import BadSymbolError, alpaca_can_know, canonical
from mytrader_tui.market.text import clean
from mytrader_tui.market.watchlist import AddOutcome, Refusal, Watchlist
from mytrader_tui.settings.files import sweep_leftovers
from mytrader_tui.settings.paths import Paths
from mytrader_tui.settings.state import State, effective_symbols, read_state, write_state

if TYPE_CHECKING:
    from mytrader_tui.monitor.sources import Sources

_SEPARATORS = re.compile(r"[\s,;]+")

_log = logging.getLogger(__name__)


class Watching:
    """What the keys in the app change, kept in state.toml: the watchlist, and whether amounts are hidden.

    `trouble` says what went wrong with it.
    """

    def __init__(self, configured: tuple[str, ...], paths: Paths, changed: Callable[[], None]) -> None:
        self._configured = configured
        self._path = paths.state_file
        self._changed = changed
        self._dirty = asyncio.Event()
        state, self.trouble = read_state(self._path)
        self.watchlist = Watchlist(effective_symbols(configured, state))
        self.amounts_hidden = state is not None and state.hide_amounts
        self._written = self._state()
        self._writing = Lock()

    async def add(self, text: str, sources: "Sources | None") -> AddOutcome:
        """Add the symbols in `text` that a source knows; the others come back with the reason."""
        added: list[str] = []
        refused: list[Refusal] = []
        for word in filter(None, _SEPARATORS.split(text)):
            try:
                symbol = canonical(word)
            except BadSymbolError as error:
                refused.append(Refusal(clean(word, 24), str(error)))
                continue
            why = await self._refusal(symbol, sources)
            if why:
                refused.append(Refusal(symbol, why))
            else:
                self._replace(self.watchlist.add(symbol))
                added.append(symbol)
        return AddOutcome(tuple(added), tuple(refused))

    def remove(self, symbol: str) -> None:
        """Take `symbol` off the list."""
        self._replace(self.watchlist.remove(symbol))

    def undo_remove(self) -> str | None:
        """Put the symbol removed last back; its name, or None if there is none."""
        before = self.watchlist
        self._replace(before.undo())
        return before.removals[-1].symbol if before.removals else None

    def hide_amounts(self, hidden: bool) -> None:
        """Keep the account's amounts off the screen, or show them."""
        self.amounts_hidden = hidden
        self._dirty.set()

    async def write_when_changed(self) -> None:
        """Write the list to disk after each change, in a thread, until cancelled."""
        await asyncio.to_thread(sweep_leftovers, self._path.parent)
        while True:
            await self._dirty.wait()
            self._dirty.clear()
            await asyncio.to_thread(self._write)

    def save_now(self) -> None:
        """Write the list if it changed since it was last written; for the way out."""
        self._write()

    def _replace(self, watchlist: Watchlist) -> None:
        if watchlist is not self.watchlist:
            self.watchlist = watchlist
            self._dirty.set()
            self._changed()

    def _write(self) -> None:
        # A thread may be at it when the way out comes: whoever is second waits, and finds nothing left to write.
        with self._writing:
            state = self._state()
            if state == self._written:
                return
            try:
                write_state(self._path, state)
            except OSError as error:
                _log.warning("the watchlist could not be saved: %s", error)
                self.trouble = f"the watchlist could not be saved ({error.strerror}) · this session keeps it"
            else:
                self._written = state
                self.trouble = ""

    def _state(self) -> State:
        return State(self.watchlist.symbols, self._configured, self.amounts_hidden)

    async def _refusal(self, symbol: str, sources: "Sources | None") -> str:
        """Why `symbol` may not be added; empty if it may."""
        from mytrader_tui.feeds.alpaca.error import AlpacaError
        from mytrader_tui.feeds.yahoo.failure import YahooError

        if symbol in self.watchlist.symbols:
            return "already on the list"
        if sources is None:
            return "the sources are still being opened, try again"
        unanswered = ""
        if sources.broker is not None and alpaca_can_know(symbol):
            try:
                if await sources.broker.knows(symbol) is not None:
                    return ""
            except AlpacaError as error:
                unanswered = error.reason.value
        if sources.yahoo is not None:
            try:
                if await sources.yahoo.lookup(symbol) is not None:
                    return ""
            except YahooError as error:
                unanswered = error.reason.value
        return f"cannot be checked now: {unanswered}" if unanswered else "no source knows this symbol"
