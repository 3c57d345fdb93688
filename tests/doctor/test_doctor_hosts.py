"""The way to a server: its name, its port, its certificate, on real sockets with real certificates."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from doctor_kit import CERTIFICATES
from msgspec.structs import replace

from mytrader_tui.doctor.hosts import Host, alpaca_hosts, reach, yahoo_hosts
from mytrader_tui.doctor.result import Verdict
from mytrader_tui.monitor.clock import system_clock
from mytrader_tui.settings import Settings


@asynccontextmanager
async def listening(certificate: str = "") -> AsyncIterator[Host]:
    """A server on this machine, with TLS if a certificate of the folder is named."""
    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATES / f"{certificate}.pem")

    async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(hear, "127.0.0.1", 0, ssl=context)
    async with server:
        yield Host("host data", "localhost", server.sockets[0].getsockname()[1], tls=bool(certificate))


def trusting(certificate: str):
    return lambda: ssl.create_default_context(cafile=str(CERTIFICATES / f"{certificate}.pem"))


async def test_a_good_certificate_is_told_with_the_days_that_it_has_left():
    async with listening("localhost") as host:
        result = await reach(host, system_clock, trusting("localhost"))

    assert result.verdict is Verdict.OK
    assert "TLS 1.3" in result.found
    assert "more days" in result.found


async def test_a_certificate_that_soon_ends_is_a_warning():
    def late():
        now = system_clock()
        return replace(now, wall=ENDS - timedelta(days=5))

    async with listening("localhost") as host:
        result = await reach(host, late, trusting("localhost"))

    assert (result.verdict, "5 more days" in result.found) == (Verdict.WARN, True)


def _ends(name: str):
    told = ssl._ssl._test_decode_cert(str(CERTIFICATES / f"{name}.pem"))
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(told["notAfter"]), UTC)


ENDS = _ends("localhost")


@pytest.mark.parametrize(
    ("served", "trusted", "words", "advice"),
    [
        ("expired", "expired", "expired", "date"),
        ("elsewhere", "elsewhere", "mismatch", "proxy"),
        ("localhost", "elsewhere", "self-signed", "proxy"),
    ],
)
async def test_a_certificate_that_is_not_valid_says_in_what(served, trusted, words, advice):
    async with listening(served) as host:
        result = await reach(host, system_clock, trusting(trusted))

    assert result.verdict is Verdict.FAIL
    assert words in result.found.replace("self signed", "self-signed")
    assert advice in result.advice


async def test_a_plain_server_of_this_machine():
    async with listening() as host:
        result = await reach(host, system_clock)

    assert (result.verdict, "plain, on this machine" in result.found) == (Verdict.OK, True)


async def test_a_port_where_nobody_listens():
    async with listening() as host:
        pass

    result = await reach(host, system_clock)

    assert (result.verdict, f"no connection to port {host.port}" in result.found) == (Verdict.FAIL, True)


async def test_a_name_that_is_none():
    result = await reach(Host("host data", "no..name", 443, tls=True), system_clock)

    assert (result.verdict, "the name is not known" in result.found) == (Verdict.FAIL, True)


async def test_a_proxy_is_named_without_its_password(monkeypatch):
    monkeypatch.setenv("https_proxy", "http://me:canary-password@proxy.example:3128")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)

    result = await reach(Host("host data", "data.example", 443, tls=True), system_clock)

    assert (result.verdict, "proxy.example:3128" in result.found) == (Verdict.SKIP, True)
    assert "canary-password" not in f"{result}"


def test_the_servers_are_those_of_the_settings():
    names = [host.name for host in (*alpaca_hosts(Settings()), *yahoo_hosts(Settings()))]

    assert names == [
        "data.alpaca.markets",
        "paper-api.alpaca.markets",
        "stream.data.alpaca.markets",
        "query1.finance.yahoo.com",
        "fc.yahoo.com",
    ]
