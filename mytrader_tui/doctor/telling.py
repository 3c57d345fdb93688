"""A report as people read it, and as programs do."""

import textwrap
from collections.abc import Iterator

import click
import msgspec

from mytrader_tui.doctor.result import Entry, Report, Verdict

_COLOURS = {Verdict.OK: "green", Verdict.WARN: "yellow", Verdict.FAIL: "red", Verdict.SKIP: None}
_SUMMARY = {
    Verdict.OK: "All is well.",
    Verdict.WARN: "It works; what is marked warn could be better.",
    Verdict.FAIL: "What is marked fail has to be put right.",
}
_VERDICT_WIDTH = 6
_LEAST_TEXT = 30


def as_json(report: Report) -> str:
    """The report as JSON: schema, version, verdict, seconds, and checks with check, verdict, found and advice."""
    return msgspec.json.format(msgspec.json.encode(report)).decode()


def as_text(report: Report, *, width: int | None, coloured: bool) -> str:
    """A line for each check, advice under it; wrapped at `width` unless that is None."""
    margin = _VERDICT_WIDTH + max((len(entry.check) for entry in report.checks), default=0) + 2
    lines = [line for entry in report.checks for line in _lines(entry, margin, width, coloured)]
    return "\n".join((*lines, "", f"{_SUMMARY[report.verdict]} ({report.seconds:.1f} s)"))


def _lines(entry: Entry, margin: int, width: int | None, coloured: bool) -> Iterator[str]:
    verdict = f"{entry.verdict:<{_VERDICT_WIDTH}}"
    head = click.style(verdict, fg=_COLOURS[entry.verdict], bold=True) if coloured else verdict
    first, *rest = _wrapped(entry.found, margin, width)
    yield f"{head}{entry.check:<{margin - _VERDICT_WIDTH}}{first}".rstrip()
    yield from (" " * margin + line for line in rest)
    for place, line in enumerate(_wrapped(entry.advice, margin + 2, width) if entry.advice else ()):
        yield " " * margin + ("  " if place else "→ ") + line


def _wrapped(text: str, margin: int, width: int | None) -> list[str]:
    if width is None:
        return [text]
    return textwrap.wrap(text, max(_LEAST_TEXT, width - margin), break_on_hyphens=False) or [""]
