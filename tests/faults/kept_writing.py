"""A process that writes the state and holds the lock while it is killed at an instant of its own, again and again.

`python kept_writing.py folder times`: after each kill the state must be readable and the lock free. Prints how many
kills came while a temporary file lay there.
"""

import os
import random
import signal
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from mytrader_tui.monitor.instance_lock import InstanceLock
from mytrader_tui.settings import Secret
from mytrader_tui.settings.files import sweep_leftovers
from mytrader_tui.settings.state import KeptList, State, read_state, write_state

KEY = Secret("PKANYKEY")
LISTS = tuple(tuple(f"{letter}{n}" for letter in "ABCDEFGH" for n in "ABCDEFGHIJKL"[:size]) for size in range(1, 13))


def write_for_ever(folder: Path) -> None:
    """What the child does."""
    lock = InstanceLock(folder, KEY)
    if not lock.acquire():
        os._exit(1)
    dice = random.Random()
    while True:
        write_state(folder / "state.toml", State((KeptList("Watchlist", dice.choice(LISTS)),)))


def main(folder: Path, times: int) -> None:
    """Kill `times` children."""
    dice, torn = random.Random(1), 0
    write_state(folder / "state.toml", State((KeptList("Watchlist", LISTS[0]),)))
    for _ in range(times):
        child = os.fork()
        if child == 0:
            write_for_ever(folder)
        time.sleep(dice.uniform(0.0, 0.02))
        os.kill(child, signal.SIGKILL)
        assert os.WIFSIGNALED(os.waitpid(child, 0)[1]), "the child could not have the lock"
        state, trouble = read_state(folder / "state.toml")
        assert trouble == "", trouble
        assert state is not None
        assert state.lists[0].symbols in LISTS
        torn += len(list(folder.glob(".*.mytrader-tmp"))) > torn
    lock = InstanceLock(folder, KEY)
    assert lock.acquire()
    lock.release()
    for leftover in folder.glob(".*.mytrader-tmp"):
        os.utime(leftover, (0, 0))
    sweep_leftovers(folder)
    assert not list(folder.glob(".*.mytrader-tmp"))
    print(torn)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
