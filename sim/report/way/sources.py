"""Which figures of a way have a source."""

from __future__ import annotations

from collections.abc import Mapping

from sim.report.way.graph import Way, way_of
from sim.study import Study
from sim.values import numbers

_UNSOURCED = {"A", "unmarked"}


def way_through(study: Study) -> Way:
    """The way through the center of a study, its policies applied, each fact known or not where numbers are marked."""
    way = way_of(study.scenario)
    return way.sourced(_sources(study)) if study.marks else way


def _sources(study: Study) -> Mapping[str, bool]:
    """Of every number of the scenario, whether it has a source; what policies changed has one if all of theirs have."""
    sourced = {key: letter not in _UNSOURCED for key, letter in study.marks.items()}
    policies = all(known for key, known in sourced.items() if key.startswith("policy."))
    before = dict(numbers(study.base.model_dump(mode="json")))
    after = dict(numbers(study.scenario.model_dump(mode="json")))
    return {key: sourced.get(key, False) if before.get(key) == value else policies for key, value in after.items()}
