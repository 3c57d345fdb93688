"""Checks run side by side; what goes wrong in one is told, and nothing secret or dangerous is."""

import asyncio

import msgspec
import pytest
from doctor_kit import KEY, PAIR, SECRET

from mytrader_tui.doctor.examination import examine
from mytrader_tui.doctor.result import Check, Entry, Report, Result, Verdict, fail, ok, skip, warn
from mytrader_tui.doctor.telling import as_json, as_text
from mytrader_tui.monitor.clock import system_clock


def says(name: str, result: Result) -> Check:
    async def run() -> Result:
        return result

    return Check(name, run)


async def examined(*checks: Check) -> Report:
    return await examine(checks, (PAIR.key, PAIR.secret), system_clock)


async def test_checks_run_at_the_same_time():
    both = asyncio.Barrier(2)

    async def meet() -> Result:
        await both.wait()
        return ok("met")

    report = await examined(Check("one", meet, 2.0), Check("two", meet, 2.0))

    assert [entry.found for entry in report.checks] == ["met", "met"]


async def test_a_check_that_hangs_fails_at_its_deadline_and_stops_no_other():
    report = await examined(Check("hangs", asyncio.Event().wait, 0.05), says("other", ok("fine")))

    hangs, other = report.checks
    assert (hangs.verdict, hangs.found) == (Verdict.FAIL, "no answer within 0.05 s")
    assert other.verdict is Verdict.OK


async def test_a_fault_of_a_check_is_a_line_and_no_traceback():
    async def breaks() -> Result:
        raise KeyError(KEY)

    (entry,) = (await examined(Check("breaks", breaks))).checks

    assert (entry.verdict, entry.found) == (Verdict.FAIL, "the check itself stopped at KeyError")


async def test_no_key_and_no_control_character_gets_through():
    entries = (await examined(says("echo", fail(f"refused {KEY}/{SECRET}\x1b[2J", f"renew {SECRET}\n")))).checks

    assert entries == (Entry("echo", Verdict.FAIL, "refused ***/***", "renew ***"),)


@pytest.mark.parametrize(
    ("results", "worst", "code"),
    [
        ((ok("a"), skip("b")), Verdict.OK, 0),
        ((ok("a"), warn("b", "c")), Verdict.WARN, 0),
        ((warn("a", "b"), fail("c", "d"), skip("e")), Verdict.FAIL, 1),
        ((), Verdict.OK, 0),
    ],
)
async def test_only_a_failure_makes_the_exit_code_1(results, worst, code):
    report = await examined(*(says(f"{place}", result) for place, result in enumerate(results)))

    assert (report.verdict, report.exit_code) == (worst, code)


REPORT = Report(
    1,
    "0.1.0",
    Verdict.FAIL,
    1.25,
    (
        Entry("python", Verdict.OK, "3.11.7"),
        Entry("stream", Verdict.FAIL, "the plan does not include this feed", 'Set [alpaca] feed = "iex".'),
    ),
)


def test_the_json_has_a_shape_that_programs_can_rely_on():
    assert msgspec.json.decode(as_json(REPORT)) == {
        "schema": 1,
        "version": "0.1.0",
        "verdict": "fail",
        "seconds": 1.25,
        "checks": [
            {"check": "python", "verdict": "ok", "found": "3.11.7", "advice": ""},
            {
                "check": "stream",
                "verdict": "fail",
                "found": "the plan does not include this feed",
                "advice": 'Set [alpaca] feed = "iex".',
            },
        ],
    }


def test_the_text_has_a_line_a_check_and_its_advice_under_it():
    assert as_text(REPORT, width=None, coloured=False).splitlines() == [
        "ok    python  3.11.7",
        "fail  stream  the plan does not include this feed",
        '              → Set [alpaca] feed = "iex".',
        "",
        "What is marked fail has to be put right. (1.2 s)",
    ]


def test_a_narrow_terminal_wraps_the_text_within_its_width():
    lines = as_text(REPORT, width=46, coloured=False).splitlines()

    assert max(map(len, lines[:-1])) <= 46
    assert lines[2].startswith(" " * 14)


def test_colour_is_beside_the_words_and_only_where_it_is_asked_for():
    assert "\x1b[" in as_text(REPORT, width=None, coloured=True)
    assert "\x1b[" not in as_text(REPORT, width=None, coloured=False)
