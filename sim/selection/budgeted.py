"""A budget of replications, spent in steps where it helps most to tell the best; each scenario on its own numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256

import numpy as np

from sim.faults import BadInput, Fault
from sim.runs.replications import Floats
from sim.selection.allocation import additions, probability_of_best
from sim.selection.course import AT_FIRST, Course, Pair, pairs_of
from sim.selection.question import Question
from sim.simulations import Simulated
from sim.statistics import is_constant, residuals
from sim.streams import SEEDS
from sim.study import Study

STEPS = 20


def budgeted(studies: Sequence[Study], asked: Question, simulated: Simulated, budget: int) -> Course:
    """The course of an allocation (:mod:`sim.selection.allocation`) of ``budget`` replications in all.

    Each scenario has first as many as in a race, then what is left is spent in STEPS steps. BadInput where the budget
    is too small for that, or a figure does not vary.
    """
    first, numbers = (studies[0].stopping or AT_FIRST).first, range(len(studies))
    if budget < first * len(studies):
        raise BadInput([Fault("budget", str(budget), f"wanted at least {first * len(studies)}: {first} for each")])
    own = {
        len(studies) + n: study.model_copy(update={"seed": seed_of(study.seed, n)}) for n, study in enumerate(studies)
    }
    step = max(-(-(budget - first * len(studies)) // STEPS), 1)
    done = np.full(len(studies), first)
    while True:
        wanted = {n: own[n].model_copy(update={"replications": int(done[n - len(studies)])}) for n in own}
        found = pairs_of(own, simulated(wanted, 0), asked)
        pairs = {n: found[len(studies) + n] for n in numbers}
        means, deviations = _normal(studies, pairs, asked)
        more = min(step, budget - int(done.sum()))
        if not more:
            break
        done = done + additions(means, deviations, done, more)
    chance = tuple(probability_of_best(means, deviations, done, apart) for apart in (0.0, asked.within))
    return Course(asked, pairs, [int(means.argmin())], {}, {}, (chance[0], chance[1]))


def seed_of(seed: int, nth: int) -> int:
    """A seed of its own for each scenario, derived from that of the study (SHA-256)."""
    return int.from_bytes(sha256(f"{seed} {nth}".encode()).digest()[:8], "big") % SEEDS


def _normal(studies: Sequence[Study], pairs: Mapping[int, Pair], asked: Question) -> tuple[Floats, Floats]:
    """The figures, turned so that the lowest is the best, and the standard deviations of one replication."""
    constant = [n for n, pair in pairs.items() if is_constant(*pair)]
    if constant:
        wanted = f"wanted procedure=kn: {studies[constant[0]].label} has the same in all replications"
        raise BadInput([Fault("metric", asked.metric, wanted)])
    means = [asked.sign * over.sum() / under.sum() for over, under in pairs.values()]
    return np.array(means), np.array([residuals(*pair).std(ddof=1) for pair in pairs.values()])
