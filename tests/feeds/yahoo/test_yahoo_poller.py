import asyncio
import time
from pathlib import Path

import pytest
from scripted_yahoo import CHART, CRUMB, HTML, QUOTE, Reply, ScriptedYahoo, chart_body, item, quote_body
from yahoo_bench import Bench, Ears

from mytrader_tui.feeds.feed import PollOutcome
from mytrader_tui.feeds.yahoo import Pauses, RateLimitedError, YahooError
from mytrader_tui.market.link import Reason

MANY = tuple(f"S{number:03d}" for number in range(120))
SHORT = Pauses(first=0.3, longest=0.6)


async def test_the_first_poll_comes_at_once_and_brings_the_link_up(
    bench: Bench, ears: Ears, yahoo: ScriptedYahoo
) -> None:
    poller = bench.poller(yahoo.url)

    bench.run(poller, "AAPL", "MSFT")
    outcome = await ears.polls(1)

    assert outcome == PollOutcome(answered=2, asked=2)
    assert [quote.symbol for quote in ears.quotes] == ["AAPL", "MSFT"]
    assert poller.link.up
    assert poller.link.poll_seconds == 60.0
    assert poller.covered == {"AAPL", "MSFT"}
    assert ears.coverage == [{"AAPL", "MSFT"}]


async def test_a_hundred_and_twenty_symbols_are_three_requests(bench: Bench, ears: Ears, yahoo: ScriptedYahoo) -> None:
    bench.run(bench.poller(yahoo.url), *MANY)

    outcome = await ears.polls(1)

    assert (outcome.answered, outcome.asked) == (120, 120)
    assert [target.count("%2C") + 1 for target in yahoo.asked(QUOTE)] == [50, 50, 20]


async def test_symbols_travel_in_yahoos_spelling_and_come_back_canonical(
    bench: Bench, ears: Ears, yahoo: ScriptedYahoo
) -> None:
    poller = bench.poller(yahoo.url)

    bench.run(poller, "BRK.B", "^GSPC", "BTC-USD", "7203.T")
    await ears.polls(1)

    assert "symbols=BRK-B%2C%5EGSPC%2CBTC-USD%2C7203.T&" in yahoo.asked(QUOTE)[0]
    assert poller.covered == {"BRK.B", "^GSPC", "BTC-USD", "7203.T"}


async def test_only_a_new_symbol_is_asked_for_when_it_is_added(bench: Bench, ears: Ears, yahoo: ScriptedYahoo) -> None:
    poller = bench.poller(yahoo.url)
    bench.run(poller, "AAPL")
    await ears.polls(1)

    poller.want(("AAPL", "MSFT"))
    poller.want(("AAPL", "MSFT", "NVDA"))
    outcome = await ears.polls(2)

    assert outcome == PollOutcome(answered=2, asked=2)
    assert "symbols=MSFT%2CNVDA&" in yahoo.asked(QUOTE)[-1]
    assert poller.covered == {"AAPL", "MSFT", "NVDA"}


async def test_polls_follow_the_cadence_and_a_change_of_it(bench: Bench, ears: Ears, yahoo: ScriptedYahoo) -> None:
    poller = bench.poller(yahoo.url)
    bench.run(poller, "AAPL")
    await ears.polls(1)

    poller.set_cadence(0.05)
    await ears.polls(4)

    assert poller.link.poll_seconds == 0.05
    assert ears.links[-1].poll_seconds == 0.05


async def test_poll_now_asks_for_everything_at_once(bench: Bench, ears: Ears, yahoo: ScriptedYahoo) -> None:
    poller = bench.poller(yahoo.url)
    bench.run(poller, "AAPL", "MSFT")
    await ears.polls(1)

    poller.poll_now()

    assert await ears.polls(2) == PollOutcome(answered=2, asked=2)


async def test_with_nothing_wanted_nothing_is_asked_and_the_link_is_starting(
    bench: Bench, ears: Ears, yahoo: ScriptedYahoo
) -> None:
    poller = bench.poller(yahoo.url)
    bench.run(poller)

    poller.poll_now()
    await asyncio.sleep(0.05)

    assert yahoo.paths == []
    assert (poller.link.up, poller.link.reason) == (False, Reason.STARTING)


