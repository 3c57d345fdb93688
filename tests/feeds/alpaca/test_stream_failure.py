"""Why a connection failed, in the domain's words."""

import socket
import ssl
from datetime import UTC, datetime

import pytest
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosedError, InvalidProxy, InvalidStatus
from websockets.frames import Close
from websockets.http11 import Response

from mytrader_tui.feeds.alpaca.failure import Failure, of_close, of_error, of_opening
from mytrader_tui.feeds.alpaca.wire import ErrorMessage
from mytrader_tui.market.link import Reason

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


def status(code, **headers):
    named = Headers({name.replace("_", "-"): value for name, value in headers.items()})
    return InvalidStatus(Response(code, "", named))


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (400, Reason.BAD_REQUEST),
        (402, Reason.AUTH_FAILED),
        (404, Reason.AUTH_TIMEOUT),
        (405, Reason.SYMBOL_LIMIT),
        (406, Reason.CONNECTION_LIMIT),
        (407, Reason.SLOW_CLIENT),
        (409, Reason.NOT_ENTITLED),
        (410, Reason.NOT_ENTITLED),
        (411, Reason.NOT_ENTITLED),
        (500, Reason.SERVER_ERROR),
        (777, Reason.REFUSED),
        (-1, Reason.REFUSED),
    ],
)
def test_each_error_has_its_reason_and_keeps_the_servers_words(code, reason):
    assert of_error(ErrorMessage(code=code, msg="words")) == Failure(reason, f"words ({code})")


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (301, Reason.REFUSED),
        (400, Reason.REFUSED),
        (401, Reason.AUTH_FAILED),
        (403, Reason.AUTH_FAILED),
        (404, Reason.REFUSED),
        (429, Reason.RATE_LIMITED),
        (500, Reason.SERVER_ERROR),
        (599, Reason.SERVER_ERROR),
    ],
)
def test_each_status_of_the_upgrade_has_its_reason(code, reason):
    assert of_opening(status(code), NOW).reason is reason


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7.0), ("0", 1.0), ("99999", 900.0), ("Fri, 20 Nov 2026 15:05:00 GMT", 300.0), ("nan", None), ("soon", None)],
)
@pytest.mark.parametrize("code", [429, 503])
def test_a_pause_asked_for_is_bounded_and_junk_is_ignored(code, header, seconds):
    assert of_opening(status(code, Retry_After=header), NOW).retry_after == seconds


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (TimeoutError(), Reason.TIMEOUT),
        (socket.gaierror(-2, "Name or service not known"), Reason.NETWORK),
        (ConnectionRefusedError(111, "Connection refused"), Reason.NETWORK),
        (OSError(), Reason.NETWORK),
        (ssl.SSLError(1, "wrong version number"), Reason.NETWORK),
        (EOFError(), Reason.NETWORK),
        (ImportError("python-socks"), Reason.NETWORK),
    ],
)
def test_what_stands_in_the_way_before_the_upgrade_has_its_reason(error, reason):
    assert of_opening(error, NOW).reason is reason


def test_a_certificate_that_does_not_hold_is_named_as_such():
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_message = "self-signed certificate"

    assert of_opening(error, NOW) == Failure(Reason.NETWORK, "the certificate is not valid: self-signed certificate")


def test_a_proxys_password_is_not_repeated():
    assert "hush" not in of_opening(InvalidProxy("http://me:hush@proxy", "bad"), NOW).detail


@pytest.mark.parametrize(
    ("closed", "reason", "words"),
    [
        (ConnectionClosedError(None, None), Reason.DROPPED, ""),
        (ConnectionClosedError(Close(1012, "restart"), Close(1012, ""), True), Reason.DROPPED, "restart (1012)"),
        (ConnectionClosedError(Close(1011, ""), None, None), Reason.DROPPED, "closed (1011)"),
        (
            ConnectionClosedError(None, Close(1011, "keepalive ping timeout"), None),
            Reason.HALF_OPEN,
            "no answer to a ping",
        ),
        (ConnectionClosedError(None, Close(1009, "big"), None), Reason.DROPPED, "a frame was too large to be true"),
    ],
)
def test_each_end_of_an_open_connection_has_its_reason(closed, reason, words):
    assert of_close(closed) == Failure(reason, words)
