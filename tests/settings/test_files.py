"""A crash at any instant leaves the old file or the new one."""

import os
import stat
from pathlib import Path

import pytest

from mytrader_tui.settings.files import sweep_leftovers, write_atomically


def test_the_file_holds_the_data_and_is_its_owners_alone(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "er" / "state.toml"

    write_atomically(file, b"one")
    write_atomically(file, b"two")

    assert file.read_bytes() == b"two"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_a_write_that_fails_leaves_the_old_content_and_no_litter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "state.toml"
    write_atomically(file, b"old")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(OSError, match="No space left"):
        write_atomically(file, b"new")

    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]


def test_the_data_is_on_disk_before_the_name_and_the_name_before_the_return(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "state.toml"
    seen: list[tuple[bool, bool]] = []
    sync = os.fsync

    def watched(handle: int) -> None:
        seen.append((stat.S_ISDIR(os.fstat(handle).st_mode), file.exists()))
        sync(handle)

    monkeypatch.setattr(os, "fsync", watched)
    write_atomically(file, b"x")

    assert seen == [(False, False), (True, True)]


def test_a_folder_in_the_place_of_the_file_is_an_os_error(tmp_path: Path) -> None:
    (tmp_path / "state.toml").mkdir()

    with pytest.raises(OSError):
        write_atomically(tmp_path / "state.toml", b"x")

    assert [entry.name for entry in tmp_path.iterdir()] == ["state.toml"]


def test_leftovers_of_crashed_writes_are_swept_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "state.toml"
    monkeypatch.setattr(Path, "replace", _crash)
    monkeypatch.setattr(Path, "unlink", lambda *_, **__: None)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(file, b"half")
    monkeypatch.undo()
    (leftover,) = tmp_path.iterdir()
    mine = tmp_path / ".mine"
    mine.write_text("")

    assert sweep_leftovers(tmp_path) == 0, "a young one may be another instance's"
    os.utime(leftover, (0, 0))
    os.utime(mine, (0, 0))

    assert sweep_leftovers(tmp_path) == 1
    assert list(tmp_path.iterdir()) == [mine]


def test_sweeping_a_folder_that_does_not_exist_is_no_error(tmp_path: Path) -> None:
    assert sweep_leftovers(tmp_path / "absent") == 0


def _crash(*_: object) -> Path:
    raise KeyboardInterrupt
