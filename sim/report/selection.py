"""How the best of several ways of running a center was told from the others: its running figure against theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter, ScalarFormatter

from sim.intervals import Estimate
from sim.report.marks import scale_of
from sim.report.style import FAINT, INK, LINES, MARGIN, SMALL, VERDICT_INK, WIDTH, apart, drawing, page, wrapped
from sim.report.wording import (
    MINUS,
    assumed,
    listed,
    measured,
    named,
    outcome,
    percent,
    plain,
    shortened,
    unit_of,
)
from sim.runs.replications import Floats
from sim.search.labels import short_labels
from sim.selection.answer import Selection
from sim.selection.question import Question

_LABELS, _LEFT, _LINE, _LEAST = 3.6, 0.85, 0.15, 3.6
EARLIEST = 2
"""Replications from which on a running figure is drawn."""
COARSE = 10.0
"""What does not matter, in the unit of an axis, from which on figures have no decimals."""
ROOM = 0.12
"""Of the height that the ends of all lines take: more at both ends; beyond, running figures are cut off."""


def told_names(found: Selection) -> list[str]:
    """What tells each way from the others."""
    return short_labels([study.label for study in found.studies])


def figure(estimate: Estimate, asked: Question, *, sign: bool = False) -> str:
    """A figure and its interval, in the unit of an axis, as fine as what does not matter: "4.1 (3.9–4.3)"."""
    if estimate.value is None:
        return "n/a"
    scale, plus = scale_of(asked.metric), "+" if sign and estimate.value > 0 else ""
    size = asked.within * scale
    decimals = min(max(-floor(log10(size)), 1 if size < COARSE else 0), 6)
    value, *ends = (
        f"{end * scale:,.{decimals}f}".replace("-", MINUS)
        for end in (estimate.value, estimate.lower, estimate.upper)
        if end is not None
    )
    joint = " to " if any(end.startswith(MINUS) for end in ends) else "–"
    return f"{plus}{value}" + (f" ({joint.join(ends)})" if len(ends) == 2 else "")


def differs(found: Selection, other: int) -> str:
    """By how much a way differs from the lead; = where that does not matter."""
    said = figure(found.difference(other).estimate, found.course.question, sign=True)
    return f"={said}" if found.is_alike(other) else said


def certainty(asked: Question, currency: str) -> str:
    """The difference that does not matter, with its unit."""
    return measured(asked.metric, asked.within, currency)


def undecided(found: Selection) -> str:
    """Who is left where none is the best."""
    names, inside = told_names(found), found.course.order[: len(found.course.inside)]
    left = listed([names[one] for one in inside], most=5)
    return f"After {found.course.replications(inside[0])} replications {left} are left, and none is shown to be best"


@dataclass(frozen=True, eq=False)
class Running:
    """What is drawn of a way: its running figure less that of the lead, or, of a budget, the running figure."""

    at: Floats
    values: Floats
    style: int


@drawing()
def selected(found: Selection) -> Figure:
    """A line a way, to where it left; names with the figures on fresh replications at the right."""
    shown = found.course.order[: len(LINES)]
    texts = [_lines(found, one) for one in shown]
    height = max(_LEAST, sum(len([*name, *rest]) * _LINE + 0.13 for name, rest in texts) + 0.1)
    made = page(_title(found), _notes(found, len(shown)), height + 0.9)
    panel = made.panel(_LEFT, 0.55, WIDTH - _LEFT - _LABELS - MARGIN, height)
    running = {one: _running(found, one, style) for style, one in enumerate(shown)}
    low, high = _reach(found, running)
    _frame(panel, found, (low, high))
    for one in found.course.order[len(LINES) :]:
        line = _running(found, one, 0)
        panel.plot(line.at, line.values, color=FAINT, linewidth=0.8, zorder=1)
    for one, line in running.items():
        _line(panel, line, is_lead=one == found.lead, ends=(low, high))
    _labels(panel, found, list(running.values()), texts, (low, high, height))
    return made.figure


def _running(found: Selection, one: int, style: int) -> Running:
    course, scale = found.course, scale_of(found.course.question.metric)
    own = _figures(*course.pairs[one])
    if course.probability is None:
        own = own - _figures(*course.pairs[found.lead])[: len(own)]
    at = np.arange(1.0, len(own) + 1)
    return Running(at[EARLIEST - 1 :], scale * own[EARLIEST - 1 :], style)


def _figures(over: Floats, under: Floats) -> Floats:
    """The figure of the first n replications, by n; nan while there is nobody to measure."""
    people = np.cumsum(under)
    found: Floats = np.divide(np.cumsum(over), people, out=np.full(len(people), np.nan), where=people > 0)
    return found


def _reach(found: Selection, running: dict[int, Running]) -> tuple[float, float]:
    """The ends of the upright axis, with room: where lines end and what does not matter, or their later halves."""
    if found.course.probability is None:
        zone = found.course.question.within * scale_of(found.course.question.metric)
        ends = [-zone, zone, *(line.values[-1] for line in running.values())]
    else:
        ends = [value for line in running.values() for value in line.values[len(line.values) // 2 :]]
    low, high = min(ends), max(ends)
    room = ROOM * (high - low) or 1.0
    return low - room, high + room


def _frame(panel: Axes, found: Selection, ends: tuple[float, float]) -> None:
    asked, course = found.course.question, found.course
    most = max(course.replications(one) for one in course.order)
    panel.set_xscale("log")
    panel.set_xlim(EARLIEST, max(most * 1.06, EARLIEST + 1))
    ticks = [at for at in (2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 100000) if at <= most * 1.06]
    panel.set_xticks(ticks)
    panel.xaxis.set_major_formatter(ScalarFormatter())
    panel.xaxis.set_minor_formatter(NullFormatter())
    panel.set_ylim(*ends)
    panel.grid(visible=True)
    unit = unit_of(asked.metric, found.studies[0].base.money.currency)
    words = named(asked.metric).lower() + (f", {unit}" if unit else "")
    if course.probability is None:
        zone = asked.within * scale_of(asked.metric)
        panel.axhspan(-zone, zone, color="#EFEFEF", linewidth=0, zorder=0)
        words = f"{words}: less that of the {'best' if course.best is not None else 'one ahead'}"
    panel.set_title("\n".join(wrapped(words, SMALL, 5.2, "bold")), loc="left", fontsize=SMALL, fontweight="bold")
    panel.set_xlabel("replications so far" if course.probability is None else "replications of it so far")


def _line(panel: Axes, line: Running, *, is_lead: bool, ends: tuple[float, float]) -> None:
    color, dashes, marker = LINES[line.style]
    width = 2.0 if is_lead else 1.3
    panel.plot(line.at, line.values, color=color, linestyle=dashes, linewidth=width, zorder=3)
    last = min(max(line.values[-1], ends[0]), ends[1])
    panel.plot(line.at[-1:], [last], marker, color=color, markersize=6, zorder=4, clip_on=False)


def _lines(found: Selection, one: int) -> tuple[list[str], list[str]]:
    """A name; what became of it in the choice, its difference, figure and verdict on fresh replications."""
    course, result = found.course, found.results[one]
    asked, currency = course.question, found.studies[0].base.money.currency
    name = wrapped(shortened(told_names(found)[one], 80), SMALL, _LABELS - 0.55, "bold", most=2)
    fate = "the best" if course.best == one else "may be the best"
    if course.probability is not None:
        ahead = "the best, " if found.is_sure else "ahead, "
        fate = f"{ahead if course.best == one else ''}{course.replications(one)} replications"
    if one in course.left:
        fate = f"left after {course.left[one]}"
    if one != found.lead:
        fate += ", as good" if found.is_alike(one) else ""
        fate += f": {differs(found, one).removeprefix('=')}"
    own = figure(result.figures.estimates[asked.key], asked)
    told = f"{own} {unit_of(asked.metric, currency)}".rstrip()
    return name, [*wrapped(fate, SMALL, _LABELS - 0.55), f"{told}; targets: {outcome(result.verdict)}"]


def _labels(
    panel: Axes,
    found: Selection,
    lines: Sequence[Running],
    texts: Sequence[tuple[list[str], list[str]]],
    room: tuple[float, float, float],
) -> None:
    """Names in a column at the right, each tied to the end of its line."""
    low, high, height = room
    sizes = [(high - low) * (len([*name, *rest]) * _LINE + 0.13) / height for name, rest in texts]
    wanted = [min(max(line.values[-1], low), high) - low for line in lines]
    edge = panel.get_xlim()[1] * 1.09
    for one, line, text, place in zip(found.course.order, lines, texts, apart(wanted, sizes, high - low), strict=False):
        end = min(max(line.values[-1], low), high)
        color, _, marker = LINES[line.style]
        panel.plot([line.at[-1], edge], [end, low + place], color="#BBBBBB", linewidth=0.6, clip_on=False, zorder=2)
        panel.plot([edge], [low + place], marker, color=color, markersize=4, clip_on=False, zorder=4)
        said = [*text[0], *text[1]]
        for nth, words in enumerate(said):
            down, last = (len(said) - 1) / 2 - nth, nth == len(said) - 1
            panel.annotate(
                words, (edge, low + place), (8, 72 * _LINE * down), textcoords="offset points", va="center",
                fontsize=SMALL, color=VERDICT_INK[found.results[one].verdict] if last else INK, annotation_clip=False,
                fontweight="bold" if nth < len(text[0]) else "normal",
            )  # fmt: skip


def _title(found: Selection) -> str:
    center = shortened(plain(found.studies[0].base.name), 40)
    asked, count = found.course.question, len(found.studies)
    what = f"{'lowest' if asked.lowest else 'highest'} {named(asked.metric).lower()}"
    if found.course.best is None:
        inside = len(found.course.inside)
        return f"{center}: not decided; {inside} of {count} ways of running it may have the {what}"
    name = f"“{shortened(plain(told_names(found)[found.course.best]), 90)}”"
    if found.course.probability is not None:
        likely = f"at least {percent(found.course.probability[0])}"
        return f"{center}: of {count} ways of running it {name} most likely has the {what} ({likely})"
    others = f" and {len(found.alike)} as good have" if found.alike else " has"
    return f"{center}: of {count} ways of running it {name}{others} the {what}"


def _notes(found: Selection, shown: int) -> list[str]:
    study, course = found.studies[0], found.course
    zone = certainty(course.question, study.base.money.currency)
    if course.probability is not None:
        best, good = course.probability
        sure = (
            f"A budget allocated so that the best is most likely found (OCBA), each way on numbers of its own: the "
            f"best with a probability of at least {best:.1%}, it or one within {zone} of it {good:.1%} (Bayes)."
        )
    else:
        end = f"not decided after {course.replications(found.lead)} replications, the most there may be"
        if course.best is not None:
            end = f"with {study.confidence:.0%} confidence the one left is the best, or within {zone} of it"
        sure = (
            f"All abreast on the same citizens; a line ends where another way is clearly better (Kim and Nelson): "
            f"{end}. Gray: what does not matter, {zone}."
        )
    fresh = (
        f"At the right: differences to the {'best' if course.best is not None else 'one ahead'}, figures and verdicts "
        f"on {study.replications} replications without part in the choice, {study.confidence:.0%} intervals."
    )
    hidden = f" {shown} of {len(course.order)} ways are named." if shown < len(course.order) else ""
    known = assumed([study])
    return [sure, f"{fresh}{hidden}", f"Simulation error only; {known}." if known else ""]
