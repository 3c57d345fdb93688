"""One thread for a blocking library, from which the program can always walk away."""

import asyncio
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from typing import Generic, TypeVar

_T = TypeVar("_T")
_Jobs = SimpleQueue[Callable[[], None] | None]


class WorkerClosedError(Exception):
    """The worker was closed before the job ran or before it ended."""


class WorkerThread:
    """Runs blocking functions in one daemon thread called `name`: one at a time, in the order they came.

    Not a ThreadPoolExecutor: Python joins an executor's threads when it exits, so one request that hangs in a
    socket would keep the whole program from ending. A job that overruns its deadline, or whose awaiter was
    cancelled, keeps its thread to itself, and the next job gets a new one. What a function keeps for its thread
    (a session, a client) must therefore be a `threading.local`. Every method belongs to the event loop's thread.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._turn = asyncio.Lock()
        self._jobs: _Jobs | None = None
        self._abort: Callable[[], None] | None = None
        self._closed = False

    async def run(self, fn: Callable[[], _T], deadline: float) -> _T:
        """What `fn` returns or raises. `deadline` is in seconds and counts from when its turn comes.

        Raises TimeoutError when the deadline passes, WorkerClosedError when the worker is closed first.
        """
        async with self._turn:
            if self._closed:
                raise WorkerClosedError(f"{self._name} is closed")
            pending: asyncio.Future[_Answer[_T]] = asyncio.get_running_loop().create_future()
            self._abort = lambda: _refuse(pending, self._name)
            self._queue().put(_job(fn, pending))
            try:
                async with asyncio.timeout(deadline):
                    answer = await pending
            finally:
                self._abort = None
                if pending.cancelled():
                    self._let_go()
            return answer.unwrap()

    def close(self) -> None:
        """End the thread, or leave it behind if a job is stuck in it. Returns at once; may be called twice."""
        self._closed = True
        if self._abort is not None:
            self._abort()
        self._let_go()

    def _queue(self) -> _Jobs:
        if self._jobs is None:
            self._jobs = SimpleQueue()
            Thread(target=_work, args=(self._jobs,), name=self._name, daemon=True).start()
        return self._jobs

    def _let_go(self) -> None:
        if self._jobs is not None:
            self._jobs.put(None)
            self._jobs = None


class _Answer(Generic[_T]):
    """What a job returned, or the exception that it ended with."""

    def __init__(self, fn: Callable[[], _T]) -> None:
        self._error: BaseException | None = None
        try:
            self._value = fn()
        except BaseException as error:  # noqa: BLE001 - whatever it is, the awaiter raises it
            self._error = error

    def unwrap(self) -> _T:
        """The value, or the exception raised."""
        if self._error is not None:
            raise self._error
        return self._value


def _job(fn: Callable[[], _T], pending: "asyncio.Future[_Answer[_T]]") -> Callable[[], None]:
    loop = pending.get_loop()

    def job() -> None:
        answer = _Answer(fn)
        try:
            loop.call_soon_threadsafe(_settle, pending, answer)
        except RuntimeError:
            # The loop closed while the job ran: nobody is left to tell.
            return

    return job


def _settle(pending: "asyncio.Future[_Answer[_T]]", answer: _Answer[_T]) -> None:
    if not pending.done():
        pending.set_result(answer)


def _refuse(pending: "asyncio.Future[_Answer[_T]]", name: str) -> None:
    if not pending.done():
        pending.set_exception(WorkerClosedError(f"{name} was closed"))


def _work(jobs: _Jobs) -> None:
    while (job := jobs.get()) is not None:
        job()
        del job
