"""The answer on a terminal, at most 100 columns wide, verdicts readable without color."""

from __future__ import annotations

from collections.abc import Mapping
from io import StringIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sim.intervals import Estimate
from sim.result import Result, baseline_of, differences
from sim.targets import kind_of
from sim.verdicts import Verdict

WIDTH = 100
COLORS = {"met": "green", "missed": "red", "undecided": "yellow", "n/a": "dim"}


def table(results: Mapping[str, Result], failures: Mapping[str, str]) -> str:
    """One block a center: policies, waits with intervals, months kept, costs, verdicts; then what they mean."""
    out = StringIO()
    console = Console(file=out, width=WIDTH, force_terminal=False, highlight=False)
    centers: dict[str, dict[str, Result]] = {}
    for label, result in results.items():
        centers.setdefault(result.study.base.name, {})[label] = result
    for name, group in centers.items():
        console.print(_table(name, group))
        for line in _below(group):
            console.print(Text(line, style="dim"))
        console.print()
    for label, why in failures.items():
        console.print(Text(f"{label}: could not be run: {why}", style="red"))
    return out.getvalue().rstrip("\n")


def _table(name: str, group: Mapping[str, Result]) -> Table:
    first = next(iter(group.values()))
    currency = first.study.base.money.currency
    made = Table(title=Text(name), title_justify="left", show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    made.add_column("scenario", overflow="fold", max_width=30)
    for title in ("wait, min", "in 15 min", "unserved", "months kept", f"{currency} a day", "citizen h"):
        made.add_column(title, justify="right", no_wrap=True)
    made.add_column("verdict", no_wrap=True)
    for label, result in group.items():
        figure = result.figures.estimates.get
        cells = (
            _minutes(figure(("wait_mean", "all"))),
            _percent(figure(("wait_within_15", "all"))),
            _percent(figure(("unserved_share", "all"))),
            _percent(figure(("periods_within_target", "all"))),
            _money(figure(("cost_per_day", "all"))),
            _plain(figure(("citizen_hours_per_resolved", "all"))),
        )
        made.add_row(Text(_short(label, group)), *(Text(cell) for cell in cells), _verdict(result))
    return made


def _short(label: str, group: Mapping[str, Result]) -> str:
    """A label without the part that all share."""
    parts = [other.split(" · ") for other in group]
    own = label.split(" · ")
    kept = [part for part in own if len(group) == 1 or not all(part in other for other in parts)]
    return " · ".join(kept) or label


def _verdict(result: Result) -> Text:
    return Text(result.verdict, style=COLORS[result.verdict])


def _below(group: Mapping[str, Result]) -> list[str]:
    """Targets with the verdict on each, what a policy changed, and what all of it rests on."""
    first = next(iter(group.values()))
    study = first.study
    lines = [f"targets: {study.targets.name}: " + "; ".join(_promise(v) for v in first.verdicts)]
    for label, result in group.items():
        said = [_said(v) for v in result.verdicts if v.verdict != "met"]
        if said:
            lines.append(f"  {_short(label, group)}: " + "; ".join(said))
    lines += _changes(group)
    months = int(first.runs[0].sums["periods_within_target", "all"][1]) if first.runs else 0
    known = f"{study.assumptions} of {study.inputs} inputs are assumptions" if study.inputs else "inputs are unmarked"
    lines.append(
        f"{study.replications} replications, {study.confidence:.0%} intervals, {months} month(s) each, "
        f"seed {study.seed}. Simulation error only; {known}."
    )
    return lines


def _promise(verdict: Verdict) -> str:
    scope = "" if verdict.scope == "all" else f" ({verdict.scope})"
    return f"{verdict.metric}{scope} {verdict.target}" + (" [guard]" if verdict.guard else "")


def _said(verdict: Verdict) -> str:
    show = _percent if kind_of(verdict.metric) == "share" else _minutes
    reason = f", {verdict.reason}" if verdict.reason else ""
    scope = "" if verdict.scope == "all" else f" ({verdict.scope})"
    return f"{verdict.verdict} {verdict.metric}{scope} {verdict.target}: {show(verdict.estimate)}{reason}"


def _changes(group: Mapping[str, Result]) -> list[str]:
    """The paired change of the mean wait by each policy, where studies differ in policies only."""
    if len(group) < 2 or len({r.study.base.model_dump_json() for r in group.values()}) > 1:
        return []
    baseline = baseline_of(group)
    lines = []
    for d in differences(group, baseline):
        e = d.paired.estimate
        if d.metric == "wait_mean" and e.value is not None:
            sure = "" if d.adjusted < 1 - e.confidence else " (not distinguishable)"
            span = f" [{e.lower:+.2f}, {e.upper:+.2f}]" if e.lower is not None and e.upper is not None else ""
            lines.append(
                f"  {_short(d.other, group)}: wait {e.value:+.2f} min{span} against {_short(baseline, group)}{sure}"
            )
    return [*(["paired on the same citizens:"] if lines else []), *lines]


def _minutes(e: Estimate | None) -> str:
    return _with_half_width(e, 1.0, "{:.1f}")


def _percent(e: Estimate | None) -> str:
    if e is None or e.value is None:
        return "n/a"
    if e.lower is None or e.upper is None:
        return f"{e.value:.1%}"
    return f"{e.value:.1%} ±{(e.upper - e.lower) / 2 * 100:.1f}"


def _money(e: Estimate | None) -> str:
    return _with_half_width(e, 1e-6, "{:.2f} M", half=False)


def _plain(e: Estimate | None) -> str:
    return _with_half_width(e, 1.0, "{:.2f}", half=False)


def _with_half_width(e: Estimate | None, unit: float, form: str, half: bool = True) -> str:
    if e is None or e.value is None:
        return "n/a"
    text = form.format(e.value * unit)
    return f"{text} ±{e.half_width * unit:.1f}" if half and e.half_width is not None else text
