"""F01 to F08: no connection comes about."""

import asyncio
import ssl
from datetime import timedelta
from pathlib import Path

import pytest
from layers import installed, simulated, unit
from msgspec.structs import replace
from processes import CERTIFICATES, Trap, closed_ports, log_of, log_says, on_screen, program, until
from servers import plain_server, stream_server
from virtual_time import VirtualLoop
from world import DELAYED, FALLBACK, KEY, LIVE, SECRET, STALE, WEDNESDAY, world

from mytrader_tui.feeds.retry_after import LEAST_SECONDS, MOST_SECONDS, retry_after_seconds
from mytrader_tui.market.link import Reason

LONG = 1200.0
"""Long enough for the backoff to reach its longest pause several times."""


@pytest.mark.parametrize("how", ["refused", "unreachable"])
@simulated
async def test_f01_a_server_that_cannot_be_reached_is_backed_off_from_and_fails_over_at_60_s(tmp_path, how):
    async with world(tmp_path) as it:
        await it.serving()
        it.cut_off()
        if how == "unreachable":
            it.market.gates.stream.accept()
            it.market.gates.stream.black_hole()
        cut = it.now
        await it.go(6)
        assert it.kind("AAPL") is STALE

        took = await it.failover(within=61)

        assert 53.8 <= took <= 55.5
        assert it.kind("AAPL") is DELAYED
        assert len(it.failovers) == 1
        await it.go(LONG)
        assert it.state is FALLBACK
        gaps = it.knocks.gaps(cut)
        assert max(gaps[:2]) < min(gaps[-5:])
        assert min(gaps[-5:]) >= 30
        assert len(set(gaps[-5:])) == 5


@simulated
async def test_f01_a_name_that_does_not_resolve_leaves_yahoo_serving_and_says_so(tmp_path):
    def elsewhere(settings):
        return replace(settings, alpaca=replace(settings.alpaca, stream_url="wss://stream.invalid"))

    async with world(tmp_path, change=elsewhere) as it:
        took = await it.failover(within=15)

        assert 10 <= took <= 12
        assert "cannot reach the server" in it.words
        assert "host name is not known" in it.alpaca.detail


@installed
def test_f01_the_installed_program_names_a_server_that_refuses(tmp_path):
    done = program(tmp_path, "snapshot", "AAPL", config=closed_ports())

    assert done.returncode == 4
    assert "cannot reach the server" in done.stderr
    assert "Traceback" not in done.stderr


@simulated
async def test_f02_an_upgrade_that_is_never_answered_counts_as_down_after_10_s(tmp_path):
    async with plain_server(lambda _: None) as silent, world(tmp_path, change=silent) as it:
        await it.until(lambda: it.alpaca.reason is Reason.TIMEOUT, 11, "the timeout")

        assert 10 <= it.now - it.knocks.attempts[0] <= 10.5
        await it.failover(within=15)
        await it.go(600)
        assert min(it.knocks.gaps()) >= 10


@pytest.mark.parametrize("code", [1000, 1001, 1012, 1013])
@simulated
async def test_f03_a_server_that_accepts_and_closes_for_ever_is_no_loop(tmp_path, code):
    def closing(market):
        market.faults.close_code = code

    async with world(tmp_path, prepare=closing) as it:
        await it.go(LONG)

        assert it.state is FALLBACK
        assert len(it.knocks.attempts) < 45
        assert it.knocks.gaps()[-1] >= 30


@simulated
async def test_f03_a_completed_login_does_not_reset_the_backoff(tmp_path):
    async def goodbye(socket):
        await socket.connection.close(1000)

    async with stream_server(goodbye) as closing, world(tmp_path, change=closing) as it:
        await it.go(LONG)

        assert len(it.knocks.attempts) < 45
        assert it.knocks.gaps()[-1] >= 30


@pytest.mark.parametrize("status", [401, 403])
@simulated
async def test_f04_an_upgrade_refused_for_the_keys_fails_over_at_once_and_is_not_tried_again(tmp_path, status):
    async with world(tmp_path) as it:
        await it.serving()
        it.market.faults.upgrade_status = status
        it.market.gates.stream.cut()

        took = await it.failover(within=5)

        assert took < 5
        assert "the keys were refused" in it.words
        assert "ALPACA_API_KEY" in it.words
        refused = len(it.knocks.attempts)
        await it.go(LONG)
        assert len(it.knocks.attempts) == refused


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        ("0", LEAST_SECONDS),
        ("-5", LEAST_SECONDS),
        ("999999999999", MOST_SECONDS),
        ("1e9", None),
        ("nan", None),
        ("inf", None),
        ("soon", None),
        ("", None),
        (None, None),
        ("Wed, 18 Nov 2026 15:02:00 GMT", 120.0),
        ("Wed, 18 Nov 2020 15:02:00 GMT", LEAST_SECONDS),
        ("Wed, 18 Nov 9999 15:02:00 GMT", MOST_SECONDS),
    ],
)
@unit
def test_f05_a_retry_after_is_bounded_or_ignored(header, seconds):
    assert retry_after_seconds(header, WEDNESDAY) == seconds


