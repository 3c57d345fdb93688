"""Every fault of the catalogue has a test, and the table of them is true."""

import re
from pathlib import Path

from table import FAULTS, NOTES, proofs, table

CATALOGUED = {
    "U": {5, 33, 34, 35, 38, 41, 50, 57, 59, 66, 71},
    "P": {21, 23, 24, 25, 29, 30, 31, 36, 38, 39, *range(42, 48), 49, 50, 54, 55, 60, 61, 62},
    "S": {*range(1, 8), *range(9, 25), 26, 29, 30, 32, 36, 37, 39, 41, 42, 48, 49, 51, 52, 56, 57, 58, 59},
    "I": {1, 8, 27, 28, 40, 53, 54, 55, *range(63, 73)},
}
"""The layers that the catalogue of faults asks for."""


def test_every_fault_has_a_test() -> None:
    proven = {number for proof in proofs() for number in proof.faults}

    assert proven == set(range(1, FAULTS + 1))


def test_every_fault_is_proven_at_the_layers_it_is_catalogued_for() -> None:
    for layer, numbers in CATALOGUED.items():
        proven = {number for proof in proofs() if proof.layer == layer for number in proof.faults}
        assert numbers <= proven, f"{layer}: {sorted(numbers - proven)}"


def test_a_property_is_generated_a_scenario_is_a_coroutine_and_a_process_is_none() -> None:
    for proof in proofs():
        assert ("given" in proof.marks) or proof.layer != "P", proof.name
        coroutine = f"async def {proof.name}(" in (Path(__file__).parent / proof.file).read_text(encoding="utf-8")
        assert coroutine is (proof.layer == "S"), proof.name


def test_the_table_is_what_the_tests_are() -> None:
    readme = Path(__file__).with_name("README.md").read_text(encoding="utf-8")

    assert readme == table(), "python tests/faults/table.py > tests/faults/README.md"
    assert set(NOTES) <= set(range(1, FAULTS + 1))


def test_none_is_skipped_or_expected_to_fail() -> None:
    for path in Path(__file__).parent.glob("test_*.py"):
        if path.name != Path(__file__).name:
            assert not re.search(r"xfail|\bskip", path.read_text(encoding="utf-8")), path.name
