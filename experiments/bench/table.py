"""A comparison as lines of at most 100 columns."""

from __future__ import annotations

from textwrap import wrap

from experiments.bench.programs import Program
from experiments.bench.rounds import Comparison, Measured, Spread, spread

WIDTH, NAME = 100, 20


def text(comparison: Comparison) -> str:
    """One line a program: how fast it is, over the first one, and whether its mean wait is right; then notes."""
    model = comparison.model
    first = comparison.measured[0].program.name
    lines = [f"{model.name}: {model.title}"]
    lines.append(
        f"{'':{NAME}} {model.person + 's':>10} {'CPU ns a ' + model.person:>25} {('over ' + first)[:19]:>19} "
        f"{'wait':>8} {'s.e.':>6}  check"
    )
    known = {one.program: one for one in comparison.measured}
    lines += [_line(known[one]) if one in known else _absent(one) for one in model.programs]
    return "\n".join([*lines, *(line for note in _notes(comparison) for line in wrap(note, WIDTH))])


def _notes(comparison: Comparison) -> list[str]:
    model, measured = comparison.model, comparison.measured
    lacking = [f"{one.program.name} without {one.program.lacks}" for one in measured if one.program.lacks]
    rounds, starts = len(measured[0].rounds), ", ".join(f"{one.program.name} {one.start:.1f}" for one in measured)
    return [
        f"Medians of {rounds} rounds in turns, and their range; {model.person}s in a round; wait in minutes.",
        model.note,
        *(f"{lack}." for lack in lacking),
        f"Apart, CPU s of a run before the first round, which loads and compiles: {starts}.",
    ]


def _line(one: Measured) -> str:
    check = one.check
    error = "" if check.error is None else f"{check.error:.2g}"
    return (
        f"{one.program.title[:NAME]:{NAME}} {one.rounds[0].people:>10,} {_range(spread(one.speeds)):>25} "
        f"{_range(spread(one.ratios)):>19} {check.wait:>8.4g} {error:>6}  {check.verdict}"
    )


def _absent(program: Program) -> str:
    return f"{program.title[:NAME]:{NAME}} {program.why_not}"


def _range(values: Spread) -> str:
    shown = [figure(value) for value in (values.median, values.low, values.high)]
    return f"{shown[0]} ({shown[1]}–{shown[2]})"


def figure(value: float) -> str:
    """Three figures, two below 1, or all of a large whole number."""
    return f"{value:,.0f}" if value >= 99.95 else f"{value:#.{3 if value >= 1 else 2}g}"
