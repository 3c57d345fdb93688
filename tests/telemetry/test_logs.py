"""The log file holds what happened and never a secret."""

import logging

import pytest

from mytrader_tui.settings import Secret
from mytrader_tui.telemetry.logs import LogFile

KEY, SECRET = Secret("PKTEST1234567890"), Secret("s3cr3t/with+signs")


@pytest.fixture
def log(tmp_path):
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    log = LogFile(tmp_path / "logs" / "program.log", (KEY, SECRET), logging.DEBUG)
    yield log
    log.close()
    root.handlers[:] = handlers
    root.setLevel(level)


def written(log: LogFile) -> str:
    log.close()
    return log.path.read_text()


def test_a_record_reaches_the_file(log):
    logging.getLogger("some.module").warning("the %s went down", "stream")

    assert "WARNING some.module: the stream went down" in written(log)


def test_secrets_are_struck_out_of_messages_arguments_and_tracebacks(log):
    logger = logging.getLogger("leaky")
    logger.info("auth %s", {"key": KEY.reveal(), "secret": SECRET.reveal()})
    try:
        raise ValueError(f"server said: bad key {KEY.reveal()}")
    except ValueError:
        logger.exception("failed with %s", SECRET.reveal())

    text = written(log)
    assert KEY.reveal() not in text
    assert SECRET.reveal() not in text
    assert "bad key ***" in text


def test_control_characters_cannot_reach_a_terminal_that_shows_the_file(log):
    logging.getLogger("feed").info("symbol \x1b]52;c;aGk=\x07 \x9b31m end")

    text = written(log)
    assert "\x1b" not in text
    assert "\x9b" not in text
    assert "\x07" not in text


def test_websockets_never_logs_below_warning_since_its_debug_log_holds_the_keys(log):
    logging.getLogger("websockets.client").debug("> TEXT auth %s", KEY.reveal())

    assert "TEXT auth" not in written(log)


def test_only_its_owner_may_read_the_log(log):
    assert log.path.stat().st_mode & 0o777 == 0o600
