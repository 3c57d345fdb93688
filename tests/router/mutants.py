"""Planted faults in the failover state machine, and whether the tests notice them.

    python tests/router/mutants.py [numbers of mutants]

Each mutant is one substitution in the source of one module, made in memory: a process of its own imports the copy in
place of the module and runs the table tests, then the stateful test with few examples. A mutant that passes both is
alive. Nothing on disk changes.

Of 129 mutants 128 are killed, 1 of them by never coming to an end. The survivor, and why it may live:

| mutant | why |
|---|---|
| the trial begins as the breaker turns half-open | the next line begins or ends it right then: the same value |
"""

import importlib.abc
import importlib.machinery
import importlib.util
import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from planted import BREAKER, EVIDENCE, PREDICATES, ROUTER

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
MARKET = ROOT / "mytrader_tui" / "market" / "failover"
TABLES = ("test_router.py", "test_router_recovery.py", "test_router_evidence.py", "test_router_pins.py")
TABLES += ("test_breaker.py", "test_phase.py")
SHORT_EXAMPLES = "300"
WORKERS = 2
PATIENCE_SECONDS = 60.0


@dataclass(frozen=True)
class Mutant:
    """One fault: in `module`, `original` (which occurs once) becomes `planted`."""

    module: str
    original: str
    planted: str

    @property
    def source(self) -> str:
        """The module's text with the fault in it."""
        text = (MARKET / f"{self.module}.py").read_text(encoding="utf-8")
        if text.count(self.original) != 1:
            raise ValueError(f"{text.count(self.original)} times in {self.module}.py: {self.original!r}")
        return text.replace(self.original, self.planted)


PLANTED = {"predicates": PREDICATES, "router": ROUTER, "breaker": BREAKER, "evidence": EVIDENCE}
MUTANTS = tuple(Mutant(module, *fault) for module, faults in PLANTED.items() for fault in faults)


class _Loader(importlib.machinery.SourceFileLoader):
    """Loads a module from a text in place of its file's."""

    def __init__(self, name: str, path: str, text: str) -> None:
        super().__init__(name, path)
        self._text = text

    def get_code(self, fullname: str) -> object:
        return compile(self._text, self.path, "exec", dont_inherit=True)


class _Finder(importlib.abc.MetaPathFinder):
    """Finds the mutant before anybody finds the module."""

    def __init__(self, mutant: Mutant) -> None:
        self._name = f"mytrader_tui.market.failover.{mutant.module}"
        self._loader = _Loader(self._name, str(MARKET / f"{mutant.module}.py"), mutant.source)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self._name:
            return None
        return importlib.util.spec_from_loader(fullname, self._loader)


def meet(mutant: Mutant) -> int:
    """Run the tests against `mutant` in this process; 0 if it lives."""
    import pytest

    sys.path.insert(0, str(ROOT))
    sys.meta_path.insert(0, _Finder(mutant))
    os.environ["ROUTER_EXAMPLES"] = SHORT_EXAMPLES
    tables = [str(ROOT / "tests" / "market" / name) for name in TABLES]
    # In this process: another one would import the module as it stands in the file.
    options = [
        "-x",
        "-q",
        "-n0",
        "-p",
        "no:cacheprovider",
        "--no-header",
        "--tb=no",
        "-c",
        str(ROOT / "pyproject.toml"),
    ]
    return int(pytest.main([*options, *tables]) or pytest.main([*options, str(HERE / "test_router_stateful.py")]))


def is_killed(number: int) -> bool:
    """Whether the tests notice mutant `number`, in a process of its own; one that never ends is noticed."""
    command = [sys.executable, __file__, "--meet", str(number)]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        return True
    if done.returncode not in (0, 1, 2):
        raise RuntimeError(f"mutant {number}: {done.stdout}{done.stderr}")
    return done.returncode != 0


def main(numbers: Sequence[int]) -> int:
    """Try the mutants and print the survivors and the count."""
    with ThreadPoolExecutor(WORKERS) as pool:
        killed = 0
        for number, dead in zip(numbers, pool.map(is_killed, numbers), strict=True):
            mutant = MUTANTS[number]
            killed += dead
            if not dead:
                told = f"{mutant.module}: {mutant.original!r} -> {mutant.planted!r}"
                print(f"survived  {number:3} {told}", flush=True)
    print(f"{killed} of {len(numbers)} mutants killed")
    return 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--meet"]:
        sys.exit(meet(MUTANTS[int(sys.argv[2])]))
    sys.exit(main([int(text) for text in sys.argv[1:]] or range(len(MUTANTS))))
