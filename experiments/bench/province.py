"""The 124 centers of Lâm Đồng, metrics only: each a plan of its own, and all in one run, untied and tied by choice."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, partial

from experiments.bench import ours
from experiments.bench.options import TITLES, Options
from experiments.bench.programs import Check, Model, Program, Ran, pooled, timed
from sim.coupling import Coupled, Coupling, couple
from sim.coupling.parting import Parts
from sim.planning import flatten, replicate
from sim.provinces import centers_of
from sim.study import Study
from sim.sums import Sum
from sim.tally import Tally, tally_of
from sim.units import MINUTE
from sim.yardstick import yardstick

TABLE, LEAST = "lam_dong", 10
TIES = {"untied": "{}", "10 % choose": '{"choice": {"share": 0.1, "each": 10.0, "way": 30.0}}'}
SOME = 8
"""So many centers are compared with the reference engine where they are tied."""


def province_model(options: Options) -> Model:
    """The province and its programs; a run is ``options.days`` of one replication, LEAST at least."""
    programs = (
        Program("separate plans", _separate, _unchecked),
        *(Program(f"one run, {name}", partial(_coupled, name), partial(_check, name)) for name in TIES),
    )
    note = (
        "Same: untied, what is folded of every center is that of its own plan to the bit; tied, of "
        f"{SOME} centers, what their traces by the reference engine add up to. Plans are made before the clock starts."
    )
    return Model("province", TITLES["province"], "visit", max(options.days, LEAST), programs, note)


@cache
def _studies(days: int) -> list[Study]:
    return centers_of(TABLE, [f"days={days}"])


@cache
def _together(name: str, days: int, centers: int | None = None) -> Coupled:
    return couple(_studies(days)[:centers], Coupling.model_validate_json(TIES[name]))


def _tallies(days: int, replication: int) -> tuple[list[Tally], int]:
    """Those of each center in a plan of its own, and CPU ns."""
    from sim.models.compiled.engine import tally

    own = [(flatten(one.scenario, one.center), yardstick(one.scenario, one.targets)) for one in _studies(days)]
    plans = [(replicate(plan, 1, replication), by) for plan, by in own]
    return timed(lambda: [tally([plan], by) for plan, by in plans])


def _tallies_together(name: str, days: int, replication: int) -> tuple[list[Tally], int]:
    """Those of each center of one run, and CPU ns."""
    from sim.models.compiled.engine import folded

    coupled = _together(name, days)
    plan, shares = replicate(coupled.plan, 1, replication), Parts(coupled).shares()
    return timed(lambda: list(folded([plan], shares)[0]))


def _ran(tallies: Sequence[Tally], spent: int) -> Ran:
    sums = sum(one.cells.sum(axis=(0, 1)) for one in tallies)
    return Ran(int(sums[Sum.ARRIVED]), spent, float(sums[Sum.WAITED] / sums[Sum.JOINED]) / MINUTE)


def _separate(days: int, seed: int) -> Ran:
    return _ran(*_tallies(days, seed))


def _coupled(name: str, days: int, seed: int) -> Ran:
    return _ran(*_tallies_together(name, days, seed))


def _unchecked(runs: Sequence[Ran]) -> Check:
    """What the others are compared with."""
    return Check(pooled(runs).wait, None, None, "same")


def _check(name: str, runs: Sequence[Ran]) -> Check:
    same = _are_alone() if name == "untied" else _is_reference(name)
    return Check(pooled(runs).wait, None, None, "same" if same else "off")


def _are_alone() -> bool:
    alone, together = _tallies(LEAST, 0)[0], _tallies_together("untied", LEAST, 0)[0]
    pairs = zip(alone, together, strict=True)
    return all(bool((a == b).all()) for one, other in pairs for a, b in zip(one, other, strict=True))


def _is_reference(name: str) -> bool:
    from sim.models.compiled.engine import folded

    parts = Parts(_together(name, LEAST, SOME))
    plan = replicate(parts.coupled.plan, 1, 0)
    known = zip(parts.centers, parts.traces(ours.run(plan, "reference")), strict=True)
    pairs = zip(folded([plan], parts.shares())[0], [tally_of(own, part.by) for part, own in known], strict=True)
    return all(bool((a == b).all()) for one, other in pairs for a, b in zip(one, other, strict=True))
