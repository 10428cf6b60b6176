"""How much a center can take, on a terminal, at most 100 columns wide."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from textwrap import wrap

from sim.assumptions.trials import Point
from sim.headroom import Headroom, Survived, Turn, Walk
from sim.headroom.needed import Larger, Needed, counters_more
from sim.headroom.officials import Group, Step
from sim.headroom.outages import CHOOSING
from sim.headroom.words import (
    demand_said,
    factor,
    interval,
    minutes,
    needed_said,
    outage_said,
    spared_said,
    turning_point,
)
from sim.intervals import Estimate
from sim.report.wording import assumed, measured, shortened, span
from sim.targets import Target
from sim.units import clock_text
from sim.verdicts import Verdict

WIDTH, NAME, GROUP, FIGURE = 100, 31, 25, 18

ELSEWHERE = "where nobody is left for a field, its citizens are received at another point that has somebody"

COUNTERS = (
    "counters: set up with the officials where those of a point would outnumber its counters; of each group the last "
    "two numbers, of one that is not enough the first and the last"
)


def table(found: Headroom) -> str:
    """The answers, each with the figures behind it."""
    study = found.study
    promised = "; ".join(f"{t.metric} {t.text}" + (" [guard]" if t.guard else "") for t in study.targets.items)
    lines = _wrapped(f"{study.label}: {found.base.verdict} as it is")
    lines += _wrapped(f"targets: {study.targets.name}: {promised}")
    lines += ["", *_wrapped(f"demand: {demand_said(found.turns, found.demand)}")]
    lines += _turns(found.turns, found.demand, factor, "as it is")
    lines += ["", *_officials(found), "", *_outages(found), ""]
    known = assumed([study]) or "inputs are unmarked"
    return "\n".join([*lines, *_wrapped(f"{_read(found)} Simulation error only; {known}.")])


def _read(found: Headroom) -> str:
    study = found.study
    return (
        f"{study.replications} replications, {study.confidence:.0%} intervals, seed {study.seed}. Turning points by "
        "the figure; their intervals are the values at which the interval of the figure holds the target."
    )


def _turns(turns: Sequence[Turn], walk: Walk, said: Callable[[float], str], without: str) -> list[str]:
    lines = [f"  {'target':{NAME}} {without:>{FIGURE}}  {'turns at':>20}  interval of that"]
    for turn in turns:
        name = shortened(_promise(turn.target), NAME)
        figure = _figure(turn.base)
        ends = interval(turn, walk, said)
        lines.append(f"  {name:{NAME}} {figure:>{FIGURE}}  {turning_point(turn, walk, said):>20}  {ends}".rstrip())
    return lines


def _promise(target: Target) -> str:
    scope = "" if target.scope == "all" else f" in {target.scope}"
    return f"{target.metric}{scope} {target.text}"


def _officials(found: Headroom) -> list[str]:
    if found.officials is None:
        return _more(found, found.needed) if found.needed is not None else []
    if not found.officials.groups:
        return ["officials: there are none"]
    said = spared_said(found.officials)
    lines = [part for nth, line in enumerate(said) for part in _wrapped(f"{'' if nth else 'officials: '}{line}")]
    metric = found.base.verdicts[0].metric
    lines.append(f"  {'group':{GROUP}} {'has':>4} {'fewer':>6}  {metric:>{FIGURE}}  verdict")
    lines += [row for group in found.officials.groups for row in _group(group)]
    return [*lines, *(_wrapped(ELSEWHERE) if _sends_elsewhere(found) else [])]


def _sends_elsewhere(found: Headroom) -> bool:
    """Whether a group was tried without anybody, at a center with points that its citizens can go to."""
    groups = found.officials.groups if found.officials is not None else ()
    gone = any(step.by == group.count and step.point is not None for group in groups for step in group.steps)
    return gone and len(found.study.scenario.points) > 1


def _more(found: Headroom, needed: Needed) -> list[str]:
    said = needed_said(needed)
    lines = [part for nth, line in enumerate(said) for part in _wrapped(f"{'' if nth else 'officials: '}{line}")]
    if not needed.groups:
        return lines
    metric = found.base.verdicts[0].metric
    lines.append(f"  {'group':{GROUP}} {'has':>4} {'more':>6} {'counters':>9}  {metric:>{FIGURE}}  verdict")
    return lines + [row for group in needed.groups for row in _larger(found, group)] + _wrapped(COUNTERS)


def _larger(found: Headroom, group: Larger) -> list[str]:
    rows = []
    for nth, step in enumerate(group.ends):
        name, has = (shortened(group.name, GROUP), str(group.count)) if nth == 0 else ("", "")
        figure = "" if step.point is None else _figure(step.point.verdicts[0])
        counters = f"{counters_more(found.study, step):+d}"
        row = f"  {name:{GROUP}} {has:>4} {step.by:>6} {counters:>9}  {figure:>{FIGURE}}  "
        rows.append(row + shortened(_verdict(step), WIDTH - len(row)))
    return rows


def _group(group: Group) -> list[str]:
    rows = []
    for nth, step in enumerate(group.steps):
        name, has = (shortened(group.name, GROUP), str(group.count)) if nth == 0 else ("", "")
        figure = "" if step.point is None else _figure(step.point.verdicts[0])
        row = f"  {name:{GROUP}} {has:>4} {step.by:>6}  {figure:>{FIGURE}}  "
        rows.append(row + shortened(_verdict(step), WIDTH - len(row)))
    return rows


def _verdict(step: Step) -> str:
    """The verdict on all targets, with those that have it where others do not."""
    if step.point is None:
        return f"cannot be: {step.why_not}"
    return f"{step.point.verdict}{_by(step.point)}"


def _by(point: Point) -> str:
    own = [verdict.metric for verdict in point.verdicts if verdict.verdict == point.verdict]
    return f" ({', '.join(own)})" if len(own) < len(point.verdicts) else ""


def _outages(found: Headroom) -> list[str]:
    if not found.outages:
        return [f"outages: none is shown to be survived: as it is the targets are {found.base.verdict}"]
    lines = []
    for one in found.outages:
        lines += [*_wrapped(f"outage: {outage_said(one)}"), *_turns(one.turns, one.walk, minutes, "without one")]
    return [*lines, *_wrapped(_hours(found.outages[0]))]


def _hours(one: Survived) -> str:
    first, last = clock_text(one.hours[0]), clock_text(one.hours[-1])
    return (
        f"the hour, of {len(one.hours)} from {first} to {last}, is the one from which the shortest outage breaks a "
        f"target; chosen on {CHOOSING} replications of its own; outages up to the closing of the door"
    )


def _figure(verdict: Verdict) -> str:
    """A figure with its interval, a share in percent."""
    estimate: Estimate = verdict.estimate
    if estimate.value is None:
        return "n/a"
    ends = span(verdict.metric, estimate).replace(" to ", "–").removesuffix(" min").removesuffix(" %")
    value = measured(verdict.metric, estimate.value)
    return f"{value.removesuffix(' min')} ({ends})" if ends and "<" not in value else value


def _wrapped(text: str) -> list[str]:
    return wrap(text, WIDTH, subsequent_indent="  ")
