"""The pictures of the page: cost against wait, and the line and the officials through the day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
from markupsafe import Markup

from sim.intervals import Estimate
from sim.report.day import Course, course, hours_of, plateau
from sim.report.marks import reach, scale_of
from sim.report.page.named import with_unit
from sim.report.page.numbers import MILLION, Measure, Money, Number, digits
from sim.report.page.svg import Panel, Point, line, mark, path, svg, tag, text, ticks_of
from sim.report.page.ways import COST, Group, Way, times
from sim.report.page.words import Joined, Word, phrase
from sim.report.wording import headline, threshold_on
from sim.tally import BIN
from sim.units import HOUR, clock_text

WIDTH, CLOSE = 680.0, 14.0


@dataclass(frozen=True)
class Picture:
    """A title that says what was found, what is drawn and how sure it is, and the drawing."""

    title: Word
    caption: tuple[Word, ...]
    drawing: Markup


def costs(group: Group, id_: str) -> Picture | None:
    """State cost a month against the first target's figure, a mark a way; None unless two have both."""
    metric = headline([way.study for way in group.ways])
    ways = [way for way in group.ways if way.cost is not None and way.figure(metric)]
    if len(ways) < 2:
        return None
    waits = {way.number: _known(way, metric) for way in ways}
    threshold = threshold_on(group.baseline.study, metric)
    top, scale = reach(metric, list(waits.values()), [threshold]), scale_of(metric)
    panel = Panel(60, WIDTH - 20, 34, 300, _wide([_month(way) for way in ways]), (0.0, top))
    drawn = [panel.frame([(x, Number(x, exact=True)) for x in ticks_of(*panel.across)], with_unit(metric))]
    label = phrase("costs.axis", currency=Money(group.baseline.currency))
    drawn.append(text(((panel.left + panel.right) / 2, 340), label, "axis", "middle"))
    if threshold is not None and threshold * scale <= top:
        y = panel.y(threshold * scale)
        promised = phrase("costs.target", value=Measure(metric, threshold, exact=True))
        drawn += [
            line((panel.left, y), (panel.right, y), "target"),
            text((panel.right, y - 5), promised, "small", "end"),
        ]
    scaled = {number: times(wait, scale) for number, wait in waits.items()}
    best = sorted((_month(way), scaled[way.number].value or 0.0) for way in ways if way.number in group.efficient)
    drawn.append(path([panel.at(*at) for at in best], "efficient"))
    places = {way.number: panel.at(_month(way), scaled[way.number].value or 0.0) for way in ways}
    drawn += [_way(panel, way, scaled[way.number], _numbers(places, way.number)) for way in ways]
    level = Measure("_share", group.baseline.study.confidence, exact=True)
    runs = Joined([Number(n) for n in sorted({way.study.replications for way in ways})])
    caption = phrase("costs.caption", confidence=level, n=runs)
    return Picture(_cheapest(group), (caption,), svg((WIDTH, 350), *drawn, labelled_by=id_))


def _known(way: Way, metric: str) -> Estimate:
    found = way.figure(metric)
    if found is None:
        raise ValueError(f"wanted a way that has {metric}")
    return found


def _month(way: Way) -> float:
    return (way.cost or 0.0) * way.a_month / MILLION


def _wide(values: Sequence[float]) -> Point:
    """The values with room on both sides."""
    low, high = min(values), max(values)
    room = max((high - low) * 0.12, high * 0.02, 1e-9)
    return max(low - room, 0.0), high + room


def _way(panel: Panel, way: Way, wait: Estimate, numbers: str) -> Markup:
    at = panel.at(_month(way), wait.value or 0.0)
    inside = [mark(at, way.verdict)]
    if wait.lower is not None and wait.upper is not None:
        inside.insert(0, line((at[0], panel.y(wait.lower)), (at[0], panel.y(wait.upper)), "interval"))
    inside.append(text((at[0] + 9, at[1] - 7), numbers, "number"))
    return tag("g", *inside, class_="way", data_way=way.number)


def _numbers(places: Mapping[int, Point], own: int) -> str:
    """The number of a mark with those of others at its place; "" where one of them, to the right, says it."""
    x, y = places[own]
    here = [other for other, (a, b) in places.items() if abs(a - x) < CLOSE and abs(b - y) < CLOSE]
    last = max(here, key=lambda number: places[number][0])
    return ", ".join(str(number + 1) for number in here) if own == last else ""


