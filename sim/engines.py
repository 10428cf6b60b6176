"""The engines, by name: two with one meaning, the same trace to the bit."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import Any, Literal

from sim.demand import expected_visits
from sim.faults import BadInput, Fault
from sim.lookup import Ways
from sim.models.center import Center
from sim.models.center import run as reference
from sim.own_rules import OwnRule, with_own_rule
from sim.plan import Plan
from sim.trace import Trace

Engine = Literal["auto", "compiled", "reference"]
Process = Callable[[Center], Generator[Any, Any, Any]]
FEW = 4_000


def run(plan: Plan, engine: Engine = "auto", processes: Sequence[Process] = (), rule: OwnRule | None = None) -> Trace:
    """The trace of a plan.

    ``engine``: "compiled" is fast, "reference" is the specification in SimPy; "auto" takes the reference for fewer
    than FEW expected visits, before compiled code has been loaded, and the compiled one for more. ``processes`` are
    functions of a :class:`sim.models.center.Center`, generators that SimPy runs beside those of the center: only the
    reference engine has any. BadInput where they are asked of the compiled one. ``rule`` decides in both engines where
    officials work who go by a rule, see :mod:`sim.own_rules`.
    """
    plan = plan if rule is None else with_own_rule(plan)
    expected = len(plan.columns) or expected_visits(plan.demand)
    if chosen(engine, expected, processes) == "compiled":
        from sim.models.compiled.engine import run as compiled

        return compiled(plan, rule)
    return reference(plan, ways_for(expected), processes, rule)


def chosen(engine: Engine, visits: int, processes: Sequence[Process] = ()) -> Literal["compiled", "reference"]:
    """The engine that a name stands for, by the number of visits expected and what only the reference engine has."""
    if engine not in ("auto", "compiled", "reference"):
        raise BadInput([Fault("engine", repr(engine), "wanted auto, compiled or reference")])
    if processes and engine == "compiled":
        names = ", ".join(process.__name__ for process in processes)
        raise BadInput([Fault("engine", "'compiled'", f"wanted reference or auto: only they run the process {names}")])
    if processes or engine == "reference":
        return "reference"
    return "compiled" if engine == "compiled" or visits >= FEW else "reference"


def ways_for(visits: int) -> Ways:
    """How the reference engine looks people up: compiled where they are many."""
    if visits < FEW:
        return Ways()
    from sim.models.compiled.kernels import compiled

    return Ways(*(compiled(way) for way in Ways()))
