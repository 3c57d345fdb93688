"""Textual's driver for drawing under the prompt, made steady for windows whose size changes. Not for Windows."""

from textual.drivers.linux_inline_driver import LinuxInlineDriver
from typing_extensions import override

_CLEAR_SCREEN = "\x1b[2J"
_CLEAR_FROM_HERE = "\r\x1b[J"
_NO_WRAP, _WRAP = "\x1b[?7l", "\x1b[?7h"


class StripDriver(LinuxInlineDriver):
    """Keeps what stands above the strip, and leaves none of its rows behind.

    The cursor rests on the strip's first cell and moves along with it when the terminal sets its lines anew. From
    there everything below is the strip's, and nothing above is. That holds as long as no line of the strip ever
    wraps, which one drawn for a wider window would do: so wrapping is off while the strip stands.
    """

    @override
    def write(self, data: str) -> None:
        """Write `data`, but clear no more than the strip."""
        super().write(_CLEAR_FROM_HERE if data == _CLEAR_SCREEN else data)

    @override
    def start_application_mode(self) -> None:
        """Begin at the cursor."""
        self.write(_NO_WRAP)
        super().start_application_mode()

    @override
    def stop_application_mode(self) -> None:
        """Take the strip away."""
        self.write("\r" + _WRAP)
        super().stop_application_mode()
