"""What an examination comes to: a verdict on each check, what was found, and what to do about it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

import msgspec

CHECK_SECONDS = 10.0
"""How long one check may take: all run at once, so that a dead network costs no more than this."""


class Verdict(StrEnum):
    """How a check came out. Only a failure makes the program's exit code 1."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"
    SKIP = "skip"


class Result(msgspec.Struct, frozen=True):
    """What one check found, in words, and what to do about it (empty where there is nothing to do)."""

    verdict: Verdict
    found: str
    advice: str = ""


def ok(found: str) -> Result:
    """All is well."""
    return Result(Verdict.OK, found)


def warn(found: str, advice: str) -> Result:
    """The program works, but not as well as it could."""
    return Result(Verdict.WARN, found, advice)


def fail(found: str, advice: str) -> Result:
    """Something that was asked for cannot work."""
    return Result(Verdict.FAIL, found, advice)


def skip(found: str) -> Result:
    """Not looked at, and why."""
    return Result(Verdict.SKIP, found)


Run = Callable[[], Awaitable[Result]]


@dataclass(frozen=True)
class Check:
    """One thing to look at. `run` raises nothing that is to be expected; `seconds` is how long it may take."""

    name: str
    run: Run
    seconds: float = CHECK_SECONDS


class Entry(msgspec.Struct, frozen=True):
    """One line of a report."""

    check: str
    verdict: Verdict
    found: str
    advice: str = ""


class Report(msgspec.Struct, frozen=True):
    """Everything, in the order of the checks.

    `schema` grows when a field changes its meaning, `version` is the program's, `verdict` the worst of all and
    `seconds` what the examination took.
    """

    schema: int
    version: str
    verdict: Verdict
    seconds: float
    checks: tuple[Entry, ...]

    @property
    def exit_code(self) -> int:
        """1 if a check failed, else 0."""
        return int(self.verdict is Verdict.FAIL)
