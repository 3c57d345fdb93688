"""The planted faults stay plantable, and the tests still notice a sample of them."""

import ast

import pytest
from mutants import MUTANTS, Mutant, is_killed

SAMPLE = ("silent_for(model) >= limit and", "if not model.up or count <= 0:", "TRIP_EXITS = 4")


@pytest.mark.parametrize("mutant", MUTANTS, ids=range(len(MUTANTS)))
def test_every_fault_can_still_be_planted(mutant: Mutant) -> None:
    ast.parse(mutant.source)


def test_no_fault_is_planted_twice() -> None:
    assert len(set(MUTANTS)) == len(MUTANTS)


@pytest.mark.parametrize("original", SAMPLE)
def test_a_sample_of_the_faults_is_noticed(original: str) -> None:
    assert is_killed(next(number for number, mutant in enumerate(MUTANTS) if mutant.original == original))
