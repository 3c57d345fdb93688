from datetime import UTC, datetime

from mytrader_tui.feeds.yahoo.standing import Standing
from mytrader_tui.market.link import Reason
from mytrader_tui.market.moment import Moment

T0 = Moment(datetime(2026, 6, 15, 14, 30, tzinfo=UTC), 1000.0)


def test_the_link_is_starting_until_the_first_success() -> None:
    link = Standing(60.0, T0).link(T0)

    assert not link.up
    assert link.reason is Reason.STARTING


def test_a_success_brings_the_link_up_from_that_moment() -> None:
    standing = Standing(60.0, T0)

    standing.succeeded(T0.later(2))
    link = standing.link(T0.later(2))

    assert link.up
    assert link.reason is None
    assert link.since == link.heard == T0.later(2)


def test_two_failures_leave_the_link_up_and_the_third_takes_it_down() -> None:
    standing = Standing(60.0, T0)
    standing.succeeded(T0)
    standing.link(T0)

    standing.failed(Reason.TIMEOUT)
    standing.failed(Reason.TIMEOUT)
    assert standing.link(T0.later(1)).up

    standing.failed(Reason.SERVER_ERROR, "HTTP 500")
    link = standing.link(T0.later(2))
    assert (link.up, link.reason, link.detail, link.since) == (False, Reason.SERVER_ERROR, "HTTP 500", T0.later(2))


def test_a_success_forgets_the_failures_before_it() -> None:
    standing = Standing(60.0, T0)
    for _ in range(5):
        standing.failed(Reason.NETWORK)

    standing.succeeded(T0)
    standing.failed(Reason.NETWORK)

    assert standing.link(T0).up


def test_the_link_goes_down_when_the_last_success_is_two_and_a_half_polls_old() -> None:
    standing = Standing(60.0, T0)
    standing.succeeded(T0)

    assert standing.link(T0.later(150.0)).up
    assert not standing.link(T0.later(150.1)).up


def test_a_pause_is_told_until_it_is_over() -> None:
    standing = Standing(60.0, T0)
    standing.failed(Reason.RATE_LIMITED)
    standing.paused(T0.later(60))

    assert standing.link(T0).retry_at == T0.later(60)
    assert standing.link(T0.later(60)).retry_at is None
