"""Who keeps the promise, and by how much scenarios differ, in words; never a winner that was not shown to be one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sim.comparison import Difference
from sim.intervals import Estimate
from sim.report.marks import scale_of
from sim.report.wording import MINUS, headline, listed, measured, named, plain, row_name, shortened, span
from sim.result import Result
from sim.verdicts import Outcome


def findings(results: Mapping[str, Result]) -> str:
    """Which scenarios meet all their targets, by center where there are two at most, else counted."""
    centers: dict[str, list[Result]] = {}
    for result in results.values():
        centers.setdefault(plain(result.study.base.name), []).append(result)
    if len(centers) <= 2:
        return "; ".join(f"{shortened(name, 40)}: {_found(of)}" for name, of in centers.items())
    counts = {verdict: sum(r.verdict == verdict for r in results.values()) for verdict in ("met", "missed")}
    return (
        f"Of {len(results)} scenarios at {len(centers)} centers {counts['met']} meet all their targets, "
        f"{counts['missed']} miss one, {len(results) - sum(counts.values())} are undecided"
    )


def _found(results: Sequence[Result]) -> str:
    groups: dict[Outcome, list[str]] = {}
    for result in results:
        groups.setdefault(result.verdict, []).append(row_name(result.study))
    count = len(results)
    if len(groups) == 1:
        return _alike(results, results[0].verdict)
    words: dict[Outcome, str] = {
        "met": "all targets met", "missed": "missed", "undecided": "undecided", "n/a": "nothing to judge"
    }  # fmt: skip
    parts = [f"{word} with {_named(groups[found], count)}" for found, word in words.items() if found in groups]
    return ", ".join(parts if "met" in groups else ["no way is shown to meet all targets", *parts])


def _alike(results: Sequence[Result], verdict: Outcome) -> str:
    one = len(results) == 1
    match verdict:
        case "met":
            return "all targets are met" if one else f"each of {len(results)} ways of running it meets all targets"
        case "undecided":
            return f"it is undecided whether {'it meets' if one else 'any way of running it meets'} all targets"
        case "n/a":
            return "there was nothing to judge"
        case "missed":
            return f"{'a target is missed' if one else 'every way of running it misses a target'}; {_best(results)}"


def _best(results: Sequence[Result]) -> str:
    metric = headline(result.study for result in results)
    values = {row_name(r.study): r.figures.estimates[metric, "all"].value for r in results}
    known = {name: value for name, value in values.items() if value is not None}
    if not known:
        return f"{named(metric).lower()} n/a"
    promises = [t for r in results for t in r.study.targets.items if (t.metric, t.scope) == (metric, "all")]
    most = any(target.at_least is not None for target in promises)
    best = (max if most else min)(known, key=lambda name: known[name])
    extreme = "highest" if most else "lowest"
    return f"{extreme} {named(metric).lower()}: {measured(metric, known[best])}, with “{shortened(best, 36)}”"


def _named(names: Sequence[str], of: int) -> str:
    if len(names) > 2:
        return f"{len(names)} of {of}"
    return listed([f"“{shortened(name, 36)}”" for name in names])


def figure_text(metric: str, estimate: Estimate, currency: str) -> str:
    """A figure with its interval, short: "17.3 min (14.8–20.8)"; money in millions without its unit."""
    if estimate.value is None:
        return f"n/a: {estimate.method}"
    if metric.startswith("cost_"):
        value, *ends = (_millions(end) for end in (estimate.value, estimate.lower, estimate.upper))
        inside = "–".join(ends) if estimate.half_width is not None else ""
    else:
        value, inside = measured(metric, estimate.value, currency), span(metric, estimate, currency)
        inside = inside.replace(" to ", "–").rpartition(" ")[0] if " to " in inside and "from" not in inside else inside
    return f"{value} ({inside})" if inside else f"{value}, no interval"


def _millions(amount: float | None) -> str:
    return "" if amount is None else f"{amount * scale_of('cost_'):,.2f}".replace("-", MINUS)


def difference_text(metric: str, difference: Difference) -> tuple[str, bool]:
    """A paired difference with its interval, in the axis's unit, and whether it is clear with all compared counted."""
    estimate = difference.paired.estimate
    value = f"Δ {_signed(metric, estimate.value)}"
    if estimate.lower is None or estimate.upper is None:
        return f"{value}, unclear", False
    clear = difference.paired.p_value is not None and difference.adjusted <= 1 - estimate.confidence
    said = f"{value} ({_signed(metric, estimate.lower)} to {_signed(metric, estimate.upper)})"
    return (said if clear else f"{said} unclear"), clear


def _signed(metric: str, value: float | None) -> str:
    scaled = (value or 0.0) * scale_of(metric)
    fine = metric.startswith(("cost_", "citizen_hours"))
    text = f"{abs(scaled):,.{2 if fine and abs(scaled) < 100 else 0 if abs(scaled) >= 100 else 1}f}"
    sign = "" if not text.strip("0.,") else MINUS if scaled < 0 else "+"
    return f"{sign}{text}"
