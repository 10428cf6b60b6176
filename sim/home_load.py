"""What is filed online from home on a mean open day: minutes to check it, and dossiers accepted."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.roster import Duty
from sim.routing import offices
from sim.scenario import Scenario
from sim.workload import arrivals_of

Floats = NDArray[np.float64]


def filed_from_home(scenario: Scenario, duty: list[Duty]) -> tuple[Floats, Floats]:
    """Minutes of checks a day, (points, fields), and dossiers accepted, (procedures, points).

    A dossier that lacks something comes again with the probability of who brings it to a counter, and may lack
    something again; a person's other dossiers come with it or not, which is left out of the mean.
    """
    fields, points = scenario.fields, len(scenario.points)
    minutes, accepted = np.zeros((points, len(fields))), np.zeros((len(scenario.procedures), points))
    filers = float(arrivals_of(scenario)[0].sum()) * (scenario.for_each_visitor - 1)
    checked = [channel for channel in scenario.channels.values() if channel.checking is not None and channel.share]
    for number, (name, entry) in enumerate(scenario.procedures.items() if checked else ()):
        again = entry.incomplete * scenario.returns.incomplete.share
        times = sum(again**k for k in range(scenario.returns.visits))
        field, place = fields.index(entry.field or name), offices(scenario, duty)
        mean = sum(one.share * one.checking.mean for one in checked if one.checking) / scenario.from_home
        for reach, to in zip(scenario.reach.values(), place[:, field], strict=True):
            dossiers = filers * entry.share * reach * scenario.arrivals.dossiers_per_visitor * times
            minutes[to, field] += dossiers * mean
            accepted[number, to] += dossiers * (1 - entry.incomplete)
    return minutes, accepted
