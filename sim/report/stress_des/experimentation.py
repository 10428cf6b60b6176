"""Section 4: how a replication begins and ends, and how figures are estimated."""

from __future__ import annotations

from datetime import timedelta

from sim.looks import risk
from sim.report.stress_des.markdown import escaped, listing, table
from sim.report.stress_des.told import Answer, System, Told
from sim.report.stress_des.values import shown
from sim.report.wording import measured
from sim.scenario import Scenario
from sim.sequential import why_stopped
from sim.study import SMOKE, Study
from sim.units import day_of


def initialization(told: Told) -> Answer:
    """4.1."""
    said = (
        "Terminating: a replication ends after a fixed number of days (item 4.2); days follow on each other, with "
        "returns, backlogs and results that are fetched later. It begins empty and idle at midnight: nobody waits, no "
        "dossier is at work. That state is the same in all replications."
    )
    made = Answer((said, *told.each(lambda system: [_warm_up(system.scenario)])))
    if told.has(lambda scenario: scenario.warmup_days):
        return made + told.by_author(
            "warm_up",
            "how the length of the warm-up was chosen (`motcua warmup` says whether a run has settled by then)",
        )
    return made


def _warm_up(scenario: Scenario) -> str:
    days = f"{scenario.warmup} calendar day{'s' * (scenario.warmup != 1)}"
    if scenario.warmup_days is not None:
        why = "set in the scenario"
    elif scenario.opening:
        why = "the run is of a center's first days"
    else:
        why = "by the program's rule, up to the sixth working day, so that five are run in"
    return f"Warm-up: {days}, run and not measured; {why}."


def run_length(told: Told) -> Answer:
    """4.2."""
    return Answer((*told.each(lambda system: [_length(system.scenario)]), "Time unit: whole milliseconds inside."))


def _length(scenario: Scenario) -> str:
    last = day_of(scenario.start, scenario.days - 1)
    first = scenario.start + timedelta(days=scenario.warmup)
    working = sum(scenario.is_working(day) for day in range(scenario.warmup, scenario.days))
    return (
        f"{scenario.days} calendar days, {scenario.start} to {last}; measured from {first} on: "
        f"{scenario.days - scenario.warmup} days, of which {working} are working days."
    )


def estimation(told: Told) -> Answer:
    """4.3."""
    said = [
        (
            "Independent replications; the replication is the only unit that is taken to be independent. A figure per "
            "visit is the ratio of sums over all replications, its interval a jackknife over replications with a "
            "correction for skewness; a quantile is of all visits together, its interval by Woodruff's method over "
            "replications; a share of 0 or 1 has an exact binomial interval with open days as units."
        ),
        table(("Scenario", "Seed", "Replications", "Interval", "Why so many"), (_row(study) for study in told.studies)),
    ]
    stopped = [_stopped(told, label) for label, one in told.results.items() if one.study.stopping]
    return Answer((*said, *([listing(stopped)] if stopped else []), *_reached(told)))


def _row(study: Study) -> tuple[str, ...]:
    """Replications, the level of their intervals, and whether the number was fixed."""
    level = f"{100 * study.level:.4g} %"
    if len(study.looks) > 1:
        looks = ", ".join(str(look.replications) for look in study.looks)
        together = f"{100 * (1 - risk(study.confidence, study.looks)):.4g} %"
        level = f"{level}; looks at {looks}, all together {together}"
    why = "as many as are enough, see below" if study.stopping else "fixed before the run"
    few = f"; fewer than {SMOKE}: a first look" if study.replications < SMOKE else ""
    return escaped(study.label), str(study.seed), str(study.replications), level, why + few


def _stopped(told: Told, label: str) -> str:
    """The rule by which a scenario stopped, and what came of it."""
    result = told.results[label]
    stopping = result.study.stopping
    assert stopping is not None
    wanted = ", ".join(f"{metric} to ± {shown(width)}" for metric, width in stopping.half_width.items())
    precise = f", or as precise as wanted ({wanted})" if wanted else ""
    compared = "; differences to the baseline are decided too" if stopping.compared else ""
    return escaped(
        f"{label}: looks from {stopping.first} replications on, each {shown(stopping.growth)} times as many, at most "
        f"{stopping.most}, until every target is met, missed or at the threshold{precise}{compared}. Each look spends "
        f"part of the chance of error (Lan and DeMets 1983). Stopped: {why_stopped(result)}."
    )


def _reached(told: Told) -> tuple[str, ...]:
    """The half-widths that came of it, of what is promised."""
    return told.each(lambda system: [f"Half-widths reached: {escaped(_half_widths(system))}."])


def _half_widths(system: System) -> str:
    found = [
        f"{verdict.metric} ± {measured(verdict.metric, verdict.estimate.half_width, _currency(system))}"
        for verdict in system.results[system.label].verdicts
        if verdict.estimate.half_width is not None
    ]
    return "; ".join(found) or "none, no target has an interval"


def _currency(system: System) -> str:
    return system.scenario.money.currency
