"""The load before any run: work offered over staffed minutes, by field, point and half-hour.

Above 1 a center is overloaded, and its waits depend on how long one looks. The sheet is arithmetic on means:
visits of a mean open day, with the returns of incomplete dossiers that they cause, over the work that the
officials who may serve them get done at the counters there are, and the dossiers that go on from there over what
this leaves of the day (see :mod:`sim.office_load`). Who leaves unserved is not foreseen; whom a rule
may bring to a counter counts as if they were at their own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.crews import MOST_SETS, Crew, crews, known_classes, minutes_of, remaining
from sim.office_load import OfficeLoad, approved_minutes, office_load, steps_of
from sim.roster import duties
from sim.routing import in_back_office
from sim.scenario import Scenario
from sim.staff import Group
from sim.workload import work_of

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
BACK_OFFICE = "back office"
_ROUNDING = 1e-12  # what rounding leaves to one of two equal loads


@dataclass(frozen=True, eq=False)
class LoadSheet:
    """Minutes of a mean open day: ``offered`` and ``staffed``, shape (points, fields, 48).

    Minutes staffed are those of work that gets done: an official of speed 2 does 60 in half an hour, and work
    that needs the network stands still in an outage. ``present``: those of officials at counters, (points, 48),
    of any skill. Officials limited to some classes of citizens count for no more than the work of those: minutes
    are of those who serve the classes that fill theirs the most over the day, by the share of these classes. Of who
    brings many dossiers it is the share of work (see :func:`sim.workload.class_shares`, which is not exact).
    ``guided`` and ``guides``: minutes of guidance offered and staffed, (points, 48); ``signed`` and ``leaders``: of
    signatures on the spot, (48,). ``binding``: the point and the fields whose work is the largest share of the minutes
    of those who can do any of it, and that share; ``classes``: of whom, where not of all (a field of fewer is written
    "land (ordinary)", dossiers "back office (land, finance)", and what leaders sign "signature", at no point).
    ``office``: the back office, None without one; fetching its results is work offered at counters.
    """

    fields: tuple[str, ...]
    points: tuple[str, ...]
    offered: Floats
    staffed: Floats
    present: Floats
    guided: Floats
    guides: Floats
    signed: Floats
    leaders: Floats
    binding: tuple[str, tuple[str, ...], float]
    classes: tuple[str, ...] = ()
    office: OfficeLoad | None = None

    @property
    def load(self) -> float:
        """Work over staffed minutes of the whole center; nan without officials and work, inf without officials."""
        return float(ratio(self.offered.sum(), self.present.sum()))

    @property
    def received(self) -> list[int]:
        """The fields of work at counters: all but those of the back office alone."""
        behind = np.zeros(len(self.fields), bool) if self.office is None else self.office.offered.any(axis=0)
        return np.flatnonzero(self.offered.any(axis=(0, 2)) | ~behind).tolist()

    def by_field(self) -> Floats:
        """Load of each field in each half-hour, (fields, 48): its work over all who may do it."""
        return ratio(self.offered.sum(axis=0), self.staffed.sum(axis=0))

    def by_point(self) -> Floats:
        """Load of each point in each half-hour, (points, 48)."""
        return ratio(self.offered.sum(axis=1), self.present)


def ratio(work: object, minutes: object) -> Floats:
    """Work over minutes; inf where there is work and nobody, nan where there is neither."""
    above, below = np.asarray(work, dtype=np.float64), np.asarray(minutes, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(above / below, dtype=np.float64)


def load_sheet(scenario: Scenario) -> LoadSheet:
    """The sheet of a scenario, over the open days after its warm-up."""
    duty = duties(scenario)
    work = work_of(scenario, duty)
    offered, needed, steps = work.offered, work.needed, steps_of(scenario, duty, work)
    teams, fields, points = crews(scenario, duty), scenario.fields, tuple(scenario.points)
    done = np.nan_to_num(ratio(offered.sum(axis=2), needed), nan=1.0)[:, :, None]
    done_here = np.nan_to_num(ratio(offered.sum(axis=(1, 2)), needed.sum(axis=1)), nan=1.0)[:, None]
    staffed = np.stack([[team.usable([field]) for field in range(len(fields))] for team in teams]) * done
    present = np.stack([team.usable(list(range(len(fields)))) for team in teams]) * done_here
    guides, leaders = (
        np.stack([minutes_of(scenario, duty, "guide", point) for point in points]),
        minutes_of(scenario, duty, "leader"),
    )
    binding, classes = _binding(scenario, needed, steps[1], teams)
    approved = approved_minutes(scenario, duty, work)
    signed = float(ratio(work.signed.sum() + approved, leaders.sum()))
    if signed > binding[2] * (1 + _ROUNDING):
        binding, classes = ("", ("signature",), signed), ()
    desks = work.guided, guides, work.signed, leaders
    office = office_load(scenario, work, steps, teams, (approved, float(leaders.sum())))
    return LoadSheet(fields, points, offered, staffed, present, *desks, binding, classes, office)


def busiest_group(scenario: Scenario) -> str:
    """The group at counters or of specialists whose work has the highest load at their point; "" without any."""
    duty = duties(scenario)
    work, teams, points = work_of(scenario, duty), crews(scenario, duty), list(scenario.points)
    steps, loads = steps_of(scenario, duty, work)[1], {}
    for name, group in scenario.staff.items():
        if group.role in {"counter", "specialist"}:
            point = points.index(group.point)
            load = _load_of_group(scenario, group, teams[point], (work.needed[point], steps[point]))
            loads[name] = float(np.nan_to_num(load, nan=-1.0, posinf=np.inf))
    return max(loads, key=lambda name: loads[name], default="")


def _load_of_group(scenario: Scenario, group: Group, team: Crew, work: tuple[Floats, Floats]) -> float:
    """Work of the fields and classes of a group over the minutes of all who do the field that most of them do.

    Who also works on dossiers has these to do, and all of their minutes for it.
    """
    classes, (received, steps) = known_classes(scenario), work
    served = set(classes if group.serves is None else group.serves)
    but = frozenset(i for i, one in enumerate(classes) if one not in served)
    skills = scenario.fields if group.skills is None else group.skills
    own = [i for i, field in enumerate(scenario.fields) if field in skills]
    if not in_back_office(scenario, group):
        own = own if len(but) < len(classes) else []
        minutes = np.array([team.usable([field], but) for field in own]).max(axis=0, initial=0.0).sum()
        return float(ratio(received[own].sum(), minutes))
    share = team.shares[[i for i in range(len(classes)) if i not in but]].sum() if group.role == "counter" else 0.0
    able = np.any(team.able, axis=2)
    both = [team.minutes_with(team.office[:, field], share * able[:, field] > 0) for field in own]
    return float(ratio(received[own].sum() * share + steps[own].sum(), max(both, default=0.0)))


Binding = tuple[str, tuple[str, ...], float]


def _binding(scenario: Scenario, needed: Floats, steps: Floats, teams: list[Crew]) -> tuple[Binding, tuple[str, ...]]:
    """The fields, of which classes, whose work at one point fills those who can do any of it most (Hall)."""
    worst: tuple[Binding, tuple[str, ...]] = ("", (), 0.0), ()
    every = known_classes(scenario)
    for point, team, received, office in zip(scenario.points, teams, needed, steps, strict=True):
        work = np.append(np.outer(received, team.shares), office)
        able = np.concatenate([team.pairs, team.office], axis=1)
        for some in _sets(able, len(work) - len(office)):
            chosen = [kind for kind in some if work[kind] > 0]
            load = float(ratio(work[chosen].sum(), _minutes_for(team, able, chosen)))
            if load > worst[0][2] * (1 + _ROUNDING):
                fields, classes = _named(scenario, every, chosen)
                worst = (point, fields, load), classes
    return worst


def _sets(able: Flags, pairs: int) -> list[list[int]]:
    """The sets of kinds of work that can bind: of pairs of field and class at counters, and of fields behind them.

    At one time of the day it may be the counters that bind, at another the officials: each set of the one with each of
    the other, or, where these are too many, those that some officials leave alone and those with all of the one.
    """
    if not able[:, pairs:].any():
        return remaining(able)
    reception = [[], *remaining(able[:, :pairs])]
    office = [[], *([pairs + field for field in some] for some in remaining(able[:, pairs:]))]
    if len(reception) * len(office) <= MOST_SETS:
        return [one + other for one in reception for other in office]
    return remaining(able) + [[*range(pairs), *some] for some in office]


def _minutes_for(team: Crew, able: Flags, kinds: list[int]) -> float:
    """Minutes a day of those who can do any of some kinds of work."""
    pairs = able.shape[1] - team.office.shape[1]
    received, behind = ([kind for kind in kinds if (kind < pairs) is at_counter] for at_counter in (True, False))
    return team.minutes_with(np.any(able[:, behind], axis=1), np.any(able[:, received], axis=1))


def _named(scenario: Scenario, every: list[str], kinds: list[int]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Fields, and their classes, none for all; a field of fewer classes than the others has its own behind it."""
    own: dict[str, list[str]] = {}
    pairs = len(scenario.fields) * len(every)
    behind = [scenario.fields[kind - pairs] for kind in kinds if kind >= pairs]
    office = (f"{BACK_OFFICE} ({', '.join(behind)})",) if behind else ()
    for pair in (kind for kind in kinds if kind < pairs):
        own.setdefault(scenario.fields[pair // len(every)], []).append(every[pair % len(every)])
    seen = [name for name in every if any(name in some for some in own.values())]
    fields = tuple(field if some == seen else f"{field} ({', '.join(some)})" for field, some in own.items())
    return fields + office, () if seen == every else tuple(seen)
