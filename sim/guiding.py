"""When somebody guides: of each day and point, the time in which those who come are guided."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.roster import Duty, place_on
from sim.scenario import Scenario
from sim.units import DAY, SLOT, SLOTS, day_of, milliseconds


def guided_hours(scenario: Scenario, duty: list[Duty], days: range | list[int]) -> NDArray[np.int64]:
    """From when to when those who come are guided, ms after midnight, int64[days, points, 2]; (0, 0) is never.

    All day where the point has guides of its own. Where groups guide, from when their first comes until their last
    goes, and ``guidance.ends_early`` before that where the door stays open longer.
    """
    own = [any(one.group is None and one.point == name for one in duty) for name in scenario.points]
    guides = [one for one in duty if one.group is not None and one.group.role == "guide"]
    found = np.zeros((len(days), len(own), 2), np.int64)
    found[:, own, 1] = DAY
    names = list(scenario.points)
    for row, day in zip(found, days if guides else (), strict=False):
        for one in guides:
            point = names.index(place_on(scenario, one, day))
            if one.paid[day] and not own[point]:
                begin, end = one.paid[day][0][0], one.paid[day][-1][1]
                before = row[point] if row[point, 1] else (begin, end)
                row[point] = min(before[0], begin), max(before[1], end)
    return _ended_early(scenario, found, days) if guides else found


def _ended_early(scenario: Scenario, hours: NDArray[np.int64], days: range | list[int]) -> NDArray[np.int64]:
    """Where the last guide goes before the door closes who comes shortly before that passes by; else all day on."""
    early = milliseconds(scenario.guidance.ends_early) if scenario.guidance else 0
    for row, day in zip(hours, days, strict=True):
        opening = scenario.calendar.opening(day_of(scenario.start, day))
        for span in row:
            if span[1]:
                span[1] = max(span[1] - early, span[0]) if opening and span[1] < opening[-1][1] else DAY
    return hours


def guided_shares(hours: NDArray[np.int64], opens: NDArray[np.int64]) -> NDArray[np.float64]:
    """Of those who come to a point in each half-hour the share that is guided, float64[days, 48].

    ``hours``: int64[days, 2], of this point; ``opens``: the opening of each day, ms after its midnight: who comes
    before it enters then.
    """
    at, (begin, end) = np.arange(SLOTS) * SLOT, (column[:, None] for column in hours.T)
    begin = np.where(begin <= opens[:, None], 0, begin)
    end = np.where(end <= opens[:, None], 0, end)
    return np.asarray(np.clip(np.minimum(end, at + SLOT) - np.maximum(begin, at), 0, None) / SLOT)
