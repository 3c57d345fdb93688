"""Every timer of the router, in seconds: what `[router]` sets."""

import msgspec


class Timers(msgspec.Struct, frozen=True):
    """The router's timers in seconds, and whether a recovered primary is preferred to a working fallback.

    `failover_seconds` is how long the primary may be down or silent; a quiet verdict holds as long, and probes and
    the fallback's warming begin at half of it. `recovery_seconds` is the first hold; it doubles with every exit
    from the primary within `history_seconds`, up to `hold_limit_seconds`.

    `start_grace_seconds` is how long the primary may take to come up before the fallback serves in its place,
    `connection_limit_seconds` how long another session may hold the stream before that counts as final.
    `extended_probe_seconds` is the pause between probes of a silent stream outside regular hours.

    The breaker cools down for `breaker_cooldown_seconds`, doubled after each failed trial up to
    `breaker_limit_seconds`; a trial lasts `trial_seconds`, and after `forgive_seconds` without an exit the
    cool-down is the first one again. Within `budget_seconds` the primary is given up at most ten times for which the
    router itself had chosen it.
    """

    failover_seconds: float = 60.0
    recovery_seconds: float = 120.0
    prefer_alpaca: bool = True
    start_grace_seconds: float = 10.0
    connection_limit_seconds: float = 60.0
    extended_probe_seconds: float = 300.0
    history_seconds: float = 1800.0
    hold_limit_seconds: float = 1800.0
    breaker_cooldown_seconds: float = 900.0
    breaker_limit_seconds: float = 3600.0
    trial_seconds: float = 120.0
    forgive_seconds: float = 1800.0
    budget_seconds: float = 7200.0
