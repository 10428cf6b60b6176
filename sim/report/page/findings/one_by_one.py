"""Assumptions one at a time: the largest low and high, which of them change the verdict, and at what value."""

from __future__ import annotations

from collections.abc import Sequence

from sim.assumptions.ends import Bar, End
from sim.assumptions.inputs import Input
from sim.assumptions.one_by_one import Flip, Rests
from sim.assumptions.trials import Point
from sim.report.marks import scale_of
from sim.report.page.answer import Reply, first_look
from sim.report.page.finding import Part, Row, Table
from sim.report.page.findings.method import MOST, MOST_NAMED, Method
from sim.report.page.forest import Line, Upright, forest
from sim.report.page.named import Input as Named
from sim.report.page.named import target_name, value_of, with_unit
from sim.report.page.numbers import Measure, Number, figure
from sim.report.page.pictures import Picture
from sim.report.page.ways import times
from sim.report.page.words import Joined, Listed, Name, Word, phrase
from sim.study import Study
from sim.verdicts import Outcome


def one_by_one(found: Rests) -> Method:
    """The largest assumptions low and high, and where they change the verdict."""
    flips = list(dict.fromkeys(flip.bar.input.name for flip in found.flips))
    verdict = Name("verdict", found.base.verdict)
    key = "changes" if flips else "holds" if found.bars else "nothing_moves"
    named: list[Word] = [Named(name) for name in flips[:MOST_NAMED]]
    more = len(flips) - MOST_NAMED
    named += [phrase("list.more", n=Number(more))] if more > 0 else []
    n = Number(len(found.bars))
    replies = (
        Reply(phrase("question.base"), (_base(found.base),), "bars"),
        Reply(phrase("question.changes"), tuple(_turning(found)) or (phrase("sensitivity.none_turns", n=n),), "bars"),
        Reply(phrase("question.largest"), tuple(_moving(found)), "bars"),
        Reply(phrase("question.sure"), tuple(_sure(found)), "bars"),
    )
    said = phrase(f"sensitivity.{key}", verdict=verdict, n=n, inputs=Listed(named))
    sign: Outcome = "undecided" if flips else found.base.verdict
    return Method(said, sign, (), replies, _bars(found), found.choice.left_out)


def _base(base: Point) -> Word:
    target = base.study.targets.items[0]
    name = target_name(base.study.scenario, target)
    return phrase("sensitivity.base", metric=name, figure=figure(target.metric, base.estimate))


def _turning(found: Rests) -> list[Word]:
    return [
        phrase("sensitivity.flip", input=Named(f.bar.input.name), turning=_turn(f)) for f in found.flips[:MOST_NAMED]
    ]


def _turn(flip: Flip) -> Word:
    """At what value the verdict turns, or from what value on it is another."""
    one, crossing = flip.bar.input, flip.crossing
    verdict, at = Name("verdict", flip.end.verdict), value_of(one, flip.end.at)
    if flip.is_on_the_way and crossing.value is not None:
        low, high = _ends(flip)
        value = value_of(one, crossing.value)
        return phrase("sensitivity.turns", verdict=verdict, at=at, value=value, low=low, high=high)
    edge = crossing.met_until if crossing.missed_from is None else crossing.missed_from
    if edge is None:
        return phrase("sensitivity.turned", verdict=verdict, at=at)
    side = "below" if edge < one.value else "above"
    own = {"verdict": verdict, "at": at, "before": Name("verdict", flip.before), "edge": value_of(one, edge)}
    return phrase(f"sensitivity.no_longer_{side}", **own)


def _ends(flip: Flip) -> tuple[Word, Word]:
    """The interval of the turning point; an end beyond the range is said to be."""
    one = flip.bar.input
    low, high = flip.crossing.span
    return (
        phrase("sensitivity.below", at=value_of(one, one.low)) if low is None else value_of(one, low),
        phrase("sensitivity.above", at=value_of(one, one.high)) if high is None else value_of(one, high),
    )


def _moving(found: Rests) -> list[Word]:
    metric = found.study.targets.items[0].metric
    return [
        phrase(
            "sensitivity.moves",
            input=Named(bar.input.name),
            low=figure(metric, bar.low.change, signed=True),
            high=figure(metric, bar.high.change, signed=True),
        )
        for bar in found.bars[:MOST_NAMED]
    ] or [phrase("measure.none")]


def _sure(found: Rests) -> list[Word]:
    study = found.study
    level, n = Measure("_share", study.confidence, exact=True), Number(study.replications)
    looked, largest = Number(len(found.choice.screened)), Number(len(found.bars))
    return [
        phrase("sure.level", confidence=level, n=n),
        phrase("sensitivity.chosen", n=largest, of=looked),
        *first_look(study),
    ]


def _bars(found: Rests) -> Part:
    study = found.study
    heads = (
        phrase("rests.input"), phrase("sensitivity.as_assumed"), phrase("rests.low"), phrase("rests.high"),
        phrase("sensitivity.where"),
    )  # fmt: skip
    rows = tuple(_row(study, bar, found.flips) for bar in found.bars)
    if not rows:
        return Part("bars", phrase("rests.bars"), (phrase("measure.none"),))
    table = Table(phrase("rests.bars"), heads, rows, (phrase("sensitivity.note"),))
    return Part("bars", phrase("rests.bars"), (), (_tornado(found),), (table,))


def _row(study: Study, bar: Bar, flips: Sequence[Flip]) -> Row:
    turns = [_turn(flip) for flip in flips if flip.bar is bar]
    low, high = (_end(study, bar.input, end) for end in bar.ends)
    cells = (
        value_of(bar.input, bar.input.value),
        low,
        high,
        Joined(turns, "; ") if turns else phrase("sensitivity.nowhere"),
    )
    return Row(Named(bar.input.name), cells)


def _end(study: Study, one: Input, end: End) -> Word:
    said = phrase("rests.at", value=value_of(one, end.at))
    both = Joined([said, figure(study.targets.items[0].metric, end.estimate)], ": ")
    return Joined([both, Name("verdict", end.verdict), *_by(study, end)], " · ")


def _by(study: Study, end: End) -> list[Word]:
    """The promises that have the verdict of an end, where others have another."""
    both = zip(study.targets.items, end.verdicts, strict=True)
    own = [target_name(study.scenario, target) for target, verdict in both if verdict.verdict == end.verdict]
    return [Joined(own)] if len(own) < len(end.verdicts) else []


def _tornado(found: Rests) -> Picture:
    target = found.study.targets.items[0]
    scale = scale_of(target.metric)
    lines = [
        Line(
            Joined([Named(bar.input.name), value_of(bar.input, end.at)], " = "),
            times(end.estimate, scale),
            end.verdict,
        )
        for bar in found.bars[:MOST]
        for end in bar.ends
    ]
    base = found.base.estimate.value
    promised = phrase("costs.target", value=Measure(target.metric, target.threshold, exact=True))
    uprights = [Upright(target.threshold * scale, promised)]
    uprights += [] if base is None else [Upright(base * scale, phrase("sensitivity.assumed_line"), "base")]
    drawn = forest(lines, with_unit(target.metric), "bars-picture-1", uprights)
    level = Measure("_share", found.study.confidence, exact=True)
    caption = phrase("forest.caption", confidence=level, n=Number(found.study.replications))
    return Picture(_moving(found)[0], (caption,), drawn)
