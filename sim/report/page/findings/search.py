"""The page of a search: the cheapest way that keeps every promise, what is next to it, and what more money buys."""

from __future__ import annotations

from collections.abc import Sequence

from sim.report.page.answer import Reply, chance, cost_a_month, overtime, promise, who
from sim.report.page.called import center_called, way_names
from sim.report.page.detailed import Section
from sim.report.page.finding import Finding, Part, Row, Table
from sim.report.page.findings.scatter import scatter
from sim.report.page.named import Metric
from sim.report.page.numbers import Measure, Number, figure
from sim.report.page.ways import COST, Way, single, times
from sim.report.page.words import Joined, Listed, Word, phrase
from sim.search import Search
from sim.search.frontier import Step
from sim.search.systems import State
from sim.verdicts import Outcome

BEFORE, AFTER, MOST_STEPS = 8, 12, 20
VERDICT: dict[State, Outcome] = {"feasible": "met", "near": "undecided", "open": "undecided", "out": "missed"}


def finding(found: Search) -> Finding:
    """All that the page says."""
    studies = [system.study for system in found.systems]
    names = way_names(studies)
    answer = None if found.answer is None else single(found.confirmed[found.answer], names[found.answer])
    study = studies[0] if answer is None else answer.study
    promises = Listed([promise(study.scenario, target) for target in study.targets.items])
    center = center_called(studies)
    return Finding(
        center=center,
        asked=phrase("search.asked", n=Number(len(studies)), center=center, promises=promises),
        found=_found(found, answer),
        sign=_sign(found),
        depends=(),
        replies=tuple(_replies(found, answer)),
        parts=(_ways(found, names), _bought(found, names)),
        study=study,
        inside=None if answer is None else Section(answer),
    )


def _sign(found: Search) -> Outcome:
    if found.answer is not None:
        return "met"
    return "missed" if all(found.systems[number].state == "out" for number in found.looked_at) else "undecided"


def _found(found: Search, answer: Way | None) -> Word:
    if answer is not None:
        return phrase("search.found", way=answer.name)
    key = "none" if _sign(found) == "missed" else "undecided"
    return phrase(f"search.{key}", n=Number(len(found.systems)))


def _replies(found: Search, answer: Way | None) -> list[Reply]:
    said: list[tuple[str, Sequence[Word], str]] = [("sure", _sure(found, answer), "ways")]
    if answer is not None:
        wait = answer.figure("wait_mean")
        which: list[Word] = [phrase("which.wait", figure=figure("wait_mean", wait))] if wait else []
        said = [
            ("which", [phrase("which.best", way=answer.name), *which], "ways"),
            *said,
            ("cost", [*cost_a_month(answer), overtime(answer.overtime())], "ways"),
            ("who", who(answer), "who"),
        ]
    said.append(("more", _more(found), "more"))
    return [Reply(phrase(f"question.{key}"), tuple(words), link) for key, words, link in said]


def _sure(found: Search, answer: Way | None) -> list[Word]:
    """What is shown, at what confidence, and what is left open."""
    study = found.systems[0].study
    level = Measure("_share", study.confidence, exact=True)
    lines: list[Word] = []
    if answer is not None:
        lines.append(phrase("search.fresh", n=Number(answer.study.replications), confidence=level))
        lines += chance(answer)
        if not found.undecided:
            lines.append(phrase("search.nothing_cheaper", confidence=level))
    unconfirmed = [number for number in found.confirmed if number != found.answer]
    lines += [phrase("search.not_confirmed", n=Number(len(unconfirmed)))] if unconfirmed else []
    near = len(found.cheaper) - len(found.undecided)
    lines += [phrase("search.cheaper_open", n=Number(len(found.undecided)))] if found.undecided else []
    lines += [phrase("search.cheaper_near", n=Number(near))] if near else []
    unseen = len(found.systems) - len(found.looked_at)
    return [*lines, *([phrase("search.unseen", n=Number(unseen))] if unseen else [])]


