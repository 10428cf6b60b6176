"""How long an outage of the network the promise survives: one outage a day, from the worst hour on.

The worst hour is that from which the shortest outage breaks the promise. It is chosen among the hours from opening to
closing on replications of its own, numbered behind those of the study: ever longer outages are tried from all of them
until one breaks a target, by the figures. How long an outage from there on is survived is then estimated on the
replications of the study, so that the hour was not chosen by what they have by chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.assumptions.ends import slacks
from sim.assumptions.trials import Point, Trial, Try
from sim.headroom.changes import Answer, answers_of, down_each_day, opening_of
from sim.headroom.turning import Turn, Walk, turns, walked
from sim.study import Study
from sim.units import HOUR, MINUTE

CHOOSING = 10
"""Replications on which the hour is chosen."""
LENGTHS = (15, 30, 60, 90, 120, 180, 240, 300, 360, 480, 600, 720, 960, 1200, 1440)


@dataclass(frozen=True, eq=False)
class Survived:
    """A center that answers outages in one way: the hour from which they begin, and where each target turns.

    ``walk`` is by the length, minutes; ``longest`` is that from the hour to closing; ``hours`` are those looked at.
    """

    answer: Answer
    begins: int
    hours: tuple[int, ...]
    longest: int
    walk: Walk
    turns: tuple[Turn, ...]


def survived(study: Study, base: Point, tries: Try) -> tuple[Survived, ...]:
    """One a way of answering outages, as it is today first. ``study`` is settled, ``base`` its figures as it is."""
    return tuple(_survived(study, base, answer, tries) for answer in answers_of(study.base))


def _survived(study: Study, base: Point, answer: Answer, tries: Try) -> Survived:
    opens, closes = opening_of(study.base)
    hours = tuple(range(opens, closes, HOUR))
    begins = worst_hour(study, answer, hours, closes, tries)
    longest = (closes - begins) // MINUTE
    start = _without(study, base, answer, tries)

    def made(minutes: float) -> Study:
        return down_each_day(study, begins, round(minutes), answer)

    walk = walked(start, 0.0, made, tries, (_up_to(longest), ()), whole=True)
    return Survived(answer, begins, hours, longest, walk, turns(walk))


def _without(study: Study, base: Point, answer: Answer, tries: Try) -> Point:
    """The figures without an outage of our own: as it is, unless it has others and answers them otherwise."""
    changed = down_each_day(study, 0, 0, answer)
    if changed.scenario == study.scenario or study.base.network is None:
        return base
    return Point(changed, tries([Trial(changed, 0, study.replications)])[0])


def _up_to(longest: int) -> list[float]:
    return [*(float(length) for length in LENGTHS if length < longest), float(longest)]


def worst_hour(study: Study, answer: Answer, hours: Sequence[int], closes: int, tries: Try) -> int:
    """The hour from which the shortest outage breaks a target; where none does, from which it comes nearest to that."""
    first = study.replications
    nearest: tuple[float, int] = (float("-inf"), hours[0])
    for length in LENGTHS:
        fitting = [hour for hour in hours if hour + length * MINUTE <= closes]
        trials = [Trial(down_each_day(study, hour, length, answer), first, first + CHOOSING) for hour in fitting]
        for hour, trial, runs in zip(fitting, trials, tries(trials), strict=True):
            nearest = max(nearest, (slacks(Point(trial.study, runs))[0], hour), key=lambda one: one[0])
        if nearest[0] > 0 or not fitting:
            break
    return nearest[1]