async def test_a_symbol_that_yahoo_does_not_know_is_absent_and_harms_nobody(
    bench: Bench, ears: Ears, yahoo: ScriptedYahoo
) -> None:
    yahoo.replies[QUOTE] = Reply(body=quote_body([item("AAPL")]))
    poller = bench.poller(yahoo.url)

    bench.run(poller, "AAPL", "ZZZZ")

    assert await ears.polls(1) == PollOutcome(answered=1, asked=2)
    assert poller.covered == {"AAPL"}


async def test_an_item_without_a_price_is_published_but_not_covered(
    bench: Bench, ears: Ears, yahoo: ScriptedYahoo
) -> None:
    yahoo.replies[QUOTE] = Reply(
        body=quote_body([item("AAPL"), {"symbol": "MSFT", "regularMarketPreviousClose": 418.0}, 7])
    )
    poller = bench.poller(yahoo.url)

    bench.run(poller, "AAPL", "MSFT")

    assert await ears.polls(1) == PollOutcome(answered=1, asked=2)
    assert [(quote.symbol, quote.last) for quote in ears.quotes] == [("AAPL", 100.0), ("MSFT", None)]
    assert poller.covered == {"AAPL"}
    assert [count for count, _ in ears.unread] == [1]


@pytest.mark.parametrize(
    ("reply", "reason", "requests"),
    [
        (Reply(500), Reason.SERVER_ERROR, 1),
        (Reply(503, body=b"busy"), Reason.SERVER_ERROR, 1),
        (Reply(401), Reason.REFUSED, 2),
        (Reply(403, body=HTML.body), Reason.REFUSED, 2),
        (Reply(400), Reason.BAD_REQUEST, 2),
        (Reply(429), Reason.RATE_LIMITED, 1),
        (Reply(999), Reason.RATE_LIMITED, 1),
        (HTML, Reason.UNREADABLE, 1),
        (Reply(302, headers=(("Location", "http://127.0.0.1:9/elsewhere"),)), Reason.UNREADABLE, 1),
        (Reply(body=b'{"finance":{"error":"x"}}'), Reason.UNREADABLE, 1),
        (Reply(body=quote_body([])), Reason.UNREADABLE, 1),
        (Reply(body=b" " * (9 * 1024 * 1024)), Reason.NETWORK, 1),
        (Reply(hang=True), Reason.TIMEOUT, 1),
    ],
)
async def test_each_failure_has_its_reason_and_is_not_tried_again(
    bench: Bench, ears: Ears, yahoo: ScriptedYahoo, reply: Reply, reason: Reason, requests: int
) -> None:
    yahoo.replies[QUOTE] = reply
    poller = bench.poller(yahoo.url, request_timeout=0.5)

    bench.run(poller, "AAPL")
    outcome = await ears.polls(1)

    assert (outcome.answered, outcome.asked, outcome.reason) == (0, 1, reason)
    assert len(yahoo.asked(QUOTE)) == requests
    assert (poller.link.up, poller.link.reason) == (False, reason)
    assert ears.quotes == []


async def test_a_server_that_is_not_there_is_a_network_failure(bench: Bench, ears: Ears, yahoo: ScriptedYahoo) -> None:
    async with ScriptedYahoo() as gone:
        url = gone.url

    bench.run(bench.poller(url), "AAPL")

    assert (await ears.polls(1)).reason is Reason.NETWORK


async def test_the_third_failure_in_a_row_takes_the_link_down_and_a_success_brings_it_back(
    bench: Bench, ears: Ears, yahoo: ScriptedYahoo
) -> None:
    poller = bench.poller(yahoo.url, poll_seconds=0.05)
    bench.run(poller, "AAPL")
    await ears.polls(1)

    yahoo.replies["/"] = yahoo.replies[QUOTE] = yahoo.replies[CHART] = Reply(500)
    await ears.until(lambda: not ears.links[-1].up)
    failures = [outcome for outcome in ears.outcomes if outcome.reason]
    yahoo.replies.clear()
    await ears.until(lambda: ears.links[-1].up)

    assert [outcome.reason for outcome in failures[:3]] == [Reason.SERVER_ERROR] * 3
    assert poller.covered == {"AAPL"}


