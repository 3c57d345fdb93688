"""The program as a strip under the shell's prompt: the same desk, the same worker, no screen of its own."""

from collections.abc import Mapping
from datetime import tzinfo
from pathlib import Path
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.driver import Driver
from typing_extensions import override

from mytrader_tui.app import LiveApp, Worker
from mytrader_tui.settings.schema import Ui
from mytrader_tui.ui.desk import Desk
from mytrader_tui.ui.screens.strip import StripScreen


class InlineApp(LiveApp, inherit_bindings=False):
    """A few lines of the active list.

    When it is left the strip is taken away and the prompt stands where it began: prices that stayed in the scrollback
    would go on saying LIVE for ever. `mytrader-tui snapshot` is what leaves prices behind, with their times.
    """

    ENABLE_COMMAND_PALETTE = False
    INLINE_PADDING = 0
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q,ctrl+c", "quit", "Quit at once", show=False, priority=True, id="quit_at_once"),
    ]

    def __init__(
        self,
        desk: Desk,
        *,
        worker: Worker,
        settings: Ui,
        keymap: Mapping[str, str] | None = None,
        log_path: Path | None = None,
        zone: tzinfo | None = None,
        theme: str = "",
    ) -> None:
        super().__init__(desk, worker=worker, settings=settings, keymap=keymap, log_path=log_path, theme=theme)
        self._strip = StripScreen(desk, paint_hz=settings.paint_hz, zone=zone)

    @override
    def base_driver(self) -> type[Driver]:
        """The driver that draws under the prompt."""
        from mytrader_tui.ui.strip_driver import StripDriver

        return StripDriver

    @override
    def get_default_screen(self) -> StripScreen:
        """The strip, which is all there is."""
        return self._strip

    @property
    @override
    def front(self) -> StripScreen:
        """The strip."""
        return self._strip
