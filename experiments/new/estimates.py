"""Which figures of a scenario a filled sheet measures, and which stay as they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from experiments.new.figures import (
    CV_FROM,
    MEAN_FROM,
    Measured,
    Work,
    dossiers_a_visit,
    fixed,
    incomplete_share,
)
from experiments.new.visits import Visit
from sim.faults import BadInput, Fault
from sim.scenario import Scenario

LEAST = 0.01


@dataclass(frozen=True)
class Change:
    """A figure by its ``keys`` in the scenario (several where it holds for several), and what it becomes."""

    title: str
    keys: tuple[str, ...]
    before: float
    after: Measured


@dataclass(frozen=True)
class Estimates:
    """The figures that change, and in words which do not."""

    changes: tuple[Change, ...]
    left: tuple[str, ...]


def estimates(visits: Sequence[Visit], scenario: Scenario) -> Estimates:
    """What the visits of some sheets measure of a scenario. Raises BadInput where they measure nothing."""
    submitting = [visit for visit in visits if visit.submits]
    if len(submitting) < MEAN_FROM:
        wanted = f"wanted at least {MEAN_FROM} visits that bring dossiers"
        raise BadInput([Fault("tally", f"{len(submitting)} visits with dossiers", wanted)])
    means, left = _means(submitting, scenario)
    spreads, unspread = _spreads(submitting, scenario, {change.title: change.after.value for change in means})
    if unspread:
        left.append(f"cv of {', '.join(unspread)}: wanted {CV_FROM} visits that vary more than channels do")
    titled = [replace(change, title=f"{change.title}, min a dossier") for change in means] + spreads
    before = scenario.arrivals.dossiers_per_visitor
    dossiers = Change("dossiers a visitor", ("arrivals.dossiers_per_visitor",), before, dossiers_a_visit(submitting))
    if any(point.guides for point in scenario.points.values()):
        left.append("incomplete: guides have sent home whom the sheet does not see")
        return Estimates((*titled, dossiers), tuple(left))
    return Estimates((*titled, _incomplete(submitting, scenario), dossiers), tuple(left))


def _means(visits: Sequence[Visit], scenario: Scenario) -> tuple[list[Change], list[str]]:
    """Minutes a dossier of each field: by its own visits where they suffice, else by those of all such fields."""
    counts = Counter(visit.field for visit in visits)
    few = [name for name in scenario.procedures if 0 < counts[name] < MEAN_FROM]
    pooled = [visit for visit in visits if visit.field in few]
    changes = []
    for name in scenario.procedures:
        if counts[name] >= MEAN_FROM:
            changes.append(_mean([visit for visit in visits if visit.field == name], name, scenario, "its own visits"))
        elif name in few and len(pooled) >= MEAN_FROM:
            changes.append(_mean(pooled, name, scenario, "pooled"))
    changed = {change.title for change in changes}
    left = [f"{name} ({counts[name]} visits)" for name in scenario.procedures if name not in changed]
    return changes, left


def _mean(visits: Sequence[Visit], name: str, scenario: Scenario, how: str) -> Change:
    assumed = {one: procedure.service.mean for one, procedure in scenario.procedures.items()}
    before, always = assumed[name], fixed(scenario)
    factor, low, high = Work(visits, assumed, always).factor()
    if factor * before < LEAST:
        spent = sum(visit.minutes for visit in visits) / len(visits)
        wanted = (
            f"wanted more than the {always.mean:.1f} min of greeting and channel: lower these in the scenario first"
        )
        raise BadInput([Fault("tally", f"{spent:.1f} min a visit of {name}, on average", wanted)])
    if how == "pooled":
        how = f"pooled, {factor:.2f} times as assumed"
    after = Measured(factor * before, low * before, high * before, len(visits), how)
    return Change(name, (f"procedures.{name}.service.mean",), before, after)


def _spreads(
    visits: Sequence[Visit], scenario: Scenario, means: dict[str, float]
) -> tuple[list[Change], tuple[str, ...]]:
    """The cv of the fields whose means are measured: by its own visits where they suffice, else by all.

    And the fields for which neither do.
    """
    before = {name: procedure.service.cv for name, procedure in scenario.procedures.items()}
    minutes = {one: means.get(one, procedure.service.mean) for one, procedure in scenario.procedures.items()}
    changes = []
    pooled = tuple(means)
    for name in means:
        own = [visit for visit in visits if visit.field == name]
        cv = Work(own, minutes, fixed(scenario)).cv() if len(own) >= CV_FROM else None
        if cv is not None:
            after = Measured(*cv, len(own), "its own visits")
            changes.append(Change(f"{name}, cv", (_cv_key(name),), before[name], after))
            pooled = tuple(one for one in pooled if one != name)
    cv = Work(visits, minutes, fixed(scenario)).cv() if pooled and len(visits) >= CV_FROM else None
    if cv is None:
        return changes, pooled
    title = f"{'other' if changes else 'all'} fields, cv"
    after = Measured(*cv, len(visits), "pooled over all fields")
    mean = sum(before[name] for name in pooled) / len(pooled)
    return [*changes, Change(title, tuple(map(_cv_key, pooled)), mean, after)], ()


def _cv_key(name: str) -> str:
    return f"procedures.{name}.service.cv"


def _incomplete(visits: Sequence[Visit], scenario: Scenario) -> Change:
    keys = tuple(f"procedures.{name}.incomplete" for name in scenario.procedures)
    shares = {name: procedure.share for name, procedure in scenario.procedures.items()}
    before = sum(shares[name] * procedure.incomplete for name, procedure in scenario.procedures.items())
    return Change("incomplete dossiers, share", keys, before, incomplete_share(visits))
