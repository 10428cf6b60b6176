"""Scenarios simulated abreast on the same citizens, block after block, until one is left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sim.selection.course import AT_FIRST, Course, Pair, pairs_of
from sim.selection.elimination import Race, Rule
from sim.selection.question import Question
from sim.simulations import Simulated
from sim.study import Study


def abreast(studies: Sequence[Study], asked: Question, simulated: Simulated) -> Course:
    """The course of a race (:mod:`sim.selection.elimination`) at the confidence of the studies.

    ``stopping`` of the studies says after how many replications one may leave first, how fast blocks grow, and the
    most there may be: where several are left then, none is the best. Every replication is looked at in turn, so that
    blocks decide how many are simulated in vain, and nothing else.
    """
    schedule = studies[0].stopping or AT_FIRST
    rule = Rule(asked.within, studies[0].confidence, schedule.first, lowest=asked.lowest)
    race = Race(rule, [str(number) for number in range(len(studies))])
    pairs: dict[int, Pair] = {}
    for replications in schedule.numbers():
        inside = {int(name): studies[int(name)] for name in race.inside}
        wanted = {n: study.model_copy(update={"replications": replications}) for n, study in inside.items()}
        pairs |= pairs_of(inside, simulated(wanted, 0), asked)
        race.run({name: pairs[int(name)] for name in race.inside})
        if race.best is not None:
            break
    return _course(race, pairs, asked)


def _course(race: Race, pairs: Mapping[int, Pair], asked: Question) -> Course:
    """What was looked at, and no more: replications beyond are an accident of blocks."""
    looked = {n: race.left.get(str(n), race.done) for n in pairs}
    return Course(
        asked,
        {n: (over[: looked[n]], under[: looked[n]]) for n, (over, under) in sorted(pairs.items())},
        [int(name) for name in race.inside],
        {int(name): at for name, at in race.left.items()},
        {int(name): int(by) for name, by in race.by.items()},
    )
