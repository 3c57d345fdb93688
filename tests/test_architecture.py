"""The house's rule, kept by the code itself: imports point downward, the ground floor is pure, the start is light."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import mytrader_tui

ROOT = Path(mytrader_tui.__file__).parent

FLOORS = {
    "market": 0,
    "settings": 1,
    "telemetry": 2,
    "process": 3,
    "feeds": 3,
    "api": 3,
    "ui": 3,
    "history": 3,
    "monitor": 4,
    "oneshot": 4,
    "app": 5,
    "demo_run": 5,
    "doctor": 5,
    "start": 6,
    "inline": 6,
    "cli_help": 6,
    "history_cli": 7,
    "doctor_cli": 7,
    "on_screen": 7,
    "cli": 8,
    "__main__": 9,
}
"""Each part of the package and its floor. A part imports itself and lower floors, never its neighbours."""

DEMO_MAY_USE = {"market", "settings", "demo"}
MAY_USE_DEMO = {"app", "cli", "demo_run", "demo"}
MAY_USE_TEXTUAL = {"ui", "app", "inline"}

PURE = {
    "bisect",
    "collections",
    "collections.abc",
    "datetime",
    "decimal",
    "difflib",
    "enum",
    "functools",
    "math",
    "msgspec",
    "msgspec.structs",
    "re",
    "typing",
    "unicodedata",
    "zoneinfo",
}
"""All that the ground floor may import: nothing that reads a clock, draws lots, waits, logs or touches the outside."""

HEAVY = ("pandas", "numpy", "alpaca", "yfinance", "curl_cffi", "starlette", "uvicorn")

Import = tuple[str, str, str]
"""A file within the package, the part it belongs to, and the module it imports."""


def imports() -> Iterator[Import]:
    """Every import statement of the package, wherever in a file it stands."""
    for file in sorted(ROOT.rglob("*.py")):
        place = file.relative_to(ROOT)
        part = place.parts[0].removesuffix(".py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            for module in imported(node):
                yield str(place), part, module


def imported(node: ast.AST) -> list[str]:
    match node:
        case ast.Import(names=names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module="mytrader_tui", names=names):
            return [f"mytrader_tui.{alias.name}" for alias in names]
        case ast.ImportFrom(module=str(module)):
            return [module]
        case _:
            return []


@cache
def all_imports() -> tuple[Import, ...]:
    """What `imports` finds. Looked for by the tests that ask: every process of tests reads this file."""
    return tuple(imports())


def own_parts() -> Iterator[Import]:
    """The imports of the package's own parts: file, part, imported part."""
    for place, part, module in all_imports():
        package, _, rest = module.partition(".")
        target = rest.partition(".")[0]
        if package == "mytrader_tui" and target != "__version__":
            yield place, part, target


def test_every_part_has_its_floor() -> None:
    parts = {path.name.removesuffix(".py") for path in ROOT.iterdir() if path.suffix == ".py" or path.is_dir()}

    assert parts - {"__init__", "__pycache__"} <= {*FLOORS, "demo"}


def test_imports_point_downward() -> None:
    wrong = [
        f"{place} imports {target}"
        for place, part, target in own_parts()
        if "demo" not in (part, target) and part not in ("__init__", target) and FLOORS[part] <= FLOORS[target]
    ]

    assert wrong == []


def test_the_screens_never_reach_the_feeds() -> None:
    assert [place for place, part, target in own_parts() if part == "ui" and target in ("feeds", "monitor")] == []


def test_the_demo_market_uses_the_lowest_floors_only_and_nothing_but_the_top_uses_it() -> None:
    above = [place for place, part, target in own_parts() if part == "demo" and target not in DEMO_MAY_USE]
    below = [place for place, part, target in own_parts() if target == "demo" and part not in MAY_USE_DEMO]

    assert (above, below) == ([], [])


def test_the_ground_floor_is_pure() -> None:
    impure = [
        f"{place} imports {module}"
        for place, part, module in all_imports()
        if part == "market" and module not in PURE and not f"{module}.".startswith("mytrader_tui.market.")
    ]

    assert impure == []


@pytest.mark.parametrize("call", ["now", "utcnow", "today"])
def test_the_ground_floor_asks_no_clock_through_datetime(call: str) -> None:
    asking = [
        f"{file.name}:{node.lineno}"
        for file in (ROOT / "market").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == call
    ]

    assert asking == []


def test_only_the_screens_know_textual() -> None:
    assert {part for _, part, module in all_imports() if module.partition(".")[0] == "textual"} <= MAY_USE_TEXTUAL


def test_no_import_is_relative() -> None:
    relative = [
        file.name
        for file in ROOT.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.level
    ]

    assert relative == []


@pytest.mark.parametrize("module", ["mytrader_tui.cli", "mytrader_tui.app", "mytrader_tui.monitor.worker"])
def test_what_runs_before_the_first_paint_imports_nothing_heavy(module: str) -> None:
    program = f"import sys, {module}; print(*sorted(set(sys.modules) & {set(HEAVY)!r}))"
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT.parent), *sys.path])}

    done = subprocess.run([sys.executable, "-c", program], env=environ, capture_output=True, text=True, check=True)

    assert done.stdout.split() == []


def test_the_worker_runs_without_textual() -> None:
    program = "import sys, mytrader_tui.monitor.worker; print('textual' in sys.modules)"
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT.parent), *sys.path])}

    done = subprocess.run([sys.executable, "-c", program], env=environ, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"
