"""How numbers are written."""

from decimal import Decimal

import pytest

from mytrader_tui.ui.figures import (
    arrow_of,
    change_forms,
    currency_mark,
    fit,
    marked,
    money_forms,
    percent_forms,
    price_forms,
    quantity_forms,
    volume_forms,
)


@pytest.mark.parametrize(
    ("price", "shown"),
    [(601.2, "601.20"), (1.0, "1.00"), (0.5, "0.5000"), (0.0123, "0.0123"), (0.00001234, "0.00001234"), (None, "—")],
)
def test_a_price_has_the_places_of_its_size(price: float | None, shown: str) -> None:
    assert price_forms(price)[0] == shown


def test_zero_is_a_number_and_missing_is_a_dash() -> None:
    assert volume_forms(0)[0] == "0"
    assert volume_forms(None) == ("—",)
    assert money_forms(Decimal(0))[0] == "0.00"
    assert percent_forms(None) == ("—",)


@pytest.mark.parametrize(
    ("width", "shown"), [(10, "12,345.67"), (9, "12,345.67"), (8, "12345.67"), (7, "12345.7"), (5, "12346"), (4, "#")]
)
def test_separators_go_first_then_the_places_of_a_large_price_and_digits_before_the_point_never(
    width: int, shown: str
) -> None:
    assert fit(price_forms(12345.67), width) == shown


@pytest.mark.parametrize(("price", "shown"), [(2.675, "2.68"), (2.665, "2.66"), (1.005, "1.00"), (1.015, "1.02")])
def test_prices_round_half_even_on_the_decimal_that_was_written(price: float, shown: str) -> None:
    assert price_forms(price)[0] == shown


@pytest.mark.parametrize(
    ("amount", "shown"), [("0.125", "0.12"), ("0.135", "0.14"), ("-0.125", "-0.12"), ("-0.001", "0.00")]
)
def test_money_rounds_half_even_to_the_cent(amount: str, shown: str) -> None:
    assert money_forms(Decimal(amount))[0] == shown


def test_a_sign_is_that_of_the_number_as_shown() -> None:
    assert change_forms(0.001, 190.0)[0] == "0.00"
    assert change_forms(-0.001, 190.0)[0] == "0.00"
    assert change_forms(0.001, 0.5)[0] == "+0.0010"
    assert money_forms(Decimal("12.5"), signed=True)[0] == "+12.50"
    assert arrow_of(0.004) == ""
    assert arrow_of(-0.006) == "▼"


@pytest.mark.parametrize(
    ("percent", "width", "shown"),
    [
        (1.234, 8, "▲ +1.23%"),
        (12.345, 8, "▲+12.34%"),
        (-123.456, 8, "▼-123.5%"),
        (0.001, 8, "0.00%"),
        (123456.7, 8, "#"),
    ],
)
def test_a_percentage_rounds_further_before_it_gives_up(percent: float, width: int, shown: str) -> None:
    assert fit(percent_forms(percent), width) == shown


@pytest.mark.parametrize(
    ("volume", "shown"),
    [
        (999, "999"),
        (1000, "1.0K"),
        (12_345, "12.3K"),
        (999_960, "1.0M"),
        (1_234_567, "1.2M"),
        (2.4e9, "2.4B"),
        (0.5, "0.50"),
    ],
)
def test_volume_is_abbreviated(volume: float, shown: str) -> None:
    assert volume_forms(volume)[0] == shown


@pytest.mark.parametrize(
    ("quantity", "width", "shown"),
    [
        ("120", 6, "120"),
        ("-50", 6, "-50"),
        ("10.5", 6, "10.5"),
        ("1E+3", 6, "1,000"),
        ("0.123456789", 11, "0.123456789"),
        ("0.123456789", 7, "~0.1235"),
        ("1234567", 6, "#"),
    ],
)
def test_a_quantity_is_exact_or_says_that_it_is_not(quantity: str, width: int, shown: str) -> None:
    assert fit(quantity_forms(Decimal(quantity)), width) == shown


@pytest.mark.parametrize("absurd", [float("inf"), float("nan"), 1e300])
def test_no_number_is_too_absurd_to_be_shown_or_refused(absurd: float) -> None:
    assert fit(price_forms(absurd), 10) in ("—", "#")
    assert fit(percent_forms(absurd), 10) in ("—", "#")
    assert fit(volume_forms(absurd), 6) in ("—", "#")


@pytest.mark.parametrize(
    ("currency", "price", "width", "shown"),
    [
        ("JPY", 2712.5, 9, "¥2,712.50"),
        ("JPY", 2712.5, 8, "¥2712.50"),
        ("JPY", 38123.46, 8, "¥38123.5"),
        ("HKD", 388.2, 10, "HKD 388.20"),
        ("HKD", 388.2, 9, "HKD388.20"),
        ("HKD", 388.2, 8, "#"),
    ],
)
def test_a_price_never_loses_the_mark_of_its_currency(currency: str, price: float, width: int, shown: str) -> None:
    assert fit(marked(currency_mark(currency), price_forms(price)), width) == shown


@pytest.mark.parametrize("currency", ["USD", None])
def test_dollars_and_what_nobody_said_have_no_mark(currency: str | None) -> None:
    assert currency_mark(currency) == ""
