"""Libraries that other libraries load wherever they are installed, and that nothing behind the screen uses."""

import sys


def go_without(*names: str) -> None:
    """Let the modules `names` be as good as not installed, unless they are loaded: from now on they raise ImportError.

    For what its users can do without. pandas takes 35 MB more memory for an Arrow that only an export writes.
    """
    for name in names:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]  # None is Python's own sign for "not to be had"
