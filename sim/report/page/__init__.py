"""The planner's page: one self-contained HTML file in Vietnamese and English, from results that exist.

Nothing in it asks anything of a network, and a browser is told to allow nothing else (Content-Security-Policy); what
people have named is text wherever it stands. It says the same without JavaScript, on paper and on a telephone.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from sim.comparison import Difference
from sim.reopening import Made
from sim.report.cheapest import nearest_of_each
from sim.report.detail import in_detail
from sim.report.marks import reach
from sim.report.page import answer, details, numbers, pictures, rests, svg
from sim.report.page.details import Table, Week
from sim.report.page.pictures import Hours, Picture
from sim.report.page.ways import COST, Group, Way, groups, times
from sim.report.page.words import LANGUAGES, Language, catalog, html, phrase
from sim.report.wording import headline, threshold_on, verdict_on
from sim.rested import Rested
from sim.result import Result, alike

MOST_WAYS = 12
SCRIPTS = ("page.js",)
STYLES = ("page.css",)


@dataclass(frozen=True, eq=False)
class Source:
    """All that a page is made of; ``failed``: why other scenarios have no results."""

    results: Mapping[str, Result]
    differences: tuple[Difference, ...]
    rests: Mapping[str, Rested]
    made: Made
    failed: Mapping[str, str]
    is_of_this_version: bool = True


@dataclass(frozen=True, eq=False)
class Section:
    """A way with all that has to be drawn and counted for its own sections."""

    way: Way

    @cached_property
    def day(self) -> tuple[Picture, Hours] | None:
        """Its mean day."""
        return pictures.day(self.way, f"day-{self.way.number}")

    @cached_property
    def week(self) -> Week | None:
        """Its mean week."""
        return details.week(self.way)

    @cached_property
    def tables(self) -> list[Table]:
        """Who waits how long."""
        return details.tables(self.way)

    @cached_property
    def bars(self) -> list[rests.Bar]:
        """What its verdict rests on."""
        return rests.bars(self.way)


def page(source: Source, language: Language = "vi") -> str:
    """The file; it opens in ``language``."""
    asked = dict.fromkeys([*nearest_of_each(source.results), *in_detail(source.results), *source.results])
    shown = groups(source.results, alike(source.results), source.differences, source.rests, list(asked)[:MOST_WAYS])
    sections = [Section(way) for group in shown for way in group.ways if way.in_detail]
    script, style = (_asset(names) for names in (SCRIPTS, STYLES))
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            source=source,
            language=language,
            languages=LANGUAGES,
            groups=shown,
            sections=sections,
            data=_data(sections),
            script=Markup(script),
            script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
            style=Markup(style),
            **_words(),
        )
    )


def _words() -> dict[str, Any]:
    """What templates call."""
    return {
        "t": phrase,
        "told": html,
        "answer": answer,
        "numbers": numbers,
        "rests": rests,
        "costs": pictures.costs,
        "times": times,
        "columns": _columns,
    }


def _columns(group: Group) -> list[dict[str, Any]]:
    """The columns of figures of a comparison: a metric, and cells by the number of a way."""
    metric = headline([way.study for way in group.ways])
    found = []
    for name in dict.fromkeys((metric, "unserved_share", COST)):
        month = group.baseline.a_month if name == COST else 1.0
        estimates = {way.number: times(own, month) for way in group.ways if (own := way.figure(name))}
        thresholds = [threshold_on(way.study, name) for way in group.ways]
        top = reach(name, estimates.values(), thresholds) / (svg_scale(name))
        cells = {
            way.number: {
                "text": numbers.figure(name, estimates[way.number], way.currency)
                if way.number in estimates
                else phrase("figure.none"),
                "glyph": svg.glyph(estimates.get(way.number), top, threshold_on(way.study, name), _verdict(way, name)),
                "change": _change(way, name, month),
            }
            for way in group.ways
        }
        found.append({"metric": answer.Metric(name if name != COST else "cost_month"), "cells": cells})
    return found


def svg_scale(metric: str) -> float:
    """What :func:`reach` multiplies by."""
    from sim.report.marks import scale_of

    return scale_of(metric)


def _verdict(way: Way, metric: str) -> Any:
    verdict = verdict_on(way.result, metric)
    return verdict.verdict if verdict else "n/a"


def _change(way: Way, metric: str, month: float) -> Any:
    """The paired difference to the baseline, and whether it is shown to differ."""
    difference = way.change.get(metric)
    if difference is None or difference.paired.estimate.value is None:
        return None
    estimate = times(difference.paired.estimate, month)
    clear = difference.paired.p_value is not None and difference.adjusted <= 1 - estimate.confidence
    said = numbers.figure(metric, estimate, way.currency, signed=True)
    return phrase("compare.change" if clear else "compare.unclear", change=said)


def _data(sections: list[Section]) -> dict[str, Any]:
    """What the script reads: mean days by the number of a way, and its texts."""
    days = {section.way.number: section.day[1] for section in sections if section.day}
    return {
        "days": {
            n: {"first": d.first, "waiting": d.waiting, "onDuty": d.on_duty, "serving": d.serving}
            for n, d in days.items()
        },
        "texts": {
            language: {
                key.removeprefix("script."): text
                for key, text in catalog(language).items()
                if key.startswith("script.")
            }
            for language in LANGUAGES
        },
    }


def _asset(names: tuple[str, ...]) -> str:
    return "\n".join((files("sim.report.page") / "assets" / name).read_text(encoding="utf-8") for name in names)


def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("sim.report.page", "assets"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
