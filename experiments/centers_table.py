"""A province on a terminal: a line a center, the worst first, then all together."""

from __future__ import annotations

from sim.centers import KEPT, Center, Province, first_target
from sim.coupling.measuring import ELSEWHERE, SHARED_COST, SHARED_USE
from sim.intervals import Estimate
from sim.report.wording import assumed, measured, shortened, span

NAME = 28
TOTALS = ("wait_mean", "unserved_share", KEPT, "utilization", "arrived", "overtime_per_day", "cost_per_day")
OF_NONE = {ELSEWHERE: "utilization", SHARED_USE: "utilization", SHARED_COST: "cost_per_day"}
"""Of a coupled run, and what they are told like: shares, and money."""


def table(name: str, province: Province) -> str:
    """At most 100 columns."""
    lines = [f"{name}: {len(province.centers)} centers, the worst first"]
    lines.append(f"{'center':{NAME}} {'load':>6}  {'wait, min':>19}  {'≤15, %':>7}  {'unserved, %':>11}  verdict")
    lines += [_row(province.centers[one], province) for one in province.worst_first]
    lines += ["", *totals(province), "", *_below(province)]
    return "\n".join(lines)


def _row(center: Center, province: Province) -> str:
    figure = center.figures.estimates
    verdict = province.verdict(center.name)
    alone = verdict == "undecided" and any(one.verdict == "missed" for one in center.figures.verdicts)
    return (
        f"{shortened(center.name, NAME):{NAME}} {_load(center.load):>6}  {interval(center.wait):>19}  "
        f"{_percent(figure['wait_within_15', 'all']):>7}  {_percent(figure['unserved_share', 'all']):>11}  "
        f"{verdict}{' (missed alone)' if alone else ''}"
    )


def _load(load: float) -> str:
    return f"{load:.2f}" + "*" * (load > 1)


def interval(estimate: Estimate, scale: float = 1.0) -> str:
    """A figure and its interval with a decimal."""
    if estimate.value is None:
        return "n/a"
    ends = [f"{end * scale:.1f}" for end in (estimate.lower, estimate.upper) if end is not None]
    return f"{estimate.value * scale:.1f}" + (f" ({'–'.join(ends)})" if len(ends) == 2 else "")


def _percent(estimate: Estimate) -> str:
    return "n/a" if estimate.value is None else f"{100 * estimate.value:.1f}"


def totals(province: Province) -> list[str]:
    """The figures of the province with their intervals, a line each."""
    currency = province.study.base.money.currency
    found = []
    for metric in (one for one in (*TOTALS, *OF_NONE) if one in province.totals):
        estimate = province.totals[metric]
        if estimate.value is not None:
            unit = {KEPT: "utilization", **OF_NONE}.get(metric, metric)  # a share, too
            value, ends = measured(unit, estimate.value, currency), span(unit, estimate, currency)
            found.append(f"  {metric:24} {value}{f' ({ends})' if ends else ''}")
    return ["all together, replication by replication:", *found]


def _below(province: Province) -> list[str]:
    """What was judged, and what it rests on."""
    study, target = province.study, first_target(province.study)
    promised = "; ".join(f"{t.metric} {t.text}" + (" [guard]" if t.guard else "") for t in study.targets.items)
    lines = [f"targets: {study.targets.name}: {promised}"]
    count = len(province.centers) * len(study.targets.items)
    lines.append(f"missed: of {count} verdicts looked at, Holm-adjusted; missed alone: only if it were the only one.")
    if target is not None:
        lines.append(f"{KEPT}: share of centers with {target.metric} {target.text} in one run of the days.")
    lines.append("load: work over staffed minutes, * above 1: the wait depends on how long one looks.")
    known = assumed([one.study for one in province.centers.values()])
    lines.append(
        f"{study.replications} replications, {study.confidence:.0%} intervals, seed {study.seed}. "
        f"Simulation error only; {known}."
    )
    return lines
