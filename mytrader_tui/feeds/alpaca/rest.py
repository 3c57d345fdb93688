"""Questions to one of Alpaca's REST servers through alpaca-py, which blocks, in a thread that is never waited for."""

import asyncio
from urllib.parse import urlsplit

import msgspec
from msgspec.structs import replace

from mytrader_tui.feeds.alpaca.client import Connection, Parameters, Server, ask
from mytrader_tui.feeds.alpaca.error import AlpacaError, Fault, NotFoundError, Refusal, from_refusal
from mytrader_tui.feeds.alpaca.rate_limit import Allowance, RequestLimit
from mytrader_tui.feeds.alpaca.retries import PATIENCE, Retries, Sleep
from mytrader_tui.feeds.alpaca.transport import Timeouts
from mytrader_tui.feeds.feed import Clock
from mytrader_tui.feeds.worker_thread import WorkerClosedError, WorkerThread
from mytrader_tui.market.link import Reason
from mytrader_tui.market.text import clean
from mytrader_tui.settings.schema import check_url
from mytrader_tui.settings.secret import Secret

__all__ = ["AlpacaError", "AlpacaRest", "NotFoundError", "Server", "Timeouts"]

HASTE = 1.0
"""Seconds that a question which is not to be retried waits for its place among the account's requests."""


class _Answered(msgspec.Struct, frozen=True):
    """What came of a question in the thread, and what was said on the way of the account's limit."""

    answer: object
    allowance: Allowance | None = None


class AlpacaRest:
    """One of Alpaca's servers, asked one question at a time in a thread of its own.

    Raises ValueError at once for an address that must not be spoken to; `Transport` checks again where the socket
    opens. Belongs to the event loop's thread. `limit` is to be one and the same for all clients of an account.
    """

    def __init__(
        self,
        *,
        server: Server,
        url: str,
        key: Secret,
        secret: Secret,
        clock: Clock,
        timeouts: Timeouts | None = None,
        limit: RequestLimit | None = None,
        retries: Retries | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        check_url(f"{server.name.lower()}_url", url, "https", host=server.value or None)
        self._server = server
        self._url = url
        self._key = key
        self._secret = secret
        self._now = clock
        self._timeouts = timeouts or Timeouts()
        self._limit = limit or RequestLimit(clock)
        self._retries = retries or Retries(sleep=sleep)
        self._sleep = sleep
        self._turn = asyncio.Lock()
        self._worker = WorkerThread(f"alpaca-rest-{server.name.lower()}")
        self._connection = self._new_connection()

    async def get(self, path: str, parameters: Parameters | None = None, *, retry: bool = True) -> object:
        """The decoded JSON answer to GET /v2`path`. Raises AlpacaError.

        With `retry`, what may pass by itself is waited out for some 14 s: for questions that nobody will repeat.
        """
        if not retry:
            return await self._once(path, parameters, HASTE)
        return await self._retries.answer_to(lambda: self._once(path, parameters, PATIENCE))

    def close(self) -> None:
        """Close the connections and leave the thread. Returns at once; may be called twice."""
        self._worker.close()
        self._connection.close()

    async def _once(self, path: str, parameters: Parameters | None, patience: float) -> object:
        # One at a time from here on: a place that was taken is used at once, or the window would not be one.
        async with self._turn:
            await self._place(patience)
            answered = await self._answer(path, parameters)
        server, answer = self._server.name, answered.answer
        if answered.allowance is not None:
            self._limit.hear(server, answered.allowance)
        # Raised here, outside any handler: else the library's exception would come along as the context.
        if isinstance(answer, Fault):
            raise AlpacaError(answer.reason, answer.detail)
        if isinstance(answer, Refusal):
            error = from_refusal(answer, urlsplit(self._url).hostname or "", self._now().wall)
            if error.reason is Reason.RATE_LIMITED and error.retry_after is not None:
                self._limit.pause(server, error.retry_after)
            raise error
        return answer

    async def _place(self, patience: float) -> None:
        """Wait for a place among the account's requests; raises AlpacaError where `patience` seconds are too few."""
        while (seconds := self._limit.take(self._server.name)) > 0:
            if seconds > patience:
                raise AlpacaError(Reason.RATE_LIMITED, "the requests of this minute are spent", seconds)
            await self._sleep(seconds)

    async def _answer(self, path: str, parameters: Parameters | None) -> _Answered:
        # The connection is looked up in the thread, when the question's turn has come: it may be a new one by then.
        def question() -> _Answered:
            connection = self._connection
            answer = self._without_keys(ask(lambda: connection.get(path, parameters)))
            return _Answered(answer, connection.allowance)

        try:
            return await self._worker.run(question, self._timeouts.overall)
        except TimeoutError:
            self._leave_connection()
            return _Answered(Fault(Reason.TIMEOUT, f"no answer within {self._timeouts.overall:g} s"))
        except WorkerClosedError:
            return _Answered(Fault(Reason.STOPPED, ""))
        except asyncio.CancelledError:
            self._leave_connection()
            raise

    def _leave_connection(self) -> None:
        """Leave the connection to the thread that hangs with it: no session serves two threads."""
        self._connection.close()
        self._connection = self._new_connection()

    def _new_connection(self) -> Connection:
        return Connection(
            server=self._server, url=self._url, key=self._key, secret=self._secret, timeouts=self._timeouts
        )

    def _without_keys(self, answer: object) -> object:
        """`answer`, in which a server that refuses the keys may have repeated them."""
        if not isinstance(answer, Refusal) or answer.said is None:
            return answer
        said = answer.said.replace(self._key.reveal(), "***").replace(self._secret.reveal(), "***")
        return replace(answer, said=clean(said))
