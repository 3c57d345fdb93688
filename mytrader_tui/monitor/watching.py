"""What is being watched: the lists, what may be added to them, and keeping them across restarts."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from threading import Lock
from typing import TYPE_CHECKING

from msgspec.structs import replace

from mytrader_tui.market.symbol import BadSymbolError, alpaca_can_know, canonical
from mytrader_tui.market.text import clean
from mytrader_tui.market.watchlist import AddOutcome, Refusal, Watchlist
from mytrader_tui.monitor.lists import Lists
from mytrader_tui.settings.files import sweep_leftovers
from mytrader_tui.settings.lists import ListSetting
from mytrader_tui.settings.merge import effective_watchlists
from mytrader_tui.settings.opening import AS_LEFT, Opening, lasting
from mytrader_tui.settings.paths import Paths
from mytrader_tui.settings.state import KeptList, State, View, read_state
from mytrader_tui.settings.state_sharing import sync_state

if TYPE_CHECKING:
    from mytrader_tui.monitor.sources import Sources

UNKNOWN = "no source knows it"

_SEPARATORS = re.compile(r"[\s,;]+")

_log = logging.getLogger(__name__)


class Watching:
    """What the keys in the app change, kept in state.toml: the lists, how the screen is left, what is hidden.

    `configured` are the lists in the settings, `opening` is the one to begin with. `changed` is called when the feeds
    may have to be asked for something else. `trouble` says what went wrong with the file.
    """

    def __init__(
        self,
        configured: tuple[ListSetting, ...],
        paths: Paths,
        changed: Callable[[], None],
        opening: Opening = AS_LEFT,
    ) -> None:
        self._configured = configured
        self._path = paths.state_file
        self._changed = changed
        self._dirty = asyncio.Event()
        state, self.trouble = read_state(self._path)
        self.lists = Lists(opening.of(effective_watchlists(configured, state)), self._lists_changed)
        self._opening = opening
        self._left_list = "" if state is None else state.active
        self.amounts_hidden = state is not None and state.hide_amounts
        self._left = View()
        if state is not None:
            hidden = (state.positions_hidden, state.detail_hidden)
            positions = (state.positions_sort, state.positions_falling)
            self._left = View("", False, state.theme, state.colours, *hidden, *positions)
        self._written = self._state()
        self._writing = Lock()

    @property
    def watchlist(self) -> Watchlist:
        """The list that is shown."""
        return self.lists.watchlists.active.watchlist

    @property
    def view(self) -> View:
        """How the user left the screen."""
        active = self.lists.watchlists.active
        return replace(self._left, sort=active.sort, falling=active.falling)

    async def add(
        self, text: str, sources: "Sources | None", suggestion: Callable[[str], Awaitable[str]]
    ) -> AddOutcome:
        """Add the symbols in `text` that a source knows; the others come back with the reason.

        `suggestion` names what an unknown symbol was probably meant to be, or nothing.
        """
        added: list[str] = []
        refused: list[Refusal] = []
        for word in filter(None, _SEPARATORS.split(text)):
            try:
                symbol = canonical(word)
            except BadSymbolError as error:
                refused.append(Refusal(clean(word, 24), str(error)))
                continue
            why = await self._refusal(symbol, sources)
            if why == UNKNOWN and (meant := await suggestion(symbol)):
                why = f"{UNKNOWN}. Did you mean {meant}?"
            if why:
                refused.append(Refusal(symbol, why))
            else:
                self.lists.put(self.watchlist.add(symbol))
                added.append(symbol)
        return AddOutcome(tuple(added), tuple(refused))

    def remove(self, symbol: str) -> None:
        """Take `symbol` off the list that is shown."""
        self.lists.put(self.watchlist.remove(symbol))

    def undo_remove(self) -> str | None:
        """Put the symbol last removed from the list that is shown back; its name, or None if there is none."""
        before = self.watchlist
        self.lists.put(before.undo())
        return before.removals[-1].symbol if before.removals else None

    def hide_amounts(self, hidden: bool) -> None:
        """Keep the account's amounts off the screen, or show them."""
        self.amounts_hidden = hidden
        self._dirty.set()

    def keep_view(self, view: View) -> None:
        """Keep how the user left the screen; the sort is that of the list that is shown."""
        self.lists.sort(view.sort, falling=view.falling)
        left = replace(view, sort="", falling=False)
        if left != self._left:
            self._left = left
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

    def _lists_changed(self) -> None:
        self._dirty.set()
        self._changed()

    def _write(self) -> None:
        # A thread may be at it when the way out comes: whoever is second waits, and finds nothing left to write.
        with self._writing:
            state = self._state()
            if state == self._written:
                return
            try:
                sync_state(self._path, self._written, state)
            except OSError as error:
                _log.warning("the watchlist could not be saved: %s", error)
                self.trouble = f"the watchlist could not be saved ({error.strerror}) · this session keeps it"
            else:
                self._written = state
                self.trouble = ""

    def _state(self) -> State:
        lists = self.lists.watchlists
        kept = tuple(
            KeptList(each.name, each.watchlist.symbols, each.sort, each.falling, each.origin)
            for each in lasting(lists.lists)
        )
        left = self._left
        return State(
            kept,
            self._configured,
            self._opening.left(lists, self._left_list),
            self.amounts_hidden,
            left.theme,
            left.colours,
            left.positions_hidden,
            left.detail_hidden,
            left.positions_sort,
            left.positions_falling,
        )

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
        return f"cannot be checked now: {unanswered}" if unanswered else UNKNOWN
