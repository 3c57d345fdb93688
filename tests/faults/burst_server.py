"""A process that sends a storm of prints to whoever subscribes: `python burst_server.py messages-a-second seconds`.

Prints its address; after the storm the number of messages sent. The last print of AAPL is at LAST_PRICE.
"""

import asyncio
import itertools
import sys
import time
from datetime import UTC, datetime

import msgspec
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

SYMBOLS = ("AAPL", "MSFT", "SPY")
LAST_PRICE = 111.11
FRAMES_A_SECOND = 250


async def storm(connection: ServerConnection, rate: float, seconds: float) -> int:
    """Send for so long, as fast as the rate and the client allow; the messages sent."""
    each = max(1, round(rate / FRAMES_A_SECOND))
    numbers = itertools.count(1)
    begun = time.monotonic()
    sent = 0
    while (passed := time.monotonic() - begun) < seconds:
        while sent < rate * passed:
            await connection.send(frame([100.0 + n % 500 / 100 for n in itertools.islice(numbers, each)], sent))
            sent += each
        await asyncio.sleep(0.002)
    await connection.send(frame([LAST_PRICE] * len(SYMBOLS), sent))
    return sent + len(SYMBOLS)


def frame(prices: list[float], first: int) -> bytes:
    """Trades of the symbols in turn, now."""
    now = datetime.now(UTC)
    return msgspec.msgpack.encode(
        [
            {
                "T": "t",
                "S": SYMBOLS[n % len(SYMBOLS)],
                "i": first + n,
                "x": "V",
                "p": price,
                "s": 100,
                "t": now,
                "z": "C",
            }
            for n, price in enumerate(prices)
        ]
    )


async def handle(connection: ServerConnection, rate: float, seconds: float) -> None:
    """Greet, log in, acknowledge; storm after the first subscription, then keep still."""
    await connection.send(msgspec.msgpack.encode([{"T": "success", "msg": "connected"}]))
    stormed = False
    async for message in connection:
        request = msgspec.msgpack.decode(message)
        if request["action"] == "auth":
            await connection.send(msgspec.msgpack.encode([{"T": "success", "msg": "authenticated"}]))
            continue
        held = {"trades": SYMBOLS, "quotes": SYMBOLS, "dailyBars": SYMBOLS, "statuses": SYMBOLS}
        await connection.send(msgspec.msgpack.encode([{"T": "subscription", **held}]))
        if not stormed and "trades" in request:
            stormed = True
            await asyncio.sleep(1.0)
            print(await storm(connection, rate, seconds), flush=True)


async def main(rate: float, seconds: float) -> None:
    """Serve until standard input ends."""

    async def serve_one(connection: ServerConnection) -> None:
        try:
            await handle(connection, rate, seconds)
        except ConnectionClosed:
            print("the client left", flush=True)

    async with serve(serve_one, "127.0.0.1", 0, compression=None, ping_interval=None) as server:
        print(f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1]), float(sys.argv[2])))
