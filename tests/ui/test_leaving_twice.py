"""Two orders to leave, by the key and by a signal, are one to the worker."""

import asyncio
from datetime import UTC

from fake_desk import FakeDesk

from mytrader_tui.app import MarketApp
from mytrader_tui.settings.schema import Ui


class Careful:
    """Takes a moment to put things away."""

    def __init__(self) -> None:
        self.began = asyncio.Event()
        self.put_away = False

    async def run(self) -> None:
        self.began.set()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.05)
            self.put_away = True


async def test_what_the_worker_does_on_its_way_out_is_not_cut_short() -> None:
    worker = Careful()
    app = MarketApp(FakeDesk(), worker=worker, settings=Ui(), zone=UTC)

    async with app.run_test(size=(80, 24)):
        await worker.began.wait()
        app.leave(0)
        await asyncio.sleep(0)
        app.leave(143)

    assert worker.put_away
