"""alerts.toml: alerts come back as they were, and a damaged file stops nothing."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mytrader_tui.market.alerts.alert import Alert, AlertCondition, AlertKind, Firing
from mytrader_tui.market.quote import Source
from mytrader_tui.settings.alerts_file import read_alerts, write_alerts
from mytrader_tui.settings.files import MAX_BYTES

AT = datetime(2026, 11, 20, 15, 30, 1, 123456, tzinfo=UTC)
WAITING = Alert("1", "AAPL", AlertCondition(AlertKind.ABOVE, 190.0), AT, "USD")
FIRED = Alert(
    "2",
    "BRK.B",
    AlertCondition(AlertKind.PERCENT, 2.5, extended=True),
    AT,
    firing=Firing(
        value=-2.6,
        price=480.1,
        price_time=AT,
        at=AT,
        provenance="LIVE iex",
        source=Source.ALPACA,
        print_id=(7, "V"),
        taken_back="taken back",
        seen=True,
    ),
)


def test_no_file_is_no_alerts(tmp_path: Path) -> None:
    assert read_alerts(tmp_path / "alerts.toml") == ((), "")


def test_alerts_come_back_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "state" / "alerts.toml"

    write_alerts(path, (WAITING, FIRED))

    assert read_alerts(path) == ((WAITING, FIRED), "")
    assert path.stat().st_mode & 0o077 == 0


def test_none_at_all_are_kept_as_well(tmp_path: Path) -> None:
    write_alerts(tmp_path / "alerts.toml", ())

    assert read_alerts(tmp_path / "alerts.toml") == ((), "")


moments = st.integers(0, 4 * 10**9).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
levels = st.floats(1e-9, 1e4)
firings = st.builds(
    Firing,
    value=st.floats(-1e15, 1e15),
    price=st.floats(0, 1e12),
    price_time=moments,
    at=moments,
    provenance=st.text(max_size=40),
    source=st.sampled_from(Source),
    print_id=st.one_of(st.none(), st.tuples(st.integers(0, 2**62), st.sampled_from("VQ"))),
    extended=st.booleans(),
    taken_back=st.sampled_from(["", "taken back"]),
    seen=st.booleans(),
)
conditions = st.builds(AlertCondition, st.sampled_from(AlertKind), levels, st.booleans())
alerts = st.builds(
    Alert,
    st.integers(1, 10**6).map(str),
    st.sampled_from(["AAPL", "^GSPC", "7203.T"]),
    conditions,
    moments,
    st.sampled_from(["", "USD", "GBp"]),
    st.one_of(st.none(), firings),
)


@given(kept=st.lists(alerts, max_size=4, unique_by=lambda alert: alert.id))
def test_whatever_was_set_and_fired_comes_back(tmp_path_factory: pytest.TempPathFactory, kept: list[Alert]) -> None:
    path = tmp_path_factory.mktemp("alerts") / "alerts.toml"

    write_alerts(path, tuple(kept))

    assert read_alerts(path) == (tuple(kept), "")


GOOD = """
[[alerts]]
id = "1"
symbol = "AAPL"
created = 2026-11-20T15:30:00Z
[alerts.condition]
kind = "above"
level = 190.0
"""


def test_a_file_written_by_hand_is_read(tmp_path: Path) -> None:
    (tmp_path / "alerts.toml").write_text(GOOD)

    (alert,), trouble = read_alerts(tmp_path / "alerts.toml")

    assert (alert.condition, alert.firing, trouble) == (AlertCondition(AlertKind.ABOVE, 190.0), None, "")


@pytest.mark.parametrize(
    "text",
    [
        "half of a li",
        "alerts = 5",
        GOOD.replace("190.0", "nan"),
        GOOD.replace("190.0", "inf"),
        GOOD.replace("190.0", "-1.0"),
        GOOD.replace("190.0", '"190"'),
        GOOD.replace("above", "sideways"),
        GOOD.replace("AAPL", "[red]"),
        GOOD.replace("AAPL", "aapl"),
        GOOD.replace('"1"', '"one"'),
        GOOD.replace('"1"', '"²"'),
        GOOD.replace("15:30:00Z", "15:30:00"),
        GOOD + GOOD,
        "x = [" * 5000,
        "#" * (MAX_BYTES + 1),
    ],
    ids=lambda text: text.strip()[:20],
)
def test_a_file_that_makes_no_sense_is_moved_aside_and_told(text: str, tmp_path: Path) -> None:
    path = tmp_path / "alerts.toml"
    path.write_text(text)

    kept, trouble = read_alerts(path)

    assert kept == ()
    assert "made no sense and was moved to alerts.broken-" in trouble
    assert not path.exists()
    assert [file.read_text() for file in tmp_path.glob("alerts.broken-*.toml")] == [text]


def test_bytes_that_are_no_text_are_moved_aside(tmp_path: Path) -> None:
    (tmp_path / "alerts.toml").write_bytes(b"\xff\xfe\x00")

    assert read_alerts(tmp_path / "alerts.toml")[0] == ()
    assert not (tmp_path / "alerts.toml").exists()


def test_a_file_that_may_not_be_read_stays_where_it_is(tmp_path: Path) -> None:
    path = tmp_path / "alerts.toml"
    path.symlink_to(path)

    kept, trouble = read_alerts(path)

    assert kept == ()
    assert "cannot be read" in trouble
