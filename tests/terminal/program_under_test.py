"""How the program is started as a user would have it, in a home of its own."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event

import tomli_w

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 60.0
"""How long something that should happen soon may take on a busy machine."""

KEYS = {"ALPACA_API_KEY": "DEMO-KEY", "ALPACA_SECRET_KEY": "demo-secret"}


def command(*arguments: str | Path) -> list[str]:
    """The program's command line: the installed script, or the module where it is not installed."""
    script = Path(sys.executable).with_name("mytrader-tui")
    start = [str(script)] if script.exists() else [sys.executable, "-m", "mytrader_tui"]
    return [*start, *map(str, arguments)]


def environment(home: Path, **more: str) -> dict[str, str]:
    """All that the program finds around it: nothing of the machine's but the path, every folder below `home`."""
    (home / "tmp").mkdir(parents=True, exist_ok=True)
    return {
        "HOME": str(home),
        "TMPDIR": str(home / "tmp"),
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
        **more,
    }


def write_config(folder: Path, **sections: dict[str, object]) -> Path:
    """A config.toml in `folder`."""
    path = folder / "config.toml"
    path.write_text(tomli_w.dumps(sections), encoding="utf-8")
    return path


def wait_until(condition: Callable[[], bool], what: Callable[[], str], seconds: float = PATIENCE_SECONDS) -> float:
    """Look every 20 ms for what nothing announces; the seconds it took. Fails with `what` after `seconds`."""
    begun = time.monotonic()
    while not condition():
        if time.monotonic() - begun > seconds:
            raise AssertionError(f"not within {seconds:g} s: {what()}")
        Event().wait(0.02)
    return time.monotonic() - begun
