"""How long the stream waits for what."""

import msgspec


class Deadlines(msgspec.Struct, frozen=True, kw_only=True):
    """All in seconds; tests shorten them.

    The keepalive pair is that of Alpaca's own Go client, and so are the bounds of `login_retries`.
    """

    connect: float = 10.0
    """DNS, TCP, TLS and the upgrade together."""
    step: float = 5.0
    """Each answer: connected, authenticated, each acknowledged subscription."""
    ping_interval: float = 10.0
    ping_timeout: float = 5.0
    """A link whose ping is not answered within this is dead."""
    quiet: float = 2.0
    """Silence after which a ping of our own asks for a sign of life."""
    close: float = 0.5
    """The closing handshake; then the socket is cut."""
    login_retries: tuple[float, ...] = (0.5, 1.0, 2.0, 4.0, 5.0, 5.0, 5.0, 5.0, 5.0, 5.0, 5.0)
    """Pauses between logins on one socket while another session holds the stream."""
    connection_limit: tuple[float, float] = (30.0, 60.0)
    """The range of the pause before a new socket after those logins."""
    backoff_least: float = 1.0
    backoff_most: float = 60.0
    attempt_gap: float = 1.0
    """The least time between the starts of two attempts to connect, whatever asks for them."""