async def test_a_rate_limit_stops_all_requests_until_the_pause_is_over(
    bench: Bench, ears: Ears, yahoo: ScriptedYahoo
) -> None:
    yahoo.replies[QUOTE] = Reply(429)
    poller = bench.poller(yahoo.url, pauses=SHORT)
    bench.run(poller, "AAPL")
    first = await ears.polls(1)
    began, seen = time.monotonic(), len(yahoo.paths)

    poller.poll_now()
    poller.want(("AAPL", "MSFT"))
    with pytest.raises(YahooError, match="nothing is asked for another"):
        await poller.lookup("NVDA")
    await asyncio.sleep(0.2)
    in_the_pause = len(yahoo.paths)
    yahoo.replies.clear()
    second = await ears.polls(2)

    assert first.retry_after == pytest.approx(0.3, abs=0.1)
    assert in_the_pause == seen
    assert second == PollOutcome(answered=2, asked=2)
    assert time.monotonic() - began >= 0.25
    assert poller.link.retry_at is None


async def test_rate_limits_in_a_row_double_the_pause(bench: Bench, ears: Ears, yahoo: ScriptedYahoo) -> None:
    yahoo.replies[QUOTE] = Reply(429)
    bench.run(bench.poller(yahoo.url, pauses=Pauses(first=0.1, longest=0.3)), "AAPL")

    await ears.polls(3)

    pauses = [outcome.retry_after for outcome in ears.outcomes[:3]]
    assert pauses == [pytest.approx(0.1, abs=0.05), pytest.approx(0.2, abs=0.05), pytest.approx(0.3, abs=0.05)]


@pytest.mark.parametrize(("header", "seconds"), [("120", 120.0), ("1000000", 900.0), ("0", 1.0), ("soon", 60.0)])
async def test_a_retry_after_is_kept_to(
    bench: Bench, ears: Ears, yahoo: ScriptedYahoo, header: str, seconds: float
) -> None:
    yahoo.replies[QUOTE] = Reply(429, headers=(("Retry-After", header),))
    poller = bench.poller(yahoo.url)

    bench.run(poller, "AAPL")
    outcome = await ears.polls(1)

    assert outcome.reason is Reason.RATE_LIMITED
    assert outcome.retry_after == pytest.approx(seconds, abs=0.5)
    retry_at = poller.link.retry_at
    assert retry_at is not None
    assert retry_at.mono - time.monotonic() == pytest.approx(seconds, abs=0.5)


async def test_a_rate_limit_in_the_middle_keeps_what_was_answered_before_it(
    bench: Bench, ears: Ears, yahoo: ScriptedYahoo
) -> None:
    poller = bench.poller(yahoo.url)
    bench.run(poller, *MANY[:50])
    await ears.polls(1)

    yahoo.replies[QUOTE] = Reply(429)
    poller.want(MANY)
    outcome = await ears.polls(2)

    assert (outcome.answered, outcome.asked, outcome.reason) == (0, 70, Reason.RATE_LIMITED)
    assert poller.link.up
    assert poller.covered == set(MANY[:50])


@pytest.mark.parametrize("reply", [Reply(429), Reply(body=b"Too Many Requests\r\n")])
async def test_a_refused_crumb_is_a_rate_limit_and_never_kept(
    bench: Bench, ears: Ears, yahoo: ScriptedYahoo, reply: Reply
) -> None:
    yahoo.replies[CRUMB] = reply
    bench.run(bench.poller(yahoo.url, pauses=SHORT), "AAPL")
    first = await ears.polls(1)
    asked = len(yahoo.asked(QUOTE))

    yahoo.replies.clear()
    second = await ears.polls(2)

    assert (first.reason, asked) == (Reason.RATE_LIMITED, 0)
    assert second.reason is None
    assert yahoo.asked(QUOTE)[-1].endswith("crumb=crumb")


