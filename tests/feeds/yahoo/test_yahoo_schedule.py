from mytrader_tui.feeds.yahoo.schedule import DEBOUNCE_SECONDS, Schedule


def schedule(*symbols: str, poll_seconds: float = 60.0, jitter: float = 0.5) -> Schedule:
    made = Schedule(poll_seconds, lambda: jitter)
    made.want(symbols, 0.0)
    return made


def test_the_first_poll_is_due_at_once_and_asks_for_everything() -> None:
    assert schedule("SPY", "AAPL").due(0.0) == ("SPY", "AAPL")


def test_nothing_is_due_while_nothing_is_wanted() -> None:
    empty = schedule()

    assert empty.due(1000.0) == ()
    assert empty.seconds_left(1000.0) is None


def test_the_next_poll_is_an_interval_after_the_start_of_the_last() -> None:
    made = schedule("SPY")
    made.asked(("SPY",), 100.0, whole=True)

    assert made.seconds_left(110.0) == 50.0
    assert made.due(159.9) == ()
    assert made.due(160.0) == ("SPY",)


def test_jitter_brings_a_poll_forward_or_puts_it_off() -> None:
    early, late = schedule("SPY", jitter=0.0), schedule("SPY", jitter=1.0)
    for made in (early, late):
        made.asked(("SPY",), 0.0, whole=True)

    assert round(early.seconds_left(0.0) or 0.0, 6) == 54.0
    assert round(late.seconds_left(0.0) or 0.0, 6) == 66.0


def test_only_new_symbols_are_asked_for_after_the_debounce() -> None:
    made = schedule("SPY")
    made.asked(("SPY",), 0.0, whole=True)

    made.want(("SPY", "AAPL"), 10.0)
    made.want(("SPY", "AAPL", "MSFT"), 10.02)

    assert made.due(10.0 + DEBOUNCE_SECONDS) == ()
    assert made.due(10.02 + DEBOUNCE_SECONDS) == ("AAPL", "MSFT")


def test_asking_for_new_symbols_does_not_move_the_regular_poll() -> None:
    made = schedule("SPY")
    made.asked(("SPY",), 0.0, whole=True)
    made.want(("SPY", "AAPL"), 10.0)

    made.asked(("AAPL",), 11.0, whole=False)

    assert made.due(59.0) == ()
    assert made.due(60.0) == ("SPY", "AAPL")


def test_a_symbol_no_longer_wanted_is_not_asked_for() -> None:
    made = schedule("SPY")
    made.asked(("SPY",), 0.0, whole=True)
    made.want(("SPY", "AAPL"), 1.0)
    made.want(("SPY",), 1.01)

    assert made.due(2.0) == ()


def test_a_new_cadence_counts_from_the_last_poll() -> None:
    made = schedule("SPY")
    made.asked(("SPY",), 0.0, whole=True)

    made.keep_pace(5.0)

    assert made.seconds_left(2.0) == 3.0


def test_nothing_is_due_in_a_pause_whatever_is_asked_of_it() -> None:
    made = schedule("SPY")
    made.pause(100.0)

    made.hurry()
    made.want(("SPY", "AAPL"), 10.0)
    made.keep_pace(1.0)

    assert made.due(99.9) == ()
    assert made.seconds_left(40.0) == 60.0


def test_everything_is_due_when_a_pause_ends() -> None:
    made = schedule("SPY")
    made.asked(("SPY",), 0.0, whole=True)
    made.pause(30.0)
    made.want(("SPY", "AAPL"), 10.0)

    assert made.due(30.0) == ("SPY", "AAPL")


def test_a_pause_that_began_during_a_poll_outlasts_it() -> None:
    made = schedule("SPY")
    made.pause(30.0)

    made.asked(("SPY",), 0.0, whole=True)

    assert made.due(29.9) == ()
    assert made.due(30.0) == ("SPY",)


def test_polls_are_regular_again_after_the_one_that_ended_a_pause() -> None:
    made = schedule("SPY")
    made.pause(30.0)

    made.asked(("SPY",), 30.0, whole=True)

    assert made.due(31.0) == ()
    assert made.due(90.0) == ("SPY",)
