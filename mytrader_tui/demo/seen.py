"""What arrived at the demo market, for tests to look at."""

from collections.abc import Mapping
from dataclasses import dataclass, field

_KEPT = 10_000


@dataclass
class Seen:
    """Counts and records of what clients did; the records keep the newest ten thousand."""

    connections: int = 0
    """Market data sockets ever accepted."""
    open_connections: int = 0
    """Market data sockets open now."""
    requests: list[tuple[str, str]] = field(default_factory=list)
    """(stream, trading, data or yahoo; path with query) of every request and upgrade, also of those refused."""
    subscribed: frozenset[str] = frozenset()
    """Symbols that the newest market data socket has trades or quotes of."""
    actions: list[Mapping[str, object]] = field(default_factory=list)
    """The frames that clients sent on market data sockets, decoded."""

    def request(self, host: str, path: str) -> None:
        """Record a request."""
        self.requests.append((host, path))
        del self.requests[:-_KEPT]

    def action(self, frame: Mapping[str, object]) -> None:
        """Record a client's frame."""
        self.actions.append(frame)
        del self.actions[:-_KEPT]
