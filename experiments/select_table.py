"""What a selection found, on a terminal and as a file."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from sim.report.selection import certainty, differs, figure, told_names, undecided
from sim.report.wording import assumed, caveat, listed
from sim.selection.answer import Selection
from sim.selection.course import Course
from sim.selection.question import Question
from sim.targets import kind_of

if TYPE_CHECKING:
    import pandas as pd

WIDTH, LEAST_NAME, MOST_ROWS = 100, 16, 40


def table(found: Selection, seconds: float) -> str:
    """At most 100 columns: the answer and how sure it is, then all ways."""
    study, course = found.studies[0], found.course
    looked = sum(course.replications(number) for number in course.order)
    promised = "; ".join(f"{t.metric} {t.text}" for t in study.targets.items) or "none"
    lines = [f"{study.base.name}: {len(found.studies)} ways of running it, {looked} replications, {seconds:.0f} s"]
    lines += wrap(f"asked: {_asked(course.question, study.base.money.currency)}", WIDTH)
    lines += [*wrap(f"targets: {study.targets.name}: {promised}", WIDTH), "", *_answer(found), ""]
    lines += _rows(found)
    left = "left: after how many replications, and which of these rows beat it"
    if course.probability is not None:
        left = "runs: how many of the budget it got"
    below = (
        f"{left}. Figures and differences, paired on the same citizens, are of {study.replications} fresh replications "
        f"without part in the choice, each interval at {study.confidence:.0%} by itself; =: differs by no more than "
        f"does not matter. Seed {study.seed}. {caveat([study]) if assumed([study]) else 'Inputs are unmarked.'}"
    )
    return "\n".join([*lines, "", *wrap(below, WIDTH)])


def _asked(asked: Question, currency: str) -> str:
    side = "lowest" if asked.lowest else "highest"
    return f"the {side} {asked.metric}; {certainty(asked, currency)} does not matter"


def _answer(found: Selection) -> list[str]:
    names, course, asked = told_names(found), found.course, found.course.question
    if course.best is None:
        more = "More replications (stopping.most=N) or a larger within may decide it."
        return wrap(f"answer: undecided. {undecided(found)}. {more}", WIDTH)
    own = found.results[course.best].figures.estimates[asked.key]
    gap = figure(found.difference(found.runner_up).estimate, asked, sign=True)
    unit = _unit(asked.metric, found).removeprefix(",")
    said = (
        f"answer: {names[course.best]}: {asked.metric} {figure(own, asked)}{unit}; {names[found.runner_up]}, "
        f"the next: {gap} against it"
    )
    others = [names[number] for number in found.alike]
    alike = f"as good, but for what does not matter: {listed(others, most=3)}" if others else ""
    return [line for part in (said, _sure(found), alike, _promise(found)) for line in wrap(part, WIDTH)]


def _sure(found: Selection) -> str:
    study, course = found.studies[0], found.course
    zone = certainty(course.question, study.base.money.currency)
    if course.probability is None:
        return f"with {study.confidence:.0%} confidence it is the best, or within {zone} of the best"
    best, good = course.probability
    return (
        f"by its replications it is the best with a probability of at least {best:.1%}, and the best or within {zone} "
        f"of it of at least {good:.1%} (Bayes){'' if found.is_sure else f': not {study.confidence:.0%}, spend more'}"
    )


def _promise(found: Selection) -> str:
    """Whether the best keeps the targets, which is another question."""
    result = found.results[found.lead]
    if not result.verdicts:
        return "it promises nothing: the best need not be good enough"
    if result.verdict == "met":
        return "it keeps every target, too"
    unmet = "; ".join(f"{v.metric} {v.target}: {v.verdict}" for v in result.verdicts if v.verdict != "met")
    return f"the best, and not shown to keep every target: {unmet}"


def _rows(found: Selection) -> list[str]:
    """A line a way, and one more for each that its name takes: a name has the room that figures leave."""
    course, names = found.course, told_names(found)
    by, how = ("runs", "best first") if course.probability is not None else ("left   by", "last to leave first")
    asked = course.question
    rows = [("", how, by, f"{asked.metric}{_unit(asked.metric, found)}", "differs by", "targets")]
    for rank, number in enumerate(course.order[:MOST_ROWS], 1):
        own = figure(found.results[number].figures.estimates[asked.key], asked)
        gap = "" if number == found.lead else differs(found, number)
        rows.append((str(rank), names[number], _fate(course, number), own, gap, found.results[number].verdict))
    wide = [max(len(row[n]) for row in rows) for n in range(6)]
    room = max(min(WIDTH - sum(wide) + wide[1] - 9, wide[1]), LEAST_NAME)
    hidden = len(course.order) - MOST_ROWS
    lines = [line for row in rows for line in _lines(row, wide, room)]
    return [*lines, *([f"    and {hidden} more, see selection.csv"] if hidden > 0 else [])]


def _lines(row: Sequence[str], wide: Sequence[int], room: int) -> list[str]:
    rank, name, by, own, gap, verdict = row
    parts = [part.replace("+ ", "+") for part in wrap(name.replace("+", "+ "), room)]
    first, *more = parts if len(name) > room else [name]
    line = f"{rank:>3} {first:{room}} {by:>{wide[2]}}  {own:>{wide[3]}} {gap:>{wide[4]}}  {verdict}"
    return [line, *(f"    {part}" for part in more)]


def _fate(course: Course, number: int) -> str:
    """How many of the budget a way got, or after how many it left, and the row that beat it."""
    if number in course.left:
        return f"{course.left[number]:>5} {course.order.index(course.by[number]) + 1:>4}"
    return str(course.replications(number)) if course.probability is not None else "in"


def _unit(metric: str, found: Selection) -> str:
    """The unit of a column after its name."""
    if metric.startswith("cost_"):
        return f", M {found.studies[0].base.money.currency}"
    return {"minutes": ", min", "share": ", %", "other": ""}[kind_of(metric)]


def frame(found: Selection) -> pd.DataFrame:
    """One row a way, the one left first, then the last to leave."""
    import pandas as pd

    return pd.DataFrame([_record(found, rank, number) for rank, number in enumerate(found.course.order, 1)])


def _record(found: Selection, rank: int, number: int) -> dict[str, Any]:
    course, result = found.course, found.results[number]
    own, gap = result.figures.estimates[course.question.key], found.difference(number).estimate
    by = course.by.get(number)
    row: dict[str, Any] = {
        "rank": rank,
        "scenario": found.studies[number].label,
        "state": ("best" if found.is_sure else "undecided") if number in course.inside else "out",
        "looked_at": course.replications(number),
        "beaten_by": "" if by is None else found.studies[by].label,
        "in_the_choice": course.figure(number),
        "metric": course.question.metric,
        "replications": result.study.replications,
    }
    row |= {"estimate": own.value, "lower": own.lower, "upper": own.upper}
    row |= {f"difference_{end}": getattr(gap, end) for end in ("value", "lower", "upper") if number != found.lead}
    row |= {"verdict": result.verdict, **{f"target {v.metric} {v.scope}": v.verdict for v in result.verdicts}}
    return {**row, "cost_per_day": result.figures.estimates["cost_per_day", "all"].value}
