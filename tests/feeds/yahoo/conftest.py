"""A poller against a scripted Yahoo, and a yfinance that forgets each test."""

import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from scripted_yahoo import ScriptedYahoo
from yahoo_bench import Bench, Ears


@pytest.fixture
async def ears() -> Ears:
    return Ears()


@pytest.fixture
async def yahoo() -> AsyncIterator[ScriptedYahoo]:
    async with ScriptedYahoo() as server:
        yield server


@pytest.fixture
async def bench(ears: Ears, tmp_path: Path) -> AsyncIterator[Bench]:
    made = Bench(ears, tmp_path / "cache")
    yield made
    await made.close()


@pytest.fixture(autouse=True)
def _forget_yfinance() -> Iterator[None]:
    """yfinance keeps one session, one cookie cache and one database for the whole process."""
    yield
    if "yfinance" in sys.modules:
        from yfinance import cache, data

        data.SingletonMeta._instances.clear()
        cache._CookieDBManager.set_location("")
        cache._CookieCacheManager._Cookie_cache = None
