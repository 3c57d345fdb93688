"""Which source publishes a symbol, and the reason that is told for it."""

from itertools import product

import pytest

from mytrader_tui.market.failover.router import State
from mytrader_tui.market.quote import Source
from mytrader_tui.market.serving import Ground, choose, decide

PRIMARY, FALLBACK, NEITHER = State.PRIMARY_ACTIVE, State.FALLBACK_ACTIVE, State.BOTH_UNAVAILABLE


@pytest.mark.parametrize(
    ("state", "streamed", "alpaca", "yahoo", "source", "ground"),
    [
        (PRIMARY, True, True, True, Source.ALPACA, Ground.STREAMED),
        (PRIMARY, False, True, True, Source.YAHOO, Ground.NOT_STREAMED),
        (FALLBACK, True, True, True, Source.YAHOO, Ground.FALLBACK),
        (NEITHER, True, True, True, Source.ALPACA, Ground.STAYS),
        (NEITHER, False, True, True, Source.YAHOO, Ground.STAYS),
        (PRIMARY, True, False, True, Source.YAHOO, Ground.ONLY_YAHOO),
        (FALLBACK, True, True, False, Source.ALPACA, Ground.ONLY_ALPACA),
        (PRIMARY, True, False, False, None, Ground.NO_PRICE),
    ],
)
def test_each_choice_has_its_reason(
    state: State, streamed: bool, alpaca: bool, yahoo: bool, source: Source | None, ground: Ground
) -> None:
    assert decide(state, None, streamed=streamed, alpaca=alpaca, yahoo=yahoo) == (source, ground)


def test_while_nobody_can_serve_a_row_keeps_its_source_but_not_the_cache() -> None:
    assert decide(NEITHER, Source.YAHOO, streamed=True, alpaca=True, yahoo=True)[0] is Source.YAHOO
    assert decide(NEITHER, Source.CACHE, streamed=True, alpaca=True, yahoo=True)[0] is Source.ALPACA


def test_the_reason_never_disagrees_with_the_choice() -> None:
    flags = (False, True)
    for state, current, streamed, alpaca, yahoo in product(State, (None, *Source), flags, flags, flags):
        source, ground = decide(state, current, streamed=streamed, alpaca=alpaca, yahoo=yahoo)

        assert source is choose(state, current, streamed=streamed, alpaca=alpaca, yahoo=yahoo)
        assert ground is not Ground.STREAMED or (source is Source.ALPACA and streamed)
        assert ground is not Ground.FALLBACK or (source is Source.YAHOO and state is FALLBACK)
        assert ground is not Ground.NOT_STREAMED or (source is Source.YAHOO and not streamed)
        assert source is None or source is current or {Source.ALPACA: alpaca, Source.YAHOO: yahoo}[source]
