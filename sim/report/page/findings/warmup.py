"""The page of a warm-up: whether a run has settled when measuring begins."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from markupsafe import Markup

from sim.report.page.answer import Reply
from sim.report.page.called import center_called, way_name
from sim.report.page.finding import Finding, Part, Row, Table
from sim.report.page.named import Metric, with_unit
from sim.report.page.numbers import Day, Measure, Number, digits
from sim.report.page.pictures import Picture
from sim.report.page.svg import Panel, line, path, svg, tag, text, ticks_of
from sim.report.page.words import Joined, Listed, Name, Word, phrase
from sim.study import Study
from sim.units import day_of
from sim.verdicts import Outcome
from sim.warmup import BAND, WINDOWS, Settled, command, moving_averages

WIDTH, TALL = 680.0, 190.0


def finding(study: Study, found: Sequence[Settled]) -> Finding:
    """All that the page says. ``found`` is not empty."""
    center = Joined([center_called([study]), way_name(study)], " · ")
    first = found[0]
    begins = Day(day_of(study.base.start, first.warmup))
    return Finding(
        center=center,
        asked=phrase("warmup.asked", center=center, n=Number(first.warmup), day=begins),
        found=_found(study, found),
        sign=_sign(study, found),
        depends=(),
        replies=tuple(_replies(study, found)),
        parts=(_figures(study, found),),
        study=study,
    )


def _short(found: Sequence[Settled]) -> list[Word]:
    return [_name(one) for one in found if one.answer == "too short"]


def _name(one: Settled) -> Word:
    return Metric(one.series.name)


def _found(study: Study, found: Sequence[Settled]) -> Word:
    if study.base.opening:
        return phrase("warmup.opening")
    if short := _short(found):
        return phrase("warmup.short", figures=Listed(short))
    others: list[Word] = [_name(one) for one in found if one.answer != "suffices"]
    if not others:
        return phrase("warmup.suffices")
    key = "within_error" if all(one.suffices for one in found) else "not_shown"
    return phrase(f"warmup.{key}", figures=Listed(others))


def _sign(study: Study, found: Sequence[Settled]) -> Outcome | None:
    if study.base.opening:
        return None
    if _short(found):
        return "missed"
    return "met" if all(one.answer == "suffices" for one in found) else "undecided"


def _replies(study: Study, found: Sequence[Settled]) -> list[Reply]:
    wanted = command(study, found)
    sure = study.base.opening or all(one.suffices for one in found)
    todo = phrase("warmup.command", command=wanted) if wanted else phrase(f"warmup.{'nothing' if sure else 'longer'}")
    level, n = Measure("_share", study.confidence, exact=True), Number(study.replications)
    looked = phrase("warmup.looked", n=n, days=Number(found[0].looked_at))
    said = [phrase("warmup.left_of", figure=_name(one), left=_left(one)) for one in found]
    by_date = [phrase("warmup.by_date", dates=Listed(found[0].by_date))] if found[0].by_date else []
    return [
        Reply(phrase("question.left"), tuple(said), "figures"),
        Reply(phrase("question.todo"), (todo, *by_date), "figures"),
        Reply(phrase("question.sure"), (looked, phrase("warmup.level", confidence=level)), "figures"),
    ]


def _left(one: Settled) -> Word:
    """The figure over the days that are measured less the settled one."""
    if one.left is None or one.left.estimate.value is None:
        return phrase("figure.none")
    estimate = one.left.estimate
    value: Word = Number(estimate.value or 0.0, 2, signed=True)
    value = phrase("unit.minutes", n=value) if one.series.name == "wait_mean" else value
    if estimate.lower is None or estimate.upper is None:
        return value
    ends = (Number(end, 2, signed=True) for end in (estimate.lower, estimate.upper))
    low, high = ends
    return phrase("figure.with_interval", value=value, interval=phrase("interval.both", low=low, high=high))


def _figures(study: Study, found: Sequence[Settled]) -> Part:
    heads = (phrase("warmup.figure"), phrase("warmup.settled"), phrase("warmup.left"), phrase("warmup.answer"))
    rows = tuple(_row(one) for one in found)
    note = phrase("warmup.note", band=Measure("_share", BAND, exact=True))
    table = Table(phrase("warmup.table"), heads, rows, (note,))
    seen = [one for one in found if one.series.mean[1].any()]
    pictures = tuple(_picture(study, one, f"figures-picture-{nth}") for nth, one in enumerate(seen, 1))
    return Part("figures", phrase("warmup.heading"), (), pictures, (table,))


def _row(one: Settled) -> Row:
    settled: Word = phrase("figure.none") if one.left is None else digits(one.left.settled)
    return Row(_name(one), (settled, _left(one), _answer(one)))


def _answer(one: Settled) -> Word:
    said = Name("warmup_answer", one.answer)
    if one.answer != "too short" or one.wanted is None:
        return said
    return phrase("warmup.wanted", answer=said, n=Number(one.wanted))


def _picture(study: Study, one: Settled, id_: str) -> Picture:
    """Means of days as dots, moving averages as lines; the days that are measured are shaded."""
    (over, under), days = one.series.mean, one.series.days
    means = np.divide(over, under, out=np.full(len(over), np.nan), where=under > 0)
    top = 1.12 * float(np.nanmax(means)) or 1.0
    panel = Panel(46, WIDTH - 14, 30, TALL, (0.0, float(days[-1]) + 1), (0.0, top))
    ticks: list[tuple[float, Word]] = [(x, Number(x)) for x in ticks_of(*panel.across, most=8)]
    left, right = panel.x(one.warmup), panel.x(one.warmup + one.measured)
    parts = [
        tag("rect", x=left, y=panel.top, width=right - left, height=panel.bottom - panel.top, class_="measured"),
        panel.frame(ticks, with_unit(one.series.name)),
        *_band(panel, one),
        *(
            tag("circle", cx=panel.x(float(x)), cy=panel.y(float(y)), r=1.3, class_="dot")
            for x, y in zip(days, means, strict=True)
            if np.isfinite(y)
        ),
        *_averages(panel, one),
        line((left, panel.top), (left, panel.bottom), "base"),
        text(((panel.left + panel.right) / 2, TALL + 34), phrase("warmup.axis"), "axis", "middle"),
    ]
    title = phrase("warmup.picture", figure=_name(one), answer=_answer(one))
    spans = Listed([Number(2 * window + 1) for window in WINDOWS])
    caption = phrase("warmup.caption", n=Number(study.replications), windows=spans)
    return Picture(title, (caption,), svg((WIDTH, TALL + 42), *parts, labelled_by=id_))


def _band(panel: Panel, one: Settled) -> list[Markup]:
    """The settled figure and what does not matter, over the days that it is of."""
    if one.left is None:
        return []
    low, high = one.left.settled - one.left.band, one.left.settled + one.left.band
    x, right = panel.x(one.looked_at / 2), min(panel.x(one.looked_at), panel.right)
    return [tag("rect", x=x, y=panel.y(high), width=right - x, height=panel.y(low) - panel.y(high), class_="band")]


def _averages(panel: Panel, one: Settled) -> list[Markup]:
    over, under = one.series.mean
    found = []
    for window, class_ in zip(WINDOWS, ("serving", "waiting"), strict=True):
        own = moving_averages(over, under, window)
        points = [panel.at(float(x), float(y)) for x, y in zip(one.series.days, own, strict=False) if np.isfinite(y)]
        found += [path(points, class_)] if len(points) > 1 else []
    return found
