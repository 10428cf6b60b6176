"""How often the best of several ways of running a center is selected, beside the stated probability.

Selections as ``motcua select`` makes them, each on a seed of its own, among ways whose best is known by a long run. The
way next to the best is worse by a little more than what does not matter, and waits are skewed: the stated probability
is proved for normal replications only, and rests on the variance of the first few.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from sim.door import sweep
from sim.executors import default_workers
from sim.intervals import Estimate, clopper_pearson
from sim.running import Block, Job, folded, job
from sim.runs import Runs
from sim.selection.abreast import abreast
from sim.selection.course import Course, Pair
from sim.selection.question import Question
from sim.statistics import paired_difference
from sim.study import Study

WAYS = "policy=none,weekend_hours,evening_hours,guidance_desk"
CENTER = ("center=phuc_hoa", "demand=1.5", "days=7", "opening=true", WAYS)
ASKED = Question("wait_mean", lowest=True, within=0.15)
LONG, PIECE = 20_000, 200
"""Replications of each way in the long run, and how many are run at a time."""
APART = 200_000
"""Seeds between those of the selections and that of the long run."""
Done = Callable[[int, str], None]


@dataclass(frozen=True)
class Known:
    """The ways, the best first, by ``long`` replications: ``gap`` of the next, paired; who is as good as the best."""

    studies: Sequence[Study]
    order: Sequence[int]
    good: Sequence[int]
    gap: Estimate
    long: int

    @property
    def names(self) -> list[str]:
        """The policies of the ways, the best first."""
        return ["+".join(name for name, _ in self.studies[n].policies) or "none" for n in self.order]


@dataclass(frozen=True)
class Selected:
    """Of ``selections`` those that are ``right``: the best, or one within what does not matter of it.

    ``best`` and ``second`` by ``long`` replications, ``gap`` apart (95 %: from ``gap_low`` to ``gap_high``), in the
    unit of the figure; ``good``: how many count as right. ``replications``: mean of a way, of those looked at.
    """

    figure: str
    center: str
    ways: int
    best: str
    second: str
    long: int
    gap: float
    gap_low: float
    gap_high: float
    within: float
    good: int
    stated: float
    selections: int
    right: int
    undecided: int
    replications: float
    seconds: float = field(compare=False)

    @property
    def interval(self) -> tuple[float, float]:
        """The share that is right, in the long run: 95 %, Clopper and Pearson."""
        return clopper_pearson(self.right, self.selections, 0.95)


def known(seed: int, done: Done, long: int = LONG) -> Known:
    """The best of all ways by a long run on a seed that no selection has; ``done`` is told of replications."""
    studies = sweep([*CENTER, f"seed={seed + APART}"])
    pairs = [_long(study, long, done) for study in studies]
    figures = [float(over.sum() / under.sum()) for over, under in pairs]
    order = sorted(range(len(studies)), key=lambda n: ASKED.sign * figures[n])
    good = [n for n in order if abs(figures[n] - figures[order[0]]) < ASKED.within]
    gap = paired_difference(*pairs[order[1]], *pairs[order[0]], 0.95).estimate
    return Known(studies, order, good, gap, long)


def _long(study: Study, long: int, done: Done) -> Pair:
    """The figure of each replication of a long run."""
    own = job(study)

    def piece(first: int) -> tuple[np.ndarray, np.ndarray]:
        over, under = folded(own, Block(0, first, min(first + PIECE, long))).pair(ASKED.key)
        return over.copy(), under.copy()

    found = []
    with ThreadPoolExecutor(default_workers()) as executor:
        for one in executor.map(piece, range(0, long, PIECE)):
            found.append(one)
            done(len(one[0]), study.label)
    overs, unders = zip(*found, strict=True)
    return np.concatenate(overs), np.concatenate(unders)


def selected(truth: Known, selections: int, seed: int, done: Done) -> list[Selected]:
    """One row; ``done`` is told of selections."""
    began, courses = time.monotonic(), []
    with ThreadPoolExecutor(default_workers()) as executor:
        for course in executor.map(partial(chosen, truth.studies), range(seed, seed + selections)):
            courses.append(course)
            done(1, "the best of several ways")
    return [_row(truth, courses, time.monotonic() - began)]


def chosen(studies: Sequence[Study], seed: int) -> Course:
    """One selection on a seed of its own; in memory is what is looked at."""
    own = [study.model_copy(update={"seed": seed}) for study in studies]
    jobs: dict[int, Job] = {}
    have: dict[int, list[Runs]] = {n: [] for n in range(len(own))}

    def more(wanted: Mapping[int, Study], _: int) -> dict[int, Runs]:
        for n, one in wanted.items():
            jobs.setdefault(n, job(own[n]))
            runs = folded(jobs[n], Block(n, sum(map(len, have[n])), one.replications))
            have[n].append(runs.only(lambda key: key == ASKED.key))
        return {n: Runs.joined(have[n]) for n in wanted}

    return abreast(own, ASKED, more)


def _row(truth: Known, courses: Sequence[Course], seconds: float) -> Selected:
    study = truth.studies[0]
    low, high = sorted(abs(end or 0.0) for end in (truth.gap.lower, truth.gap.upper))
    return Selected(
        figure=ASKED.metric,
        center=f"{study.base.name}, {study.base.demand:g} times as many people",
        ways=len(truth.studies),
        best=truth.names[0],
        second=truth.names[1],
        long=truth.long,
        gap=abs(truth.gap.value or 0.0),
        gap_low=low,
        gap_high=high,
        within=ASKED.within,
        good=len(truth.good),
        stated=study.confidence,
        selections=len(courses),
        right=sum(course.best in truth.good for course in courses),
        undecided=sum(course.best is None for course in courses),
        replications=float(np.mean([course.replications(n) for course in courses for n in course.pairs])),
        seconds=seconds,
    )
