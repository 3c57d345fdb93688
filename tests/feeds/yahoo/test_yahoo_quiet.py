"""What the poller leaves alone: the terminal, the home folder, and the program's start."""

import subprocess
import sys
from pathlib import Path

import pytest
from scripted_yahoo import CHART, HTML, QUOTE, Reply, ScriptedYahoo
from yahoo_bench import Bench, Ears

HERE = Path(__file__).parent
ROOT = HERE.parents[2]

_WHOLE_LIFE = """
import asyncio, sys
from pathlib import Path
from scripted_yahoo import CRUMB, HTML, QUOTE, Reply, ScriptedYahoo, chart_body
from yahoo_bench import Bench, Ears

async def main():
    async with ScriptedYahoo() as yahoo:
        ears = Ears()
        bench = Bench(ears, Path(sys.argv[1]))
        poller = bench.poller(yahoo.url, poll_seconds=0.05, request_timeout=0.3)
        bench.run(poller, "AAPL", "ZZZZ")
        await ears.polls(1)
        faults = [(QUOTE, Reply(500)), (QUOTE, HTML), (CRUMB, HTML), (QUOTE, Reply(401)), ("/", Reply(hang=True))]
        for path, reply in faults:
            yahoo.replies[path] = reply
            await ears.polls(len(ears.outcomes) + 2)
        yahoo.replies[QUOTE] = Reply(429)
        await ears.polls(len(ears.outcomes) + 1)
        await bench.close()

asyncio.run(main())
"""


def run_python(script: str, home: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """`script` in a fresh interpreter with a home folder of its own."""
    environment = {"HOME": str(home), "PYTHONPATH": f"{ROOT}:{HERE}", "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, "-c", script, *args],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_importing_the_package_loads_no_heavy_library(tmp_path: Path) -> None:
    script = (
        "import sys, mytrader_tui.feeds.yahoo\n"
        "print([name for name in ('yfinance', 'pandas', 'numpy', 'curl_cffi', 'peewee') if name in sys.modules])"
    )

    assert run_python(script, tmp_path).stdout == "[]\n"


def test_a_whole_life_with_every_kind_of_failure_writes_nothing_to_the_terminal_or_the_home(tmp_path: Path) -> None:
    home, cache = tmp_path / "home", tmp_path / "cache"
    home.mkdir()

    done = run_python(_WHOLE_LIFE, home, str(cache))

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(home.iterdir()) == []
    assert (cache / "cookies.db").is_file()


async def test_a_failing_poll_writes_nothing(
    bench: Bench, ears: Ears, yahoo: ScriptedYahoo, capfd: pytest.CaptureFixture[str]
) -> None:
    yahoo.replies["/"] = Reply(500)
    yahoo.replies[QUOTE] = HTML
    yahoo.replies[CHART] = Reply(429)
    bench.run(bench.poller(yahoo.url, poll_seconds=0.05), "AAPL")

    await ears.polls(3)

    assert capfd.readouterr() == ("", "")
