"""How long to wait before the next attempt to connect."""

import random


class Backoff:
    """Exponential pauses with equal jitter: the n-th lies between `least * 2**n` and twice that, at most `most`.

    Half of each pause is certain, so that attempts never bunch; the other half is chance, so that clients whom one
    outage cut off together do not come back together.
    """

    def __init__(self, least: float, most: float, rng: random.Random) -> None:
        self._least = least
        self._most = most
        self._rng = rng
        self._failures = 0

    def next(self) -> float:
        """The pause in seconds after one more failure."""
        ceiling = min(2.0 * self._least * 2.0 ** min(self._failures, 32), self._most)
        self._failures += 1
        return ceiling / 2 + self._rng.random() * ceiling / 2

    def between(self, least: float, most: float) -> float:
        """A pause of the caller's own range, which counts as a failure too."""
        self._failures += 1
        return self._rng.uniform(least, most)

    def reset(self) -> None:
        """The link proved itself: the next pause is the shortest again."""
        self._failures = 0
