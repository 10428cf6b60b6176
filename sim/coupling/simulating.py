"""Replications of a coupled run, a few at a time, the same figures for any number of workers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed

from sim.coupling import Coupled
from sim.coupling.measuring import folded, measured
from sim.coupling.parting import Parts
from sim.demand import expected_visits
from sim.engines import chosen, ways_for
from sim.models.center import run as reference
from sim.plan import Plan
from sim.planning import replicate
from sim.runs import Runs
from sim.trace import Trace

VISITS = 1_000_000
"""About as many as a block has, whose figures are kept before the next begins."""
Span = tuple[int, int]


def blocks_of(coupled: Coupled, have: Callable[[int], bool]) -> list[Span]:
    """The replications that are missing, the first to before the last of each block."""
    total = coupled.studies[0].replications
    size = max(VISITS // max(expected_visits(coupled.plan.demand), 1), 1)
    missing = [n for n in range(total) if not have(n)]
    found: list[Span] = []
    for n in missing:
        if found and found[-1][1] == n and n - found[-1][0] < size:
            found[-1] = found[-1][0], n + 1
        else:
            found.append((n, n + 1))
    return found


def simulated(coupled: Coupled, todo: list[Span], workers: int) -> Iterator[tuple[Span, list[Runs]]]:
    """The figures of each block as it is finished: of each center in order, and last those of none."""
    parts = Parts(coupled)
    is_compiled = _is_compiled(coupled)

    def block(span: Span) -> list[Runs]:
        plans = [replicate(coupled.plan, coupled.studies[0].seed, replication) for replication in range(*span)]
        if is_compiled:
            return folded(parts, plans)
        each = [measured(parts, trace) for trace in _traces(coupled, plans)]
        return [Runs.joined(runs) for runs in zip(*each, strict=True)]

    with ThreadPoolExecutor(workers) as executor:
        try:
            futures = {executor.submit(block, span): span for span in todo}
            for future in as_completed(list(futures)):
                yield futures.pop(future), future.result()
        finally:
            executor.shutdown(cancel_futures=True)


def _is_compiled(coupled: Coupled) -> bool:
    """By the engine that the first center names, or that is quickest for so many visits."""
    first = coupled.studies[0]
    return chosen(first.engine, expected_visits(coupled.plan.demand) * first.replications) == "compiled"


def _traces(coupled: Coupled, plans: Sequence[Plan]) -> Iterator[Trace]:
    ways = ways_for(expected_visits(coupled.plan.demand) * len(plans))
    return (reference(plan, ways) for plan in plans)
