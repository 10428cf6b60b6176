"""The answer on a terminal, at most 100 columns wide, verdicts readable without color."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from io import StringIO
from math import ceil, floor

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sim.intervals import Estimate
from sim.looks import risk
from sim.policies.policy import officials_of
from sim.result import Result, baseline_of, differences
from sim.scenario import Scenario
from sim.sequential import why_stopped
from sim.summary import longest_wait
from sim.targets import kind_of
from sim.verdicts import Verdict

WIDTH = 100
NAME = 27
COLORS = {"met": "green", "missed": "red", "undecided": "yellow", "n/a": "dim"}


def table(results: Mapping[str, Result], failures: Mapping[str, str]) -> str:
    """One block a center: policies, waits with intervals, months kept, costs, verdicts; then what they mean.

    ``hours``: the citizens' hours (way, gate, center) for each dossier accepted.
    """
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
    return "\n".join(line.rstrip() for line in out.getvalue().rstrip("\n").split("\n"))


def _table(name: str, group: Mapping[str, Result]) -> Table:
    """Figures are never cut: what room they leave is for the scenarios' names."""
    currency = next(iter(group.values())).study.base.money.currency
    heads = figures_heads(currency)
    rows = {label: _cells(result) for label, result in group.items()}
    widths = [max(len(row[n]) for row in (heads, *rows.values())) for n in range(len(heads))]
    room = max(WIDTH - sum(widths) - len(heads), 12)
    made = Table(title=Text(name, style="bold"), title_justify="left", box=None, show_edge=False, pad_edge=False)
    made.padding = (0, 1, 0, 0)
    made.add_column("scenario", overflow="fold", min_width=min(room, NAME), max_width=room)
    for nth, (title, width) in enumerate(zip(heads, widths, strict=True)):
        made.add_column(title, justify="right" if nth else "left", no_wrap=True, min_width=width)
    for label, row in rows.items():
        verdict = Text(row[0], style=COLORS[row[0]])
        made.add_row(Text(_folded(_short(label, group), room)), verdict, *(Text(cell) for cell in row[1:]))
    return made


def figures_heads(currency: str) -> tuple[str, ...]:
    """The heads of the columns beside the scenario's name."""
    return ("verdict", "wait, min", "≤15, %", "unserved", "months, %", f"M {currency}/day", "hours")


def _cells(result: Result) -> tuple[str, ...]:
    figure = result.figures.estimates.get
    return (
        result.verdict,
        _minutes(figure(("wait_mean", "all"))),
        _percent(figure(("wait_within_15", "all")), interval=False),
        _percent(figure(("unserved_share", "all")), interval=False),
        _whole_percent(figure(("periods_within_target", "all"))),
        _money(figure(("cost_per_day", "all"))),
        _plain(figure(("citizen_hours_per_resolved", "all"))),
    )


def _folded(name: str, room: int) -> str:
    """A scenario's name in lines that end after a "+"."""
    lines = [""]
    for part in re.split(r"(?<=\+)", name):
        lines += [""] if lines[-1] and len(lines[-1] + part) > room else []
        lines[-1] += part
    return "\n".join(lines)


def _short(label: str, group: Mapping[str, Result]) -> str:
    """A label without the part that all share."""
    parts = [other.split(" · ") for other in group]
    own = label.split(" · ")
    kept = [part for part in own if len(group) == 1 or not all(part in other for other in parts)]
    return " · ".join(kept) or label


def _below(group: Mapping[str, Result]) -> list[str]:
    """Targets with the verdict on each, what a policy changed, and what all of it rests on."""
    first = next(iter(group.values()))
    study = first.study
    promises = {r.study.targets.name: "; ".join(_promise(v) for v in r.verdicts) for r in group.values()}
    lines = [f"targets: {name}: {said}" for name, said in promises.items()]
    for label, result in group.items():
        said = [_said(v) for v in result.verdicts if v.verdict != "met"]
        if said:
            lines.append(f"  {_short(label, group)}: " + "; ".join(said))
    lines += _changes(group)
    lines += _whom(next(iter(group)), group)
    lines += _processed(group)
    lines += _became(group)
    months = int(first.runs.pair(("periods_within_target", "all"))[1][0]) if len(first.runs) else 0
    lines.append(
        "≤15: received within 15 min; months: whole months whose mean wait keeps the target; "
        "hours: of citizens, for each dossier accepted."
    )
    lines += _looked_at(group)
    lines.append(
        f"{_rested_on(group)}, {months} whole month(s) each, seed {study.seed}. Simulation error only; {_known(group)}."
    )
    return lines


def _looked_at(group: Mapping[str, Result]) -> list[str]:
    """The looks at scenarios that had several, or as many replications as were enough: what they cost, why no more."""
    lines = []
    for label, result in group.items():
        study = result.study
        if study.stopping is not None or len(study.looks) > 1:
            looks = ", ".join(str(look.replications) for look in study.looks)
            together = 1 - risk(study.confidence, study.looks)
            why = f"; {why_stopped(result)}" if study.stopping else ""
            sure = f"{100 * study.level:.3g} % intervals, together {100 * together:.3g} %"
            lines.append(f"  {_short(label, group)}: {looks}: {sure}{why}")
    return [*(["looks, by replications:"] if lines else []), *lines]


