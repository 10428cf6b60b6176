"""What an hour without the network would do, each day, at the time when most people come."""

from __future__ import annotations

from dataclasses import dataclass

from sim.assumptions.ends import End, end_of
from sim.assumptions.trials import Point, Trial, Try
from sim.headroom.changes import down_each_day, settled
from sim.network import Network
from sim.runs.replications import Replications
from sim.units import HOUR

MINUTES = 60


@dataclass(frozen=True, eq=False)
class HourDown:
    """A center in which the network is down for MINUTES from ``begins`` (hour of the day) on, beside all else."""

    begins: int
    end: End


def busiest_hour(runs: Replications) -> int | None:
    """The hour of the day in which most people come; None where nobody does."""
    came = {hour: runs.pair(("arrived", f"hour={hour}"))[0].sum() for hour in range(24)}
    busiest = max(came, key=lambda hour: came[hour])
    return busiest if came[busiest] else None


def hour_down(base: Point, begins: int, tries: Try, replications: int) -> HourDown:
    """The base with that outage, in its first replications; it answers outages as it does today."""
    own = settled(base.study)
    answer = (own.base.network or Network()).answer
    made = down_each_day(own, begins * HOUR, MINUTES, answer)
    runs = tries([Trial(made, 0, replications)])[0]
    return HourDown(begins, end_of(base, MINUTES, Point(made, runs)))
