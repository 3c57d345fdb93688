"""A broker that does not answer for an hour is one line in the log, not hundreds."""

import asyncio
import logging

import pytest
from desk_under_test import running, until

from mytrader_tui.demo.market import DemoMarket
from mytrader_tui.monitor import broker_watch
from mytrader_tui.monitor.clock import system_clock


@pytest.fixture
async def market():
    async with DemoMarket(clock=system_clock) as market:
        yield market


async def test_trouble_with_the_account_is_logged_once_until_it_is_over(market, tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(broker_watch, "ACCOUNT_SECONDS", 0.05)
    caplog.set_level(logging.WARNING, "mytrader_tui.monitor.broker_watch")
    async with running(market, tmp_path) as monitor:
        for _ in range(2):
            await until(lambda: monitor.account_note == "" and monitor.holdings is not None, "the positions")
            market.faults.rest_status = 500
            await until(lambda: monitor.account_note != "", "the account's note")
            await asyncio.sleep(0.5)
            market.faults.rest_status = None

    said = [record.getMessage() for record in caplog.records]
    assert len([text for text in said if "account could not be read" in text]) == 2