def _rested_on(group: Mapping[str, Result]) -> str:
    studies = [result.study for result in group.values()]
    return f"{_range([one.replications for one in studies])} replications, {studies[0].confidence:.0%} intervals"


def _known(group: Mapping[str, Result]) -> str:
    """How much of the scenarios is assumed, or somebody's own figure."""
    studies = [result.study for result in group.values()]
    if not any(study.inputs for study in studies):
        return "inputs are unmarked"
    assumed, inputs = _range([one.assumptions for one in studies]), _range([one.inputs for one in studies])
    own = _range([one.own_figures for one in studies])
    return f"{assumed} of {inputs} inputs are assumptions" + (f", {own} own figures" if own != "0" else "")


def _range(numbers: Sequence[int]) -> str:
    return f"{min(numbers)} to {max(numbers)}" if min(numbers) < max(numbers) else f"{numbers[0]}"


def _processed(group: Mapping[str, Result]) -> list[str]:
    """Of scenarios with a back office, how many results are ready within their term, and after how many days."""
    lines = []
    for label, result in group.items():
        on_time, days = (
            result.figures.estimates.get((name, "all")) for name in ("on_time_share", "processing_days_mean")
        )
        if on_time is not None and on_time.value is not None:
            lines.append(f"  {_short(label, group)}: {_percent_sign(on_time)} on time, after {_minutes(days)} days")
    return [*(["results of the back office, against their terms:"] if lines else []), *lines]


def _became(group: Mapping[str, Result]) -> list[str]:
    """What policies did to the numbers of officials, guides and counters."""
    lines = []
    for label, result in group.items():
        before, after = _posts(result.study.base), _posts(result.study.scenario)
        changed = [
            f"{n} {before.get(n, 0)}→{after.get(n, 0)}"
            for n in {**before, **after}
            if before.get(n, 0) != after.get(n, 0)
        ]
        if changed:
            lines.append(f"  {_short(label, group)}: {', '.join(changed)}")
    return [*(["officials, guides and counters:"] if lines else []), *lines]


def _posts(scenario: Scenario) -> dict[str, int]:
    posts = {name: officials_of(scenario, group) for name, group in scenario.staff.items()}
    for name, point in scenario.points.items():
        posts |= {f"guides at {name}": point.guides, f"counters at {name}": point.counters}
    return posts


def _promise(verdict: Verdict) -> str:
    scope = "" if verdict.scope == "all" else f" ({verdict.scope})"
    return f"{verdict.metric}{scope} {verdict.target}" + (" [guard]" if verdict.guard else "")


def _said(verdict: Verdict) -> str:
    show = _percent_sign if kind_of(verdict.metric) == "share" else _minutes
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


def _whom(label: str, group: Mapping[str, Result]) -> list[str]:
    """For whom the wait is longest in one scenario, by field, class, point and hour."""
    result = group[label]
    found = [longest_wait(result.study, result.runs, kind) for kind in ("field", "priority", "point", "hour")]
    said = [f"{scope} {_minutes(estimate)}" for scope, estimate in (entry for entry in found if entry)]
    if not said:
        return []
    return [
        f"{_short(label, group)}: longest mean waits, min (chosen and estimated on different replications):",
        "  " + "; ".join(said),
    ]


def _minutes(e: Estimate | None) -> str:
    """A figure in minutes and its interval."""
    if e is None or e.value is None:
        return "n/a"
    return f"{e.value:.1f}" + (f" ({e.lower:.1f}–{e.upper:.1f})" if e.lower is not None and e.upper is not None else "")


def _percent(e: Estimate | None, interval: bool = True) -> str:
    """A share in percent and its interval."""
    if e is None or e.value is None:
        return "n/a"
    ends = [_points(end) for end in (e.lower, e.upper) if end is not None]
    return _points(e.value) + (f" ({ends[0]}–{ends[1]})" if interval and len(ends) == 2 else "")


def _whole_percent(e: Estimate | None) -> str:
    """A share in whole percent, its interval rounded outward."""
    if e is None or e.value is None:
        return "n/a"
    ends = "" if e.lower is None or e.upper is None else f" ({floor(100 * e.lower)}–{ceil(100 * e.upper)})"
    return f"{100 * e.value:.0f}{ends}"


def _percent_sign(e: Estimate | None) -> str:
    return _percent(e) + " %" * (e is not None and e.value is not None)


def _points(share: float) -> str:
    """Percent with one decimal near 0 and 100, where it matters; never rounded to a certainty."""
    percent = 100 * share
    if 0 < percent < 10 or 90 < percent < 100:
        return f"{min(max(percent, 0.1), 99.9):.1f}"
    return f"{percent:.0f}"


def _money(e: Estimate | None) -> str:
    if e is None or e.value is None:
        return "n/a"
    return f"{e.value / 1e6:.2f}"


def _plain(e: Estimate | None) -> str:
    return "n/a" if e is None or e.value is None else f"{e.value:.2f}"
