"""The rules of the house that no other tool checks: import direction, size, addresses, metadata."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parent.parent
PROGRAM = ("sim", "configs", "experiments", "docs")

# Left to right, as a question becomes an answer. A module of `sim` may import from its own layer and from
# those to the left of it. A package counts as one layer; `sim/__init__.py` is the facade over all of them.
LAYERS = (
    "units",
    "assumed",
    "values",
    "faults",
    "figures",
    "targets",
    "streams",
    "looks",
    "reporting",
    "distributions",
    "calendar",
    "parts",
    "staff_agreement",
    "office_agreement",
    "observed",
    "agreement",
    "money",
    "staff",
    "network",
    "dossiers",
    "arrivals",
    "appointments",
    "storms",
    "scenario",
    "lending",
    "roster",
    "routing",
    "guiding",
    "demand",
    "forecast",
    "book_load",
    "network_load",
    "workload",
    "home_load",
    "crews",
    "office_load",
    "offered_load",
    "policies",
    "scalars",
    "plan",
    "programs",
    "trace",
    "outages",
    "weather",
    "staffing",
    "tables",
    "planning",
    "own_arrivals",
    "own_rules",
    "attributes",
    "choice",
    "processing",
    "returns",
    "look",
    "booking",
    "officials",
    "wanting",
    "people",
    "lookup",
    "yardstick",
    "occupancy",
    "sums",
    "cases",
    "afterwards",
    "tally",
    "paid",
    "sources",
    "models",
    "engines",
    "replaying",
    "intervals",
    "prediction",
    "statistics",
    "quantiles",
    "runs",
    "metrics",
    "study",
    "verdicts",
    "summary",
    "running",
    "estimating",
    "launch",
    "executors",
    "cluster",
    "dispatch",
    "realizations",
    "comparison",
    "frames",
    "rows",
    "datasets",
    "parquet",
    "events",
    "result",
    "sequential",
    "simulating",
    "warmup",
    "simulations",
    "selection",
    "search",
    "assumptions",
    "headroom",
    "rested",
    "coupling",
    "centers",
    "writing",
    "folder",
    "reopening",
    "theory",
    "beside",
    "placement",
    "report",
    "fitting",
    "door",
    "provinces",
)
FACADE = "sim"

MODULE_LINES = 300
FUNCTION_LINES = 30

FORBIDDEN_MODULES = {"cPickle", "cloudpickle", "dill", "joblib", "marshal", "pickle", "shelve"}
FORBIDDEN_CALLS = {"__import__", "compile", "eval", "exec", "os.popen", "os.system", "subprocess.getoutput"}
FORBIDDEN_METHODS = {"read_pickle", "to_pickle"}
FORBIDDEN_FLAGS = {"allow_pickle", "shell"}

REGISTRY = re.compile(r"\b(?:pypi|pythonhosted|npmjs|anaconda|debian)\.(?:org|com|net)\b", re.IGNORECASE)
MACHINE_PATH = re.compile(r"(?<![\w.)}>*])/(?:work|home|root|Users)/\w|\b[A-Z]:\\Users\\")
TOOLING = ("pyproject.toml", "requirements.lock", "Makefile", ".pre-commit-config.yaml", ".ci/run")


@cache
def repository_files() -> tuple[Path, ...]:
    """What is, or is about to be, in the repository: tracked files, and new ones that are not ignored."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    return tuple(path for name in listed.split("\0") if name and (path := ROOT / name).is_file())


def texts() -> Iterator[tuple[str, str]]:
    """Name and content of every file that is text."""
    for path in repository_files():
        content = path.read_bytes()
        if b"\0" not in content[:8192]:
            yield path.relative_to(ROOT).as_posix(), content.decode("utf-8")


def python_files(*folders: str) -> list[Path]:
    """Python files below the given top-level folders, in order."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


@cache
def parse(path: Path) -> ast.Module:
    """The syntax tree of a file, parsed once."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def where(path: Path, line: int) -> str:
    """A place in the repository, as an editor opens it."""
    return f"{path.relative_to(ROOT).as_posix()}:{line}"


