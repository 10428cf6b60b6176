"""The answer in a few sentences: what was asked, what was found, and what a planner asks next."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

from sim.intervals import Estimate
from sim.offered_load import load_sheet
from sim.report.page.numbers import Measure, Number, digits, figure
from sim.report.page.ways import COST, Group, Way, times
from sim.report.page.words import Joined, Language, Listed, Name, Shown, Word, catalog, phrase
from sim.rested import TriedInput
from sim.study import SMOKE
from sim.summary import longest_wait
from sim.targets import Target, kind_of
from sim.verdicts import Verdict

MOST_TO_MEASURE = 3
_WITHIN = re.compile(r"(.*_within_)(\d+)")


@dataclass(frozen=True)
class Metric(Shown):
    """A figure in words; of one that counts minutes, ``wait_within_15``, by the words of ``wait_within``."""

    name: str

    def said(self, language: Language) -> str:
        counted = _WITHIN.fullmatch(self.name)
        if counted:
            return phrase(f"metric.{counted[1]}minutes", n=counted[2]).said(language)
        return Name("metric", self.name).said(language)


def with_unit(metric: str) -> Word:
    """A figure in words with the unit of an axis."""
    kind = kind_of(metric)
    return Metric(metric) if kind == "other" else phrase(f"axis.{kind}", metric=Metric(metric))


@dataclass(frozen=True)
class Scope(Shown):
    """Of whom a figure is: "field: land", "arrived 8–9 h"."""

    name: str

    def said(self, language: Language) -> str:
        kind, _, own = self.name.partition("=")
        if kind == "hour":
            return phrase("scope.hour", first=own, last=str(int(own) + 1)).said(language)
        return phrase(f"scope.{kind}", name=Name(kind, own)).said(language) if own else catalog(language)["scope.all"]


@dataclass(frozen=True)
class Reply:
    """A question of a planner, what is answered in short, and the part of the page that says more."""

    question: Word
    answer: tuple[Word, ...]
    link: str


def promise(target: Target) -> Word:
    """A target in words."""
    value = Measure(target.metric, target.threshold, exact=True)
    said = phrase(
        "promise.at_most" if target.at_most is not None else "promise.at_least",
        metric=Metric(target.metric),
        value=value,
    )
    return said if target.scope == "all" else phrase("promise.in_scope", promise=said, scope=Scope(target.scope))


def of_target(target: Target) -> Word:
    """What a target is of, without its threshold."""
    metric = Metric(target.metric)
    return metric if target.scope == "all" else phrase("promise.in_scope", promise=metric, scope=Scope(target.scope))


def not_met(verdict: Verdict, target: Target) -> Word:
    """A target that is not shown to be kept, with its figure."""
    own = phrase(f"verdict.{ {'n/a': 'none'}.get(verdict.verdict, verdict.verdict) }")
    return phrase(
        "promise.not_met", verdict=own, promise=promise(target), figure=figure(verdict.metric, verdict.estimate)
    )


def asked(group: Group) -> Word:
    """The question that was put, in a sentence."""
    promises = Listed([promise(target) for target in group.baseline.study.targets.items])
    if not group.baseline.study.targets.items:
        return phrase("asked.nothing", center=group.center)
    if len(group.ways) == 1:
        return phrase("asked.one", center=group.center, promises=promises)
    return phrase("asked.several", center=group.center, promises=promises, n=len(group.ways))


def found(group: Group) -> Word:
    """What was found, in a sentence that cannot be taken for a yes where it is none."""
    best, count = group.recommended, len(group.ways)
    if not group.baseline.study.targets.items:
        return phrase("found.nothing")
    if best is not None:
        if best.is_baseline or count == 1:
            return phrase("found.yes_now")
        return phrase("found.yes_with", way=best.name, now=Name("verdict_now", group.baseline.verdict))
    undecided = sum(way.verdict == "undecided" for way in group.ways)
    if undecided:
        return phrase("found.undecided" if count > 1 else "found.undecided_one", n=undecided, of=count)
    if all(way.verdict == "n/a" for way in group.ways):
        return phrase("found.nobody")
    return phrase("found.no" if count > 1 else "found.no_one", n=count)


def replies(group: Group) -> tuple[Reply, ...]:
    """The five questions, answered for the way that the answer is about."""
    way = group.nearest
    said = (
        ("which", _which(group, way), "compare"),
        ("sure", _sure(group, way), "rests"),
        ("cost", _cost(group, way), "compare"),
        ("who", _who(way), "who"),
        ("network", network(way), "network"),
    )
    return tuple(Reply(phrase(f"question.{key}"), tuple(answer), link) for key, answer, link in said)


def _which(group: Group, way: Way) -> list[Word]:
    wait = way.figure("wait_mean")
    lines: list[Word] = [phrase("which.best" if group.recommended else "which.none", way=way.name)]
    lines += [phrase("which.wait", figure=figure("wait_mean", wait))] if wait else []
    lines += [] if group.recommended else [not_met(verdict, target) for verdict, target in way.not_met]
    others = sum(other.verdict == "met" for other in group.ways) - 1
    return lines + ([phrase("which.others", n=others)] if others > 0 else [])


def _sure(group: Group, way: Way) -> list[Word]:
    study = way.study
    lines: list[Word] = [
        phrase("sure.level", confidence=Measure("_share", study.confidence, exact=True), n=Number(study.replications))
    ]
    lines += chance(way)
    if group.recommended and len(group.ways) > 1:
        lines.append(phrase("sure.among_all" if way.stands else "sure.alone", n=len(group.ways)))
    if study.replications <= SMOKE:
        lines.append(phrase("sure.first_look", n=Number(study.replications)))
    return lines


def chance(way: Way) -> list[Word]:
    """How often a month keeps the promise, or a day where a run has no whole month."""
    found = often(way)
    return [phrase(f"chance.{found[0]}", figure=found[1])] if found else []


def often(way: Way) -> tuple[str, Word] | None:
    """Of what, months or days, and of a hundred how many keep the promised mean wait, with an interval."""
    for metric in ("periods_within_target", "days_within_target"):
        if estimate := way.figure(metric):
            return metric, _in_a_hundred(estimate)
    return None


def _in_a_hundred(estimate: Estimate) -> Word:
    ends = [end for end in (estimate.lower, estimate.upper) if end is not None]
    value = Number(100 * (estimate.value or 0.0))
    if len(ends) < 2:
        return phrase("chance.value", n=value)
    return phrase("chance.interval", n=value, low=Number(floor(100 * ends[0])), high=Number(ceil(100 * ends[1])))


def _cost(group: Group, way: Way) -> list[Word]:
    lines = cost_a_month(way)
    if not way.is_baseline and COST in way.change:
        change = times(way.change[COST].paired.estimate, way.a_month)
        if change.value is not None:
            said = figure(COST, change, way.currency, signed=True)
            lines.append(phrase("cost.change", change=said, baseline=group.baseline.name))
    return [*lines, *overtime(way)]


def cost_a_month(way: Way) -> list[Word]:
    """What it costs the state a month, without the interval."""
    if way.cost is None:
        return [phrase("cost.none")]
    return [phrase("cost.month", cost=Measure(COST, way.cost * way.a_month, way.currency))]


def overtime(way: Way) -> list[Word]:
    """The hours of the official with most, against the law: in the span in which they come nearest to its limit."""
    if not (most := most_overtime(way)):
        return [phrase("overtime.none")]
    span, hours, limit = most
    key = "overtime.above" if hours > limit else "overtime.within"
    return [phrase(key, span=Name("span", span), limit=Number(limit, exact=True), hours=digits(hours))]


def most_overtime(way: Way) -> tuple[str, float, float] | None:
    """The span, the hours in it and what the law allows; None where nobody works overtime."""
    worked = [(span, own.value, limit) for span, own, limit in way.overtime() if own.value]
    return max(worked, key=lambda one: one[1] / one[2], default=None)


def _who(way: Way) -> list[Word]:
    lines: list[Word] = []
    if within := way.figure("wait_within_15"):
        lines.append(phrase("who.beyond", share=Measure("_share", 1 - (within.value or 0.0))))
    longest = [entry for kind in ("field", "hour") if (entry := longest_wait(way.study, way.result.runs, kind))]
    lines += [
        phrase("who.longest", scope=Scope(scope), figure=figure("wait_mean", estimate)) for scope, estimate in longest
    ]
    return lines or [phrase("who.nobody")]


def network(way: Way) -> list[Word]:
    """What an hour a day without the network would do."""
    without = way.rested.without_network if way.rested else None
    if without is None or without.end.figure.value is None:
        return [phrase("network.not_tried")]
    metric = way.study.targets.items[0].metric
    said = figure(metric, without.end.figure.estimate)
    begins, minutes = f"{without.begins:02d}:00", Number(without.minutes)
    down = phrase("network.down", minutes=minutes, begins=begins, metric=Metric(metric), figure=said)
    return [down, Name("network_verdict", without.end.verdict)]


def binding(way: Way) -> Word:
    """The step whose work fills its officials most, by the load sheet: arithmetic on means before any run."""
    point, fields, load = load_sheet(way.scenario).binding
    if not fields:
        return phrase("binding.none")
    everything = len(fields) > 1 and set(fields) == set(way.scenario.fields)
    named = phrase("binding.all") if everything else Joined([Name("field", name) for name in fields])
    at = {"point": Name("point", point)} if point and len(way.scenario.points) > 1 else {}
    key = "binding.over" if load > 1 else "binding.step"
    return phrase(f"{key}_at" if at else key, fields=named, load=Measure("_share", load), **at)


def to_measure(way: Way) -> list[Word]:
    """The assumptions that change the figure most, which it is worth to measure next; why there are none."""
    rested = way.rested
    if rested is None or rested.state in {"few", "failed"}:
        return [phrase("measure.few", n=Number(SMOKE))]
    if not rested.inputs:
        return [phrase("measure.none")]
    metric = way.study.targets.items[0].metric
    measurable = [one for one in rested.inputs if not one.is_chosen]
    return [_moves(one, metric) for one in measurable[:MOST_TO_MEASURE]] or [phrase("measure.none")]


def _moves(one: TriedInput, metric: str) -> Word:
    ends = {"low": one.low.at, "high": one.high.at}
    figures = {f"at_{side}": _value(metric, end.figure.value) for side, end in zip(ends, one.ends, strict=True)}
    return phrase("measure.input", name=Input(one.name), metric=Metric(metric), **ends, **figures)


def _value(metric: str, value: float | None) -> Word:
    return phrase("figure.none") if value is None else Measure(metric, value)


@dataclass(frozen=True)
class Input(Shown):
    """An assumption by its key, and in words where the catalog has them."""

    key: str

    def said(self, language: Language) -> str:
        known = catalog(language).get(f"input.{self.key}") or catalog(language).get(f"input.{_without_names(self.key)}")
        return f"{known} ({self.key})" if known else self.key


def _without_names(key: str) -> str:
    """A key whose second part, which a person named, is a star."""
    parts: Sequence[str] = key.split(".")
    return ".".join([parts[0], "*", *parts[2:]]) if len(parts) > 2 else key
