"""Assumptions all over their ranges: elementary effects, or shares of the variance."""

from __future__ import annotations

from sim.assumptions.designs import Index
from sim.assumptions.everywhere import Morris, Variance
from sim.intervals import Estimate
from sim.report.marks import scale_of
from sim.report.page.answer import Reply
from sim.report.page.finding import Part, Row, Table
from sim.report.page.findings.method import MOST, MOST_NAMED, Method
from sim.report.page.forest import Line, forest
from sim.report.page.named import Input as Named
from sim.report.page.named import target_name, with_unit
from sim.report.page.numbers import Measure, Number, digits
from sim.report.page.pictures import Picture
from sim.report.page.ways import times
from sim.report.page.words import Listed, Word, phrase
from sim.targets import kind_of


def everywhere(found: Morris | Variance) -> Method:
    """Inputs ranked by what they bring anywhere in the ranges."""
    metric, named = found.study.targets.items[0].metric, [Named(one.name) for one in found.inputs[:MOST_NAMED]]
    key = "morris" if isinstance(found, Morris) else "sobol"
    name = target_name(found.study.scenario, found.study.targets.items[0])
    replies = (
        Reply(phrase("question.largest"), (phrase("sensitivity.first", inputs=Listed(named)),), "ranked"),
        Reply(phrase("question.sure"), (_noise(found, metric),), "ranked"),
    )
    said = phrase(f"sensitivity.{key}", metric=name, inputs=Listed(named), **_largest(found))
    return Method(said, None, (phrase("sensitivity.no_verdict"),), replies, _ranked(found), found.left_out)


def _largest(found: Morris | Variance) -> dict[str, Word]:
    """Of shares: how many were looked at, and the largest with its interval."""
    if isinstance(found, Morris):
        return {}
    share = Measure("_share", min(max(found.shares.total[0].value, 0.0), 1.0))
    return {"n": Number(len(found.inputs)), "input": Named(found.inputs[0].name), "share": share}


def _noise(found: Morris | Variance, metric: str) -> Word:
    key = "morris" if isinstance(found, Morris) else "sobol"
    level = Measure("_share", found.study.confidence, exact=True)
    noise = Measure(metric, found.noise, signed=kind_of(metric) == "share")
    return phrase(f"sensitivity.{key}_noise", noise=noise, confidence=level)


def _ranked(found: Morris | Variance) -> Part:
    metric = found.study.targets.items[0].metric
    if isinstance(found, Morris):
        columns, scale = [(one.size, one.mean) for one in found.effects], scale_of(metric)
        key, axis = "morris", with_unit(metric)
    else:
        columns, scale = list(zip(found.shares.first, found.shares.total, strict=True)), 100.0
        key, axis = "sobol", phrase("sensitivity.sobol_axis")
    heads = (phrase("rests.input"), phrase(f"sensitivity.{key}_one"), phrase(f"sensitivity.{key}_other"))
    rows = tuple(
        Row(Named(one.name), tuple(_index(index, scale) for index in both))
        for one, both in zip(found.inputs[:MOST], columns, strict=False)
    )
    main = 0 if isinstance(found, Morris) else 1
    level = found.study.confidence
    lines = [
        Line(Named(one.name), times(_estimate(both[main], level), scale))
        for one, both in zip(found.inputs[:MOST], columns, strict=False)
    ]
    picture = Picture(
        phrase(f"sensitivity.{key}_picture", input=Named(found.inputs[0].name)),
        (phrase(f"sensitivity.{key}_note"),),
        forest(lines, axis, "ranked-picture-1"),
    )
    hidden = len(found.inputs) - len(rows)
    notes = (phrase("sensitivity.not_shown", n=Number(hidden)),) if hidden else ()
    return Part("ranked", phrase(f"sensitivity.{key}_heading"), (), (picture,), (Table(axis, heads, rows, notes),))


def _estimate(index: Index, confidence: float) -> Estimate:
    return Estimate(index.value, index.lower, index.upper, None, confidence, "bootstrap", 0)


def _index(index: Index, scale: float) -> Word:
    low, high = (digits(scale * end) for end in (index.lower, index.upper))
    inside = phrase("interval.both", low=low, high=high)
    return phrase("figure.with_interval", value=digits(scale * index.value), interval=inside)
