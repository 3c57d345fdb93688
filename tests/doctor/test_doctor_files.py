"""The folders and the history are looked at, and nothing of them is changed."""

import os
import shutil
import sqlite3
from collections import namedtuple
from pathlib import Path

import pytest
from sqlalchemy import URL

from mytrader_tui.doctor.result import Verdict
from mytrader_tui.doctor.storage import folder, history
from mytrader_tui.history.opening import open_history
from mytrader_tui.settings.history import History as HistorySettings

Usage = namedtuple("Usage", "total used free")


def kept_in(path: Path) -> Path:
    file = path / "history.db"
    open_history(URL.create("sqlite", database=str(file))).history.close()
    return file


def test_a_folder_with_room(tmp_path):
    result = folder(tmp_path, written=True)

    assert (result.verdict, "free" in result.found) == (Verdict.OK, True)


def test_a_folder_that_is_not_there_yet_is_not_made_by_looking(tmp_path):
    result = folder(tmp_path / "a" / "b", written=True)

    assert (result.verdict, "made when it is needed" in result.found) == (Verdict.OK, True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everything")
def test_a_folder_that_may_not_be_written(tmp_path):
    tmp_path.chmod(0o500)

    assert folder(tmp_path, written=True).verdict is Verdict.FAIL
    assert folder(tmp_path, written=False).verdict is Verdict.OK


def test_a_file_where_the_folder_should_be(tmp_path):
    (tmp_path / "state").write_text("")

    assert folder(tmp_path / "state", written=True).verdict is Verdict.FAIL


@pytest.mark.parametrize(("free", "verdict"), [(2**40, "ok"), (100 * 2**20, "warn"), (2**20, "fail")])
def test_a_disk_that_fills_up(tmp_path, monkeypatch, free, verdict):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(free, 0, free))

    assert folder(tmp_path, written=True).verdict == verdict


def test_a_folder_that_anybody_may_write_to(tmp_path):
    tmp_path.chmod(0o777)

    assert folder(tmp_path, written=True).verdict is Verdict.WARN


def test_no_history_yet(tmp_path):
    result = history(HistorySettings(), tmp_path)

    assert (result.verdict, "none yet" in result.found) == (Verdict.OK, True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("begun", [False, True], ids=["none yet", "one that is whole"])
def test_a_history_in_a_folder_that_may_not_be_written_fails_as_the_folder_does(tmp_path, monkeypatch, begun):
    if begun:
        kept_in(tmp_path)
    monkeypatch.setattr(os, "access", lambda path, mode: not mode & os.W_OK)

    result, of_folder = history(HistorySettings(), tmp_path), folder(tmp_path, written=True)

    assert (result.verdict, of_folder.verdict, result.advice) == (Verdict.FAIL, Verdict.FAIL, of_folder.advice)
    assert "may not be written" in result.found


def test_a_whole_history_is_told_with_version_and_size(tmp_path):
    file = kept_in(tmp_path)
    before = file.read_bytes()

    result = history(HistorySettings(), tmp_path)

    assert result.verdict is Verdict.OK
    assert result.found.startswith(f"{file}: version ")
    assert result.found.endswith("MB, whole")
    assert file.read_bytes() == before


def test_a_damaged_history_is_told_and_stays_where_it_is(tmp_path):
    file = tmp_path / "history.db"
    file.write_bytes(b"no database at all, but long enough to look like a header" * 40)

    result = history(HistorySettings(), tmp_path)

    assert (result.verdict, "moves it aside" in result.advice) == (Verdict.FAIL, True)
    assert [path.name for path in tmp_path.iterdir()] == ["history.db"]


def test_a_history_of_a_newer_program(tmp_path):
    file = kept_in(tmp_path)
    with sqlite3.connect(file) as connection:
        connection.execute("INSERT INTO schema_version VALUES (99, 0)")
    connection.close()

    result = history(HistorySettings(), tmp_path)

    assert (result.verdict, "newer" in result.found) == (Verdict.FAIL, True)


def test_a_history_that_is_switched_off(tmp_path):
    assert history(HistorySettings(enabled=False), tmp_path).verdict is Verdict.SKIP


def test_a_database_server_that_is_not_there_is_told_in_words(tmp_path):
    result = history(HistorySettings(url="postgresql+psycopg://nobody@127.0.0.1:9/history"), tmp_path)

    assert result.verdict is Verdict.FAIL
    assert "127.0.0.1" in result.found