def _cheapest(group: Group) -> Word:
    best = group.recommended
    if best is None or best.cost is None:
        return phrase("costs.none")
    return phrase("costs.cheapest", way=best.name, cost=Measure(COST, best.cost * best.a_month, best.currency))


@dataclass(frozen=True, eq=False)
class Hours:
    """The mean day of a way by 5 minutes: from ``first`` minutes after midnight, the longest line at ``peak``."""

    first: int
    peak: int
    waiting: tuple[float, ...]
    on_duty: tuple[float, ...]
    serving: tuple[float, ...]


def day(way: Way, id_: str) -> tuple[Picture, Hours] | None:
    """The line, and the officials below it, through a mean day; None where the door was never open."""
    found = [course(way.result, name) for name in ("waiting", "on_duty", "serving")]
    courses = [one for one in found if one is not None]
    if len(courses) < 3:
        return None
    waiting, first, last = courses[0], *hours_of(courses)
    drawing = svg((WIDTH, 374), *_day(courses, first, last), labelled_by=id_)
    shown = slice(first * HOUR // BIN, last * HOUR // BIN)
    peak = int(waiting.mean[shown].argmax())
    hours = Hours(first * 60, peak, *(tuple(round(float(v), 1) for v in one.mean[shown]) for one in courses))
    return Picture(_when(waiting), _said(way), drawing), hours


def _day(courses: Sequence[Course], first: int, last: int) -> list[Markup]:
    """Both panels, from one hour to another, and the line that a script moves through them."""
    waiting, on_duty, serving = courses
    step = 1 if last - first <= 14 else 2
    ticks: list[tuple[float, Word]] = [(float(h), f"{h:02d}:00") for h in range(first, last + 1, step)]
    above, below = (
        Panel(46, WIDTH - 14, top, bottom, (float(first), float(last)), (0.0, _above(some)))
        for top, bottom, some in ((30, 180, courses[:1]), (242, 352, courses[1:]))
    )
    ends = {"y1": above.top, "y2": below.bottom, "data_left": above.left, "data_right": above.right}
    return [
        above.frame([], phrase("day.waiting")),
        path([*_edge(above, waiting, waiting.low), *_edge(above, waiting, waiting.high)[::-1]], "band", closed=True),
        path(_edge(above, waiting, waiting.mean), "waiting"),
        below.frame(ticks, phrase("day.officials")),
        path(_edge(below, on_duty, on_duty.mean), "on-duty"),
        path(_edge(below, serving, serving.mean), "serving"),
        *_keys(),
        tag("line", x1=above.left, x2=above.left, class_="now", **ends),
    ]


def _above(courses: Sequence[Course]) -> float:
    return max(1.0, ceil(1.1 * max(float(one.high.max()) for one in courses)))


def _edge(panel: Panel, one: Course, values: np.ndarray) -> list[Point]:
    """A line of a course within the panel."""
    hours = (np.arange(len(one.mean)) + 0.5) * BIN / HOUR
    inside = (hours >= panel.across[0]) & (hours <= panel.across[1])
    return [panel.at(float(x), float(y)) for x, y in zip(hours[inside], values[inside], strict=True)]


def _keys() -> list[Markup]:
    """What the two lines of the lower panel are."""
    found = []
    for x, name in ((250.0, "on-duty"), (460.0, "serving")):
        found += [line((x, 230), (x + 26, 230), name), text((x + 32, 234), phrase(f"day.{name}"), "small")]
    return found


def _when(waiting: Course) -> Word:
    """When the line is longest."""
    peak = int(waiting.mean.argmax())
    people = float(waiting.mean[peak])
    if people < 0.05:
        return phrase("day.nobody")
    first, last = plateau(waiting.mean, peak)
    many = Number(people) if people >= 9.5 else digits(people)
    if (last - first) * BIN >= 2 * HOUR:
        return phrase("day.long", n=many, first=clock_text(first * BIN), last=clock_text(last * BIN))
    return phrase("day.peak", n=many, at=clock_text(peak * BIN))


def _said(way: Way) -> tuple[Word, ...]:
    many = way.study.replications
    return (phrase("day.caption" if many > 1 else "day.one", n=Number(many)),)
