"""What a result rests on: its assumptions varied over their ranges, on common random numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sim.assumptions.draws import uncertain
from sim.assumptions.everywhere import morris, sobol
from sim.assumptions.one_by_one import rests_on
from sim.assumptions.tables import morris_frame, rests_frame, sobol_frame, uncertain_frame
from sim.assumptions.trials import Try, in_memory, unfit_targets
from sim.executors import Workers
from sim.faults import BadInput, Fault, nearest
from sim.study import Study

if TYPE_CHECKING:
    import pandas as pd

METHODS: dict[str, Callable[[Study, Try, bool], pd.DataFrame]] = {
    "one_at_a_time": lambda study, tries, every: rests_frame(rests_on(study, tries, every)),
    "morris": lambda study, tries, _: morris_frame(morris(study, tries)),
    "sobol": lambda study, tries, every: sobol_frame(sobol(study, tries, every)),
    "inputs": lambda study, tries, _: uncertain_frame(uncertain(study, tries)),
    "measured": lambda study, tries, _: uncertain_frame(uncertain(study, tries, "measured")),
}


def sensitivity(
    study: Study, method: str = "one_at_a_time", every: bool = False, workers: Workers | None = None
) -> pd.DataFrame:
    """What the first target's figure, and the verdict, rest on: a row an assumption, see ``motcua sensitivity --help``.

    ``method``: ``one_at_a_time``, ``morris``, ``sobol``; ``inputs`` for the verdicts with the error of
    all inputs in their intervals, ``measured`` of those alone that were measured: a row a target.
    ``every``: estimates of all assumptions and not of the largest alone. BadInput where nothing can be varied.
    """
    if method not in METHODS:
        raise BadInput([Fault("method", method, f"wanted one of {', '.join(METHODS)}", nearest(method, METHODS))])
    faults = unfit_targets(study)
    if faults:
        raise BadInput(faults)
    return METHODS[method](study, in_memory(workers), every)
