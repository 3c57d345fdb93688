"""The key pair comes from the environment, whole or not at all, and never shows."""

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mytrader_tui.settings.credentials import PAIRS, Credentials, credentials
from mytrader_tui.settings.errors import CredentialsError
from mytrader_tui.settings.secret import Secret

NAMES = [name for pair in PAIRS for name in pair]


@pytest.mark.parametrize(("key_name", "secret_name"), PAIRS)
def test_either_pair_of_variables_is_read(key_name: str, secret_name: str) -> None:
    found = credentials({key_name: "PKABC", secret_name: "s3cr/t+="})

    assert found == Credentials(Secret("PKABC"), Secret("s3cr/t+="))


def test_the_alpaca_pair_wins_over_the_older_one() -> None:
    found = credentials(dict(zip(NAMES, ["new", "new-s", "old", "old-s"], strict=True)))

    assert found is not None
    assert found.key.reveal() == "new"


@pytest.mark.parametrize(
    "environ",
    [{}, dict.fromkeys(NAMES, ""), dict.fromkeys(NAMES, " \t\n")],
)
def test_blank_is_unset(environ: dict[str, str]) -> None:
    assert credentials(environ) is None


@pytest.mark.parametrize(
    ("environ", "message"),
    [
        ({"ALPACA_API_KEY": "x"}, "ALPACA_API_KEY is set but ALPACA_SECRET_KEY is not"),
        ({"ALPACA_SECRET_KEY": "x"}, "ALPACA_SECRET_KEY is set but ALPACA_API_KEY is not"),
        ({"APCA_API_KEY_ID": "x", "APCA_API_SECRET_KEY": " "}, "APCA_API_KEY_ID is set but APCA_API_SECRET_KEY is not"),
        ({"ALPACA_API_KEY": "x", "APCA_API_SECRET_KEY": "y"}, "ALPACA_API_KEY is set but ALPACA_SECRET_KEY is not"),
        ({"ALPACA_API_KEY": "x", "APCA_API_KEY_ID": "y", "APCA_API_SECRET_KEY": "z"}, "ALPACA_SECRET_KEY is not"),
    ],
)
def test_half_a_pair_is_an_error_that_names_the_missing_half(environ: dict[str, str], message: str) -> None:
    with pytest.raises(CredentialsError, match=message):
        credentials(environ)


@pytest.mark.parametrize("bad", ["PK VISIBLE", "PK\nVISIBLE", "PK\x00VISIBLE", "PK\x1b[31mVISIBLE", "PKÜVISIBLE"])
def test_a_value_that_no_header_carries_is_refused_without_repeating_it(bad: str) -> None:
    with pytest.raises(CredentialsError, match="ALPACA_SECRET_KEY") as caught:
        credentials({"ALPACA_API_KEY": "PKABC", "ALPACA_SECRET_KEY": bad})
    assert "VISIBLE" not in str(caught.value)


def test_a_value_too_long_for_a_key_is_refused_without_repeating_it() -> None:
    with pytest.raises(CredentialsError, match="too long for a key") as caught:
        credentials({"ALPACA_API_KEY": "VISIBLE" + "x" * 593})
    assert "VISIBLE" not in str(caught.value)


def test_the_newline_of_a_key_file_is_trimmed() -> None:
    found = credentials({"ALPACA_API_KEY": "PKABC\n", "ALPACA_SECRET_KEY": " s "})

    assert found == Credentials(Secret("PKABC"), Secret("s"))


@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", min_size=12))
def test_no_way_of_printing_credentials_shows_them(text: str) -> None:
    found = credentials({"ALPACA_API_KEY": text, "ALPACA_SECRET_KEY": text})

    assert found is not None
    for printed in (repr(found), str(found), f"{found}", f"{found!r:>40}", f"{found.key} {found.secret:>9}"):
        assert text not in printed


def test_a_secret_cannot_be_pickled_copied_or_extended() -> None:
    secret = Secret("hidden")

    with pytest.raises(TypeError):
        pickle.dumps(secret)
    with pytest.raises(TypeError):
        copy.copy(secret)
    with pytest.raises(AttributeError):
        secret.other = 1  # type: ignore[attr-defined]  # the point of the test


def test_secrets_are_equal_by_their_text_alone() -> None:
    assert Secret("a") == Secret("a")
    assert hash(Secret("a")) == hash(Secret("a"))
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
