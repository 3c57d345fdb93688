"""One quote of Yahoo's, as the fallback would ask for it."""

import pytest
from doctor_kit import market

from mytrader_tui.doctor.yahoo import quote
from mytrader_tui.monitor.clock import system_clock


@pytest.mark.parametrize(
    ("fault", "value", "verdict", "found"),
    [
        ("", None, "ok", "a price of AAPL"),
        ("yahoo_status", 429, "warn", "too many requests"),
        ("yahoo_status", 503, "fail", "the server has a fault"),
        ("yahoo_missing", frozenset({"AAPL"}), "fail", "without a price"),
        ("yahoo_hang", True, "fail", "does not answer"),
    ],
)
async def test_yahoos_answer_is_judged(tmp_path, fault, value, verdict, found):
    async with market() as demo:
        if fault:
            setattr(demo.faults, fault, value)
        result = await quote("AAPL", demo.yahoo_url, tmp_path, system_clock, 2.0)

    assert (result.verdict, found in result.found) == (verdict, True)
    assert bool(result.advice) == (verdict != "ok")
