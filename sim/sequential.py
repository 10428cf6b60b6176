"""Replications until they are enough: the studies of a sweep looked at again and again, each look paid for.

See :mod:`sim.looks` for what a look may say. All is decided by the results alone: whoever goes on with what was
interrupted, or asks for more, comes by the same looks to the same verdicts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from sim.comparison import Difference
from sim.faults import BadInput, Fault
from sim.intervals import Estimate
from sim.looks import Look, Stopping
from sim.result import Result, against_baselines
from sim.runs.replications import Replications
from sim.study import Study
from sim.targets import Target
from sim.verdicts import TOO_FEW_RUNS, Verdict

Looked = Callable[[Mapping[int, Result], Collection[int]], None]
"""Told of each look: the results of those that were looked at, and which are to have more replications."""
Simulated = Callable[[Mapping[int, Study]], Mapping[int, Replications]]
"""Studies by their number in, each with the replications it wants; the runs of those that could be simulated out."""


def until_enough(
    studies: Sequence[Study],
    simulated: Simulated,
    past: Mapping[int, Sequence[Look]] | None = None,
    looked: Looked | None = None,
) -> dict[int, Result]:
    """The results of some studies by their number, each at the look that was enough, or the last it may have.

    ``past``: looks that were made before, by the same number. A study without ``stopping`` has one look.
    """
    before = {number: list((past or {}).get(number, ())) for number in range(len(studies))}
    wanted = {
        number: study.at(next(study.stopping.numbers()) if study.stopping else study.replications, before[number])
        for number, study in enumerate(studies)
    }
    found: dict[int, Result] = {}
    while wanted:
        now = {number: Result(wanted[number], runs) for number, runs in simulated(wanted).items()}
        found |= now
        undecided = _undecided(found)
        wanted = {
            number: found[number].study.at(more, _all_looks(before[number], found[number].study))
            for number in undecided
            if (more := _next(found[number].study)) is not None
        }
        if looked:
            looked(now, wanted)
    return dict(sorted(found.items()))


def _all_looks(past: Sequence[Look], study: Study) -> list[Look]:
    """The looks made before and those made now, each once, by their number of replications."""
    looks = {look.replications: look for look in (*past, *study.looks)}
    return [looks[number] for number in sorted(looks)]


def _next(study: Study) -> int | None:
    """The number of replications of the next look, None after the last."""
    numbers = study.stopping.numbers() if study.stopping else iter(())
    return next((number for number in numbers if number > study.replications), None)


def _undecided(found: Mapping[int, Result]) -> list[int]:
    """The numbers of those results on which some question is still open."""
    compared = _open_differences(found)
    return [number for number, one in found.items() if number in compared or any(open_questions(one))]


def open_questions(result: Result) -> Iterator[str]:
    """What keeps a result from being enough: targets that are not decided, and figures not precise enough."""
    study = result.study
    if study.stopping is None:
        return
    wanted = study.stopping.half_width
    for verdict in result.verdicts:
        if verdict.reason == TOO_FEW_RUNS and not _is_precise(wanted, verdict):
            yield f"{verdict.metric} {verdict.target}"
    promised = {verdict.metric for verdict in result.verdicts}
    for metric, half_width in wanted.items():
        estimate = result.figures.estimates.get((metric, "all"))
        if metric not in promised and estimate and estimate.value is not None and not _within(half_width, estimate):
            yield f"{metric} to within {half_width:g}"


def _within(half_width: float, estimate: Estimate) -> bool:
    return estimate.half_width is not None and estimate.half_width <= half_width


def _is_precise(wanted: Mapping[str, float], verdict: Verdict) -> bool:
    return verdict.metric in wanted and _within(wanted[verdict.metric], verdict.estimate)


def _open_differences(found: Mapping[int, Result]) -> set[int]:
    """The numbers of scenarios, and of their baselines, whose differences are asked for and not decided."""
    asked = {str(number): one for number, one in found.items() if one.study.stopping and one.study.stopping.compared}
    undecided = [one for one in against_baselines(asked) if _is_open(asked[one.other].study, one)]
    return {int(name) for one in undecided for name in (one.baseline, one.other)}


def _is_open(study: Study, difference: Difference) -> bool:
    """Whether a difference in the figure of a target may be nothing, and may be more than what does not matter."""
    target = _target_on(study, difference.metric)
    estimate = difference.paired.estimate
    if target is None or estimate.lower is None or estimate.upper is None:
        return False
    is_clear = estimate.lower > 0 or estimate.upper < 0
    return not is_clear and not (-target.zone <= estimate.lower and estimate.upper <= target.zone)


def _target_on(study: Study, metric: str) -> Target | None:
    return next((t for t in study.targets.items if t.metric == metric and t.scope == "all"), None)


def why_stopped(result: Result) -> str:
    """Why there are no more replications: "every target is decided", or the cap, and what it left open."""
    undecided = list(open_questions(result))
    if not undecided:
        return "enough: every target is met, missed or at the threshold"
    return f"the most there may be; open: {', '.join(undecided)}"


def refuse_stopping(studies: Sequence[Study], kind: str) -> None:
    """BadInput where a study asks for as many replications as are enough, of a ``kind`` of run with a fixed number."""
    if any(study.stopping for study in studies):
        wanted = f"{kind} has a number of replications that is fixed: wanted precision=standard, or replications=N"
        raise BadInput([Fault("stopping", "", wanted)])


__all__ = ["Stopping", "open_questions", "refuse_stopping", "until_enough", "why_stopped"]
