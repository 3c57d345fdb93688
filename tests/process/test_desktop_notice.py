"""Notices of the operating system: sent from a thread, plain text, and no bother where there is no desktop."""

import asyncio
import logging
import sys
import threading
import time
from collections.abc import Callable, Iterator
from types import ModuleType

import pytest

from mytrader_tui.process.desktop_notice import DesktopNotices


class Desktop:
    """Stands in for the library: takes notices, or fails as it does, by a line in its own log."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str]] = []
        self.threads: set[str] = set()
        self.trouble: BaseException | None = None
        self.raises = False
        self.hangs = False
        self.tried = 0

    async def send(self, title: str, message: str, on_dispatched: Callable[[], None]) -> None:
        self.tried += 1
        self.threads.add(threading.current_thread().name)
        if self.hangs:
            await asyncio.Event().wait()
        if self.raises and self.trouble:
            raise self.trouble
        if self.trouble:
            logging.getLogger("desktop_notifier.backends").warning("Notification failed", exc_info=self.trouble)
            return
        self.taken.append((title, message))
        on_dispatched()


@pytest.fixture
def desktop(monkeypatch: pytest.MonkeyPatch) -> Desktop:
    desktop, library = Desktop(), ModuleType("desktop_notifier")
    library.DesktopNotifier = lambda app_name, app_icon: desktop  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "desktop_notifier", library)
    logger = logging.getLogger("desktop_notifier")
    monkeypatch.setattr(logger, "handlers", [])
    monkeypatch.setattr(logger, "propagate", True)
    return desktop


@pytest.fixture
def notices() -> Iterator[DesktopNotices]:
    notices = DesktopNotices("mytrader-tui", deadline=0.2)
    yield notices
    notices.close()


def until(condition: Callable[[], bool]) -> None:
    waiting = threading.Event()
    for _ in range(300):
        if condition():
            return
        waiting.wait(0.01)
    raise AssertionError("never happened")


@pytest.fixture(autouse=True)
def every_line(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the log says of notices; none of it is a warning, which would be counted on the screen."""
    assert all(record.levelno < logging.WARNING for record in caplog.records)
    return [record.getMessage() for record in caplog.records if "alerts cannot be told" in record.getMessage()]


def test_a_notice_is_shown_from_a_thread_of_its_own(desktop: Desktop, notices: DesktopNotices) -> None:
    notices.show("mytrader-tui: AAPL", "AAPL at 191.20")

    until(lambda: bool(desktop.taken))
    assert desktop.taken == [("mytrader-tui: AAPL", "AAPL at 191.20")]
    assert desktop.threads == {"desktop notices"}


def test_nothing_of_a_text_is_read_as_markup_or_reaches_a_terminal(desktop: Desktop, notices: DesktopNotices) -> None:
    notices.show("<b>A</b>", "<img src='http://x'>&amp;\n\x1b[31mred\u202e")

    until(lambda: bool(desktop.taken))
    assert desktop.taken == [("‹b›A‹/b›", "‹img src='http://x'›+amp;\nred")]


@pytest.mark.parametrize("raises", [False, True], ids=["told to the log", "raised"])
def test_without_a_desktop_the_log_says_so_once(
    raises: bool, desktop: Desktop, notices: DesktopNotices, caplog: pytest.LogCaptureFixture
) -> None:
    desktop.trouble, desktop.raises = OSError("no session bus"), raises

    for number in range(3):
        notices.show("a", "b")
        until(lambda number=number: desktop.tried > number)
    until(lambda: bool(told(caplog)))

    assert told(caplog) == ["alerts cannot be told to the desktop: OSError: no session bus"]


def test_a_desktop_that_came_back_and_left_again_is_told_of_again(
    desktop: Desktop, notices: DesktopNotices, caplog: pytest.LogCaptureFixture
) -> None:
    desktop.trouble = OSError("gone")
    notices.show("a", "b")
    until(lambda: len(told(caplog)) == 1)
    desktop.trouble = None
    notices.show("a", "b")
    until(lambda: bool(desktop.taken))
    desktop.trouble = OSError("gone")
    notices.show("a", "b")

    until(lambda: len(told(caplog)) == 2)


def test_without_the_library_the_log_says_so_and_nothing_is_raised(
    monkeypatch: pytest.MonkeyPatch, notices: DesktopNotices, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "desktop_notifier", None)

    notices.show("a", "b")

    until(lambda: bool(told(caplog)))
    assert "desktop_notifier" in told(caplog)[0]


def test_a_desktop_that_hangs_delays_neither_the_next_notice_nor_the_end(
    desktop: Desktop, caplog: pytest.LogCaptureFixture
) -> None:
    notices = DesktopNotices("mytrader-tui", deadline=60.0)
    desktop.hangs = True
    before = time.monotonic()
    notices.show("a", "b")
    until(lambda: desktop.tried == 1)
    desktop.hangs = False
    notices.show("c", "d")
    until(lambda: desktop.taken == [("c", "d")])

    notices.close()

    assert time.monotonic() - before < 2.0
    assert told(caplog) == []


def test_one_that_takes_too_long_is_given_up(
    desktop: Desktop, notices: DesktopNotices, caplog: pytest.LogCaptureFixture
) -> None:
    desktop.hangs = True

    notices.show("a", "b")

    until(lambda: bool(told(caplog)))
    assert "TimeoutError" in told(caplog)[0]


def test_before_the_first_notice_there_is_no_thread_and_no_library() -> None:
    notices = DesktopNotices("mytrader-tui")

    notices.close()

    assert "desktop notices" not in {thread.name for thread in threading.enumerate()}
