"""The page of a selection: which way is the best by one figure, how sure that is, and whether it keeps the promise."""

from __future__ import annotations

from collections.abc import Sequence

from sim.report.marks import scale_of
from sim.report.page.answer import Reply, cost_a_month, first_look, not_met, overtime, promise, who
from sim.report.page.called import center_called, way_names
from sim.report.page.detailed import Section
from sim.report.page.finding import Finding, Part, Row, Table
from sim.report.page.forest import Line, Upright, forest
from sim.report.page.named import Metric, with_unit
from sim.report.page.numbers import Measure, Number, figure
from sim.report.page.pictures import Picture
from sim.report.page.ways import COST, Way, single, times
from sim.report.page.words import Joined, Listed, Word, phrase
from sim.report.wording import threshold_on
from sim.selection.answer import Selection
from sim.targets import kind_of
from sim.verdicts import Outcome

MOST_ROWS, MOST_NAMED = 40, 4
NEARLY_SURE = 0.9995
"""A probability by a posterior is never 1."""


def finding(found: Selection) -> Finding:
    """All that the page says."""
    names = way_names(found.studies)
    lead = single(found.results[found.lead], names[found.lead])
    center, asked = center_called(found.studies), found.course.question
    side = phrase(f"select.{'lowest' if asked.lowest else 'highest'}")
    question = {"n": Number(len(found.studies)), "center": center, "metric": Metric(asked.metric), "side": side}
    return Finding(
        center=center,
        asked=phrase("select.asked", within=_within(found), **question),
        found=_found(found, names, side),
        sign=_sign(found, lead),
        depends=_promise(found, lead),
        replies=tuple(_replies(found, lead, names)),
        parts=(_ways(found, names, side),),
        study=lead.study,
        inside=Section(lead),
    )


def _within(found: Selection) -> Word:
    """A difference that does not matter."""
    asked, currency = found.course.question, found.studies[0].base.money.currency
    if kind_of(asked.metric) == "share":
        return phrase("unit.points", n=Number(100 * asked.within, exact=True))
    return Measure(asked.metric, asked.within, currency, exact=True)


def _figure(found: Selection, number: int) -> Word:
    asked, result = found.course.question, found.results[number]
    return figure(asked.metric, result.figures.estimates[asked.key], result.study.base.money.currency)


def _found(found: Selection, names: Sequence[Word], side: Word) -> Word:
    course, metric = found.course, Metric(found.course.question.metric)
    if course.best is None:
        named: list[Word] = [names[number] for number in course.inside[:MOST_NAMED]]
        more = len(course.inside) - MOST_NAMED
        named += [phrase("select.more", n=Number(more))] if more > 0 else []
        return phrase("select.undecided", side=side, metric=metric, ways=Listed(named))
    key = "best" if found.is_sure else "ahead"
    return phrase(f"select.{key}", side=side, metric=metric, way=names[course.best], figure=_figure(found, course.best))


def _sign(found: Selection, lead: Way) -> Outcome | None:
    """That of the promise, as a green sign must not stand for the best of the bad."""
    return (lead.verdict if lead.study.targets.items else None) if found.is_sure else "undecided"


def _promise(found: Selection, lead: Way) -> tuple[Word, ...]:
    items = lead.study.targets.items
    of = {"way": lead.name}
    ahead = "" if found.is_sure else "ahead_"
    if not items:
        return (phrase("select.no_promise"),)
    if lead.verdict == "met":
        return (
            phrase(f"select.{ahead}keeps", **of, promises=Listed([promise(lead.scenario, target) for target in items])),
        )
    return (
        phrase(f"select.{ahead}keeps_not", **of),
        *(not_met(lead.scenario, verdict, target) for verdict, target in lead.not_met),
    )


