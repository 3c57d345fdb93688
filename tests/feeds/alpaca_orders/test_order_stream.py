"""The account's socket over real ones: fills within a second, every outage with its reason, keys nowhere."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Sequence

import pytest
from orders_kit import (
    AUTHORIZED,
    FILL,
    IMPATIENT,
    LISTENING,
    ORDER,
    QUICK,
    SECRET,
    UNAUTHORIZED,
    Ear,
    Scripted,
    clock,
    orders_at,
    running,
    told,
    until,
)

from mytrader_tui.demo.market import DemoMarket
from mytrader_tui.feeds.alpaca.deadlines import Deadlines
from mytrader_tui.market.link import Reason


@pytest.fixture
async def market() -> AsyncIterator[DemoMarket]:
    async with DemoMarket(clock=clock, ticks_per_second=0) as market:
        yield market


async def test_a_fill_is_heard_within_a_second(market: DemoMarket) -> None:
    ear = Ear()
    async with running(orders_at(market.trading_stream_url, ear)):
        await until(lambda: ear.ups)
        began = time.monotonic()

        await market.fill("MSFT", "buy", 3, 418.20)

        await until(lambda: ear.updates, 1.0)
        assert time.monotonic() - began < 1.0
    update = ear.updates[0]
    assert (update.event, update.order.symbol, str(update.price), update.position_quantity) == (
        "fill",
        "MSFT",
        "418.2",
        23,
    )


async def test_an_orders_life_is_told_from_beginning_to_end(market: DemoMarket) -> None:
    ear = Ear()
    async with running(orders_at(market.trading_stream_url, ear)):
        await until(lambda: ear.ups)
        order = await market.order("KO", "buy", 10, limit=60)
        await market.fill("KO", "buy", 4, 59.5, order)
        await market.fill("KO", "buy", 6, 60, order)
        other = await market.order("KO", "sell", 1)
        await market.cancel_order(other)
        await until(lambda: len(ear.updates) == 5)

    assert [(each.event, each.order.status) for each in ear.updates] == [
        ("new", "new"),
        ("partial_fill", "partially_filled"),
        ("fill", "filled"),
        ("new", "new"),
        ("canceled", "canceled"),
    ]
    assert [each.position_quantity for each in ear.updates] == [None, 4, 10, None, None]
    assert str(ear.updates[2].order.average_fill_price) == "59.8"


async def test_the_link_is_up_only_once_the_request_for_updates_is_acknowledged() -> None:
    ear = Ear()
    async with Scripted(listen=()) as server, running(orders_at(server.url, ear)):
        await until(lambda: len(server.requests) == 2)
        await asyncio.sleep(0.05)
        assert not ear.ups

        await server.send(LISTENING)

        await until(lambda: ear.ups)
    assert server.requests == [
        {"action": "auth", "key": "DEMO-KEY", "secret": "demo-secret"},
        {"action": "listen", "data": {"streams": ["trade_updates"]}},
    ]


async def test_text_frames_are_read_like_binary_ones() -> None:
    ear = Ear()
    text = '{"stream":"listening","data":{"streams":["trade_updates"]}}'
    async with Scripted(listen=(text,)) as server, running(orders_at(server.url, ear)):
        await until(lambda: ear.ups)


async def test_an_update_that_comes_before_the_acknowledgement_is_not_lost() -> None:
    ear = Ear()
    async with Scripted(listen=(FILL, LISTENING)) as server, running(orders_at(server.url, ear)):
        await until(lambda: ear.ups)

    assert [update.event for update in ear.updates] == ["fill"]


REFUSED = {"action": "error", "data": {"error_message": "internal server error"}}


@pytest.mark.parametrize(
    ("auth", "listen", "reason", "detail"),
    [
        ((), (LISTENING,), Reason.TIMEOUT, "no answer to the login"),
        ((AUTHORIZED,), (), Reason.TIMEOUT, "no answer to the request for trade updates"),
        ((b"junk",), (), Reason.TIMEOUT, "no answer to the login"),
        ((REFUSED,), (), Reason.REFUSED, "internal server error"),
        ((AUTHORIZED,), (REFUSED,), Reason.REFUSED, "internal server error"),
        (
            (AUTHORIZED,),
            ({"stream": "listening", "data": {"streams": []}},),
            Reason.REFUSED,
            "the server does not send trade updates",
        ),
    ],
)
async def test_a_login_that_goes_wrong_is_tried_again(
    auth: Sequence[object], listen: Sequence[object], reason: Reason, detail: str
) -> None:
    ear = Ear()
    async with Scripted(auth, listen) as server, running(orders_at(server.url, ear, IMPATIENT)):
        await until(lambda: server.opened >= 2)
        server.script = {"auth": (AUTHORIZED,), "listen": (LISTENING,)}
        await until(lambda: ear.ups)

    down = next(link for link in ear.links if not link.up)
    assert (down.reason, down.detail) == (reason, detail)
    assert down.retry_at is not None


async def test_refused_keys_are_not_tried_again() -> None:
    ear = Ear()
    async with Scripted(auth=(UNAUTHORIZED,)) as server, running(orders_at(server.url, ear)) as task:
        await until(lambda: ear.links)
        await asyncio.sleep(0.3)

        assert (server.opened, ear.reasons, task.done()) == (1, [Reason.AUTH_FAILED], False)
        assert ear.links[0].retry_at is None


async def test_keys_that_the_demo_does_not_know_are_refused(market: DemoMarket) -> None:
    ear = Ear()
    async with running(orders_at(market.trading_stream_url, ear, secret="another")):
        await until(lambda: Reason.AUTH_FAILED in ear.reasons)


@pytest.mark.parametrize("message", [REFUSED, {"stream": "listening", "data": {"streams": []}}])
async def test_a_server_that_takes_it_back_is_asked_again(message: object) -> None:
    ear = Ear()
    async with Scripted() as server, running(orders_at(server.url, ear)):
        await until(lambda: ear.ups == 1)

        await server.send(message)

        await until(lambda: ear.ups == 2)
    assert Reason.REFUSED in ear.reasons


async def test_after_a_cut_it_comes_back_and_says_so(market: DemoMarket) -> None:
    ear = Ear()
    async with running(orders_at(market.trading_stream_url, ear)):
        await until(lambda: ear.ups == 1)

        market.gates.rest.cut()

        await until(lambda: ear.ups == 2)
        await market.fill("MSFT", "sell", 1, 418)
        await until(lambda: ear.updates)
    assert Reason.DROPPED in ear.reasons


async def test_a_dead_line_is_noticed_by_its_pings(market: DemoMarket) -> None:
    ear = Ear()
    async with running(orders_at(market.trading_stream_url, ear, IMPATIENT)):
        await until(lambda: ear.ups == 1)

        market.gates.rest.freeze()

        await until(lambda: Reason.HALF_OPEN in ear.reasons)
        market.gates.rest.thaw()
        await until(lambda: ear.ups == 2)


async def test_a_quiet_account_stays_proven(market: DemoMarket) -> None:
    ear = Ear()
    orders = orders_at(market.trading_stream_url, ear)
    async with running(orders):
        await until(lambda: ear.ups)
        first = orders.link.heard

        await until(lambda: orders.link.heard != first)

    assert ear.ups == 1


async def test_a_server_that_is_away_is_tried_with_growing_pauses_until_it_is_back(market: DemoMarket) -> None:
    ear = Ear()
    market.gates.rest.refuse()
    async with running(orders_at(market.trading_stream_url, ear)):
        await until(lambda: len(ear.links) >= 3)
        market.gates.rest.accept()
        await until(lambda: ear.ups)

    assert set(ear.reasons) == {Reason.NETWORK, Reason.STOPPED}


async def test_reconnecting_on_request_does_not_wait_for_the_pause() -> None:
    ear = Ear()
    slow = Deadlines(quiet=0.05, close=0.2, attempt_gap=0.02, backoff_least=30, backoff_most=60)
    async with Scripted() as server:
        orders = orders_at(server.url, ear, slow)
        async with running(orders):
            await until(lambda: ear.ups == 1)

            orders.reconnect()

            await until(lambda: ear.ups == 2)


@pytest.mark.parametrize("frame", [b"", b"\x00\xff", b"[" * 5000, b"null", b'"x"', b'{"stream":5}', "text", b"{}"])
async def test_frames_that_make_no_sense_are_counted_and_end_nothing(frame: object) -> None:
    ear = Ear()
    async with Scripted() as server:
        orders = orders_at(server.url, ear)
        async with running(orders):
            await until(lambda: ear.ups)
            await server.send(frame, FILL)
            await until(lambda: ear.updates)

    assert (orders.unreadable, ear.ups) == (1, 1)
    assert orders.trouble


async def test_unknown_words_of_an_order_are_handed_on() -> None:
    ear = Ear()
    async with Scripted() as server, running(orders_at(server.url, ear)):
        await until(lambda: ear.ups)
        await server.send(told("teleported", ORDER | {"status": "in_orbit"}))
        await until(lambda: ear.updates)

    assert (ear.updates[0].event, ear.updates[0].order.status) == ("teleported", "in_orbit")


async def test_a_thousand_updates_come_in_order_and_leave_the_loop_its_turns(market: DemoMarket) -> None:
    ear = Ear()
    async with running(orders_at(market.trading_stream_url, ear)):
        await until(lambda: ear.ups)
        for number in range(1000):
            await market.fill("MSFT", "buy", 1, 400 + number)
        await until(lambda: len(ear.updates) == 1000, 10.0)

    assert [int(update.price or 0) for update in ear.updates] == list(range(400, 1400))


@pytest.mark.parametrize("state", ["connecting", "logging in", "up", "refused", "pausing"])
async def test_cancelling_closes_within_a_second_in_every_state(state: str) -> None:
    ear = Ear()
    auth: tuple[object, ...] = {"logging in": (), "refused": (UNAUTHORIZED,)}.get(state, (AUTHORIZED,))
    hang_up = state == "pausing"
    slow = Deadlines(backoff_least=30, backoff_most=60, close=0.3)
    async with Scripted(auth, hang_up=hang_up) as server:
        task = asyncio.create_task(orders_at(server.url, ear, slow).run())
        if state != "connecting":
            await until(lambda: server.requests)
            await asyncio.sleep(0.1)
        began = time.monotonic()

        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

        assert task.cancelled()
        assert time.monotonic() - began < 1.0
        await until(lambda: not server.sockets)


@pytest.mark.parametrize(
    "url",
    [
        "wss://api.alpaca.markets/stream",
        "ws://paper-api.alpaca.markets/stream",
        "wss://paper-api.alpaca.markets.evil.io/stream",
        "https://paper-api.alpaca.markets/stream",
    ],
)
def test_a_socket_that_is_not_the_paper_accounts_is_refused_before_anything_opens(url: str) -> None:
    with pytest.raises(ValueError, match="trading_stream_url"):
        orders_at(url, Ear())


async def test_the_paper_hosts_own_address_is_taken() -> None:
    orders_at("wss://paper-api.alpaca.markets/stream", Ear(), QUICK)


async def test_no_word_of_the_server_gives_the_keys_away(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    key, ear = "PKTESTKEY0123456789", Ear()
    words = f"{'x' * 110}{key} {SECRET}"
    echo = {"action": "error", "data": {"error_message": words}}
    async with Scripted(auth=(f'{{"stream": {words}', echo)) as server:
        orders = orders_at(server.url, ear, key=key)
        async with running(orders) as task:
            await until(lambda: server.opened >= 2)
            everything = f"{orders!r} {vars(orders)} {orders.trouble} {ear.links} {caplog.text} {task!r}"

    assert key[:8] not in everything
    assert SECRET not in everything
