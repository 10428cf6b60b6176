"""The page of a look at assumptions: which of them change the answer, which move the figure most, and how far."""

from __future__ import annotations

from collections.abc import Sequence

from sim.assumptions.draws import DRAWS, Uncertain
from sim.assumptions.everywhere import Morris, Variance
from sim.assumptions.inputs import LeftOut
from sim.assumptions.one_by_one import Rests
from sim.report.page.answer import Reply, promise
from sim.report.page.called import center_called, way_name
from sim.report.page.finding import Finding, Part
from sim.report.page.findings.everywhere import everywhere
from sim.report.page.findings.one_by_one import one_by_one
from sim.report.page.numbers import Measure, Number, figure
from sim.report.page.words import Joined, Listed, Name, Word, phrase
from sim.targets import kind_of

Looked = Rests | Morris | Variance


def finding(found: Looked, drawn: Uncertain | None = None) -> Finding:
    """All that the page says. ``drawn``: the figure over draws of all inputs, where that was asked for."""
    study = found.study
    center = Joined([center_called([study]), way_name(study)], " · ")
    promises = Listed([promise(study.scenario, target) for target in study.targets.items])
    said = one_by_one(found) if isinstance(found, Rests) else everywhere(found)
    replies = [*said.replies, *([Reply(_asked(drawn), (_judged(drawn),), "drawn")] if drawn else [])]
    parts = [said.part, *([_drawn(drawn)] if drawn else []), _left_out(said.left_out)]
    return Finding(
        center=center,
        asked=phrase("sensitivity.asked", center=center, promises=promises),
        found=said.found,
        sign=said.sign,
        depends=said.depends,
        replies=tuple(replies),
        parts=tuple(parts),
        study=study,
    )


def _drawn(drawn: Uncertain) -> Part:
    study, over = drawn.base.study, drawn.over_draws
    metric = study.targets.items[0].metric
    level = Measure("_share", study.confidence, exact=True)
    variance = over.inputs**2 + over.simulation**2
    share = Measure("_share", over.inputs**2 / variance if variance else 0.0)
    said = (
        _judged(drawn),
        phrase("sensitivity.alone", figure=figure(metric, drawn.estimate)),
        _over(drawn),
        phrase("sensitivity.variance", share=share),
        phrase("sensitivity.draws", n=Number(DRAWS), confidence=level),
    )
    return Part("drawn", _asked(drawn), said)


def _asked(drawn: Uncertain) -> Word:
    return phrase("question.measured" if drawn.kinds == "measured" else "question.all_inputs")


def _judged(drawn: Uncertain) -> Word:
    both, alone = (Name("verdict", verdict) for verdict in (drawn.verdict, drawn.base.verdict))
    return phrase("sensitivity.judged", verdict=both, plain=alone)


def _over(drawn: Uncertain) -> Word:
    study, over = drawn.base.study, drawn.over_draws
    metric = study.targets.items[0].metric
    low, high = (Measure(metric, max(end, 0.0) if kind_of(metric) != "other" else end) for end in over.interval)
    level = Measure("_share", study.confidence, exact=True)
    key = "sensitivity.over_measured" if drawn.kinds == "measured" else "sensitivity.over"
    return phrase(key, mean=Measure(metric, over.mean.value), confidence=level, low=low, high=high)


def _left_out(left_out: Sequence[LeftOut]) -> Part:
    return Part("left", phrase("sensitivity.left"), (phrase("sensitivity.left_out", n=Number(len(left_out))),))
