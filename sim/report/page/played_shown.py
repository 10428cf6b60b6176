"""Played days in words and as static charts of their queues, for the template."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from sim.outages import FULL
from sim.report.page.numbers import Day, Measure, Number
from sim.report.page.played import Disturbance, PlayedDay
from sim.report.page.words import Name, Phrase, Word, phrase
from sim.sums import GONE
from sim.trace import Outcome
from sim.units import HOUR, SECOND, clock_text

_HOUR = HOUR // SECOND
_LABELS, _LEVELS = 6, (1, 2, 5)


@dataclass(frozen=True)
class Mark:
    """A label beside the chart, at a share of its width or height in percent."""

    at: float
    text: Word


@dataclass(frozen=True)
class Shade:
    """A span of the time axis, seconds from the left edge; ``kind``: open, down or slow."""

    start: int
    length: int
    kind: str


@dataclass(frozen=True)
class QueueChart:
    """The queue through a day: one unit a second to the right, and a person down from ``top``.

    ``line``: the steps as an SVG path that begins and ends at the bottom.
    """

    width: int
    top: int
    line: str
    shades: tuple[Shade, ...]
    hours: tuple[Mark, ...]
    levels: tuple[Mark, ...]


@dataclass(frozen=True)
class ShownDay:
    """What the template says of a played day and draws of it."""

    label: Word
    heading: Word
    finding: Word
    notes: tuple[Word, ...]
    outages: tuple[Word, ...]
    chart: QueueChart
    first: int
    last: int


def shown(day: PlayedDay) -> ShownDay:
    """A played day as the macro ``played`` takes it."""
    first, last = day.shown
    return ShownDay(
        label=phrase(f"played.label.{day.which}", day=Day(day.date)),
        heading=phrase(f"played.heading.{day.which}", day=Day(day.date, weekday=True)),
        finding=_finding(day),
        notes=tuple(_notes(day)),
        outages=tuple(_told(one) for one in _while_shown(day)),
        chart=_chart(day),
        first=first,
        last=last,
    )


def _finding(day: PlayedDay) -> Phrase:
    people, wait = Number(day.people), Measure("wait_mean", day.wait)
    most = max(people for _, people in day.queue)
    if not most:
        return phrase("played.finding.nobody_waited", people=people)
    at = next(time for time, waiting in day.queue if waiting == most)
    return phrase("played.finding.waited", people=people, wait=wait, most=Number(most), at=_clock(at))


def _notes(day: PlayedDay) -> Iterator[Phrase]:
    ended = [stay.outcome for stay in day.stays]
    if unserved := sum(outcome in GONE for outcome in ended):
        yield phrase("played.note.unserved", n=Number(unserved))
    if still := ended.count(Outcome.IN_SYSTEM):
        yield phrase("played.note.still_there", n=Number(still))
    if day.at_home:
        yield phrase("played.note.at_home", n=Number(day.at_home))
    key = "chosen" if day.chosen_from > 1 else "only"
    days, replications = Number(day.chosen_from), Number(day.replications)
    yield phrase(f"played.note.{key}", days=days, replications=replications, n=Number(day.replication))


def _while_shown(day: PlayedDay) -> list[Disturbance]:
    first, last = day.shown
    return [one for one in day.outages if one.end > first and one.start < last]


def _told(one: Disturbance) -> Phrase:
    causes = [Name("played.cause", cause) for cause in one.causes]
    percent = Number(100 * one.speed / FULL)
    said = phrase(f"played.network.{one.kind}", start=_clock(one.start), end=_clock(one.end), percent=percent)
    for cause in causes:
        said = phrase("played.network.because", what=said, cause=cause)
    return said


def _clock(seconds: int) -> str:
    return clock_text(seconds * SECOND)


def _chart(day: PlayedDay) -> QueueChart:
    first, last = day.shown
    step, top = _scale(max(people for _, people in day.queue))
    spans = [(*span, "open") for span in day.opening]
    spans += [(max(one.start, first), min(one.end, last), one.kind) for one in _while_shown(day)]
    return QueueChart(
        width=last - first,
        top=top,
        line=_line(day, last, top),
        shades=tuple(Shade(start - first, end - start, kind) for start, end, kind in spans),
        hours=tuple(Mark(100 * (at - first) / (last - first), _clock(at)) for at in _hours(first, last)),
        levels=tuple(Mark(100 - 100 * level / top, Number(level)) for level in range(0, top + 1, step)),
    )


def _line(day: PlayedDay, last: int, top: int) -> str:
    steps = [*day.queue, (last, 0)]
    line, before = f"M0 {top}", 0
    for (start, people), (end, _) in pairwise(steps):
        line += (f"v{before - people}" if people != before else "") + f"h{end - start}"
        before = people
    return f"{line}V{top}"


def _scale(most: int) -> tuple[int, int]:
    """The distance of labels that are round, at most five, and the upper end of the axis."""
    size = 1
    while True:
        for digit in _LEVELS:
            step = digit * size
            if most <= 4 * step:
                return step, max(-(-most // step), 1) * step
        size *= 10


def _hours(first: int, last: int) -> range:
    """Full hours with a label, all at the same distance."""
    every = -(-(last - first) // (_LABELS * _HOUR)) * _HOUR
    return range(-(-first // every) * every, last + 1, every)
