"""How long a server asks us to wait: bounded, whatever it writes."""

from datetime import UTC, datetime

import pytest

from mytrader_tui.feeds.retry_after import reset_seconds, retry_after_seconds

NOW = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("30", 30.0),
        (" 2.5 ", 2.5),
        ("0", 1.0),
        ("-5", 1.0),
        ("1000000000", 900.0),
        ("9" * 5000, 900.0),
        ("Wed, 04 Mar 2026 15:01:00 GMT", 60.0),
        ("Wed, 04 Mar 2026 15:01:00", 60.0),
        ("Wed, 04 Mar 2026 10:01:00 -0500", 60.0),
        ("Tue, 03 Mar 2026 15:01:00 GMT", 1.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 900.0),
        ("Fri, 31 Dec 99999 23:59:59 GMT", None),
        ("nan", None),
        ("inf", None),
        ("1e9", None),
        ("--5", None),
        ("٣", None),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_read_as_seconds_or_a_date(header: str | None, seconds: float | None) -> None:
    assert retry_after_seconds(header, NOW) == seconds


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (str(int(NOW.timestamp()) + 20), 20.0),
        (str(int(NOW.timestamp()) - 20), 1.0),
        (str(int(NOW.timestamp()) * 1000), 900.0),
        ("-1", 1.0),
        ("later", None),
        (None, None),
    ],
)
def test_a_rate_limit_reset_is_read_as_epoch_seconds(header: str | None, seconds: float | None) -> None:
    assert reset_seconds(header, NOW) == seconds
