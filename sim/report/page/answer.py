"""The answer in a few sentences: what was asked, what was found, and what a planner asks next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

from sim.intervals import Estimate
from sim.offered_load import load_sheet
from sim.report.page.named import Input, Metric, point_name, scope_name, target_name
from sim.report.page.numbers import Measure, Number, digits, figure
from sim.report.page.ways import COST, Group, Way, Worked, times
from sim.report.page.words import Joined, Listed, Name, Word, phrase
from sim.rested import TriedInput
from sim.scenario import Scenario
from sim.study import SMOKE, Study
from sim.summary import longest_wait
from sim.targets import Target
from sim.verdicts import Verdict

NEAR_THE_LIMIT, MOST_NAMED = 0.7, 3


@dataclass(frozen=True)
class Reply:
    """A question of a planner, what is answered in short, and the part of the page that says more."""

    question: Word
    answer: tuple[Word, ...]
    link: str


def promise(scenario: Scenario, target: Target) -> Word:
    """A target in words."""
    value = Measure(target.metric, target.threshold, exact=True)
    key = "promise.at_most" if target.at_most is not None else "promise.at_least"
    return phrase(key, metric=target_name(scenario, target), value=value)


def not_met(scenario: Scenario, verdict: Verdict, target: Target) -> Word:
    """A target that is not shown to be kept, with its figure."""
    own = Name("verdict", verdict.verdict)
    said = figure(verdict.metric, verdict.estimate)
    return phrase("promise.not_met", verdict=own, promise=promise(scenario, target), figure=said)


def asked(group: Group) -> Word:
    """The question that was put, in a sentence."""
    promises = Listed([promise(group.baseline.scenario, target) for target in group.targets])
    if not group.targets:
        return phrase("asked.nothing", center=group.center)
    if len(group.ways) == 1:
        return phrase("asked.one", center=group.center, promises=promises)
    return phrase("asked.several", center=group.center, promises=promises, n=len(group.ways))


def found(group: Group) -> Word:
    """What was found, in a sentence that cannot be taken for a yes where it is none."""
    best, count = group.recommended, len(group.ways)
    if not group.targets:
        return phrase("found.nothing")
    if best is not None:
        return _yes(group, best)
    if all(way.verdict == "n/a" for way in group.ways):
        return phrase("found.nobody")
    undecided = sum(way.verdict == "undecided" for way in group.ways)
    if count == 1:
        return _not_one(group.nearest, "undecided" if undecided else "no")
    missed = sum(way.verdict == "missed" for way in group.ways)
    return phrase("found.undecided", n=undecided, of=count) if undecided else phrase("found.no", n=missed, of=count)


def _yes(group: Group, best: Way) -> Word:
    alone = "" if best.stands else "_alone"
    if best.is_plain:
        return phrase(f"found.yes_now{alone}")
    if best.is_baseline:
        return phrase(f"found.yes{alone}", way=best.name)
    baseline = phrase("found.now") if group.baseline.is_plain else group.baseline.name
    other = phrase("found.other", baseline=baseline, verdict=Name("verdict", group.baseline.verdict))
    return phrase(f"found.yes_with{alone}", way=best.name, other=other)


def _not_one(way: Way, what: str) -> Word:
    unmeasured = [target for verdict, target in way.not_met if verdict.verdict == "n/a"]
    if unmeasured and what == "undecided":
        return phrase("found.not_measured", targets=Listed([target_name(way.scenario, one) for one in unmeasured]))
    return phrase(f"found.{what}_now") if way.is_plain else phrase(f"found.{what}_one", way=way.name)


def depends(way: Way) -> list[Word]:
    """The assumptions whose ends change a verdict that is decided, where any do."""
    if way.verdict not in {"met", "missed"} or not (changing := _changing(way)):
        return []
    names: list[Word] = [Input(one.name) for one in changing[:MOST_NAMED]]
    more = len(changing) - MOST_NAMED
    return [phrase("found.depends", inputs=Listed([*names, *([phrase("list.more", n=more)] if more > 0 else [])]))]


def _changing(way: Way) -> list[TriedInput]:
    inputs = way.rested.inputs if way.rested else ()
    return [one for one in inputs if not one.is_chosen and turns(way, one.verdicts)]


def turns(way: Way, verdicts: tuple[str, ...]) -> bool:
    """Whether any of the verdicts at the ends of an assumption is another than that of the way."""
    return any(verdict != way.verdict for verdict in verdicts)


def replies(group: Group) -> tuple[Reply, ...]:
    """The five questions, answered for the way that the answer is about."""
    way = group.nearest
    said = (
        ("which", _which(group, way), "compare"),
        ("sure", _sure(group, way), "rests"),
        ("cost", _cost(group, way), "compare"),
        ("who", who(way), "who"),
        ("network", network(way), "network"),
    )
    links = {key: link if way.in_detail else "compare" for key, _, link in said}
    return tuple(Reply(phrase(f"question.{key}"), tuple(answer), links[key]) for key, answer, _ in said)


def _which(group: Group, way: Way) -> list[Word]:
    wait = way.figure("wait_mean")
    one = "_one" if len(group.ways) == 1 else ""
    key = "best" if group.recommended else "none" if group.targets else "no_promise"
    lines: list[Word] = [phrase(f"which.{key}{one}", way=way.name)]
    lines += [phrase("which.wait", figure=figure("wait_mean", wait))] if wait else []
    lines += [] if group.recommended else [not_met(way.scenario, verdict, target) for verdict, target in way.not_met]
    others = sum(other.verdict == "met" for other in group.ways) - 1
    lines += [phrase("which.others", n=others)] if others > 0 else []
    cheaper = [one for one in group.ways if one.verdict == "undecided" and (one.cost or 0.0) < (way.cost or 0.0)]
    return lines + ([phrase("which.cheaper", n=len(cheaper))] if group.recommended and cheaper else [])


def _sure(group: Group, way: Way) -> list[Word]:
    study = way.study
    if study.replications == 1:
        return [phrase("sure.one_run")]
    level = Measure("_share", study.confidence, exact=True)
    lines: list[Word] = [phrase("sure.level", confidence=level, n=Number(study.replications)), *chance(way)]
    if group.recommended and len(group.ways) > 1:
        lines.append(phrase("sure.among_all" if way.stands else "sure.alone", n=len(group.ways)))
    lines += first_look(study)
    return [*lines, *([phrase("sure.depends", n=len(_changing(way)))] if depends(way) else [])]


def first_look(study: Study) -> list[Word]:
    """That there are few replications, where there are."""
    return [phrase("sure.first_look", n=Number(study.replications))] if study.replications < SMOKE else []


def chance(way: Way) -> list[Word]:
    """How often a month keeps the promised mean wait, or a day where a run has no whole month."""
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
    share = estimate.value or 0.0
    value: Word = Number(100 * share)
    if 0 < share < 0.005 or 0.995 <= share < 1:
        value = phrase("chance.less" if share < 0.5 else "chance.more", n=Number(1 if share < 0.5 else 99))
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
    return [*lines, overtime(way.overtime())]


def cost_a_month(way: Way) -> list[Word]:
    """What it costs the state a month, without the interval."""
    if way.cost is None:
        return [phrase("cost.none")]
    return [phrase("cost.month", cost=Measure(COST, way.cost * way.a_month, way.currency))]


def overtime(worked: Sequence[Worked]) -> Word:
    """The hours of the official with most, against the limit: in the span in which they come nearest to it."""
    if not (most := most_overtime(worked)):
        return phrase("overtime.none")
    span, hours, limit = most
    key, own = f"overtime.{against_limit(hours, limit)}", digits(hours.value or 0.0)
    return phrase(key, span=Name("span", span), limit=Number(limit, exact=True), hours=own)


def most_overtime(worked: Sequence[Worked]) -> Worked | None:
    """The span in which hours come nearest to their limit; None where nobody works overtime."""
    known = [one for one in worked if one[1].value]
    return max(known, key=lambda one: (one[1].value or 0.0) / one[2], default=None)


def against_limit(hours: Estimate, limit: float) -> str:
    """``within`` the limit, ``above`` it, or ``near`` where the interval holds it."""
    low = hours.value if hours.lower is None else hours.lower
    high = hours.value if hours.upper is None else hours.upper
    return "within" if (high or 0.0) <= limit else "above" if (low or 0.0) > limit else "near"


def who(way: Way) -> list[Word]:
    """Who is not received in time, and who waits longest."""
    lines: list[Word] = []
    if within := way.figure("wait_within_15"):
        lines.append(phrase("who.beyond", share=Measure("_share", 1 - (within.value or 0.0))))
    longest = [entry for kind in ("field", "hour") if (entry := longest_wait(way.study, way.result.runs, kind))]
    scopes = [
        phrase("who.of", scope=scope_name(way.scenario, scope), figure=figure("wait_mean", estimate))
        for scope, estimate in longest
        if estimate.value is not None
    ]
    lines += [phrase("who.longest", scopes=Joined(scopes, "; "))] if scopes else []
    return lines or [phrase("who.nobody")]


def network(way: Way) -> list[Word]:
    """What an hour a day without the network would do; why that is not known."""
    without = way.rested.without_network if way.rested else None
    if without is None:
        return [phrase(f"network.{way.why_not_tried}")]
    target = way.study.targets.items[0]
    begins, minutes = f"{without.begins:02d}:00", Number(without.minutes)
    name, said = target_name(way.scenario, target), figure(target.metric, without.end.figure.estimate)
    down = phrase("network.down", minutes=minutes, begins=begins, metric=name, figure=said)
    return [down, Name("network_verdict", without.end.verdict)]


def binding(way: Way) -> Word:
    """The step whose work fills its officials most, by the load sheet: arithmetic on means before any run."""
    point, fields, load = load_sheet(way.scenario).binding
    if not fields:
        return phrase("binding.none")
    everything = len(fields) > 1 and set(fields) == set(way.scenario.fields)
    step: Word = phrase("binding.all") if everything else Joined([Name("field", name) for name in fields])
    if point and len(way.scenario.points) > 1:
        step = phrase("binding.at", fields=step, point=point_name(way.scenario, point))
    key = "over" if load > 1 else "step" if load > NEAR_THE_LIMIT else "far"
    return phrase(f"binding.{key}", step=step, load=Measure("_share", load))


def metric_of(way: Way) -> Word:
    """The first target's figure."""
    items = way.study.targets.items
    return target_name(way.scenario, items[0]) if items else Metric("wait_mean")
