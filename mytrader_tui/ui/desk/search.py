"""What the dialog that adds symbols asks for."""

from typing import Protocol

from mytrader_tui.market.listing import Found


class SearchDesk(Protocol):
    """Completion of symbols and names. Nothing here raises; only `find` waits."""

    def prepare(self) -> None:
        """Somebody is about to search: have the directories at hand."""

    def known(self, text: str) -> Found:
        """What `text` may mean by what was heard already. Cheap: asked at every key."""

    async def find(self, text: str) -> Found:
        """The same after whoever may know more was asked; a source that could not be is told in the note."""
