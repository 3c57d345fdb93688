"""What the screen shows of the log: the newest records, redacted, cleaned, bounded, and how many nobody has seen."""

import logging
import threading

import pytest

from mytrader_tui.market.moment import EPOCH, Moment
from mytrader_tui.settings import Secret
from mytrader_tui.telemetry.log_memory import KEPT, LogLevel, LogMemory
from mytrader_tui.telemetry.logs import LogFile, silence_terminal

KEY, SECRET = Secret("PKTEST1234567890"), Secret("s3cr3t/with+signs")
HOSTILE = "[red]x[/] \x1b]52;c;aGk=\x07\x1b[31mred \u202eevil\u202c \x9b2J z\u200bw"


class Now:
    def __init__(self) -> None:
        self.moment: Moment = EPOCH

    def __call__(self) -> Moment:
        return self.moment


@pytest.fixture
def now():
    return Now()


@pytest.fixture
def memory(now):
    return LogMemory((KEY, SECRET), now)


@pytest.fixture
def logger(memory):
    logger = logging.Logger("mytrader_tui.monitor.intake", logging.DEBUG)
    logger.addHandler(memory)
    return logger


def test_a_record_is_kept_with_when_how_bad_who_and_what(memory, logger, now):
    now.moment = EPOCH.later(7.0)
    logger.warning("%s poll failed: %s", "yahoo", "timeout")

    (line,) = memory.lines
    assert (line.at, line.level, line.part) == (EPOCH.later(7.0), LogLevel.WARNING, "intake")
    assert line.text == "yahoo poll failed: timeout"


def test_only_the_newest_are_kept(memory, logger):
    for number in range(KEPT + 20):
        logger.info("record %d", number)

    assert len(memory.lines) == KEPT
    assert (memory.lines[0].text, memory.lines[-1].text) == ("record 20", f"record {KEPT + 19}")
    assert memory.lines[-1].number == KEPT + 20


def test_the_same_tuple_is_told_until_there_is_something_new(memory, logger):
    logger.info("one")
    first = memory.lines

    assert memory.lines is first
    for _ in range(KEPT):
        logger.info("more")
    full = memory.lines
    logger.info("and one")
    assert memory.lines is not full


def test_warnings_and_errors_are_counted_until_somebody_looks(memory, logger):
    logger.info("fine")
    logger.warning("hm")
    logger.error("no")
    logger.critical("never")
    assert memory.unseen == 3

    memory.look()
    assert memory.unseen == 0
    logger.warning("again")
    assert memory.unseen == 1


@pytest.mark.parametrize(
    ("number", "level"),
    [(20, LogLevel.INFO), (25, LogLevel.INFO), (30, LogLevel.WARNING), (40, LogLevel.ERROR), (50, LogLevel.ERROR)],
)
def test_every_number_that_logging_knows_is_one_of_three_levels(number, level):
    assert LogLevel.of(number) is level


def test_secrets_are_struck_out_of_messages_arguments_and_errors(memory, logger):
    logger.info("auth %s", {"key": KEY.reveal(), "secret": SECRET.reveal()})
    try:
        raise ValueError(f"bad key {KEY.reveal()}")
    except ValueError:
        logger.exception("failed with %s", SECRET.reveal())

    text = " ".join(line.text for line in memory.lines)
    assert KEY.reveal() not in text
    assert SECRET.reveal() not in text
    assert "ValueError: bad key ***" in text


def test_a_secret_with_characters_in_it_that_cleaning_drops_is_struck_out_too(memory, logger):
    logger.warning("the server said %s", "PKTEST\u200b12345\x0067890")

    assert KEY.reveal() not in memory.lines[0].text
    assert "***" in memory.lines[0].text


def test_what_could_fool_a_terminal_is_dropped_and_markup_stays_as_it_is_written(memory, logger):
    logger.warning("%s\nsecond line", HOSTILE)

    text = memory.lines[0].text
    assert text.isprintable()
    assert "\u202e" not in text
    assert text.startswith("[red]x[/] red evil")
    assert text.endswith("second line")


def test_an_endless_record_is_cut(memory, logger):
    logger.info("x" * 1_000_000)

    assert len(memory.lines[0].text) == 600


class Untellable:
    def __str__(self) -> str:
        raise RuntimeError("no words")


@pytest.mark.parametrize("arguments", [("one", "two"), (Untellable(),)])
def test_a_record_that_cannot_be_put_into_words_is_kept_by_what_it_would_have_said(memory, logger, arguments):
    logger.warning("said %s", *arguments)

    assert memory.lines[0].text == "said %s (a record that cannot be put into words)"


def test_threads_may_log_while_the_screen_reads(memory, logger):
    def speak() -> None:
        for number in range(400):
            logger.warning("record %d", number)

    threads = [threading.Thread(target=speak) for _ in range(4)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        numbers = [line.number for line in memory.lines]
        assert numbers == sorted(numbers)
    for thread in threads:
        thread.join()
    assert memory.unseen == 1600


@pytest.fixture
def root():
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield root
    root.handlers[:] = handlers
    root.setLevel(level)


def test_the_file_and_the_memory_get_the_same_records(memory, root, tmp_path):
    log = LogFile(tmp_path / "program.log", (KEY,), memory=memory)
    logging.getLogger("mytrader_tui.feeds").warning("key %s was refused", KEY.reveal())
    logging.getLogger("websockets.client").info("not a word of this")
    log.close()

    assert [line.text for line in memory.lines] == ["key *** was refused"]
    assert "key *** was refused" in log.path.read_text()


def test_without_a_file_there_is_still_the_memory_and_nothing_reaches_the_terminal(memory, root, capfd):
    silence_terminal(memory)
    logging.getLogger("mytrader_tui.feeds").warning("the stream went down")

    assert [line.text for line in memory.lines] == ["the stream went down"]
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("mytrader_tui.monitor.broker_watch", "broker watch"),
        ("uvicorn.error", "uvicorn"),
        ("asyncio", "asyncio"),
        ("root", "root"),
    ],
)
def test_who_spoke_is_told_in_words_and_a_library_by_its_name(memory, name, part):
    memory.handle(logging.LogRecord(name, logging.INFO, "", 0, "news", None, None))

    assert memory.lines[0].part == part
