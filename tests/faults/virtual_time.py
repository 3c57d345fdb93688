"""Hours in seconds: an event loop whose clock leaps to the next timer when no socket and no thread has work left.

Sockets stay real (loopback) and threads stay real: only waiting is skipped. looptime, which does the same for timers,
is not enough here. It does not know of a thread that is no executor's, so that its clock runs away while the poller's
thread waits for an answer of this very loop; and for an executor's it waits in real time.
"""

import asyncio
import functools
import selectors
import socket
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ParamSpec

from mytrader_tui.feeds.worker_thread import WorkerThread

LOOKS = 2
"""How often the sockets are looked at again before the clock leaps.

What is sent on loopback arrives within the call that sends it: of nine thousand leaps in an hour of the market, none
was too early without any second look. To sleep instead would give other processes their turn at each of them.
"""

STUCK_SECONDS = 0.05
"""Real time that a thread may be quiet in, while a server is known to hang, before time passes it by."""

LONGEST_TEST = 300.0
"""Real seconds after which a test that goes nowhere is ended."""

START = 1000.0
P = ParamSpec("P")


class _Leaping(selectors.DefaultSelector):  # type: ignore[valid-type,misc]
    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.busy = 0
        self.hanging: Callable[[], bool] = lambda: False
        self._until = time.monotonic() + LONGEST_TEST

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        events = super().select(0)
        if events or (timeout is not None and timeout <= 0):
            return events
        if self.busy or timeout is None:
            events = self._wait(timeout)
        for _ in range(0 if events or self.busy else LOOKS):
            if events := super().select(0):
                return events
        if not events and timeout is not None:
            self.now += timeout
        return events

    def _wait(self, timeout: float | None) -> list[tuple[selectors.SelectorKey, int]]:
        """Wait in real time for a thread; nothing if a server keeps it and a timer is due."""
        while time.monotonic() < self._until:
            events = super().select(STUCK_SECONDS)
            if events or (timeout is not None and (self.hanging() or not self.busy)):
                return events
        raise TimeoutError(f"nothing happened for {LONGEST_TEST:g} s of real time")


class VirtualLoop(asyncio.SelectorEventLoop):
    """`time()` is virtual. No name resolves but this machine's; `names` are those that were looked up."""

    def __init__(self) -> None:
        self._leaping = _Leaping()
        self.names: list[str] = []
        super().__init__(self._leaping)

    def time(self) -> float:
        return self._leaping.now

    def hold_for_hanging_servers(self, hanging: Callable[[], bool]) -> None:
        """While `hanging`, a thread that waits for a server does not keep the clock."""
        self._leaping.hanging = hanging

    @contextmanager
    def thread_at_work(self) -> Iterator[None]:
        """The clock stands while this lasts."""
        self._leaping.busy += 1
        try:
            yield
        finally:
            self._leaping.busy -= 1

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> "asyncio.Future[Any]":
        future = super().run_in_executor(executor, func, *args)
        self._leaping.busy += 1
        future.add_done_callback(self._one_less)
        return future

    async def getaddrinfo(self, host: Any, port: Any, **options: Any) -> Sequence[Any]:
        name = str(host)
        self.names.append(name)
        if name not in ("127.0.0.1", "localhost", "::1"):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return await super().getaddrinfo(host, port, **options)

    def _one_less(self, _: object) -> None:
        self._leaping.busy -= 1


@contextmanager
def _counted_threads(loop: VirtualLoop) -> Iterator[None]:
    """Every job of a WorkerThread holds the clock for as long as somebody awaits it."""
    original = WorkerThread.run

    async def run(self: WorkerThread, fn: Callable[[], Any], deadline: float) -> Any:
        with loop.thread_at_work():
            return await original(self, fn, deadline)

    WorkerThread.run = run  # type: ignore[method-assign]
    try:
        yield
    finally:
        WorkerThread.run = original  # type: ignore[method-assign]


def in_virtual_time(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Let `test` run to its end on a VirtualLoop of its own."""

    @functools.wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            loop = runner.get_loop()
            assert isinstance(loop, VirtualLoop)
            with _counted_threads(loop):
                runner.run(test(*args, **kwargs))
        asyncio.set_event_loop(None)

    return run
