"""An alert fires on data that may be believed, and says why where it does not."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from alert_rows import DELAYED, IEX, NOW, PROOF, UNDECLARED, YAHOO, a_quote, an_alert, judged
from hypothesis import given
from hypothesis import strategies as st

from mytrader_tui.market.alerts.alert import AlertKind, Stand, armed_at
from mytrader_tui.market.alerts.judge import age_limit, judge
from mytrader_tui.market.freshness import LIVE, Badge, BadgeKind
from mytrader_tui.market.quote import Origin, Source

ABOVE, BELOW, PERCENT, VOLUME = AlertKind
BELIEVED = (BadgeKind.LIVE, BadgeKind.DELAYED)


# Badges.


@pytest.mark.parametrize(
    ("badge", "stand", "reason"),
    [
        (LIVE, Stand.MET, ""),
        (DELAYED, Stand.MET, ""),
        (Badge(BadgeKind.DELAYED), Stand.MET, ""),
        (Badge(BadgeKind.CACHED, 3 * 3600.0), Stand.HELD, "price from disk, 3 h old"),
        (Badge(BadgeKind.STALE, 42.0), Stand.HELD, "not heard for 42 s"),
        (Badge(BadgeKind.STALE, 560.0), Stand.HELD, "not heard for 9 min"),
        (Badge(BadgeKind.CLOSED), Stand.HELD, "market closed"),
        (Badge(BadgeKind.HALTED), Stand.HELD, "trading halted"),
        (Badge(BadgeKind.NO_DATA), Stand.HELD, "no price yet"),
    ],
    ids=lambda value: value.text if isinstance(value, Badge) else None,
)
def test_each_badge_lets_an_alert_fire_or_says_why_not(badge: Badge, stand: Stand, reason: str) -> None:
    verdict = judged(badge=badge)

    assert (verdict.stand, verdict.reason) == (stand, reason)


def test_every_badge_is_in_the_table_above() -> None:
    assert set(BadgeKind) == {
        *BELIEVED,
        BadgeKind.CACHED,
        BadgeKind.STALE,
        BadgeKind.CLOSED,
        BadgeKind.HALTED,
        BadgeKind.NO_DATA,
    }


def test_a_row_that_the_sources_disagree_on_is_held_and_says_so_whatever_its_badge() -> None:
    for badge in (LIVE, DELAYED, Badge(BadgeKind.STALE, 3.0)):
        verdict = judged(badge=badge, mark="Yahoo says 150.00, 21 % apart")
        assert (verdict.stand, verdict.reason) == (Stand.HELD, "Yahoo says 150.00, 21 % apart")


@pytest.mark.parametrize("price", [None, float("nan"), float("inf"), float("-inf"), -1.0])
def test_what_is_no_price_is_held(price: float | None) -> None:
    assert judged(a_quote(price)).reason == "no price yet"


def test_a_symbol_that_nothing_is_known_of_is_held() -> None:
    assert judge(an_alert(), None, LIVE, "", NOW).reason == "no price yet"


# The price's own time.


def test_a_live_price_that_is_old_is_held_and_says_how_old() -> None:
    assert judged(a_quote(age=300.0)).stand is Stand.MET
    assert judged(a_quote(age=9 * 60.0)).reason == "price 9 min old"


@pytest.mark.parametrize(
    ("origin", "badge", "limit"),
    [
        (IEX, LIVE, 300.0),
        (YAHOO, DELAYED, 1200.0),
        (UNDECLARED, Badge(BadgeKind.DELAYED), 1500.0),
        # A poll slower than the delay adds to it: the answer may be a whole poll older than the delay.
        (YAHOO, Badge(BadgeKind.DELAYED, 3600.0), 4800.0),
        (Origin(Source.YAHOO, "quote", 0.0, polled=True), Badge(BadgeKind.DELAYED, 60.0), 360.0),
    ],
)
def test_a_price_may_be_as_old_as_its_badge_admits_and_no_older(origin: Origin, badge: Badge, limit: float) -> None:
    assert age_limit(a_quote(origin=origin), badge) == limit
    assert judged(a_quote(origin=origin, age=limit), badge=badge).stand is Stand.MET
    assert judged(a_quote(origin=origin, age=limit + 1), badge=badge).stand is Stand.HELD


def test_a_price_without_a_time_is_held() -> None:
    assert judged(a_quote(event_time=None), badge=Badge(BadgeKind.DELAYED)).reason == "the price has no time of its own"


# Extended hours.


def test_prices_of_the_extended_hours_count_only_if_the_alert_says_so() -> None:
    quote = a_quote(180.0, age=60, extended_last=191.2, extended_time=NOW.wall, extended_receipt=NOW)

    assert judged(quote).reason == "extended-hours prices do not count for it"
    verdict = judged(quote, alert=an_alert(extended=True))
    assert verdict.firing is not None
    assert (verdict.firing.price, verdict.firing.extended, verdict.firing.print_id) == (191.2, True, None)


def test_what_fires_in_extended_hours_bears_the_name_of_that_print_and_not_of_the_last() -> None:
    quote = a_quote(
        180.0,
        age=60,
        extended_last=191.2,
        extended_time=NOW.wall,
        extended_receipt=NOW,
        extended_print_id=(9, "V"),
    )

    firing = judged(quote, alert=an_alert(extended=True)).firing

    assert firing is not None
    assert firing.print_id == (9, "V")


# The four kinds.


@dataclass(frozen=True)
class Case:
    kind: AlertKind
    level: float
    price: float
    met: bool
    close: float = 100.0
    volume: float = 1000.0


@pytest.mark.parametrize(
    "case",
    [
        Case(ABOVE, 190.0, 190.0, met=True),
        Case(ABOVE, 190.0, 189.99, met=False),
        Case(BELOW, 190.0, 190.0, met=True),
        Case(BELOW, 190.0, 190.01, met=False),
        Case(PERCENT, 5.0, 105.0, met=True),
        Case(PERCENT, 5.0, 95.0, met=True),
        Case(PERCENT, 5.0, 104.99, met=False),
        Case(PERCENT, 5.0, 95.01, met=False),
        # In binary these are a hair under 5 and 10 percent.
        Case(PERCENT, 10.0, 1.1, met=True, close=1.0),
        Case(PERCENT, 5.0, 0.95, met=True, close=1.0),
        Case(PERCENT, 30.0, 0.39, met=True, close=0.3),
        Case(VOLUME, 1000.0, 1.0, met=True),
        Case(VOLUME, 1001.0, 1.0, met=False),
    ],
    ids=lambda case: f"{case.kind.value} {case.level:g} at {case.price:g}",
)
def test_a_condition_is_met_at_its_level_and_beyond(case: Case) -> None:
    quote = a_quote(case.price, previous_close=case.close, volume=case.volume)

    verdict = judged(quote, alert=an_alert(case.kind, case.level))

    assert (verdict.stand is Stand.MET) is case.met
    assert case.met or verdict.stand is Stand.WAITING


@pytest.mark.parametrize("close", [None, 0.0, float("nan"), -3.0])
def test_a_move_is_held_until_the_previous_close_is_known(close: float | None) -> None:
    quote = a_quote(previous_close=close)

    assert judged(quote, alert=an_alert(PERCENT, 5)).reason == "previous close not known"


@pytest.mark.parametrize("volume", [None, float("nan"), float("inf")])
def test_a_volume_is_held_until_it_is_known(volume: float | None) -> None:
    assert judged(a_quote(volume=volume), alert=an_alert(VOLUME, 5)).reason == "volume not known"


def test_a_volume_of_another_day_is_held() -> None:
    midnight = datetime(2026, 11, 20, 5, tzinfo=UTC)
    alert = an_alert(VOLUME, 5)

    assert judged(a_quote(day=midnight), alert=alert).stand is Stand.MET
    assert judged(a_quote(day=midnight - timedelta(days=1)), alert=alert).reason == "the volume is an earlier day's"


def test_a_level_in_another_currency_than_the_price_is_held() -> None:
    alert = an_alert(currency="GBP")

    assert judged(a_quote(currency="GBP"), alert=alert).stand is Stand.MET
    assert judged(a_quote(currency=None), alert=alert).stand is Stand.MET
    assert judged(a_quote(currency="GBp"), alert=alert).reason == "the price is now in GBp, its level in GBP"


# What fired.


def test_what_fired_bears_the_time_of_the_price_and_not_ours() -> None:
    firing = judged(a_quote(age=240.0)).firing

    assert firing is not None
    assert (firing.price_time, firing.at) == (NOW.wall - timedelta(seconds=240), NOW.wall)
    assert (firing.value, firing.price, firing.print_id, firing.source) == (191.2, 191.2, (7, "V"), Source.ALPACA)


@pytest.mark.parametrize(
    ("badge", "origin", "told"),
    [
        (LIVE, IEX, "LIVE iex"),
        (DELAYED, YAHOO, "delayed 15 min, yahoo"),
        (Badge(BadgeKind.DELAYED), UNDECLARED, "delay unknown, yahoo"),
        (DELAYED, Origin(Source.ALPACA, "delayed_sip", 900.0), "delayed 15 min, delayed_sip"),
    ],
)
def test_what_fired_says_whose_price_it_was_and_how_late(badge: Badge, origin: Origin, told: str) -> None:
    firing = judged(a_quote(origin=origin), badge=badge).firing

    assert firing is not None
    assert firing.provenance == told


def test_one_that_waits_on_a_delayed_price_says_so() -> None:
    far = an_alert(ABOVE, 500.0)

    assert judged(a_quote(age=900.0, origin=YAHOO), alert=far, badge=DELAYED).late == "delayed 15 min, yahoo"
    assert judged(alert=far).late == ""


def test_one_that_is_armed_again_has_forgotten_what_fired_it() -> None:
    fired = an_alert()
    again = armed_at(fired, NOW.later(60))

    assert (again.firing, again.condition, again.created) == (None, fired.condition, NOW.later(60).wall)


# Properties.

prices = st.one_of(st.none(), st.floats(allow_nan=True, allow_infinity=True))
kinds = st.sampled_from(AlertKind)
badges = st.builds(Badge, st.sampled_from(BadgeKind), st.one_of(st.none(), st.floats(0, 1e6)))
origins = st.builds(
    Origin,
    st.sampled_from(Source),
    st.sampled_from(["iex", "quote"]),
    st.one_of(st.none(), st.floats(0, 3600)),
    st.booleans(),
)


@given(
    kind=kinds,
    level=st.floats(1e-6, 1e9),
    extended=st.booleans(),
    price=prices,
    close=prices,
    volume=prices,
    age=st.one_of(st.none(), st.floats(-100, 1e6)),
    late=prices,
    badge=badges,
    origin=origins,
    mark=st.sampled_from(["", "the sources are apart"]),
)
def test_nothing_ever_fires_on_what_may_not_be_believed(
    kind, level, extended, price, close, volume, age, late, badge, origin, mark
) -> None:
    quote = a_quote(
        price,
        origin=origin,
        previous_close=close,
        volume=volume,
        event_time=None if age is None else NOW.wall - timedelta(seconds=age),
        extended_last=late,
        extended_time=None if late is None else NOW.wall,
    )

    verdict = judged(quote, alert=an_alert(kind, level, extended=extended), badge=badge, mark=mark)

    if verdict.stand is Stand.MET:
        assert badge.kind in BELIEVED
        assert mark == ""
        assert extended or not quote.in_extended
        assert quote.price_time is not None
        assert NOW.age_of(quote.price_time) <= age_limit(quote, badge)
        assert verdict.firing is not None
        assert verdict.firing.price_time == quote.price_time
    assert (verdict.stand is Stand.HELD) == bool(verdict.reason)


@given(kind=kinds, level=st.floats(1e-6, 1e9), price=st.floats(0.01, 1e6), proof=st.sampled_from(PROOF))
def test_on_what_may_be_believed_it_is_met_or_waits_and_never_held(kind, level, price, proof) -> None:
    badge, origin, age = proof

    verdict = judged(a_quote(price, origin=origin, age=age), alert=an_alert(kind, level), badge=badge)

    assert verdict.stand in (Stand.MET, Stand.WAITING)
    assert verdict.value is not None
