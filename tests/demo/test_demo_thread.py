"""The demo market in a thread of its own."""

import subprocess
import sys
import threading
import time
from datetime import UTC, datetime

import pytest
import requests
from demo_clients import standing

from mytrader_tui.demo.thread import STOP_SECONDS, DemoThread
from mytrader_tui.market.moment import Moment


def test_naming_the_demo_loads_no_server() -> None:
    names = "mytrader_tui.demo.thread, mytrader_tui.demo.script, mytrader_tui.demo.faults, mytrader_tui.demo.gate"
    program = f"import sys, {names}; print([m for m in ('starlette', 'uvicorn', 'websockets') if m in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert ran.stdout.strip() == "[]"


_ROUGH_VISIT = """
import requests
from datetime import UTC, datetime
from mytrader_tui.demo.thread import DemoThread
from mytrader_tui.market.moment import Moment

demo = DemoThread(clock=lambda: Moment(datetime.now(UTC), 0.0))
market = demo.start()
market.faults.rest_hang = True
try:
    requests.get(market.trading_url, timeout=0.05)
except requests.exceptions.ReadTimeout:
    pass
requests.get(market.yahoo_url + "/nowhere", timeout=3)
demo.call(market.gates.yahoo.freeze).result()
demo.stop()
"""


def test_whatever_clients_do_the_terminal_stays_clean() -> None:
    ran = subprocess.run(
        [sys.executable, "-W", "always::ResourceWarning", "-c", _ROUGH_VISIT],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert (ran.stdout, ran.stderr) == ("", "")


def test_its_urls_are_known_when_it_has_started_and_its_thread_ends_when_it_is_stopped() -> None:
    demo = DemoThread(clock=standing, ticks_per_second=100)
    market = demo.start()
    try:
        answer = requests.get(f"{market.yahoo_url}/v1/test/getcrumb", timeout=3)
        assert answer.status_code == 200
    finally:
        began = time.monotonic()
        stopped = demo.stop()
    assert stopped
    assert time.monotonic() - began < STOP_SECONDS
    assert "demo market" not in [thread.name for thread in threading.enumerate()]


def test_work_is_done_on_the_markets_loop() -> None:
    demo = DemoThread(clock=standing, ticks_per_second=0)
    demo.start()
    try:
        assert demo.call(threading.current_thread).result(3).name == "demo market"
        demo.call(demo.market.trade("AAPL", 191.0)).result(3)
        assert demo.call(lambda: demo.market.price("AAPL")).result(3) == 191.0
    finally:
        demo.stop()


def test_it_is_no_market_before_it_started_nor_after_it_stopped() -> None:
    demo = DemoThread(clock=lambda: Moment(datetime.now(UTC), time.monotonic()))
    with pytest.raises(RuntimeError):
        _ = demo.market
    assert demo.stop()
    demo.start()
    demo.stop()
    with pytest.raises(RuntimeError):
        demo.call(lambda: None)


def test_work_that_is_under_way_does_not_hold_up_the_end() -> None:
    from mytrader_tui.demo.script import play

    demo = DemoThread(clock=standing)
    market = demo.start()
    captions: list[str] = []
    demo.call(play(market, captions.append))
    assert demo.call(lambda: None).result(3) is None
    assert demo.stop()
    assert captions
