"""The service-center day in C (``day.c``), compiled when it is first needed and called in this process."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np

from sim.plan import Plan
from sim.programs import shifts_of
from sim.trace import TASKS, VISITS, Trace

SOURCE = "day.c"
# No fused multiply-add: the same bits as Python's arithmetic on every processor.
FLAGS = ("-O3", "-std=c99", "-ffp-contract=off", "-shared", "-fPIC")
NUMBERS = ("days", "fields", "officials", "steps", "center", "visits", "elderly", "guidance")
TABLES = (
    *("keys", "people", "profiles", "profile", "program", "return_times", "shares", "incomplete", "service"),
    *("group", "quantiles", "programs", "changes", "network"),
)


class _Plan(ctypes.Structure):
    _fields_ = (*((name, ctypes.c_int64) for name in NUMBERS), *((name, ctypes.c_void_p) for name in TABLES))


def why_not() -> str:
    """Why there is no C loop here, or nothing."""
    return "" if shutil.which("cc") else "no C compiler (cc)"


def run(plan: Plan) -> Trace:
    """The trace of a plan of ``center=benchmark_day``."""
    library, tables, sizes = _library(), _tables(plan), np.zeros(2, np.int64)
    given = _Plan(**_numbers(plan), **{name: table.ctypes.data for name, table in tables.items()})
    simulated = library.simulate(ctypes.byref(given), sizes.ctypes.data)
    if not simulated:
        raise MemoryError("no room for the visits of the C loop")
    citizens, count = sizes.tolist()
    visits, tasks = np.empty(count, VISITS), np.empty(2 * count, TASKS)
    first, at = np.zeros(citizens + 1, np.int64), np.empty(count, np.int32)
    done = library.rows(simulated, *(array.ctypes.data for array in (first, at, visits, tasks)))
    return Trace(visits, tasks[:done], shifts_of(plan), int(plan.rules.horizon), int(plan.rules.warmup))


def _numbers(plan: Plan) -> dict[str, int]:
    return {
        "days": len(plan.days),
        "fields": plan.fields,
        "officials": len(plan.officials),
        "steps": len(plan.network),
        "center": int(plan.centers[0]["number"]),
        "visits": int(plan.centers["visits"][0]),
        "elderly": int(plan.priorities["threshold"][0, 0]),
        "guidance": int(plan.centers["guidance"][0]),
    }


def _tables(plan: Plan) -> dict[str, Any]:
    """What C reads, each without gaps; they must live as long as the call."""
    demand, procedures = plan.demand[0], plan.procedures
    given = {
        "keys": (plan.keys, np.uint64),
        "people": (demand["people"], np.float64),
        "profiles": (plan.profiles, np.float64),
        "profile": (demand["profile"], np.int32),
        "program": (plan.days["program"], np.int32),
        "return_times": (plan.return_times, np.int64),
        "shares": (procedures["threshold"], np.int64),
        "incomplete": (procedures["incomplete"], np.int64),
        "service": (procedures["service"], np.int64),
        "group": ([int(skills).bit_length() - 1 for skills in plan.officials["skills"]], np.int64),
        "quantiles": (plan.quantiles, np.int64),
    }
    tables = {name: np.ascontiguousarray(table, kind) for name, (table, kind) in given.items()}
    return tables | {name: np.ascontiguousarray(getattr(plan, name)) for name in ("programs", "changes", "network")}


@lru_cache(maxsize=1)
def _library() -> Any:
    """The compiled source; its file is gone once it is loaded."""
    compiler = shutil.which("cc")
    if compiler is None:
        raise FileNotFoundError(why_not())
    with tempfile.TemporaryDirectory() as folder, as_file(files("experiments.bench") / SOURCE) as source:
        target = Path(folder) / "day.so"
        subprocess.run([compiler, *FLAGS, str(source), "-o", str(target), "-lm"], check=True)
        library = ctypes.CDLL(str(target))
    pointer = ctypes.c_void_p
    library.simulate.argtypes, library.simulate.restype = [pointer, pointer], pointer
    library.rows.argtypes, library.rows.restype = [pointer] * 5, ctypes.c_int64
    return library
