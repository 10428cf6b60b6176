"""What a search found, on a terminal."""

from __future__ import annotations

from textwrap import wrap

from experiments.centers_table import interval
from sim.report.wording import assumed, shortened
from sim.search import Search
from sim.search.frontier import Step

WIDTH, NAME, RUNNERS_UP, STEPS = 100, 54, 3, 8
STATES = {"feasible": "keeps them", "near": "at the threshold", "out": "misses one", "open": "undecided"}

BY_THEOREM = (
    "ruled out without a replication: others have as many officials, or more, and miss a target; where all are alike "
    "and always there, one more makes nobody wait longer (Kiefer and Wolfowitz 1955)"
)


def table(found: Search, seconds: float) -> str:
    """At most 100 columns: the answer, how sure, what is next to it, and what more money buys."""
    study, systems = found.systems[0].study, found.systems
    runs = sum(system.replications for system in systems)
    head = f"{study.base.name}: {len(systems)} combinations, {runs} replications, {seconds:.0f} s"
    promised = "; ".join(f"{v.metric} {v.target}" for v in systems[found.looked_at[0]].figures.verdicts)
    lines = [head, *wrap(f"targets: {study.targets.name}: {promised}", WIDTH), "", *_answer(found)]
    lines += ["", f"{'cheapest first':{NAME}} {'M/day':>7} {found.metric:>16}  state"]
    lines += [_row(number, found) for number in _shown(found)]
    lines += ["", *_bought(found), "?: not told from nothing by the replications that all have.", ""]
    lines += wrap(
        f"Combinations are ruled out at {study.confidence:.0%} confidence for all of them together, seed {study.seed}. "
        f"Simulation error only; {assumed([study]) or 'inputs are unmarked'}.",
        WIDTH,
    )
    return "\n".join(lines)


def _answer(found: Search) -> list[str]:
    if found.answer is None:
        tried = f" {len(found.confirmed)} that seemed to were not confirmed." if found.confirmed else ""
        return [f"answer: none of them is shown to keep every target.{tried}", *_left_open(found)]
    result = found.confirmed[found.answer]
    figure, cost = (result.figures.estimates[name, "all"] for name in (found.metric, "cost_per_day"))
    said = (
        f"answer: {found.names[found.answer]}: {(cost.value or 0) / 1e6:.2f} M a day, {found.metric} "
        f"{interval(figure)}; every target met on {result.study.replications} replications without part in its choice"
    )
    return [*wrap(said, WIDTH), *wrap(_sure(found), WIDTH), *_left_open(found)]


def _sure(found: Search) -> str:
    if found.undecided:
        return f"{len(found.undecided)} cheaper ones are undecided after {found.schedule.most} replications"
    confidence = found.systems[0].study.confidence
    return f"with {confidence:.0%} confidence nothing that clearly keeps every target is cheaper"


def _left_open(found: Search) -> list[str]:
    near = [number for number in found.cheaper if found.systems[number].state == "near"]
    unseen = len(found.systems) - len(found.looked_at)
    lines = [f"cheaper and at the threshold: {len(near)}"] if near else []
    return [*lines, *(wrap(f"{unseen} {BY_THEOREM}", WIDTH) if unseen else [])]


def _shown(found: Search) -> list[int]:
    """Those at the threshold and below the answer, the answer, and the next ones that keep the targets."""
    after = [number for number in found.numbers("feasible") if number != found.answer][:RUNNERS_UP]
    own = [] if found.answer is None else [found.answer]
    first = found.numbers("open", "near")[:RUNNERS_UP] if found.answer is None else found.cheaper[-RUNNERS_UP:]
    return [*first, *own, *after]


def _row(number: int, found: Search) -> str:
    system = found.systems[number]
    state = "the answer" if number == found.answer else STATES[system.state]
    name = shortened(found.names[number], NAME)
    return f"{name:{NAME}} {system.cost / 1e6:>7.2f} {interval(system.estimate(found.metric)):>16}  {state}"


def _bought(found: Search) -> list[str]:
    """The steps around the answer, or all where they are few."""
    if not found.steps:
        return ["one combination is both cheapest and best: more money buys nothing here"]
    middle = next((nth for nth, step in enumerate(found.steps) if step.dearer == found.answer), 0)
    first = max(min(middle - STEPS // 2, len(found.steps) - STEPS), 0)
    shown = found.steps[first : first + STEPS]
    title = f"what more money a day buys ({len(shown)} of {len(found.steps)} steps between efficient combinations):"
    return [title, *(_step(step, found) for step in shown)]


def _step(step: Step, found: Search) -> str:
    gain, cost = step.gain.estimate, (step.cost.estimate.value or 0.0) / 1e6
    name = shortened(found.names[step.dearer], NAME - 7)
    sure = step.gain.p_value is not None and step.gain.p_value <= 1 - gain.confidence
    change = f"{gain.value or 0:+6.2f} min{'' if sure else ' ?'}"
    return f"  {cost:+6.2f} M: {change}, {step.per_million:+7.2f} a million, to {name}"
