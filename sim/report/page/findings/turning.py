"""Where promises turn as demand grows or an outage lasts: a picture and a table of turning points."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf, isinf

from sim.headroom.turning import Turn, Walk
from sim.intervals import Estimate
from sim.report.page.answer import promise
from sim.report.page.finding import Part, Row, Table
from sim.report.page.forest import Line, Upright, forest
from sim.report.page.numbers import Measure, Number, figure
from sim.report.page.pictures import Picture
from sim.report.page.words import Joined, Word, phrase
from sim.study import Study

Unit = Callable[[float], Word]


def factor(x: float) -> Word:
    """A factor on demand: "×1.87"."""
    return phrase("unit.times", n=Number(x, 2))


def minutes(x: float) -> Word:
    """The length of an outage."""
    return phrase("unit.minutes", n=Number(x))


def reached(turn: Turn, walk: Walk, unit: Unit) -> Word:
    """Where a target turns, with the interval of that; beyond what was looked at it is said to be."""
    if not turn.is_measured:
        return phrase("figure.none")
    value = _end(turn.value, walk, unit)
    low, high = sorted((turn.met_until, turn.missed_from))
    if low == high or isinf(turn.value):
        return value
    ends = phrase("interval.both", low=_end(low, walk, unit), high=_end(high, walk, unit))
    return phrase("figure.with_interval", value=value, interval=ends)


def _end(x: float, walk: Walk, unit: Unit) -> Word:
    if x == inf:
        return phrase("headroom.more_than", x=unit(walk.values[-1]))
    if x == -inf:
        at_start = walk.start == walk.values[0]
        return phrase("headroom.not_kept") if at_start else phrase("headroom.less_than", x=unit(walk.values[0]))
    return unit(x)


def turning_part(
    key: str, study: Study, turns: Sequence[Turn], walk: Walk, unit: Unit, words: tuple[Word, Word]
) -> Part:
    """A row a promise: its figure as it is, and where it turns. ``words``: titles of the picture and its axis."""
    heads = (phrase("headroom.promise"), phrase("headroom.as_it_is"), phrase("headroom.turns"))
    names = [promise(study.scenario, turn.target) for turn in turns]
    rows = tuple(
        Row(name, (figure(turn.target.metric, turn.base.estimate), reached(turn, walk, unit)), turn.base.verdict)
        for name, turn in zip(names, turns, strict=True)
    )
    table = Table(phrase(f"headroom.table_{key.partition('-')[0]}"), heads, rows, (phrase("headroom.note"),))
    lines = [
        Line(_name(name, turn, walk, unit), _estimate(turn, study)) for name, turn in zip(names, turns, strict=True)
    ]
    start = [Upright(walk.start, phrase("headroom.as_it_is"), "base")]
    drawn = forest(lines, words[1], f"{key}-picture-1", start, from_zero=True)
    level = Measure("_share", study.confidence, exact=True)
    caption = phrase("headroom.caption", confidence=level, n=Number(study.replications))
    picture = Picture(words[0], (caption,), drawn)
    return Part(key, phrase(f"question.{key.partition('-')[0]}"), (), (picture,), (table,))


def _name(name: Word, turn: Turn, walk: Walk, unit: Unit) -> Word:
    """With where it turns, if that lies beyond the picture."""
    beyond = isinf(turn.value) and turn.is_measured
    return Joined([name, _end(turn.value, walk, unit)], ": ") if beyond else name


def _estimate(turn: Turn, study: Study) -> Estimate:
    low, high = sorted((turn.met_until, turn.missed_from))
    value, lower, upper = (None if isinf(end) or not turn.is_measured else end for end in (turn.value, low, high))
    return Estimate(value, lower, upper, None, study.confidence, "inverted test", study.replications)
