"""Runs the app on a fake desk with something that hangs or fails: `leaving_program.py KIND`."""

import asyncio
import sys
import threading
import time
from datetime import UTC

from fake_desk import FakeDesk, IdleWorker

from mytrader_tui.app import MarketApp, run
from mytrader_tui.settings.schema import Ui

HANG_SECONDS = 0.5


class Blocking(IdleWorker):
    """Blocks the event loop for good."""

    async def run(self) -> None:
        await asyncio.sleep(0.3)
        time.sleep(60)  # noqa: ASYNC251 - the very thing to be survived


class Spinning(IdleWorker):
    """Never lets the event loop go."""

    async def run(self) -> None:
        await asyncio.sleep(0.3)
        while True:
            pass


class Chatty(IdleWorker):
    """Writes more than a terminal takes that nobody reads, and then more than Textual queues."""

    async def run(self) -> None:
        while True:
            app.refresh(repaint=True, layout=True)
            app.refresh_css(animate=False)
            await asyncio.sleep(0.001)


class Failing(IdleWorker):
    """Fails where nobody awaits it."""

    async def run(self) -> None:
        asyncio.get_running_loop().call_later(0.2, int, "in the loop")
        threading.Timer(0.4, int, ["in a thread"]).start()
        await super().run()


WORKERS = {"blocked": Blocking, "spinning": Spinning, "chatty": Chatty, "failing": Failing}

kind = sys.argv[1]
desk = FakeDesk()
app = MarketApp(desk, worker=WORKERS.get(kind, IdleWorker)(), settings=Ui(), zone=UTC)


def close() -> None:
    if kind == "hanging-close":
        time.sleep(60)


def alarm(text: str) -> None:
    desk.advance(1.0)
    desk.hint = " · ".join(filter(None, (desk.hint, text.partition(" · ")[0])))


run(app, close=close, alarm=alarm, hang_seconds=HANG_SECONDS)
