"""Any earlier history becomes the present one, once, whole, and a newer one is left alone."""

import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import URL, Connection, insert, inspect, text

from mytrader_tui.history import migrations
from mytrader_tui.history.engine import open_engine
from mytrader_tui.history.error import NewerSchemaError, UnavailableError
from mytrader_tui.history.migrations import VERSION, migrate, version_of
from mytrader_tui.history.opening import open_history
from mytrader_tui.history.schema import METADATA, SCHEMA_VERSION


def version(url: URL) -> int:
    engine = open_engine(url)
    with engine.connect() as connection:
        found = version_of(connection)
    engine.dispose()
    return found


def test_an_empty_database_gets_every_table_of_the_schema(url: URL) -> None:
    engine = open_engine(url)

    assert migrate(engine) == 0

    assert set(inspect(engine).get_table_names()) == set(METADATA.tables)
    assert version(url) == VERSION
    engine.dispose()


def test_migrating_again_does_nothing(url: URL) -> None:
    engine = open_engine(url)
    migrate(engine)

    assert migrate(engine) == VERSION
    engine.dispose()


def test_a_newer_history_is_left_alone(url: URL) -> None:
    open_history(url).history.close()
    engine = open_engine(url)
    with engine.begin() as connection:
        connection.execute(insert(SCHEMA_VERSION).values(version=VERSION + 1, applied=datetime.now(UTC)))
    engine.dispose()

    with pytest.raises(NewerSchemaError, match="a newer mytrader-tui wrote it"):
        open_history(url)


def test_a_step_that_fails_leaves_the_version_before_it_whole(url: URL, monkeypatch: pytest.MonkeyPatch) -> None:
    open_history(url).history.close()

    def fails(connection: Connection) -> None:
        connection.execute(text("CREATE TABLE half_done (n INTEGER)"))
        connection.execute(text("SELECT * FROM there_is_no_such_table"))

    monkeypatch.setattr(migrations, "STEPS", (*migrations.STEPS, fails))
    monkeypatch.setattr(migrations, "VERSION", VERSION + 1)

    with pytest.raises(UnavailableError):
        open_history(url)
    engine = open_engine(url)
    assert "half_done" not in inspect(engine).get_table_names()
    assert version(url) == VERSION
    engine.dispose()


def test_many_programs_that_start_at_once_migrate_once(url: URL) -> None:
    errors: list[BaseException] = []

    def start() -> None:
        try:
            open_history(url).history.close()
        except BaseException as error:  # noqa: BLE001 - the test's own thread may not swallow it
            errors.append(error)

    starts = [threading.Thread(target=start) for _ in range(8)]
    for thread in starts:
        thread.start()
    for thread in starts:
        thread.join()

    assert errors == []
    assert version(url) == VERSION
