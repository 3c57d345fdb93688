"""What judging a print costs, beside what msgspec takes to decode the same message. Run: python bench_validation.py.

Each figure is the best of several rounds, in microseconds a message, of one symbol's steady trades and quotes.
"""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from mytrader_tui.feeds.alpaca.reading import read
from mytrader_tui.feeds.alpaca.wire import Message
from mytrader_tui.market.board import Board
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Origin, Source, Update
from mytrader_tui.market.trust.validator import Validator

MESSAGES = 20_000
ROUNDS = 7
START = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
NOW = Moment(START + timedelta(seconds=MESSAGES), 1000.0)
IEX = Origin(Source.ALPACA, "iex", 0.0)
LIMIT_MICROSECONDS = 2.0


def trade(number: int, conditions: Sequence[str]) -> dict[str, object]:
    when = START + timedelta(seconds=number / 10)
    price = 190.0 + number % 7 / 100
    return {"T": "t", "S": "AAPL", "i": number, "x": "V", "p": price, "s": 100, "c": conditions, "t": when, "z": "C"}


def quote(number: int) -> dict[str, object]:
    when = START + timedelta(seconds=number / 10)
    sides = {"bx": "V", "bp": 190.0, "bs": 1, "ax": "V", "ap": 190.1, "as": 2}
    return {"T": "q", "S": "AAPL", **sides, "c": ["R"], "t": when, "z": "C"}


KINDS: dict[str, Callable[[int], dict[str, object]]] = {
    "regular trades": lambda number: trade(number, ["@"]),
    "odd lots": lambda number: trade(number, ["@", "I"]),
    "extended hours": lambda number: trade(number, ["@", "T"]),
    "quotes": quote,
}


def best(run: Callable[[], object]) -> float:
    """Microseconds a message."""
    rounds = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        run()
        rounds.append(time.perf_counter() - began)
    return min(rounds) / MESSAGES * 1e6


def judged(updates: Sequence[Update]) -> None:
    validator, known = Validator(), None
    for update in updates:
        believed, _ = validator.judge(update, known, NOW.wall)
        if known is None and believed is not None:
            board = Board()
            board.apply(believed)
            known = board.quote("AAPL", Source.ALPACA)


def main() -> None:
    decoder = msgspec.msgpack.Decoder(Message)
    print(f"{'':16}{'msgspec decode':>16}{'judge':>10}   us a message")
    for name, make in KINDS.items():
        frames = [msgspec.msgpack.encode(make(number)) for number in range(MESSAGES)]
        updates = [update for frame in frames for update in read(b"\x91" + frame, IEX, NOW).updates]
        decoding = best(lambda frames=frames: [decoder.decode(frame) for frame in frames])
        judging = best(lambda updates=updates: judged(updates))
        print(f"{name:16}{decoding:16.2f}{judging:10.2f}{'' if judging < LIMIT_MICROSECONDS else '   over the limit'}")


if __name__ == "__main__":
    main()
