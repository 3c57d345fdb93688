"""Levels as people type them, and alerts in words."""

from datetime import UTC, timedelta

import pytest
from alert_rows import NOW, a_quote, an_alert, judged
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from mytrader_tui.market.alerts.alert import Alert, AlertKind, AlertView, Stand, Verdict
from mytrader_tui.market.alerts.level import level_text, level_trouble, read_level
from mytrader_tui.market.alerts.words import (
    away_text,
    condition_forms,
    fired_text,
    news_lines,
    standing_forms,
)

ABOVE, BELOW, PERCENT, VOLUME = AlertKind


@pytest.mark.parametrize(
    ("text", "kind", "level"),
    [
        ("190", ABOVE, 190.0),
        (" 190.50 ", ABOVE, 190.5),
        ("$190.5", BELOW, 190.5),
        (".5", ABOVE, 0.5),
        ("5.", PERCENT, 5.0),
        ("+2.5%", PERCENT, 2.5),
        ("1.5M", VOLUME, 1_500_000.0),
        ("2k", VOLUME, 2000.0),
        ("0.00001234", ABOVE, 0.00001234),
    ],
)
def test_a_plain_number_is_read(text: str, kind: AlertKind, level: float) -> None:
    assert read_level(text, kind) == level


@pytest.mark.parametrize(
    ("text", "kind", "says"),
    [
        ("", ABOVE, "Type a number"),
        ("nan", ABOVE, "not a plain number"),
        ("inf", ABOVE, "not a plain number"),
        ("-inf", ABOVE, "above 0"),
        ("1e400", ABOVE, "not a plain number"),
        ("1e5", VOLUME, "not a plain number"),
        ("9" * 400, ABOVE, "not a plain number"),
        ("1,5", ABOVE, "comma can be read in two ways"),
        ("1,234.50", ABOVE, "comma can be read in two ways"),
        ("-5", PERCENT, "counts in either direction"),
        ("−5", ABOVE, "above 0"),
        ("0", ABOVE, "above 0"),
        ("0.000", PERCENT, "above 0"),
        ("1.5M", ABOVE, "not a plain number"),
        ("5%", ABOVE, "not a plain number"),
        ("٣", ABOVE, "not a plain number"),
        ("1_000", ABOVE, "not a plain number"),
        ("0x10", ABOVE, "not a plain number"),
        ("[red]1", ABOVE, "not a plain number"),
        ("\x1b[31m5", ABOVE, "not a plain number"),
        ("999999999999999", ABOVE, "no more than 1,000,000,000,000"),
        ("99999", PERCENT, "no more than 10,000"),
    ],
)
def test_anything_else_is_refused_with_a_sentence(text: str, kind: AlertKind, says: str) -> None:
    answer = read_level(text, kind)

    assert isinstance(answer, str)
    assert says in answer


@given(text=st.text(max_size=30), kind=st.sampled_from(AlertKind))
def test_no_text_is_read_as_something_that_cannot_be_a_level(text: str, kind: AlertKind) -> None:
    level = read_level(text, kind)

    assert isinstance(level, str) or level_trouble(kind, level) == ""


@given(level=st.floats(0.0001, 1e11), kind=st.sampled_from([ABOVE, BELOW]))
def test_a_level_can_be_typed_as_it_is_shown_for_mending(level: float, kind: AlertKind) -> None:
    level = round(level, 4)

    assert read_level(level_text(level), kind) == level


@pytest.mark.parametrize("level", [float("nan"), float("inf"), float("-inf"), 0.0, -1.0, 1e300])
def test_what_no_key_can_type_is_refused_too(level: float) -> None:
    assert level_trouble(ABOVE, level)


@pytest.mark.parametrize(
    ("alert", "forms"),
    [
        (an_alert(ABOVE, 190), ("at or above 190.00", "≥ 190.00")),
        (an_alert(BELOW, 0.00001234), ("at or below 0.00001234", "≤ 0.00001234")),
        (an_alert(ABOVE, 1234567.5), ("at or above 1,234,567.50", "≥ 1,234,567.50")),
        (an_alert(PERCENT, 5), ("moves 5% either way", "± 5%")),
        (an_alert(VOLUME, 1.5e6), ("volume at or above 1,500,000", "vol ≥ 1,500,000")),
        (an_alert(ABOVE, 2700, currency="JPY"), ("at or above 2,700.00 JPY", "≥ 2,700.00 JPY")),
        (an_alert(ABOVE, 190, currency="USD", extended=True), ("at or above 190.00 +ext", "≥ 190.00 +ext")),
    ],
)
def test_a_condition_is_told_with_every_digit_of_its_level(alert: Alert, forms: tuple[str, str]) -> None:
    assert condition_forms(alert.condition, alert.currency) == forms


