"""The page of a headroom: how much a center can take before its promise breaks, or what it would need to keep it."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, isinf

from sim.headroom import Headroom, first_to_turn
from sim.headroom.needed import MOST_MORE, Chosen, Needed
from sim.headroom.officials import Again, Spared, Step
from sim.headroom.outages import Survived
from sim.report.page.answer import Reply, first_look, promise
from sim.report.page.called import center_called, way_name
from sim.report.page.finding import Finding, Part, Row, Table
from sim.report.page.findings.turning import factor, minutes, reached, turning_part
from sim.report.page.named import target_name
from sim.report.page.numbers import Measure, Number, figure
from sim.report.page.words import Joined, Listed, Name, Word, phrase
from sim.units import clock_text


def finding(found: Headroom) -> Finding:
    """All that the page says."""
    study = found.study
    center = Joined([center_called([study]), way_name(study)], " · ")
    promises = Listed([promise(study.scenario, target) for target in study.targets.items])
    key = "asked" if found.base.verdict == "met" else "asked_more"
    return Finding(
        center=center,
        asked=phrase(f"headroom.{key}", center=center, promises=promises),
        found=_found(found),
        sign=found.base.verdict,
        depends=(),
        replies=tuple(_replies(found)),
        parts=(_demand(found), _officials(found), *_outages(found)),
        study=study,
    )


def _found(found: Headroom) -> Word:
    """How far demand can grow, or would have to fall, for every promise to be kept by the figures."""
    first = first_to_turn(found.turns)
    verdict = Name("verdict", found.base.verdict)
    is_open = "" if found.base.verdict == "met" else "open_"
    if first.value == inf:
        return phrase(f"headroom.{is_open}always", verdict=verdict, most=factor(found.demand.values[-1]))
    if first.value == -inf:
        return phrase("headroom.never", verdict=verdict, least=factor(found.demand.values[0]))
    key = "would_be" if first.value < found.demand.start else f"{is_open}up_to"
    said = {"factor": reached(first, found.demand, factor), "shown": factor(max(first.met_until, found.demand.start))}
    return phrase(f"headroom.{key}", verdict=verdict, **said)


def _replies(found: Headroom) -> list[Reply]:
    first = first_to_turn(found.turns)
    target = target_name(found.study.scenario, first.target)
    decides = [phrase("headroom.decides", target=target)] if not isinf(first.value) else []
    base = found.base.verdicts[0]
    now = phrase(
        "sensitivity.base",
        metric=target_name(found.study.scenario, found.study.targets.items[0]),
        figure=figure(base.metric, base.estimate),
    )
    level = Measure("_share", found.study.confidence, exact=True)
    sure = phrase("sure.level", confidence=level, n=Number(found.study.replications))
    said: list[tuple[str, Sequence[Word], str]] = [
        ("now", [now, Joined([phrase("headroom.verdict"), Name("verdict", found.base.verdict)], ": ")], "demand"),
        ("demand", [reached(first, found.demand, factor), *decides], "demand"),
        ("officials", _officials_said(found), "officials"),
        ("outage", _outages_said(found), "outages" if found.outages else "officials"),
        ("sure", [sure, phrase("headroom.interval"), *first_look(found.study)], "demand"),
    ]
    return [Reply(phrase(f"question.{key}"), tuple(words), link) for key, words, link in said]


def _demand(found: Headroom) -> Part:
    return turning_part(
        "demand", found.study, found.turns, found.demand, factor, (_found(found), phrase("headroom.axis"))
    )


# Officials


def _officials_said(found: Headroom) -> list[Word]:
    if found.officials is not None:
        return _spared(found.officials)
    return _needed(found.needed) if found.needed is not None else [phrase("headroom.no_groups")]


def _spared(found: Spared) -> list[Word]:
    if not found.groups:
        return [phrase("headroom.no_groups")]
    lines: list[Word] = [phrase("headroom.nobody_spared")]
    if found.most is not None:
        group = found.most.group
        said = {"group": Name("staff", group.name), "n": Number(group.spare), "of": Number(group.count)}
        lines = [phrase("headroom.spare_open" if group.is_open else "headroom.spare", **said), _again(found.most)]
    if found.least is not None:
        name, by = Name("staff", found.least.group.name), Number(found.least.by)
        lines += [phrase("headroom.breaks", group=name, n=by), _again(found.least)]
    return lines


def _again(found: Again) -> Word:
    verdict = Name("verdict", found.point.verdict)
    return phrase("headroom.again", verdict=verdict, n=Number(len(found.point.runs)))


def _needed(found: Needed) -> list[Word]:
    if not found.groups:
        return [phrase("headroom.no_groups")]
    if found.chosen is None:
        return [phrase("headroom.none_enough", n=Number(MOST_MORE)), phrase("headroom.search")]
    without: list[Word] = [Name("staff", group.name) for group in found.groups if group.enough is None]
    lines = _chosen(found.chosen)
    return [*lines, *([phrase("headroom.not_enough", n=Number(MOST_MORE), groups=Listed(without))] if without else [])]


def _chosen(found: Chosen) -> list[Word]:
    more = {"group": Name("staff", found.group.name), "n": Number(found.step.by), "counters": Number(found.counters)}
    lines: list[Word] = [phrase("headroom.fewest", **more)]
    runs = next((len(step.point.runs) for step in found.again if step.point is not None), 0)
    lines.append(phrase("headroom.again", verdict=Name("verdict", found.verdict), n=Number(runs)))
    if found.verdict != "met":
        shown = found.shown
        lines.append(phrase("headroom.shown", n=Number(shown.by)) if shown else phrase("headroom.none_shown"))
    return lines


def _officials(found: Headroom) -> Part:
    heads: list[Word] = [phrase("headroom.group"), phrase("headroom.has")]
    metric = target_name(found.study.scenario, found.study.targets.items[0])
    key = "fewer" if found.officials is not None else "more"
    heads += [phrase(f"headroom.{key}"), metric]
    spared = found.officials.groups if found.officials else ()
    needed = found.needed.groups if found.needed else ()
    rows = [_step(group.name, group.count, step) for group in spared for step in group.steps]
    rows += [_step(group.name, group.count, step) for group in needed for step in group.ends]
    tables = (Table(phrase(f"headroom.table_{key}"), tuple(heads), tuple(rows)),) if rows else ()
    return Part("officials", phrase("question.officials"), tuple(_officials_said(found)), (), tables)


def _step(name: str, count: int, step: Step) -> Row:
    """A group at a number fewer, or more: its figure, or why that cannot be."""
    said: Word = phrase("headroom.cannot")
    if step.point is not None:
        verdict = step.point.verdicts[0]
        said = figure(verdict.metric, verdict.estimate)
    return Row(Name("staff", name), (Number(count), Number(step.by), said), step.verdict)


# Outages


def _outages_said(found: Headroom) -> list[Word]:
    return [_outage(one) for one in found.outages] or [phrase("headroom.no_outage")]


def _outage(one: Survived) -> Word:
    first = first_to_turn(one.turns)
    key = "always" if first.value == inf else "never" if first.value == -inf else "until"
    until = minutes(one.walk.values[-1]) if first.value == inf else reached(first, one.walk, minutes)
    how, begins = Name("outage_answer", one.answer), clock_text(one.begins)
    return phrase(f"headroom.outage_{key}", how=how, begins=begins, minutes=until)


def _outages(found: Headroom) -> list[Part]:
    parts = []
    for nth, one in enumerate(found.outages):
        key = f"outages-{nth + 1}" if nth else "outages"
        part = turning_part(
            key, found.study, one.turns, one.walk, minutes, (_outage(one), phrase("headroom.outage_axis"))
        )
        heading = Joined([phrase("question.outage"), Name("outage_answer", one.answer)], " · ")
        parts.append(Part(key, heading, (phrase("headroom.hour"),), part.pictures, part.tables))
    return parts
