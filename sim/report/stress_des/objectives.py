"""Section 1: what the study is for, what it gives, and what is compared."""

from __future__ import annotations

from collections.abc import Iterator

from sim.figures import definition
from sim.report.stress_des.markdown import code, escaped, listing, table
from sim.report.stress_des.told import Answer, Told
from sim.report.stress_des.values import shown
from sim.report.wording import measured, span
from sim.result import Result
from sim.targets import Target, unit

ONE = "One scenario was run; nothing is compared with it."


def purpose(told: Told) -> Answer:
    """1.1."""
    said = [f"{escaped(one.name)}: {escaped(one.way.title)}" for one in told.systems]
    studied = f"System: {'; '.join(said)}."
    asked = "background of the study, the question it answers, and for whom"
    return Answer((studied, _question(told))) + told.by_author("purpose", asked)


def _question(told: Told) -> str:
    """What a run asks by itself."""
    promises = {f"{study.targets.name} ({_source(study.targets.source)})" for study in told.studies}
    if not told.has_targets:
        return "Question of the run: none is stated as a target; its figures are estimated."
    return f"Question of the run: are the targets kept, by the set {escaped('; '.join(sorted(promises)))}?"


def _source(source: str) -> str:
    return source or "no source is stated"


def outputs(told: Told) -> Answer:
    """1.2."""
    how = (
        "Every figure is taken from the full record of who was where when, after the warm-up, once a replication; "
        "Table 1.2 at the end defines each and says how its interval is made. A figure of nobody is absent, never 0."
    )
    if not told.has_targets:
        return Answer((how, "No targets are set, so nothing is judged."))
    judged = (
        "A target is *met* where the whole interval lies inside it, *missed* where it lies outside, else *undecided*: "
        "*at the threshold* where the interval lies within the zone that does not matter. A guard keeps another "
        "target honest."
    )
    head = ("Scenario", "Figure", "Target", "Zone, ±", "Estimate", "Interval", "Verdict")
    return Answer((how, judged, table(head, (row for each in told.results.items() for row in _judged(*each)))))


def _judged(label: str, result: Result) -> Iterator[tuple[str, ...]]:
    """A row for each target of a scenario."""
    for target, verdict in zip(result.study.targets.items, result.verdicts, strict=True):
        estimate, currency = verdict.estimate, result.study.base.money.currency
        value = "nobody to measure" if estimate.value is None else measured(target.metric, estimate.value, currency)
        ends = span(target.metric, estimate, currency) or "none"
        said = f"{verdict.verdict} ({verdict.reason})" if verdict.reason else verdict.verdict
        yield escaped(label), code(target.metric), _promise(target), shown(target.zone), value, ends, escaped(said)


def _promise(target: Target) -> str:
    where = "" if target.scope == "all" else f", {target.scope}"
    return escaped(f"{target.text}{where}{', a guard' if target.guard else ''}")


def aims(told: Told) -> Answer:
    """1.3."""
    asked = "which questions the experiments were to answer, and why these scenarios"
    if len(told.results) == 1:
        return Answer((ONE,)) + told.by_author("aims", asked)
    design = (
        f"{len(told.results)} scenarios are run on common random numbers (item 5.2). Those that differ in their "
        "policies alone are compared with the first of them without one: differences are paired by replication, and "
        "p-values adjusted for how many are compared (Holm 1979). Item 2.3 says what each of them changes."
    )
    listed = [f"{escaped(label)}{_baseline(told, label)}" for label in told.results]
    return Answer((design, listing(listed))) + told.by_author("aims", asked)


def _baseline(told: Told, label: str) -> str:
    return " (base model)" if any(system.label == label for system in told.systems) else ""


def figures_table(told: Told) -> str:
    """Table 1.2: every figure of the whole center, what it is, its unit, and how its interval is made."""
    methods: dict[str, set[str]] = {}
    for result in told.results.values():
        for (metric, scope), estimate in result.figures.estimates.items():
            if scope == "all":
                methods.setdefault(metric, set()).add(estimate.method.partition(" (n")[0])
    currency = told.studies[0].base.money.currency
    rows = (
        (code(name), escaped(definition(name)), unit(name, currency), escaped("; ".join(sorted(found))))
        for name, found in sorted(methods.items())
    )
    return table(("Figure", "Definition", "Unit", "Interval"), rows)
