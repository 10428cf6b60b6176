"""What is to be expected of storms, before any run: how likely one is on each day, and how many people it leaves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.demand import day_table
from sim.scenario import Scenario

Floats = NDArray[np.float64]


def storm_chances(scenario: Scenario) -> Floats:
    """The probability that a storm lasts on each day of a run."""
    dated, storms = day_table(scenario).days["storm"], scenario.storms
    at_random = 1 - (1 - storms.begins) ** storms.lasts if storms else 0.0
    return np.where(dated, 1.0, at_random)


def expected_people(scenario: Scenario) -> Floats:
    """Newcomers expected on each day: ``factor`` times as many in a storm, and later those whom it kept away.

    Exact: ``kept`` are those who were kept away and did not come yet, by the days that a storm still lasts, today
    included, each with its probability in ``left``, which is the same on each day.
    """
    table, storms = day_table(scenario), scenario.storms
    usual: Floats = table.demand["people"]
    if storms is None:
        return usual
    begins, lasts = storms.begins, storms.lasts
    left = np.array([(1 - begins) ** lasts, *(begins * (1 - begins) ** (lasts - day) for day in range(1, lasts + 1))])
    kept, found = np.zeros(lasts + 1), usual.copy()
    for day, dated in enumerate(table.days["storm"]):
        kept = np.append((1 - begins) * np.append(kept[0] + kept[1], kept[2:]), begins * kept.sum())
        storm = left if dated else np.append(0.0, left[1:])
        found[day] *= 1 + storm.sum() * (storms.factor - 1)
        kept += storm * usual[day] * max(1 - storms.factor, 0.0)
        if usual[day] > 0 and not dated:
            found[day] += storms.come_later * kept[0]
            kept[0] = 0.0
    return found
