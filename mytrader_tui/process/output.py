"""Standard output that takes no more: a pipe whose reader left, a full disk."""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NoReturn

import click
from typing_extensions import override

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

EXIT_PIPE_CLOSED = 141
"""What a shell says of a program that wrote to a pipe which nobody reads any more: 128 + SIGPIPE."""

EXIT_NOT_WRITTEN = 74
"""EX_IOERR of sysexits.h; no command says anything else by it."""


class _Watched(io.FileIO):
    """A file that remembers why it took no more."""

    failure: OSError | None = None

    @override
    def write(self, data: "ReadableBuffer", /) -> int:
        try:
            return super().write(data)
        except OSError as error:
            self.failure = error
            raise


@contextmanager
def output_guarded() -> Iterator[None]:
    """End the process within, without a traceback, where its standard output takes no more.

    A reader that left, as `head` does, is no error and gets no word; anything else gets one sentence. What goes to a
    terminal is left as it is.
    """
    usual = sys.stdout
    if usual is None or usual.isatty():
        yield
        return
    raw = _Watched(usual.fileno(), "wb", closefd=False)
    sys.stdout = io.TextIOWrapper(io.BufferedWriter(raw), encoding=usual.encoding, errors=usual.errors)
    output = sys.stdout
    try:
        yield
    except (OSError, ValueError, SystemExit):
        # click makes a SystemExit of a closed pipe, and a writer that is taken apart a ValueError of either.
        _flush(output)
        if raw.failure is not None:
            _end(raw.failure)
        raise
    _flush(output)
    if raw.failure is not None:
        _end(raw.failure)


def _flush(output: io.TextIOWrapper) -> None:
    # Its failure is remembered below; a writer on top of it may have closed it.
    with suppress(OSError, ValueError):
        output.flush()


def _end(failure: OSError) -> NoReturn:
    """End under what is left in the buffer, which Python would try to write once more on its way out."""
    closed = isinstance(failure, BrokenPipeError)
    if not closed:
        click.echo(f"The output could not be written: {failure.strerror}", err=True)
    if sys.stderr is not None:
        sys.stderr.flush()
    os._exit(EXIT_PIPE_CLOSED if closed else EXIT_NOT_WRITTEN)
