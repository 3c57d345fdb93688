"""The terminal as it was before the screen took it, and how to give it back when the screen itself no longer can."""

import contextlib
import os
import signal
import sys

if sys.platform == "win32":
    _Attributes = None
else:
    import termios

    _Attributes = list[int | list[bytes | int]]

_LEAVE_ALTERNATE_SCREEN = b"\x1b[?1049l"
_GIVE_BACK = b"".join(
    (
        b"\x1b[?2026l",  # a frame that was begun is shown
        b"\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l",  # the mouse
        b"\x1b[?2004l",  # bracketed paste
        b"\x1b[?2048l\x1b[?1004l",  # reports of size and focus
        b"\x1b[<u",  # the keyboard protocol, before the alternate screen is left
        b"\x1b[0m\x1b[?7h",
        _LEAVE_ALTERNATE_SCREEN,
        b"\x1b[?25h",
    )
)


class Terminal:
    """The terminal on standard input and standard error, with the settings that it has when this is made.

    `taken` is to be kept True while the screen is on it. `alternate` is whether that is the alternate screen: to
    leave one that was never entered would throw the cursor somewhere else.
    """

    def __init__(self, *, alternate: bool = True) -> None:
        self.taken = False
        self._give_back = _GIVE_BACK if alternate else _GIVE_BACK.replace(_LEAVE_ALTERNATE_SCREEN, b"\r\x1b[J")
        self._input, self._output = 0, 2
        self._settings = self._read()

    def is_gone(self) -> bool:
        """True if there was a terminal and its other end is closed; the kernel tells so with or without a SIGHUP."""
        return self._settings is not None and self._read() is None

    def give_back(self) -> None:
        """Leave the alternate screen, show the cursor, undo every mode; nothing if the screen is not on it.

        It may block for ever on a terminal that takes no more text, after the settings are restored.
        """
        if not self.taken:
            return
        self._restore()
        with contextlib.suppress(OSError):  # a terminal that is gone needs nothing
            os.write(self._output, self._give_back)
        self._forget_typed()

    if sys.platform == "win32":

        def _read(self) -> None:
            return None

        def _restore(self) -> None: ...

        def _forget_typed(self) -> None: ...

    else:

        def _read(self) -> _Attributes | None:
            try:
                return termios.tcgetattr(self._input)
            except termios.error:
                return None

        def _restore(self) -> None:
            # In the background the kernel would stop the process for touching the terminal.
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})
            if self._settings is not None:
                with contextlib.suppress(termios.error):
                    termios.tcsetattr(self._input, termios.TCSANOW, self._settings)

        def _forget_typed(self) -> None:
            # What the mouse still reported would be typed at the shell.
            with contextlib.suppress(termios.error):
                termios.tcflush(self._input, termios.TCIFLUSH)
