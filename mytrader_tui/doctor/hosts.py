"""The way to each server: its name, its port, its certificate."""

import asyncio
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from mytrader_tui.doctor.result import Result, fail, ok, skip, warn
from mytrader_tui.feeds.feed import Clock
from mytrader_tui.settings import Settings

NAME_SECONDS = 4.0
CONNECT_SECONDS = 5.0
FEW_DAYS = 14
"""Days that a certificate has left below which its owner seems to have forgotten it."""

YAHOO, YAHOO_COOKIE = "query1.finance.yahoo.com", "fc.yahoo.com"
_TLS_PORT, _PLAIN_PORT = 443, 80
_CONNECTION = "Check the connection, the VPN and the firewall."
_NAMES = "Check the connection and the DNS server."
_AD_BLOCKER = "Ad-blockers list this name: allow it, or Yahoo gives no quotes."

TlsContext = Callable[[], ssl.SSLContext]


@dataclass(frozen=True)
class Host:
    """A server by the name that its check has."""

    check: str
    name: str
    port: int
    tls: bool
    advice: str = _NAMES


def alpaca_hosts(settings: Settings) -> Iterator[Host]:
    """Alpaca's servers by the settings."""
    alpaca = settings.alpaca
    yield _host("host data", alpaca.data_url)
    yield _host("host trading", alpaca.trading_url)
    yield _host("host stream", alpaca.stream_url)


def yahoo_hosts(settings: Settings) -> Iterator[Host]:
    """Yahoo's servers, or the one that stands in for them."""
    if settings.yahoo.base_url:
        yield _host("host yahoo", settings.yahoo.base_url)
        return
    yield Host("host yahoo", YAHOO, _TLS_PORT, tls=True)
    yield Host("host yahoo cookie", YAHOO_COOKIE, _TLS_PORT, tls=True, advice=_AD_BLOCKER)


def _host(check: str, url: str) -> Host:
    parts = urlsplit(url)
    tls = parts.scheme in ("https", "wss")
    return Host(check, parts.hostname or "", parts.port or (_TLS_PORT if tls else _PLAIN_PORT), tls)


async def reach(host: Host, clock: Clock, tls: TlsContext = ssl.create_default_context) -> Result:
    """Look the name up, connect, and read the certificate. Nothing is sent but the handshake."""
    if host.tls and (proxy := _proxy_for(host.name)):
        return skip(f"{host.name} is reached through the proxy {proxy}; whether that works is told below")
    try:
        addresses = await _addresses(host)
    except TimeoutError:
        return fail(f"{host.name}: no answer to the question for its address within {NAME_SECONDS:g} s", _NAMES)
    except (OSError, UnicodeError) as error:
        return fail(f"{host.name}: the name is not known ({_words(error)})", host.advice)
    began = clock()
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            certificate = await _certificate(host, tls)
    except TimeoutError:
        return fail(f"{host.name}: no connection within {CONNECT_SECONDS:g} s", _CONNECTION)
    except ssl.SSLCertVerificationError as error:
        return fail(f"{host.name}: the certificate is not valid: {error.verify_message}", _distrusted(error))
    except OSError as error:
        return fail(f"{host.name}: no connection to port {host.port} ({_words(error)})", _CONNECTION)
    took = f"{1000 * clock().seconds_since(began):,.0f} ms"
    where = f"{host.name}: {addresses} address{'' if addresses == 1 else 'es'}"
    if certificate is None:
        return ok(f"{where}, port {host.port} answers in {took}; plain, on this machine")
    return _aged(f"{where}, {certificate.protocol} in {took}", certificate, clock)


@dataclass(frozen=True)
class _Certificate:
    protocol: str
    until: datetime


async def _addresses(host: Host) -> int:
    async with asyncio.timeout(NAME_SECONDS):
        found = await asyncio.get_running_loop().getaddrinfo(host.name, host.port, type=socket.SOCK_STREAM)
    return len({entry[4][0] for entry in found})


async def _certificate(host: Host, tls: TlsContext) -> _Certificate | None:
    context = await asyncio.to_thread(tls) if host.tls else None
    _, writer = await asyncio.open_connection(host.name, host.port, ssl=context, happy_eyeballs_delay=0.25)
    try:
        secured: ssl.SSLObject | None = writer.get_extra_info("ssl_object")
        told = secured.getpeercert() if secured is not None else None
        if secured is None or not told:
            return None
        until = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(told["notAfter"])), UTC)
        return _Certificate((secured.version() or "TLS").replace("TLSv", "TLS "), until)
    finally:
        writer.transport.abort()
        with suppress(OSError):
            await writer.wait_closed()


def _aged(found: str, certificate: _Certificate, clock: Clock) -> Result:
    days = (certificate.until - clock().wall).days
    text = f"{found}, certificate for {days:,} more day{'' if days == 1 else 's'}"
    if days < FEW_DAYS:
        return warn(text, "See whether this machine's date is right, or whether a proxy puts its own in place.")
    return ok(text)


def _distrusted(error: ssl.SSLCertVerificationError) -> str:
    if "expired" in error.verify_message or "not yet valid" in error.verify_message:
        return "See whether this machine's date is right."
    return "See whether a proxy or a virus scanner opens the connection; its root must be among the system's."


def _proxy_for(name: str) -> str:
    """The proxy of the environment for `name` as host and port, never with its password; empty without one."""
    proxy = "" if proxy_bypass(name) else getproxies().get("https", "")
    return urlsplit(proxy if "://" in proxy else f"//{proxy}").netloc.rpartition("@")[2] if proxy else ""


def _words(error: OSError | UnicodeError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
