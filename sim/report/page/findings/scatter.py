"""Cost against the promised figure of all ways that a search looked at."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from markupsafe import Markup

from sim.report.marks import scale_of
from sim.report.page.forest import Shortened
from sim.report.page.named import with_unit
from sim.report.page.numbers import MILLION, Measure, Money, Number
from sim.report.page.pictures import Picture
from sim.report.page.svg import Panel, line, mark, path, svg, tag, text, ticks_of
from sim.report.page.words import Word, phrase
from sim.report.wording import threshold_on
from sim.search import Search
from sim.verdicts import Outcome

WIDTH, TOP, BOTTOM = 680.0, 34.0, 330.0
FURTHEST = 3.0
"""Times the promise beyond which figures are drawn at the edge."""
SIZES: dict[Outcome, float] = {"missed": 2.2, "undecided": 3.0, "met": 3.2}
Verdict = Callable[[Search, int], Outcome]


def scatter(found: Search, names: Sequence[Word], verdict: Verdict, labelled_by: str) -> Picture:
    """State cost a month against the figure of the first promise, a mark a way by its ``verdict``."""
    drawn = [number for number in found.looked_at if found.systems[number].estimate(found.metric).value is not None]
    scale, threshold = scale_of(found.metric), threshold_on(found.systems[0].study, found.metric)
    values = [_value(found, number) for number in drawn] or [0.0]
    top = 1.05 * min(max(values), FURTHEST * max(threshold or 0.0, *([_value(found, n) for n in _own(found)] or [0.0])))
    top = (top or max(values) or 1.0) * scale
    months = [_month(found, number) for number in drawn] or [0.0]
    room = 0.06 * (max(months) - min(months)) or 0.02 * max(months) or 1.0
    panel = Panel(60, WIDTH - 20, TOP, BOTTOM, (max(min(months) - room, 0.0), max(months) + room), (0.0, top))
    parts = [panel.frame([(x, Number(x, exact=True)) for x in ticks_of(*panel.across)], with_unit(found.metric))]
    currency = Money(found.systems[0].study.base.money.currency)
    axis = phrase("costs.axis", currency=currency)
    parts.append(text(((panel.left + panel.right) / 2, BOTTOM + 40), axis, "axis", "middle"))
    if threshold is not None and threshold * scale <= top:
        y = panel.y(threshold * scale)
        promised = phrase("costs.target", value=Measure(found.metric, threshold, exact=True))
        parts += [
            line((panel.left, y), (panel.right, y), "target"),
            text((panel.right, y - 5), promised, "small", "end"),
        ]
    at = [_at(found, panel, number, scale) for number in found.efficient]
    parts += [path(at, "efficient")] if len(at) > 1 else []
    for sign, size in SIZES.items():
        own = [number for number in drawn if number != found.answer and verdict(found, number) == sign]
        parts += [mark(_at(found, panel, number, scale), sign, size) for number in own]
    parts += [_answer(found, panel, names, scale)] if found.answer is not None else []
    drawing = svg((WIDTH, BOTTOM + 50), *parts, labelled_by=labelled_by)
    return Picture(_title(found), (phrase("search.caption", n=Number(len(found.looked_at))),), drawing)


def _own(found: Search) -> list[int]:
    return [] if found.answer is None else [found.answer]


def _value(found: Search, number: int) -> float:
    return found.systems[number].estimate(found.metric).value or 0.0


def _month(found: Search, number: int) -> float:
    system = found.systems[number]
    return system.cost * system.study.base.money.working_days_per_month / MILLION


def _at(found: Search, panel: Panel, number: int, scale: float) -> tuple[float, float]:
    return panel.at(_month(found, number), _value(found, number) * scale)


def _answer(found: Search, panel: Panel, names: Sequence[Word], scale: float) -> Markup:
    """The answer, larger, with its name on the side where there is room."""
    assert found.answer is not None
    at = _at(found, panel, found.answer, scale)
    anchor, side = ("start", 10) if at[0] < WIDTH / 2 else ("end", -10)
    up = 18.0 if at[1] < TOP + 30 else -9.0
    said = text((at[0] + side, at[1] + up), Shortened(names[found.answer]), "name", anchor)
    ring = tag("circle", cx=at[0], cy=at[1], r=9.0, class_="ring")
    return tag("g", ring, mark(at, "met", 5.5), said)


def _title(found: Search) -> Word:
    if found.answer is None:
        return phrase("costs.none")
    money, confirmed = found.systems[0].study.base.money, found.confirmed[found.answer]
    a_day = confirmed.figures.estimates["cost_per_day", "all"].value or 0.0
    cost = Measure("cost_per_day", a_day * money.working_days_per_month, money.currency)
    return phrase("search.picture", cost=cost)