def _more(found: Search) -> list[Word]:
    """What the next dearer efficient way would bring, or that there is none."""
    if found.answer is None:
        return [phrase("search.no_answer")]
    after = [step for step in found.steps if step.cheaper == found.answer]
    if not after:
        return [phrase("search.last_step" if found.answer in found.efficient else "search.not_efficient")]
    (step,) = after
    change = {"metric": Metric(found.metric), "change": _gain(found, step)}
    return [phrase("search.next_step", cost=_cost(found, step), **change)]


def _ways(found: Search, names: Sequence[Word]) -> Part:
    shown = _shown(found)
    rows = tuple(_row(found, number, names) for number in shown)
    heads = (phrase("compare.way"), Metric("cost_month"), Metric(found.metric), phrase("repeat.replications"))
    left = len(found.systems) - len(shown)
    level = Measure("_share", found.systems[0].study.confidence, exact=True)
    notes: list[Word] = [phrase("search.note", confidence=level)]
    notes += [phrase("search.not_shown", n=Number(left))] if left else []
    table = Table(phrase("search.table"), heads, rows, tuple(notes))
    return Part("ways", phrase("compare.title"), (), (scatter(found, names, verdict_of, "ways-picture-1"),), (table,))


def _shown(found: Search) -> list[int]:
    """The cheaper ones that are not decided, the answer, and the next that keep the promise; the cheapest first."""
    own = [] if found.answer is None else [found.answer]
    after = [number for number in found.numbers("feasible") if number != found.answer]
    before = found.cheaper[-BEFORE:] if own else found.numbers("open", "near")[:BEFORE]
    rest = [] if own or before else found.looked_at[:BEFORE]
    return sorted({*before, *own, *after[:AFTER], *rest}, key=lambda number: (found.systems[number].cost, number))


def _row(found: Search, number: int, names: Sequence[Word]) -> Row:
    system = found.systems[number]
    money = system.study.base.money
    cells = (
        Measure(COST, system.cost * money.working_days_per_month, money.currency),
        figure(found.metric, system.estimate(found.metric)),
        Number(system.replications),
    )
    tag = phrase("search.answer") if number == found.answer else ""
    state = "near" if system.state == "near" else "unconfirmed" if _is_unconfirmed(found, number) else ""
    name = Joined([names[number], phrase(f"search.{state}")], " · ") if state else names[number]
    return Row(name, cells, verdict_of(found, number), tag)


def _is_unconfirmed(found: Search, number: int) -> bool:
    return number in found.confirmed and number != found.answer


def verdict_of(found: Search, number: int) -> Outcome:
    """What is known of a way in the end: of one that was tried again, what fresh replications say."""
    if _is_unconfirmed(found, number):
        return found.confirmed[number].verdict
    return VERDICT[found.systems[number].state]


def _bought(found: Search, names: Sequence[Word]) -> Part:
    middle = next((nth for nth, step in enumerate(found.steps) if step.dearer == found.answer), 0)
    first = max(min(middle - MOST_STEPS // 2, len(found.steps) - MOST_STEPS), 0)
    steps = found.steps[first : first + MOST_STEPS]
    if not steps:
        return Part("more", phrase("question.more"), (phrase("search.no_steps"),))
    rows = tuple(Row(names[step.dearer], (_cost(found, step), _gain(found, step))) for step in steps)
    heads = (phrase("search.to"), phrase("search.costs_more"), phrase("search.changes", metric=Metric(found.metric)))
    title = phrase("search.steps_of", n=Number(len(steps)), of=Number(len(found.steps)))
    return Part("more", phrase("question.more"), (), (), (Table(title, heads, rows, (phrase("search.steps_note"),)),))


def _cost(found: Search, step: Step) -> Word:
    money = found.systems[0].study.base.money
    return figure(COST, times(step.cost.estimate, money.working_days_per_month), money.currency, signed=True)


def _gain(found: Search, step: Step) -> Word:
    """The change of the figure, and whether it is told from nothing."""
    estimate = step.gain.estimate
    said = figure(found.metric, estimate, signed=True)
    clear = step.gain.p_value is not None and step.gain.p_value <= 1 - estimate.confidence
    return said if clear else phrase("search.unclear", change=said)