@pytest.mark.parametrize(
    ("kind", "level", "value", "away"),
    [
        (ABOVE, 190.0, 187.75, "1.2% away"),
        (BELOW, 190.0, 191.0, "0.52% away"),
        (ABOVE, 190.0, 189.999, "less than 0.01% away"),
        (ABOVE, 190.0, 1.0, "18,900.0% away"),
        (ABOVE, 190.0, 0.0, "now 0.00"),
        (PERCENT, 5.0, -3.8, "now -3.80%"),
        (VOLUME, 5e6, 812345.0, "now 812,345"),
    ],
)
def test_one_that_waits_says_how_far_it_is(kind: AlertKind, level: float, value: float, away: str) -> None:
    assert away_text(an_alert(kind, level).condition, Verdict(Stand.WAITING, value=value)) == away


def fired(kind: AlertKind = ABOVE, level: float = 190.0, **more: object) -> Alert:
    firing = judged(a_quote(191.2, age=60), alert=an_alert(kind, level)).firing
    assert firing is not None
    return replace(an_alert(kind, level), firing=replace(firing, **more))


def test_how_an_alert_stands_is_told_in_words_and_in_fewer_where_room_is_short() -> None:
    waiting = AlertView(an_alert(), Verdict(Stand.WAITING, value=187.75))
    held = AlertView(an_alert(), Verdict(Stand.HELD, "price 9 min old"))

    assert standing_forms(waiting, NOW.wall, UTC) == ("waiting: 1.2% away", "waiting")
    assert standing_forms(held, NOW.wall, UTC) == ("held: price 9 min old", "held")
    late = AlertView(an_alert(), Verdict(Stand.WAITING, value=187.75, late="delayed 15 min, yahoo"))
    assert standing_forms(late, NOW.wall, UTC)[:2] == (
        "waiting: 1.2% away, delayed 15 min, yahoo",
        "waiting: 1.2% away",
    )
    assert standing_forms(AlertView(an_alert()), NOW.wall, UTC) == ("not judged yet",)
    assert standing_forms(AlertView(fired()), NOW.wall, UTC) == (
        "fired 15:29:00 at 191.20, LIVE iex",
        "fired 15:29:00 at 191.20",
        "fired 15:29:00",
        "fired",
    )


def test_one_that_fired_on_another_day_says_which() -> None:
    assert standing_forms(AlertView(fired()), NOW.wall + timedelta(days=2), UTC)[2] == "fired 2026-11-20 15:29:00"


def test_a_print_that_was_taken_back_is_told() -> None:
    alert = fired(taken_back="taken back")

    assert standing_forms(AlertView(alert), NOW.wall, UTC)[0] == "fired 15:29:00 at 191.20: the print was taken back"
    assert fired_text(alert, NOW.wall, UTC) == "AAPL at or above 190.00: the print that fired it was taken back"


@pytest.mark.parametrize(
    ("alert", "told"),
    [
        (fired(), "AAPL at 191.20, at or above 190.00 (15:29:00, LIVE iex)"),
        (
            fired(provenance="delayed 15 min, yahoo"),
            "AAPL at 191.20, at or above 190.00 (15:29:00, delayed 15 min, yahoo)",
        ),
        (fired(extended=True), "AAPL at 191.20 in extended hours, at or above 190.00 (15:29:00, LIVE iex)"),
        (fired(PERCENT, 5), "AAPL +6.22% at 191.20, moves 5% either way (15:29:00, LIVE iex)"),
        (fired(VOLUME, 1e6), "AAPL volume 1,000,000, at or above 1,000,000 (15:29:00, LIVE iex)"),
    ],
)
def test_what_fired_is_told_in_one_line(alert: Alert, told: str) -> None:
    assert fired_text(alert, NOW.wall, UTC) == told


def test_many_that_fire_together_are_counted() -> None:
    lines = news_lines([fired()] * 7, NOW.wall, UTC, 4)

    assert len(lines) == 4
    assert lines[-1] == "and 4 more alerts fired"
