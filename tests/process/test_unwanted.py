"""A library that nobody needs behind the screen is not loaded because another one happens to find it."""

import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mytrader_tui.process.unwanted import go_without


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The name of a module that could be imported."""
    name = "a_library_of_this_test"
    (tmp_path / f"{name}.py").write_text("", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    yield name
    sys.modules.pop(name, None)


def test_what_is_unwanted_is_as_good_as_not_installed(installed: str) -> None:
    go_without(installed)

    with pytest.raises(ImportError):
        importlib.import_module(installed)


def test_what_is_loaded_already_stays(installed: str) -> None:
    loaded = importlib.import_module(installed)

    go_without(installed)

    assert importlib.import_module(installed) is loaded


def test_the_feeds_libraries_load_without_arrow() -> None:
    program = """
import sys
from mytrader_tui.process.unwanted import go_without
go_without("pyarrow")
import alpaca.data.historical, alpaca.trading.client, pandas, yfinance
assert sys.modules["pyarrow"] is None
assert not any(name.startswith("pyarrow.") for name in sys.modules)
"""

    subprocess.run([sys.executable, "-c", program], check=True, timeout=120.0)
