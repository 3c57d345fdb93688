"""Killed at any instant of its writing, the history is whole and holds all that was said to be kept."""

import os
import subprocess
import sys
from pathlib import Path

import mytrader_tui

KILLS = 300
PATIENCE_SECONDS = 300.0


def test_killed_hundreds_of_times_in_any_phase_of_writing_nothing_kept_is_lost_or_damaged(tmp_path: Path) -> None:
    here = Path(__file__).parent
    path = os.pathsep.join((str(Path(mytrader_tui.__file__).parents[1]), str(here)))

    done = subprocess.run(
        [sys.executable, str(here / "killed_writing.py"), str(tmp_path), str(KILLS)],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )

    assert done.returncode == 0, done.stderr
