"""state.toml as several windows write it: each puts in what it changed, and leaves what the others did."""

from pathlib import Path

from mytrader_tui.settings.file_lock import alone
from mytrader_tui.settings.state import State, kept_state, write_state
from mytrader_tui.settings.state_merging import based_on, merged


def sync_state(path: Path, base: State, ours: State) -> None:
    """Put into `path` what became of `base` in this window, where it is `ours` now. Raises OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with alone(path):
        theirs = kept_state(path)
        # Theirs may be of a config.toml that was changed since: what it changed is no doing of theirs.
        kept = ours if theirs is None else merged(base, ours, based_on(theirs, ours.configured))
        if kept != theirs:
            write_state(path, kept)
