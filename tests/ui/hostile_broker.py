"""A broker on loopback whose every text is the same one, and the program's own account client that reads it."""

import asyncio
import json
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fake_desk import START

from mytrader_tui.feeds.alpaca.account import AlpacaAccount, Lifetimes
from mytrader_tui.settings import Secret

with warnings.catch_warnings():
    # Now, so that the deadlines of the requests measure requests.
    warnings.simplefilter("ignore")
    import alpaca.trading.client  # noqa: F401

_MONEY = {"equity": "100", "last_equity": "90", "cash": "50", "buying_power": "70"}


def _answers(text: str) -> dict[str, object]:
    """Every answer with `text` wherever a text may stand."""
    order = {
        "id": f"1{text}",
        "symbol": f"AAPL{text}",
        "side": text,
        "type": text,
        "qty": "1",
        "status": text,
        "time_in_force": text,
        "submitted_at": START.wall.isoformat(),
    }
    asset = {"symbol": "AAPL", "name": text, "exchange": text, "tradable": True, "class": text}
    return {
        "/v2/account": {**_MONEY, "currency": text, "status": text},
        "/v2/orders": [order, {**order, "id": "2", "symbol": text}],
        "/v2/assets": [asset, {**asset, "symbol": text}],
        "/v2/positions": [{"symbol": text, "qty": "1", "avg_entry_price": "1", "side": text}],
    }


class HostileBroker:
    """A broker that says `text`; `account` is the client that asks it, and keeps no answer."""

    def __init__(self, text: str, url: str) -> None:
        self.text = text
        self.account = AlpacaAccount(
            trading_url=url,
            key=Secret("k" * 20),
            secret=Secret("s" * 40),
            clock=lambda: START,
            lifetimes=Lifetimes(account=0.0, positions=0.0, calendar=0.0, assets=0.0),
        )


@asynccontextmanager
async def hostile_broker(text: str = "", *, status: int = 200) -> AsyncIterator[HostileBroker]:
    """A broker that says `text`; with another `status` than 200 it says it in every refusal."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                path = head.split(b" ")[1].decode().partition("?")[0]
                refusal = {"code": 40310000, "message": broker.text}
                answer = _answers(broker.text).get(path, []) if status == 200 else refusal
                body = json.dumps(answer).encode()
                top = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
                writer.write(top.encode() + body)
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    broker = HostileBroker(text, url)
    try:
        yield broker
    finally:
        broker.account.close()
        server.close()