@cache
def project() -> dict[str, Any]:
    """`pyproject.toml`."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


# Import direction


def layer(module: str) -> str | None:
    """The layer of a dotted name, None outside `sim`: "sim.policies.hours" is in "policies"."""
    parts = module.split(".")
    if parts[0] != FACADE:
        return None
    return parts[1] if len(parts) > 1 else FACADE


def imported(tree: ast.AST, package: str) -> Iterator[tuple[int, str]]:
    """Line and dotted name of everything imported, late imports included; `package` resolves relative ones.

    `from sim import units` names the module `sim.units`, `from sim import simulate` the facade.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            ancestors = package.split(".")[: 1 - node.level or None] if node.level else []
            source = ".".join([*ancestors, *([node.module] if node.module else [])])
            for alias in node.names:
                names_module = source == FACADE and alias.name in LAYERS
                yield node.lineno, f"{source}.{alias.name}" if names_module else source


def import_faults(tree: ast.AST, module: str, package: str) -> list[str]:
    """What a module of `sim` imports that it must not, as "line: reason"."""
    own = layer(module)
    if own == FACADE:
        rank = len(LAYERS)
    elif own in LAYERS:
        rank = LAYERS.index(own)
    else:
        return [f"1: {module} is in no layer; give it a place in LAYERS"]
    faults = []
    for line, name in sorted(set(imported(tree, package))):
        if name.split(".")[0] in {"configs", "experiments", "tests"}:
            faults.append(f"{line}: sim imports {name}")
        target = layer(name)
        if target is None or target == own:
            continue
        if target not in LAYERS:
            faults.append(f"{line}: {module} imports {name}, which is in no layer")
        elif LAYERS.index(target) > rank:
            faults.append(f"{line}: {module} imports {name}, which is to the right of it")
    return faults


@pytest.mark.parametrize(
    ("module", "source", "count"),
    [
        ("sim.plan", "from sim.units import MINUTE\nfrom sim import scenario, units", 0),
        ("sim.plan", "import sim.trace", 1),
        ("sim.plan", "from .trace import Trace", 1),
        ("sim.plan", "from . import trace", 1),
        ("sim.plan", "def late():\n    from sim.report import charts", 1),
        ("sim.plan", "from sim import simulate", 1),
        ("sim.plan", "import numpy, simpy\nfrom collections import deque", 0),
        ("sim.policies.hours", "from . import staffing\nfrom .staffing import Staff", 0),
        ("sim.policies.hours", "from ..units import clock\nfrom .. import units", 0),
        ("sim.policies.hours", "from ..plan import Plan", 1),
        ("sim.door", "from experiments.run import main", 1),
        ("sim.drawer", "", 1),
        ("sim", "from sim.door import compose\nfrom .plan import make_plan", 0),
    ],
)
def test_the_import_rule_on_small_cases(module: str, source: str, count: int) -> None:
    package = module if module == FACADE else module.rpartition(".")[0]
    assert len(import_faults(ast.parse(source), module, package)) == count


def test_nothing_imports_from_its_right() -> None:
    faults = []
    for path in python_files("sim"):
        parts = path.relative_to(ROOT).with_suffix("").parts
        package = ".".join(parts[:-1])
        module = package if parts[-1] == "__init__" else ".".join(parts)
        name = path.relative_to(ROOT).as_posix()
        faults += [f"{name}:{fault}" for fault in import_faults(parse(path), module, package)]
    assert not faults, "\n".join(faults)


# Size


def function_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function from `def` to its end, its docstring left out."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    if ast.get_docstring(function, clean=False) is not None:
        docstring = function.body[0]
        lines -= (docstring.end_lineno or docstring.lineno) - docstring.lineno + 1
    return lines


def test_function_lines_leave_the_docstring_out() -> None:
    source = 'def f(\n    x: int,\n) -> int:\n    """One.\n\n    Two.\n    """\n    return x\n'
    function = ast.parse(source).body[0]
    assert isinstance(function, ast.FunctionDef)
    assert function_lines(function) == 4


def test_modules_are_short() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in python_files(*PROGRAM)}
    faults = [f"{where(path, lines)}: {lines} lines" for path, lines in lengths.items() if lines >= MODULE_LINES]
    assert not faults, "\n".join(faults)


