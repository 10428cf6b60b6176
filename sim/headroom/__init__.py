"""How much a center can take before its promise breaks: more demand, fewer officials, a network that fails.

Of one that breaks its promise as it is, by how much demand would have to fall for it to be kept, and how many officials
more it would need. What is guaranteed is said where it is found: :mod:`sim.headroom.turning`,
:mod:`sim.headroom.officials`, :mod:`sim.headroom.needed`, :mod:`sim.headroom.outages`.
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.assumptions.ends import base_point
from sim.assumptions.trials import Point, Try, first_figure, unfit_targets
from sim.faults import BadInput, Fault
from sim.headroom.changes import settled, times_as_many
from sim.headroom.needed import Needed, needed
from sim.headroom.officials import Spared, spared
from sim.headroom.outages import Survived, survived
from sim.headroom.turning import Turn, Walk, first_to_turn, turns, walked
from sim.study import Study

MORE = 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0
FEWER = 0.8, 0.65, 0.5, 0.35, 0.2, 0.1


@dataclass(frozen=True, eq=False)
class Headroom:
    """What was found of a study. ``demand``: figures by the factor on all arrivals; ``turns``: where each target turns.

    ``officials`` is None, and ``outages`` is empty, where the targets are not met as it is: there is nothing to spare.
    ``needed`` is None where they are.
    """

    base: Point
    demand: Walk
    turns: tuple[Turn, ...]
    officials: Spared | None
    outages: tuple[Survived, ...]
    needed: Needed | None = None

    @property
    def study(self) -> Study:
        """What was asked."""
        return self.base.study


def headroom(study: Study, tries: Try) -> Headroom:
    """Looks at more demand, and where the targets are met at fewer officials and outages, else at more officials.

    BadInput where nothing is promised, by quantiles alone, or of nobody.
    """
    faults = unfit_targets(study)
    if faults:
        raise BadInput(faults)
    base = base_point(study, tries)
    if base.verdict == "n/a":
        raise BadInput([Fault("targets", " in ".join(first_figure(study)), "is of nobody: there is no verdict")])
    demand = walked(base, 1.0, lambda factor: times_as_many(study, factor), tries, (MORE, FEWER))
    found = turns(demand)
    own = settled(study)
    if base.verdict != "met":
        return Headroom(base, demand, found, None, (), needed(own, tries))
    return Headroom(base, demand, found, spared(own, tries), survived(own, base, tries))


__all__ = ["Headroom", "Needed", "Spared", "Survived", "Turn", "Walk", "first_to_turn", "headroom"]