def _replies(found: Selection, lead: Way, names: Sequence[Word]) -> list[Reply]:
    gap = _gap(found, found.runner_up)
    which: list[Word] = [phrase("select.next", way=names[found.runner_up], change=gap)]
    alike: list[Word] = [names[number] for number in found.alike[:MOST_NAMED]]
    more = len(found.alike) - len(alike)
    alike += [phrase("select.more", n=Number(more))] if more > 0 else []
    which += [phrase("select.alike", ways=Listed(alike))] if alike else []
    said: list[tuple[str, Sequence[Word], str]] = [
        ("which", [phrase("select.lead", way=lead.name), *which], "ways"),
        ("sure", _sure(found), "ways"),
        ("cost", [*cost_a_month(lead), overtime(lead.overtime())], "ways"),
        ("who", who(lead), "who"),
    ]
    return [Reply(phrase(f"question.{key}"), tuple(words), link) for key, words, link in said]


def _sure(found: Selection) -> list[Word]:
    course, study = found.course, found.studies[0]
    level = Measure("_share", study.confidence, exact=True)
    fresh = [phrase("select.fresh", n=Number(study.replications)), *first_look(study)]
    if course.probability is not None:
        best, good = (Measure("_share", min(chance, NEARLY_SURE)) for chance in course.probability)
        spend = [] if found.is_sure else [phrase("select.spend", confidence=level)]
        return [phrase("select.chance", best=best, good=good, within=_within(found)), *spend, *fresh]
    if course.best is None:
        return [phrase("select.not_sure", n=Number(course.replications(found.lead))), *fresh]
    return [phrase("select.sure", confidence=level, within=_within(found)), *fresh]


def _gap(found: Selection, number: int) -> Word:
    asked = found.course.question
    return figure(asked.metric, found.difference(number).estimate, found.studies[0].base.money.currency, signed=True)


def _ways(found: Selection, names: Sequence[Word], side: Word) -> Part:
    course = found.course
    asked, shown = course.question, course.order[:MOST_ROWS]
    looked = "select.runs" if course.probability is not None else "select.left"
    heads = (
        phrase("compare.way"), Metric(asked.metric), phrase("select.differs"), phrase(looked), Metric("cost_month")
    )  # fmt: skip
    rows = tuple(_row(found, number, names) for number in shown)
    notes: list[Word] = [phrase("select.note", n=Number(found.studies[0].replications))]
    hidden = len(course.order) - len(shown)
    notes += [phrase("select.not_shown", n=Number(hidden))] if hidden else []
    key = "table" if course.probability is None else "table_budget"
    title = phrase(f"select.{key}", side=side, metric=Metric(asked.metric))
    return Part(
        "ways", phrase("compare.title"), (), (_picture(found, names),), (Table(title, heads, rows, tuple(notes)),)
    )


def _row(found: Selection, number: int, names: Sequence[Word]) -> Row:
    course, way = found.course, single(found.results[number], names[number])
    gap: Word = ""
    if number != found.lead:
        gap = _gap(found, number)
        gap = Joined([gap, phrase("select.as_good")], " · ") if found.is_alike(number) else gap
    fate: Word = phrase("select.inside")
    if number in course.left:
        fate = phrase("select.left_by", n=Number(course.left[number]), way=names[course.by[number]])
    elif course.probability is not None:
        fate = Number(course.replications(number))
    cost = Measure(COST, (way.cost or 0.0) * way.a_month, way.currency)
    tag = phrase("select.tag" if found.is_sure else "select.tag_ahead") if number == course.best else ""
    return Row(names[number], (_figure(found, number), gap, fate, cost), way.verdict, tag)


def _picture(found: Selection, names: Sequence[Word]) -> Picture:
    asked = found.course.question
    scale, threshold = scale_of(asked.metric), threshold_on(found.studies[0], asked.metric)
    lines = [
        Line(
            names[number],
            times(found.results[number].figures.estimates[asked.key], scale),
            found.results[number].verdict,
        )
        for number in found.course.order[:MOST_ROWS]
    ]
    promised = [] if threshold is None else [
        Upright(threshold * scale, phrase("costs.target", value=Measure(asked.metric, threshold, exact=True)))
    ]  # fmt: skip
    drawn = forest(lines, with_unit(asked.metric), "ways-picture-1", promised)
    key = "picture" if found.is_sure else "picture_open"
    title = phrase(f"select.{key}", way=names[found.lead], metric=Metric(asked.metric))
    level = Measure("_share", found.studies[0].confidence, exact=True)
    return Picture(title, (phrase("forest.caption", confidence=level, n=Number(found.studies[0].replications)),), drawn)