def test_functions_are_short() -> None:
    faults = [
        f"{where(path, node.lineno)}: {node.name} has {function_lines(node)} lines"
        for path in python_files(*PROGRAM, "tests")
        for node in ast.walk(parse(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and function_lines(node) >= FUNCTION_LINES
    ]
    assert not faults, "\n".join(faults)


# What the program never does


def forbidden(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and name of each pickle, evaluated string and shell in a syntax tree."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                roots = {alias.name.split(".")[0] for alias in names}
                yield from ((node.lineno, root) for root in roots & FORBIDDEN_MODULES)
            case ast.ImportFrom(module=str(module)) if module.split(".")[0] in FORBIDDEN_MODULES:
                yield node.lineno, module
            case ast.Call(func=func, keywords=keywords):
                name = ast.unparse(func)
                if name in FORBIDDEN_CALLS or name.rpartition(".")[2] in FORBIDDEN_METHODS:
                    yield node.lineno, name
                for keyword in keywords:
                    if keyword.arg in FORBIDDEN_FLAGS and ast.unparse(keyword.value) != "False":
                        yield node.lineno, keyword.arg or ""
            case _:
                continue


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("import pickle", 1),
        ("from pickle import loads", 1),
        ("eval('1')", 1),
        ("exec('x = 1')", 1),
        ("os.system('ls')", 1),
        ("subprocess.run('ls', shell=True)", 1),
        ("np.load(path, allow_pickle=True)", 1),
        ("frame.to_pickle(path)", 1),
        ("re.compile('x')", 0),
        ("np.load(path, allow_pickle=False)", 0),
        ("'never a pickle, never eval(x)'", 0),
    ],
)
def test_forbidden_on_small_cases(source: str, count: int) -> None:
    assert len(list(forbidden(ast.parse(source)))) == count


def test_no_pickle_no_evaluated_string_no_shell() -> None:
    faults = [
        f"{where(path, line)}: {name}" for path in python_files(*PROGRAM) for line, name in forbidden(parse(path))
    ]
    assert not faults, "\n".join(faults)


def test_configs_instantiate_nothing() -> None:
    faults = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "configs").rglob("*.yaml")
        if "_target_" in path.read_text(encoding="utf-8")
    ]
    assert not faults, faults


# What the files say


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a git checkout")
@pytest.mark.parametrize("pattern", [REGISTRY, MACHINE_PATH], ids=["registry", "machine path"])
def test_no_file_names_a_registry_or_a_machine(pattern: re.Pattern[str]) -> None:
    faults = [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in texts()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("name", TOOLING)
def test_tooling_holds_no_address(name: str) -> None:
    assert "://" not in (ROOT / name).read_text(encoding="utf-8")


# Metadata and lock file


def test_license_and_version_agree() -> None:
    declared = project()["project"]
    lines = (ROOT / "LICENSE").read_text(encoding="utf-8").splitlines()
    assert lines[0] == f"{declared['license']} License"
    assert lines[2].endswith(declared["authors"][0]["name"])
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## \[(.+?)\]", changelog, re.MULTILINE)
    assert headings[0] == "Unreleased"
    assert all(Version(heading) <= Version(declared["version"]) for heading in headings[1:])


def test_installed_metadata_agrees() -> None:
    try:
        installed = importlib.metadata.metadata("motcua")
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("motcua is not installed here")
    declared = project()["project"]
    assert installed["Version"] == declared["version"]
    assert installed["License-Expression"] == declared["license"]


def locked() -> dict[str, list[tuple[Requirement, bool]]]:
    """Pins of the lock file by project name, with whether each has a hash; several where markers differ."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8").replace("\\\n", " ")
    pins: dict[str, list[tuple[Requirement, bool]]] = {}
    for line in text.splitlines():
        if line and not line.lstrip().startswith("#"):
            requirement, *hashes = line.split("--hash=sha256:")
            pin = Requirement(requirement.strip())
            pins.setdefault(canonicalize_name(pin.name), []).append((pin, bool(hashes)))
    return pins


def test_lock_pins_with_hashes_alone() -> None:
    for name, pins in locked().items():
        for pin, hashed in pins:
            assert hashed, f"{name} has no hash"
            assert [pin.url, *(clause.operator for clause in pin.specifier)] == [None, "=="], str(pin)


def test_lock_fits_the_declared_dependencies() -> None:
    declared = project()["project"]
    extras = declared["optional-dependencies"]
    wanted = [
        *declared["dependencies"],
        *extras["dev"],
        *extras["notebook"],
        *project()["build-system"]["requires"],
    ]
    pins = locked()
    for requirement in map(Requirement, wanted):
        if requirement.name != declared["name"]:
            versions = [next(iter(pin.specifier)).version for pin, _ in pins.get(requirement.name, [])]
            assert versions, f"{requirement} is not locked: make lock"
            assert all(requirement.specifier.contains(version) for version in versions), f"{requirement}: make lock"
