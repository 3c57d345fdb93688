"""The timeframes of a chart in a line, each with its key; a click chooses one."""

from rich.text import Text
from textual import events
from textual.message import Message

from mytrader_tui.market.bars import Timeframe
from mytrader_tui.ui.widgets.lines import Lines

_GAP = "  "


class TimeframeTabs(Lines):
    """`1 1D  [2 5D]  3 1M …`, and behind it what the chart is made of where there is room."""

    class Chosen(Message):
        """A timeframe was clicked."""

        def __init__(self, timeframe: Timeframe) -> None:
            super().__init__()
            self.timeframe = timeframe

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._ends: list[tuple[int, Timeframe]] = []

    def say(self, chosen: Timeframe, made_of: tuple[str, ...]) -> None:
        """Show the tabs, the `chosen` one in brackets, and the first form of `made_of` that fits."""
        line, self._ends = Text(), []
        tight = self.size.width < 62
        for key, timeframe in enumerate(Timeframe, start=1):
            name = timeframe.value if tight else f"{key} {timeframe.value}"
            here = timeframe is chosen
            line.append(f"[{name}]" if here else f" {name} ", style="bold" if here else self.tone("faint"))
            self._ends.append((line.cell_len, timeframe))
        room = self.size.width - line.cell_len - len(_GAP)
        for form in made_of:
            if len(form) <= room:
                line.append(" " * (room - len(form)) + _GAP + form, style=self.tone("faint"))
                break
        self.show([line])

    def on_click(self, event: events.Click) -> None:
        """Choose the timeframe under the mouse."""
        event.stop()
        for end, timeframe in self._ends:
            if event.x < end:
                self.post_message(self.Chosen(timeframe))
                return
