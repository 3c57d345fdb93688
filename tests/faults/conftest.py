"""What every fault test starts from."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

# The pseudo-terminal and the installed program's surroundings are those of the terminal tests.
sys.path.append(str(Path(__file__).parents[1] / "terminal"))


@pytest.fixture(autouse=True)
def _forget_yfinance() -> Iterator[None]:
    """yfinance keeps one session, one cookie cache and one database for the whole process."""
    yield
    if "yfinance" in sys.modules:
        from yfinance import cache, data

        data.SingletonMeta._instances.clear()
        cache._CookieDBManager.set_location("")
        cache._CookieCacheManager._Cookie_cache = None
