"""Known answers of queueing theory, against which the simulator is checked.

Rates are per minute, times in minutes, probabilities from 0 to 1. A *wait* is the time from arrival to
the start of service, over everyone who joined the queue (those who gave up count with the time they
waited). Every function here is exact, or exact up to an error it states, except
:func:`allen_cunneen_approximation`; the lines of a whole day, :mod:`sim.theory.line`, :mod:`sim.theory.through` and
:mod:`sim.theory.varying`, say where they are exact and what they are elsewhere. Impossible inputs and queues without a
steady state raise ``ValueError``.
"""

from __future__ import annotations

from sim.theory.appointments import BookedQueue, booked_queue
from sim.theory.approximation import allen_cunneen_approximation
from sim.theory.breakdowns import Breakdowns, mm1_breakdowns
from sim.theory.day import DayQueue, day_mean_wait, day_number, day_queue
from sim.theory.erlang import MMC, MMCK, erlang_b, erlang_c, mmc, mmck
from sim.theory.impatience import ErlangA, erlang_a
from sim.theory.pollaczek import MG1, mg1
from sim.theory.priority import (
    PreemptiveQueue,
    PriorityQueue,
    mg1_preemptive,
    mg1_priority,
    mmc_preemptive,
    mmc_priority,
)
from sim.theory.skills import TwoSkills, two_skills

__all__ = [
    "MG1",
    "MMC",
    "MMCK",
    "BookedQueue",
    "Breakdowns",
    "DayQueue",
    "ErlangA",
    "PreemptiveQueue",
    "PriorityQueue",
    "TwoSkills",
    "allen_cunneen_approximation",
    "booked_queue",
    "day_mean_wait",
    "day_number",
    "day_queue",
    "erlang_a",
    "erlang_b",
    "erlang_c",
    "mg1",
    "mg1_preemptive",
    "mg1_priority",
    "mm1_breakdowns",
    "mmc",
    "mmc_preemptive",
    "mmc_priority",
    "mmck",
    "two_skills",
]
