"""A study's replications in blocks, and what runs a block: the same figures whatever its size and whoever runs it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from sim.demand import day_table, expected_visits
from sim.engines import chosen, ways_for
from sim.metrics import measure_all, metrics_of
from sim.models.center import run as reference
from sim.officials import shifts_worked
from sim.paid import Paid, paid_of
from sim.plan import Plan
from sim.planning import flatten, replicate
from sim.runs import Runs
from sim.study import Study
from sim.trace import Trace
from sim.yardstick import Yardstick, yardstick

LEAST, MOST, BLOCKS = 5, 200, 100
DAYS = 3000


@dataclass(frozen=True)
class Block:
    """Some replications of one study of a sweep: ``first`` to before ``last``."""

    study: int
    first: int
    last: int


@dataclass(frozen=True, eq=False)
class Job:
    """What all replications of a study share."""

    study: Study
    plan: Plan
    by: Yardstick

    def paid(self, plans: Sequence[Plan]) -> Paid:
        """The paid time of its officials in some replications; once where it is the same in all."""
        rules = self.plan.rules
        worked = [shifts_worked(plan) for plan in plans]
        found = {id(one): one for one in worked}
        paid = {key: paid_of(one, int(rules.warmup), int(rules.horizon), self.by) for key, one in found.items()}
        return Paid.joined([paid[id(one)] for one in (worked if len(found) > 1 else worked[:1])])


def job(study: Study) -> Job:
    """The job of a study."""
    scenario = study.scenario
    return Job(study, flatten(scenario, study.center), yardstick(scenario, study.targets))


def is_compiled(study: Study) -> bool:
    """Whether the compiled engine runs a study; "auto" goes by the visits of all its replications."""
    demand = day_table(study.scenario).demand
    return chosen(study.engine, expected_visits(demand) * study.replications) == "compiled"


def blocks(studies: Sequence[Study], have: Callable[[int, int], bool]) -> list[Block]:
    """What is to be done: every study's missing replications and no others, a few at a time, all studies abreast.

    A block has at most DAYS days, unless a replication has more: it is what an interruption waits for.
    """
    found = []
    most = max((study.replications for study in studies), default=0)
    days = max((study.scenario.days for study in studies), default=1)
    size = block_size(sum(study.replications for study in studies), days)
    for start in range(0, most, size):
        for number, study in enumerate(studies):
            stop = min(start + size, study.replications)
            missing = [n for n in range(start, stop) if not have(number, n)]
            firsts = [n for n in missing if n - 1 not in missing]
            lasts = [n + 1 for n in missing if n + 1 not in missing]
            found += [Block(number, first, last) for first, last in zip(firsts, lasts, strict=True)]
    return found


def block_size(replications: int, days: int) -> int:
    """How many replications of so many days a block has, where there are so many in all."""
    return min(max(replications // BLOCKS, LEAST), MOST, max(DAYS // days, 1))


def blocks_in_order(studies: Sequence[Study], have: Callable[[int, int], bool]) -> list[Block]:
    """As :func:`blocks`, study after study and as few as DAYS allows: what small centers share is little."""
    found = []
    for number, study in enumerate(studies):
        size = max(DAYS // study.base.days, 1)
        missing = [n for n in range(study.replications) if not have(number, n)]
        found += [Block(number, first, last) for first, last in stretches(missing, size)]
    return found


def stretches(numbers: Sequence[int], most: int) -> Iterator[tuple[int, int]]:
    """Ascending numbers as spans from one to before another, of at most so many each."""
    start = 0
    while start < len(numbers):
        stop = start + 1
        while stop < len(numbers) and stop - start < most and numbers[stop] == numbers[start] + stop - start:
            stop += 1
        yield numbers[start], numbers[stop - 1] + 1
        start = stop


def may_be_compiled(study: Study) -> bool:
    """One whose demand cannot be told goes to the reference engine, which says what is wrong with it."""
    try:
        return is_compiled(study)
    except Exception:  # noqa: BLE001 - it is raised again, and reported, where the study is run
        return False


def folded(own: Job, block: Block) -> Runs:
    """The metrics of a few replications by the compiled engine, without traces."""
    from sim.models.compiled.engine import tally

    plans = [replicate(own.plan, own.study.seed, replication) for replication in range(block.first, block.last)]
    return metrics_of(tally(plans, own.by), own.paid(plans), own.by)


def by_reference(own: Job, block: Block) -> Runs:
    """The metrics of a few replications from the traces of the reference engine."""
    return measure_all(_traces(own, range(block.first, block.last)), own.by)


def _traces(own: Job, replications: Sequence[int]) -> Iterator[Trace]:
    ways = ways_for(expected_visits(own.plan.demand) * len(replications))
    for replication in replications:
        yield reference(replicate(own.plan, own.study.seed, replication), ways)


def traces(study: Study, replications: Iterable[int] | None = None) -> Iterator[Trace]:
    """The trace of each replication, or of some by number, in order; made when asked for."""
    own = job(study)
    wanted = range(study.replications) if replications is None else replications
    if not is_compiled(study):
        yield from _traces(own, list(wanted))
        return
    from sim.models.compiled.engine import run as compiled

    for replication in wanted:
        yield compiled(replicate(own.plan, study.seed, replication))
