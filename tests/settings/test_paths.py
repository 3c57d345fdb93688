"""Where the program's files are."""

from pathlib import Path

import pytest

from mytrader_tui.settings.paths import Paths


def test_under_a_root_nothing_lies_outside_it(tmp_path: Path) -> None:
    paths = Paths.under(tmp_path)

    places = [paths.config_file, paths.state_file, paths.state_folder, paths.cache_folder, paths.log_folder]

    assert all(place.is_relative_to(tmp_path) for place in places)
    assert len(set(places)) == len(places)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif("not __import__('sys').platform.startswith('linux')", reason="XDG is Linux's")
def test_the_default_follows_xdg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFIG", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))

    paths = Paths.default()

    assert paths.config_file == tmp_path / "config" / "mytrader-tui" / "config.toml"
    assert paths.state_file == tmp_path / "state" / "mytrader-tui" / "state.toml"
    assert paths.cache_folder == tmp_path / "cache" / "mytrader-tui"
    assert paths.log_folder.is_relative_to(tmp_path / "state" / "mytrader-tui")
    assert list(tmp_path.iterdir()) == []
