"""Every test of the history runs on SQLite, and on a real PostgreSQL where the machine has one."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from private_postgres import REQUIRED, PrivatePostgres, running, why_not
from sqlalchemy import URL

from mytrader_tui.history.engine import url_for
from mytrader_tui.history.opening import open_history
from mytrader_tui.history.store import History


@pytest.fixture(scope="session")
def postgres() -> Iterator[PrivatePostgres]:
    """The server of this test process."""
    missing = why_not()
    if missing and os.environ.get(REQUIRED):
        pytest.fail(f"{REQUIRED} is set, but {missing}")
    if missing:
        pytest.skip(missing)
    # A socket's path may have no more than 107 characters, which pytest's own folders exceed.
    with tempfile.TemporaryDirectory(prefix="pg-") as folder, running(Path(folder)) as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> URL:
    """Where an empty history may be made, of each kind in turn."""
    if request.param == "sqlite":
        return url_for("", tmp_path)
    server: PrivatePostgres = request.getfixturevalue("postgres")
    return server.database()


@pytest.fixture
def history(url: URL) -> Iterator[History]:
    """An open, empty history."""
    opened = open_history(url)
    yield opened.history
    opened.history.close()
