"""A tmux server with one pane, for what only a whole terminal emulator can tell."""

import itertools
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping

import pytest
from program_under_test import PATIENCE_SECONDS, wait_until

_numbers = itertools.count()


class TmuxPane:
    """Runs `command` (a shell's) in a pane of `size` (columns, rows), in a tmux server that nobody else uses."""

    def __init__(self, command: str, environ: Mapping[str, str], size: tuple[int, int]) -> None:
        if shutil.which("tmux") is None:
            if os.environ.get("MYTRADER_REQUIRE_TMUX"):
                raise AssertionError("MYTRADER_REQUIRE_TMUX is set and there is no tmux")
            pytest.skip("there is no tmux on this machine; the other terminal tests need none")
        self._server = f"mytrader-{os.getpid()}-{next(_numbers)}"
        self._environ = {**environ, "SHELL": "/bin/sh", "PS1": "ready> "}
        columns, rows = map(str, size)
        kept = (";", "set-option", "-g", "remain-on-exit", "on")
        self._tmux("-f", os.devnull, "new-session", "-d", "-x", columns, "-y", rows, command, *kept)

    @property
    def picture(self) -> str:
        """What is on the screen; a line that was too long for it counts as one."""
        return self._tmux("capture-pane", "-p", "-J")

    def facts(self, *names: str) -> list[str]:
        """tmux's own variables of the pane: cursor_flag, alternate_on, pane_width…"""
        return self._tmux("display-message", "-p", " ".join(f"#{{{name}}}" for name in names)).split()

    @property
    def ended(self) -> bool:
        """True once the command has ended: well, as far as tmux was told."""
        dead, *code = self.facts("pane_dead", "pane_dead_status")
        # Now and then tmux hears that the terminal was closed and never of the end itself.
        assert code in ([], ["0"]), f"it ended with {code}"
        return dead == "1"

    def send(self, *keys: str) -> None:
        """Press keys, each by tmux's name for it or as text."""
        self._tmux("send-keys", *keys)

    def type(self, text: str) -> None:
        """Type `text`, none of which is a key's name."""
        self._tmux("send-keys", "-l", text)

    def paste(self, text: str) -> None:
        """Paste `text` as a terminal does for a program that asked for marks around it."""
        self._tmux("set-buffer", text)
        self._tmux("paste-buffer", "-p")

    def wait_until_gone(self, text: str, seconds: float = PATIENCE_SECONDS) -> float:
        """Wait until `text` is not on the screen any more; the seconds it took."""
        return wait_until(lambda: text not in self.picture, lambda: f"{text!r} gone\n{self.picture}", seconds)

    def wait_for_match(self, pattern: str, seconds: float = PATIENCE_SECONDS) -> float:
        """Wait until a line of the screen matches `pattern`; the seconds it took."""
        found = re.compile(pattern, re.MULTILINE)
        return wait_until(
            lambda: bool(found.search(self.picture)), lambda: f"{pattern!r} on the screen\n{self.picture}", seconds
        )

    def resize(self, columns: int, rows: int) -> None:
        """Change the window's size."""
        self._tmux("resize-window", "-x", str(columns), "-y", str(rows))

    def wait_for(self, text: str, seconds: float = PATIENCE_SECONDS) -> float:
        """Wait until `text` is on the screen; the seconds it took."""
        return wait_until(lambda: text in self.picture, lambda: f"{text!r} on the screen\n{self.picture}", seconds)

    def close(self) -> None:
        """End the server and all in it."""
        self._tmux("kill-server", check=False)

    def _tmux(self, *arguments: str, check: bool = True) -> str:
        done = subprocess.run(
            ["tmux", "-L", self._server, *arguments], env=self._environ, capture_output=True, text=True, check=False
        )
        if check and done.returncode:
            raise AssertionError(f"tmux {arguments[0]}: {done.stderr.strip()}")
        return done.stdout


StartTmux = Callable[[str, tuple[int, int]], TmuxPane]
"""The fixture `tmux`: a shell's command and the size."""
