"""The paid time of officials: what their presence costs, and how many are on duty through the day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.occupancy import clipped
from sim.plan import AWAY, REST_DAY, UNPAID
from sim.tally import course_of, through_the_day
from sim.units import DAY
from sim.yardstick import Yardstick

Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Paid:
    """The paid time of officials in R replications, or 1 where it is the same in all: ms on ordinary and on rest days.

    ``present``: ms of both on which they were not away. ``on_duty``: float64[R, BINS], mean officials on duty by bin
    of the day, summed over the measured days. ``planned``: int64[R, officials, days], ms of paid work on rest days.
    """

    ordinary: Integers
    rest_day: Integers
    present: Integers
    on_duty: NDArray[np.float64]
    planned: Integers

    @staticmethod
    def joined(parts: Sequence[Paid]) -> Paid:
        """One after the other along the replications."""
        names = ("ordinary", "rest_day", "present", "on_duty", "planned")
        return Paid(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def paid_of(shifts: NDArray[np.void], warmup: int, horizon: int, by: Yardstick) -> Paid:
    """What is paid between two times, from the spans of :data:`sim.plan.SHIFTS`."""
    start, end = clipped((shifts["start"], shifts["end"]), warmup, horizon)
    rest = shifts["pay"] & REST_DAY > 0
    there, paid = shifts["pay"] & AWAY == 0, shifts["pay"] & UNPAID == 0
    bins, days = course_of((start[there], end[there]))
    length, planned = end - start, np.zeros((len(by.officials), len(by.months)), np.int64)
    extra = rest & there & paid  # who is away on a rest day has no claim to its pay
    np.add.at(planned, (shifts["official"][extra], shifts["start"][extra] // DAY), length[extra])
    ordinary, rest_day, present = (np.array([length[which].sum()]) for which in (paid & ~rest, extra, there))
    return Paid(ordinary, rest_day, present, through_the_day(bins, np.array(days))[None], planned[None])
