"""Standard output that takes no more: a reader that left is no error, a full disk is told in one sentence."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from test_command_line import TIMEOUT_SECONDS, offline, program

from mytrader_tui.history.engine import url_for
from mytrader_tui.history.opening import open_history
from mytrader_tui.history.records import Batch, QuoteRecord
from mytrader_tui.process.output import EXIT_NOT_WRITTEN, EXIT_PIPE_CLOSED

FULL = Path("/dev/full")
KEPT = 3000
"""Rows of which a pipe cannot hold all."""


def keep_prices(home: Path) -> None:
    made = datetime.now(UTC).replace(microsecond=0)
    rows = tuple(
        QuoteRecord(f"S{at}", made, "alpaca", made, 190.25, 188.0, 1e6, None, None, "iex", 0.0, "regular", "USD")
        for at in range(KEPT)
    )
    opened = open_history(url_for("", home / ".local" / "share" / "mytrader-tui"))
    opened.history.write(Batch(rows))
    opened.history.close()


def written_to(path: Path, *arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("ALPACA_", "APCA_", "XDG_"))}
    command = [sys.executable, "-m", "mytrader_tui", *arguments]
    with path.open("wb") as file:
        return subprocess.run(
            command,
            env=clean | {"HOME": str(home)},
            stdout=file,
            stderr=subprocess.PIPE,
            text=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )


@pytest.mark.skipif(not FULL.exists(), reason="only Linux has a disk that is always full")
@pytest.mark.parametrize(
    "arguments",
    [("snapshot",), ("snapshot", "--json"), ("doctor",), ("--help",), ("history", "stats"), ("export", "quotes")],
    ids=" ".join,
)
def test_a_full_disk_is_one_sentence_and_a_code_that_means_nothing_else(tmp_path, arguments):
    keep_prices(tmp_path)

    done = written_to(FULL, "--config", offline(tmp_path), *arguments, home=tmp_path)

    assert done.returncode == EXIT_NOT_WRITTEN, done.stderr
    assert done.stderr.splitlines()[-1] == "The output could not be written: No space left on device"
    assert "Traceback" not in done.stderr
    assert "rows." not in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="elsewhere a pipe breaks otherwise")
def test_a_reader_that_left_gets_silence(tmp_path):
    keep_prices(tmp_path)
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb"):
        done = written_to(Path(f"/dev/fd/{write}"), "export", "quotes", home=tmp_path)

    assert (done.returncode, done.stderr) == (EXIT_PIPE_CLOSED, "")


def test_a_file_that_cannot_be_written_is_named(tmp_path):
    keep_prices(tmp_path)

    done = program("export", "quotes", "--output", str(tmp_path / "none" / "x.csv"), home=tmp_path)

    assert done.returncode == 1
    assert f"{tmp_path}/none/x.csv could not be written" in done.stderr