async def test_a_consent_page_is_never_kept_as_a_crumb(bench: Bench, ears: Ears, yahoo: ScriptedYahoo) -> None:
    yahoo.replies[CRUMB] = HTML
    yahoo.replies[QUOTE] = Reply(401)
    poller = bench.poller(yahoo.url)
    bench.run(poller, "AAPL")
    first = await ears.polls(1)

    yahoo.replies.clear()
    poller.poll_now()
    second = await ears.polls(2)

    assert (first.reason, second.reason) == (Reason.REFUSED, None)
    assert yahoo.asked(QUOTE)[-1].endswith("crumb=crumb")


async def test_charts_serve_the_first_ten_when_quotes_failed_three_times(
    bench: Bench, ears: Ears, yahoo: ScriptedYahoo
) -> None:
    yahoo.replies[QUOTE] = HTML
    poller = bench.poller(yahoo.url, poll_seconds=0.05)

    bench.run(poller, *MANY[:12])
    outcome = await ears.polls(3)

    assert [each.reason for each in ears.outcomes] == [Reason.UNREADABLE, Reason.UNREADABLE, None]
    assert outcome == PollOutcome(answered=10, asked=12)
    assert {quote.origin.feed for quote in ears.quotes} == {"chart"}
    assert len(yahoo.asked(CHART)) == 10
    assert poller.covered == set(MANY[:10])
    assert poller.link.up


async def test_quotes_are_back_as_soon_as_they_work(bench: Bench, ears: Ears, yahoo: ScriptedYahoo) -> None:
    yahoo.replies[QUOTE] = HTML
    poller = bench.poller(yahoo.url, poll_seconds=0.05)
    bench.run(poller, *MANY[:12])
    await ears.polls(3)

    yahoo.replies.clear()
    await ears.until(lambda: ears.outcomes[-1].answered == 12)

    assert ears.quotes[-1].origin.feed == "quote"
    assert poller.covered == set(MANY[:12])


async def test_a_chart_of_another_shape_ends_the_second_tier_too(
    bench: Bench, ears: Ears, yahoo: ScriptedYahoo
) -> None:
    yahoo.replies[QUOTE] = yahoo.replies[CHART] = HTML
    bench.run(bench.poller(yahoo.url, poll_seconds=0.05), "AAPL", "MSFT")

    outcome = await ears.polls(3)

    assert outcome.reason is Reason.UNREADABLE
    assert len(yahoo.asked(CHART)) == 1


async def test_an_unknown_symbols_chart_does_not_stop_the_others(
    bench: Bench, ears: Ears, yahoo: ScriptedYahoo
) -> None:
    yahoo.replies[QUOTE] = HTML
    yahoo.replies[CHART + "ZZZZ"] = Reply(404, body=b'{"chart":{"result":null,"error":{"code":"Not Found"}}}')
    yahoo.replies[CHART + "BRK-B"] = Reply(body=chart_body("BRK-B"))
    poller = bench.poller(yahoo.url, poll_seconds=0.05)

    bench.run(poller, "ZZZZ", "BRK.B", "^GSPC")
    await ears.polls(3)

    assert poller.covered == {"BRK.B", "^GSPC"}
    assert yahoo.asked(CHART)[-1].startswith(CHART + "%5EGSPC?")


async def test_a_wholly_mute_yahoo_costs_one_poll_no_more_than_twice_the_request_timeout(
    bench: Bench, ears: Ears, yahoo: ScriptedYahoo
) -> None:
    poller = bench.poller(yahoo.url, request_timeout=0.3)
    await poller.lookup("AAPL")
    for path in ("/", "/consent", CRUMB, QUOTE):
        yahoo.replies[path] = Reply(hang=True)

    began = time.monotonic()
    bench.run(poller, "AAPL")
    outcome = await ears.polls(1)

    assert outcome.reason is Reason.TIMEOUT
    assert time.monotonic() - began < 1.2


