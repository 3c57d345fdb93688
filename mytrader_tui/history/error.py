"""What can go wrong with the history. Each says what happened; the program goes on without what it could not keep.

HistoryError
├── UnavailableError    it cannot be reached, written or read now: locked, full, read-only, no server
│   └── GoneError       the file or the tables that were there are not there any more
├── CorruptError        the file is no database, or a damaged one
├── RefusedError        it will not take what was to be written, now or ever
└── NewerSchemaError    it was written by a newer version of this program
"""


class HistoryError(Exception):
    """The history could not do what was asked of it."""


class UnavailableError(HistoryError):
    """It cannot be reached, read or written now; later it may."""


class CorruptError(HistoryError):
    """The file is no database, or a damaged one."""


class GoneError(UnavailableError):
    """What was there is not there any more: the file or its folder was removed, or the tables were."""


class RefusedError(HistoryError):
    """It will not take what was to be written, now or ever: a value that does not fit its column."""


class NewerSchemaError(HistoryError):
    """It was written by a newer version of this program, which alone may touch it."""
