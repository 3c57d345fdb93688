"""What the terminal tests start from; whatever they start is ended."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from own_market import OwnMarket
from program_under_test import KEYS, command, environment
from pty_terminal import PtyTerminal, Start
from tmux_pane import StartTmux, TmuxPane

if sys.platform == "win32":
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def market() -> Iterator[OwnMarket]:
    market = OwnMarket()
    yield market
    market.close()


@pytest.fixture
def start(home: Path) -> Iterator[Start]:
    """Start the program in a pseudo-terminal: `start("--demo", size=(80, 24), keys=False, TERM="dumb")`."""
    terminals: list[PtyTerminal] = []

    def start(
        *arguments: str | Path, size: tuple[int, int] = (120, 36), keys: bool = True, out: str = "", **environ: str
    ) -> PtyTerminal:
        around = environment(home, **(KEYS if keys else {}), **environ)
        terminals.append(PtyTerminal(command(*arguments), around, size, out))
        return terminals[-1]

    yield start
    for terminal in terminals:
        terminal.close()


@pytest.fixture
def tmux(home: Path) -> Iterator[StartTmux]:
    """Start a shell's command in tmux: `tmux("exec mytrader-tui --demo", size=(80, 24))`."""
    panes: list[TmuxPane] = []

    def tmux(command: str, size: tuple[int, int]) -> TmuxPane:
        panes.append(TmuxPane(command, environment(home), size))
        return panes[-1]

    yield tmux
    for pane in panes:
        pane.close()
