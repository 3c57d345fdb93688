"""Questions to one of Alpaca's REST servers through alpaca-py, which blocks, in a thread that is never waited for."""

import asyncio

from msgspec.structs import replace

from mytrader_tui.feeds.alpaca.client import Connection, Parameters, Server, ask
from mytrader_tui.feeds.alpaca.error import AlpacaError, Fault, NotFoundError, Refusal, from_refusal
from mytrader_tui.feeds.alpaca.transport import Timeouts
from mytrader_tui.feeds.feed import Clock
from mytrader_tui.feeds.worker_thread import WorkerClosedError, WorkerThread
from mytrader_tui.market.link import Reason
from mytrader_tui.market.text import clean
from mytrader_tui.settings.schema import check_url
from mytrader_tui.settings.secret import Secret

__all__ = ["AlpacaError", "AlpacaRest", "NotFoundError", "Server", "Timeouts"]


class AlpacaRest:
    """One of Alpaca's servers, asked one question at a time in a thread of its own.

    Raises ValueError at once for an address that must not be spoken to; `Transport` checks again where the socket
    opens. Belongs to the event loop's thread.
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
    ) -> None:
        check_url(f"{server.name.lower()}_url", url, "https", host=server.value or None)
        self._server = server
        self._url = url
        self._key = key
        self._secret = secret
        self._now = clock
        self._timeouts = timeouts or Timeouts()
        self._worker = WorkerThread(f"alpaca-rest-{server.name.lower()}")
        self._connection = self._new_connection()

    async def get(self, path: str, parameters: Parameters | None = None) -> object:
        """The decoded JSON answer to GET /v2`path`. Raises AlpacaError."""
        answer = await self._answer(path, parameters)
        # Raised here, outside any handler: else the library's exception would come along as the context.
        if isinstance(answer, Fault):
            raise AlpacaError(answer.reason, answer.detail)
        if isinstance(answer, Refusal):
            raise from_refusal(answer, self._now().wall)
        return answer

    def close(self) -> None:
        """Close the connections and leave the thread. Returns at once; may be called twice."""
        self._worker.close()
        self._connection.close()

    async def _answer(self, path: str, parameters: Parameters | None) -> object:
        # The connection is looked up in the thread, when the question's turn has come: it may be a new one by then.
        def question() -> object:
            return self._without_keys(ask(lambda: self._connection.get(path, parameters)))

        try:
            return await self._worker.run(question, self._timeouts.overall)
        except TimeoutError:
            self._leave_connection()
            return Fault(Reason.TIMEOUT, f"no answer within {self._timeouts.overall:g} s")
        except WorkerClosedError:
            return Fault(Reason.STOPPED, "")
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
