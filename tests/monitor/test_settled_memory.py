"""What is loaded is no longer looked through for garbage."""

import gc

from mytrader_tui.monitor.memory import settle


async def test_what_is_loaded_is_taken_out_of_the_collectors_sight() -> None:
    before = gc.get_freeze_count()
    loaded = [[number] for number in range(5000)]
    try:
        await settle(pauses=(0.0, 0.0))
        assert gc.get_freeze_count() > before + len(loaded)
    finally:
        gc.unfreeze()
