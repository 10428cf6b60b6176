"""What the answer rests on: assumptions low and high, all inputs by their marks, and how to repeat the run."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from sim.assumed import is_input
from sim.assumptions.inputs import plain, value_at
from sim.intervals import Estimate
from sim.reopening import Made
from sim.report.page.answer import metric_of, turns
from sim.report.page.named import Input, value_of
from sim.report.page.numbers import Day, Measure, Number, figure
from sim.report.page.svg import Panel, line, svg, tag
from sim.report.page.ways import Way
from sim.report.page.words import Name, Word, phrase
from sim.rested import TriedInput
from sim.study import SMOKE, Study
from sim.units import day_of
from sim.verdicts import Outcome

MARKS = ("A", "times", "O", "S", "V", "W", "given", "unmarked")
MOST_LETTERS, MOST_TO_MEASURE = 120, 3


@dataclass(frozen=True)
class End:
    """An end of the range of an assumption: its value, the figure there, and whether the promise is kept."""

    at: Word
    figure: Word
    verdict: Outcome


@dataclass(frozen=True)
class Bar:
    """An assumption low and high; ``turns``: whether the verdict is another at an end."""

    name: Word
    words: Word
    value: Word
    low: End
    high: End
    turns: bool
    drawing: Markup


@dataclass(frozen=True)
class Marked:
    """Inputs with one kind of mark: dotted key, value and what is said beside it."""

    mark: Word
    rows: tuple[tuple[str, str, str, str], ...]


def to_measure(way: Way) -> list[Word]:
    """The assumptions that change the figure most, which it is worth to measure next; why there are none."""
    rested = way.rested
    if rested is None or rested.state in {"few", "failed"}:
        key = rested.state if rested and way.study.replications > SMOKE else way.why_not_tried
        return [phrase(f"measure.{'few' if way.study.replications <= SMOKE else key}", n=Number(SMOKE))]
    measurable = [one for one in rested.inputs if not one.is_chosen]
    return [_moves(way, one) for one in measurable[:MOST_TO_MEASURE]] or [phrase("measure.none")]


def _moves(way: Way, one: TriedInput) -> Word:
    metric, ends = way.study.targets.items[0].metric, zip(("low", "high"), one.ends, strict=True)
    said = {side: (value_of(one, end.at), _value(metric, end.figure.value)) for side, end in ends}
    values = {side: at for side, (at, _) in said.items()} | {f"at_{side}": value for side, (_, value) in said.items()}
    return phrase("measure.input", name=Input(one.name), metric=metric_of(way), **values)


def _value(metric: str, value: float | None) -> Word:
    return phrase("figure.none") if value is None else Measure(metric, value)


def bars(way: Way) -> list[Bar]:
    """The assumptions that were tried, the largest first."""
    inputs = way.rested.inputs if way.rested else ()
    if not inputs:
        return []
    target = way.study.targets.items[0]
    base = way.result.verdicts[0].estimate
    threshold = target.threshold
    values = [v for one in inputs for end in one.ends if (v := end.figure.value) is not None]
    known = [*values, threshold, *([] if base.value is None else [base.value])]
    low, high = min(known), max(known)
    panel = Panel(6, 154, 0, 22, (low, high or 1.0), (0.0, 1.0))
    return [_bar(way, one, target.metric, panel, (base, threshold)) for one in inputs]


def _bar(way: Way, one: TriedInput, metric: str, panel: Panel, lines: tuple[Estimate, float]) -> Bar:
    low, high = (End(value_of(one, end.at), figure(metric, end.figure.estimate), end.verdict) for end in one.ends)
    value, drawing = value_of(one, one.value), _drawn(one, panel, lines)
    return Bar(Input(one.name), _words(one.words), value, low, high, turns(way, one.verdicts), drawing)


def _words(words: str) -> str:
    """What a mark says beside its range."""
    return re.sub(r"^(?:\[[^\]]*\]\s*(?:each|together)?,?\s*)+", "", words)[:MOST_LETTERS]


def _drawn(one: TriedInput, panel: Panel, lines: tuple[Estimate, float]) -> Markup:
    base, threshold = lines
    ends = [v for end in one.ends if (v := end.figure.value) is not None]
    drawn = [line((panel.left, 21), (panel.right, 21), "grid")]
    drawn.append(line((panel.x(threshold), 1), (panel.x(threshold), 21), "target"))
    if ends:
        edges = [panel.x(v) for v in (*ends, *([] if base.value is None else [base.value]))]
        drawn.append(tag("rect", x=min(edges), y=6, width=max(max(edges) - min(edges), 1.0), height=10, class_="tried"))
    if base.value is not None:
        drawn.append(line((panel.x(base.value), 3), (panel.x(base.value), 19), "interval"))
    return svg((160, 22), *drawn, class_="glyph")


def marked(study: Study) -> list[Marked]:
    """All inputs by their mark, assumptions first."""
    whole = plain(study)
    found: dict[str, list[tuple[str, str, str, str]]] = {mark: [] for mark in MARKS}
    for key in dict.fromkeys((*study.marks, *study.assumed)):
        mark = study.marks.get(key)
        kind = "times" if mark is None else "S" if re.fullmatch(r"S[0-4]", mark) else mark
        if is_input(key):
            row = key, _plain(value_at(whole, key)), mark or "A", study.words.get(key, "")
            found.setdefault(kind, []).append(row)
    return [Marked(Name("mark", mark), tuple(rows)) for mark, rows in found.items() if rows]


def _plain(value: Any) -> str:
    """A value as a scenario has it."""
    match value:
        case None:
            return "–"
        case bool():
            return "true" if value else "false"
        case float():
            return f"{value:g}"
        case list() | tuple():
            return ", ".join(map(_plain, value))[:MOST_LETTERS]
        case _:
            return str(value)[:MOST_LETTERS]


def repeat(study: Study, made: Made) -> list[tuple[Word, Word]]:
    """What is wanted to run it again, and what made it."""
    base = study.base
    days = base.days - base.warmup
    first, last = (day_of(base.start, n) for n in (base.warmup, base.days - 1))
    versions: Mapping[str, str] = made.versions
    measured = phrase("repeat.measured", n=Number(days), first=Day(first), last=Day(last))
    return [
        (phrase("repeat.command"), shlex.join(made.command)),
        (phrase("repeat.seed"), str(study.seed)),
        (phrase("repeat.replications"), Number(study.replications)),
        (phrase("repeat.days"), measured),
        (phrase("repeat.sources"), made.sources),
        (phrase("repeat.versions"), ", ".join(f"{name} {version}" for name, version in versions.items())),
        (phrase("repeat.machine"), made.machine),
        (phrase("repeat.seconds"), phrase("unit.seconds", n=Number(made.seconds, 1))),
    ]
