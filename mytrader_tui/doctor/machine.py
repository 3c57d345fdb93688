"""Python, and the libraries against the bounds that this program declares."""

import importlib
import platform
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from packaging.requirements import Requirement

from mytrader_tui.doctor.result import Result, fail, ok, skip, warn

LEAST_PYTHON = (3, 11)
PROGRAM = "mytrader-tui"


def python() -> Result:
    """The interpreter's version and platform."""
    found = f"{platform.python_version()} ({platform.python_implementation()}) on {platform.system()}"
    if sys.version_info[:2] < LEAST_PYTHON:
        return fail(found, "Install Python 3.11 or newer.")
    return ok(f"{found} {platform.machine()}".rstrip())


def libraries() -> Result:
    """The installed libraries."""
    declared = declared_requirements()
    if not declared:
        return skip("the program is not installed as a package, so that its bounds are not known")
    return judged(declared)


def judged(declared: list[str]) -> Result:
    """Whether what is installed is within the bounds `declared` (PEP 508); those of extras are not asked for."""
    held: list[str] = []
    broken: list[str] = []
    for requirement in filter(_applies, map(Requirement, declared)):
        try:
            installed = version(requirement.name)
        except PackageNotFoundError:
            broken.append(f"{requirement.name} is missing")
            continue
        if requirement.specifier.contains(installed, prereleases=True):
            held.append(f"{requirement.name} {installed}")
        else:
            broken.append(f"{requirement.name} {installed} is not {requirement.specifier}")
    if broken:
        return fail("; ".join(broken), f"Install it anew: pip install --upgrade --force-reinstall {PROGRAM}")
    return ok(f"{len(held)} within their bounds: {', '.join(held)}")


def declared_requirements(project: Path = Path(__file__).parents[2] / "pyproject.toml") -> list[str]:
    """What the program declares that it needs: by its package's own data, or in a source tree by `project`."""
    try:
        return requires(PROGRAM) or []
    except PackageNotFoundError:
        pass
    try:
        document = tomllib.loads(project.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    section = document.get("project", {})
    listed = section.get("dependencies", []) if section.get("name") == PROGRAM else []
    return [text for text in listed if isinstance(text, str)]


def _applies(requirement: Requirement) -> bool:
    return requirement.marker is None or requirement.marker.evaluate({"extra": ""})


def keyring(place: str) -> Result:
    """The system's keyring; `place` is where the keys came from, empty if there are none."""
    try:
        module = importlib.import_module("keyring")
    except ImportError:
        return ok("not installed, which is no fault: the environment or credentials.toml hold keys as well")
    backend = module.get_keyring()
    name = f"{type(backend).__module__}.{type(backend).__qualname__}"
    if getattr(backend, "priority", 0) > 0:
        return ok(f"{name}{', which holds the keys' if place == 'the keyring' else ''}")
    return warn(f"installed, but it has no store that works ({name})", "Keep the keys in the environment instead.")
