"""Ways of placing officials, side by side on a terminal."""

from __future__ import annotations

from collections import Counter

from experiments.centers_table import interval
from sim.centers import KEPT, Change
from sim.placement import Placement, Way
from sim.report.wording import assumed, shortened

NAME = 11


def table(name: str, count: int, found: Placement) -> str:
    """At most 100 columns: a line a way, what each changes, and what the lender loses."""
    first = next(iter(found.ways.values()))
    lines = [f"{name}: {count} officials over {len(first.given)} centers"]
    lines.append(
        f"{'way':{NAME}} {'wait, min':>17} {'kept, %':>18} {'unserved, %':>15} {'M VND/day':>10}  worst center, min"
    )
    lines += [_row(way, found) for way in found.ways.values()]
    for against in ("nobody", "equal"):
        lines += ["", f"change of the mean wait against {against}, min, paired on the same citizens:"]
        lines += [_change(one) for one in found.changes(against) if one.metric == "wait_mean" and one.other != against]
    lines += ["", "how many centers get how many officials:"]
    lines += [f"  {way.name:{NAME}} {_spread(way)}" for way in found.ways.values() if way.name != "nobody"]
    return "\n".join([*lines, "", *_below(found)])


def _below(found: Placement) -> list[str]:
    """What the figures mean and rest on, and what the lender loses."""
    first = next(iter(found.ways.values())).province
    study, (rises, pairs) = first.study, found.rises
    greedy = "greedy need not be the best" if rises else "greedy is the best by these runs"
    known = assumed([one.study for one in first.centers.values()])
    return [
        f"by_benefit: at {rises} of {pairs} steps looked at one more was worth more than the one before: {greedy}.",
        f"the lender's load: {found.lender_load:.2f}, {found.lender_backlog:.0f} hours of its work left undone a day.",
        f"kept: share of centers whose first target is kept in one run ({KEPT}); the worst center is chosen on",
        "half of the replications and estimated on the others.",
        f"{study.replications} replications, {study.confidence:.0%} intervals, seed {study.seed}.",
        f"Simulation error only; {known}.",
    ]


def _row(way: Way, found: Placement) -> str:
    total = way.province.totals
    worst, wait = found.worst(way.name)
    kept = interval(total[KEPT], 100) if KEPT in total else "n/a"
    cost = total["cost_per_day"].value or 0.0
    return (
        f"{way.name:{NAME}} {interval(total['wait_mean']):>17} {kept:>18} {interval(total['unserved_share'], 100):>15} "
        f"{cost / 1e6:>10.2f}  {shortened(worst, 16)} {interval(wait)}"
    )


def _change(change: Change) -> str:
    e = change.paired.estimate
    ends = f" [{e.lower:+.2f}, {e.upper:+.2f}]" if e.lower is not None and e.upper is not None else ""
    sure = "" if change.is_distinguishable else " (not distinguishable)"
    return f"  {change.other:{NAME}} {e.value or 0.0:+.2f}{ends}{sure}"


def _spread(way: Way) -> str:
    counts = Counter(way.given.values())
    return ", ".join(f"{centers} × {officials}" for officials, centers in sorted(counts.items()))