@pytest.mark.parametrize(
    ("header", "least", "most"),
    [("120", 120, 121), ("-1", 1, 61), ("999999999", 900, 901), ("nan", 1, 61), ("date", 100, 121), ("junk", 1, 61)],
)
@simulated
async def test_f05_a_429_with_any_retry_after_is_waited_for_within_bounds(tmp_path, header, least, most):
    async with world(tmp_path) as it:
        await it.serving()
        date = it.machine().wall + timedelta(seconds=120)
        it.market.faults.upgrade_retry_after = f"{date:%a, %d %b %Y %H:%M:%S} GMT" if header == "date" else header
        it.market.faults.upgrade_status = 429
        it.market.gates.stream.cut()
        cut = it.now
        await it.until(lambda: it.alpaca.reason is Reason.RATE_LIMITED, 5, "the refusal")
        it.market.faults.upgrade_status = None

        await it.until(lambda: it.alpaca.up, 910, "the return")

        assert least - 0.01 <= it.knocks.gaps(cut)[0] <= most


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@simulated
async def test_f06_a_faulty_server_is_transient(tmp_path, status):
    async with world(tmp_path) as it:
        await it.serving()
        it.market.faults.upgrade_status = status
        it.market.gates.stream.cut()
        await it.go(30)
        assert it.alpaca.reason is Reason.SERVER_ERROR
        assert it.alpaca.retry_at is not None
        it.market.faults.upgrade_status = None

        await it.until(lambda: it.kind("AAPL") is LIVE, 29, "live again")

        assert it.failovers == []


@pytest.mark.parametrize(
    "where", ["ws://127.0.0.1:{port}/v2/iex", "wss://api.alpaca.markets/stream", "ws://elsewhere.test/"]
)
@simulated
async def test_f07_a_redirect_is_refused_and_nothing_is_sent_anywhere(tmp_path, where):
    requests: list[bytes] = []
    strangers: list[bytes] = []
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)

    def redirect(request: bytes) -> bytes:
        requests.append(request)
        return f"HTTP/1.1 302 Found\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n".encode()

    def stranger(request: bytes) -> None:
        strangers.append(request)

    async with plain_server(stranger) as other, plain_server(redirect) as redirecting:
        probe: list[str] = []

        def change(settings):
            probe.append(other(settings).alpaca.stream_url)
            return redirecting(settings)

        target = where
        async with world(tmp_path, change=change) as it:
            target = where.format(port=probe[0].rsplit(":", 1)[1])
            await it.go(120)

            assert it.alpaca.reason is Reason.REFUSED
            assert "redirect" in it.alpaca.detail
            assert it.state is FALLBACK
    assert requests
    assert strangers == []
    assert loop.names == []
    assert not any(KEY.encode() in each or SECRET.encode() in each for each in requests)


@pytest.mark.parametrize(
    ("name", "trusted", "why"),
    [
        ("localhost", False, "self-signed certificate"),
        ("expired", True, "certificate has expired"),
        ("elsewhere", True, "Hostname mismatch"),
    ],
    ids=["not trusted", "expired", "wrong name"],
)
@installed
def test_f08_a_bad_certificate_is_refused_with_a_clear_message(tmp_path, name, trusted, why):
    pem = CERTIFICATES / f"{name}.pem"
    ours = {"SSL_CERT_FILE": str(pem)} if trusted else {}

    with Trap(pem) as trap, on_screen(tmp_path, config=closed_ports(f"wss://localhost:{trap.port}"), **ours):
        said = log_says(tmp_path, "the certificate is not valid")

    assert why in said
    assert trap.connections > 0
    assert trap.heard == b""


@installed
def test_f08_a_good_certificate_is_accepted(tmp_path):
    pem = CERTIFICATES / "localhost.pem"

    with (
        Trap(pem) as trap,
        on_screen(tmp_path, config=closed_ports(f"wss://localhost:{trap.port}"), SSL_CERT_FILE=str(pem)),
    ):
        until(lambda: b"GET /v2/iex" in trap.heard, lambda: log_of(tmp_path))


@unit
def test_f08_no_code_path_switches_verification_off():
    root = Path(__file__).parents[2] / "mytrader_tui"
    text = "\n".join(path.read_text() for path in root.rglob("*.py"))

    for switch in (
        "CERT_NONE",
        "verify=False,",
        "verify=False)",
        "check_hostname = False",
        "_create_unverified_context",
    ):
        assert switch not in text
    assert ssl.create_default_context().verify_mode is ssl.CERT_REQUIRED
