"""Lines of a widget in runs: Textual's work grows with the number of regions, not with their height."""

from collections.abc import Iterable, Iterator


def runs(lines: Iterable[int]) -> Iterator[tuple[int, int]]:
    """The first line and the length of every run of neighbours among `lines`, from top to bottom."""
    first = length = 0
    for line in sorted(set(lines)):
        if length and line == first + length:
            length += 1
            continue
        if length:
            yield first, length
        first, length = line, 1
    if length:
        yield first, length