async def test_cancelling_returns_within_a_second_while_a_request_hangs(
    bench: Bench, ears: Ears, yahoo: ScriptedYahoo
) -> None:
    poller = bench.poller(yahoo.url)
    await poller.lookup("AAPL")
    yahoo.replies[QUOTE] = Reply(hang=True)
    running = bench.run(poller, "AAPL")
    await yahoo.heard(QUOTE, 2)

    began = time.monotonic()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running

    assert time.monotonic() - began < 1.0
    assert (poller.link.up, poller.link.reason) == (False, Reason.STOPPED)


async def test_it_can_run_again_after_it_was_cancelled(bench: Bench, ears: Ears, yahoo: ScriptedYahoo) -> None:
    poller = bench.poller(yahoo.url)
    yahoo.replies[QUOTE] = Reply(hang=True)
    running = bench.run(poller, "AAPL")
    await yahoo.heard(QUOTE, 1)
    running.cancel()
    await asyncio.wait((running,))

    yahoo.replies.clear()
    bench.run(poller, "AAPL")

    assert await ears.polls(1) == PollOutcome(answered=1, asked=1)
    assert poller.link.up


async def test_a_lookup_needs_no_running_poller(bench: Bench, yahoo: ScriptedYahoo) -> None:
    poller = bench.poller(yahoo.url)

    quote = await poller.lookup("BRK.B")

    assert quote is not None
    assert (quote.symbol, quote.last) == ("BRK.B", 100.0)


async def test_a_lookup_of_an_unknown_symbol_is_none(bench: Bench, yahoo: ScriptedYahoo) -> None:
    yahoo.replies[QUOTE] = Reply(body=quote_body([]))

    assert await bench.poller(yahoo.url).lookup("ZZZZ") is None


async def test_a_lookup_that_fails_says_why(bench: Bench, yahoo: ScriptedYahoo) -> None:
    yahoo.replies[QUOTE] = Reply(500)

    with pytest.raises(YahooError, match="the server has a fault") as caught:
        await bench.poller(yahoo.url).lookup("AAPL")

    assert caught.value.reason is Reason.SERVER_ERROR


async def test_a_rate_limited_lookup_pauses_the_polls_as_well(bench: Bench, ears: Ears, yahoo: ScriptedYahoo) -> None:
    yahoo.replies[QUOTE] = Reply(429)
    poller = bench.poller(yahoo.url, pauses=SHORT)
    with pytest.raises(RateLimitedError):
        await poller.lookup("AAPL")
    seen = len(yahoo.paths)

    bench.run(poller, "AAPL")
    await asyncio.sleep(0.1)

    assert len(yahoo.paths) == seen
    assert ears.outcomes == []


async def test_once_gives_the_quotes_of_all_known_symbols(bench: Bench, ears: Ears, yahoo: ScriptedYahoo) -> None:
    quotes = await bench.poller(yahoo.url).once(MANY)

    assert [quote.symbol for quote in quotes] == list(MANY)
    assert ears.quotes == []


async def test_a_damaged_cookie_cache_is_made_anew(
    bench: Bench, ears: Ears, yahoo: ScriptedYahoo, tmp_path: Path
) -> None:
    folder = tmp_path / "cache"
    folder.mkdir()
    (folder / "cookies.db").write_bytes(b"this is no database" * 100)
    poller = bench.poller(yahoo.url)

    bench.run(poller, "AAPL")
    first = await ears.polls(1)
    poller.poll_now()
    second = await ears.polls(2)

    assert (first.reason, second.reason) == (Reason.UNREADABLE, None)


async def test_a_closed_poller_ends_a_call_in_progress(bench: Bench, yahoo: ScriptedYahoo) -> None:
    poller = bench.poller(yahoo.url)
    await poller.lookup("AAPL")
    yahoo.replies[QUOTE] = Reply(hang=True)
    call = asyncio.create_task(poller.lookup("AAPL"), name="lookup under test")
    await asyncio.sleep(0.05)

    poller.close()

    with pytest.raises(YahooError) as caught:
        await call
    assert caught.value.reason is Reason.STOPPED
