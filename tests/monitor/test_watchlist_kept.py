"""The watchlist on disk when the program is left."""

import asyncio
from pathlib import Path

from mytrader_tui.monitor.watching import Watching
from mytrader_tui.settings.paths import Paths
from mytrader_tui.settings.state import read_state


def kept(paths: Paths) -> tuple[str, ...] | None:
    state, _ = read_state(paths.state_file)
    return state.symbols if state is not None else None


async def test_leaving_in_the_middle_of_a_write_loses_no_change(tmp_path: Path) -> None:
    paths = Paths.under(tmp_path)
    watching = Watching(("AAPL", "MSFT"), paths, lambda: None)
    writer = asyncio.create_task(watching.write_when_changed(), name="writer")
    await asyncio.sleep(0)
    watching.remove("AAPL")
    await asyncio.sleep(0)  # the writer's thread has begun

    writer.cancel()
    watching.save_now()

    assert kept(paths) == ("MSFT",)
    await asyncio.wait({writer})


def test_an_unchanged_list_is_not_written(tmp_path: Path) -> None:
    paths = Paths.under(tmp_path)

    Watching(("AAPL",), paths, lambda: None).save_now()

    assert kept(paths) is None
