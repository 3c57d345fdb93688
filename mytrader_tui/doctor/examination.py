"""Runs checks at the same time, each under its own deadline; whatever happens in one is told and stops no other."""

import asyncio
from collections.abc import Iterable, Sequence

from mytrader_tui import __version__
from mytrader_tui.doctor.result import Check, Entry, Report, Result, Verdict, fail
from mytrader_tui.feeds.feed import Clock
from mytrader_tui.market.text import clean
from mytrader_tui.settings import Secret
from mytrader_tui.telemetry.redaction import Redaction

SCHEMA = 1
_LEAVE_SECONDS = 1.0
_LONGEST_TEXT = 600
_WORST_FIRST = (Verdict.FAIL, Verdict.WARN)


async def examine(checks: Sequence[Check], secrets: Iterable[Secret], clock: Clock) -> Report:
    """What all of `checks` found. Whatever they say, none of `secrets` is in the report, and no control character."""
    began = clock()
    tasks = [asyncio.create_task(_timed(check), name=f"doctor {check.name}") for check in checks]
    longest = max((check.seconds for check in checks), default=0.0)
    try:
        if tasks:
            await asyncio.wait(tasks, timeout=longest + _LEAVE_SECONDS)
    finally:
        for task in tasks:
            task.cancel()
    redaction = Redaction(secrets)
    entries = tuple(_entry(check, _outcome(check, task), redaction) for check, task in zip(checks, tasks, strict=True))
    found = {entry.verdict for entry in entries}
    worst = next((verdict for verdict in _WORST_FIRST if verdict in found), Verdict.OK)
    return Report(SCHEMA, __version__, worst, round(clock().seconds_since(began), 2), entries)


async def _timed(check: Check) -> Result:
    try:
        async with asyncio.timeout(check.seconds):
            return await check.run()
    except TimeoutError:
        return _late(check)


def _outcome(check: Check, task: "asyncio.Task[Result]") -> Result:
    if not task.done() or task.cancelled():
        return _late(check)
    error = task.exception()
    if error is not None:
        return fail(f"the check itself stopped at {type(error).__name__}", "Please report this: it is a fault of ours.")
    return task.result()


def _late(check: Check) -> Result:
    return fail(f"no answer within {check.seconds:g} s", "Check the connection, or the disk, and try again.")


def _entry(check: Check, result: Result, redaction: Redaction) -> Entry:
    # Struck out before it is cut: half a key would not be found any more.
    found, advice = (clean(redaction.of(text), _LONGEST_TEXT) for text in (result.found, result.advice))
    return Entry(check.name, result.verdict, found, advice)
