"""The comparisons as lines of at most 100 columns, and what they come to."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

from experiments.validate.rows import Part, Row, covered, evidence, figures
from experiments.validate.theory import FAMILY, REPLICATIONS, widest

WIDTH = 100
INDENT = 4 * " "


def text(rows: Sequence[Row]) -> str:
    """The rows of one part, under what they are."""
    part = rows[0].part
    if part == "observed":
        return "\n".join([*_wrapped(_observed(rows)), *(line for row in rows for line in _figure(row))])
    said = _theory(rows) if part == "theory" else _PUBLISHED
    return "\n".join([*_wrapped(said), _HEAD, *map(_line, rows), *_sources(rows)])


def _theory(rows: Sequence[Row]) -> str:
    queues, level = len({row.subject for row in rows}), rows[0].confidence or 0.0
    return (
        f"Theory: {len(rows)} figures of {queues} textbook queues, {REPLICATIONS} replications of the compiled "
        "engine. Simultaneous intervals (Bonferroni): if everything is right, all cover with probability "
        f"{percent(FAMILY)} or more. Each has a confidence of {percent(level)}; half-widths are at most "
        f"{percent(widest(rows))} of the figure."
    )


_PUBLISHED = (
    "Published: figures of others, with parameters stated completely. What was computed is met by the interval of the "
    "mean; what was simulated is one realization, and has the prediction interval of one. These are all that could be "
    "found with a full statement of their parameters."
)
_HEAD = f"{'':24} {'figure':28} {'expected':>10} {'estimate':>10} {'interval':>20}"


def _line(row: Row) -> str:
    assert row.low is not None
    assert row.high is not None
    expected, estimate = number((row.low + row.high) / 2), "-" if row.estimate is None else number(row.estimate)
    verdict = "" if row.verdict == "covered" else f"  {row.verdict.upper()}"
    return f"{row.subject:24} {row.figure:28} {expected:>10} {estimate:>10} {_span(row):>20}{verdict}"


def _span(row: Row) -> str:
    return "-" if row.lower is None or row.upper is None else f"{number(row.lower)} to {number(row.upper)}"


def _sources(rows: Sequence[Row]) -> list[str]:
    """Each source once, with the models that it is of."""
    models: dict[str, list[str]] = {}
    for row in rows:
        models.setdefault(row.source, []).append(row.subject)
    named = (("; ".join(dict.fromkeys(names)), source) for source, names in models.items() if source)
    return [line for names, source in named for line in _wrapped(f"{names}: {source}.")]


def _observed(rows: Sequence[Row]) -> str:
    compared = figures(rows, "observed")
    if not compared:
        return "Observed: nothing was measured."
    return (
        f"Observed: {_interval(compared[0])}A range that was observed is covered where it meets the interval. "
        "A figure that set an input proves nothing."
    )


def _interval(row: Row) -> str:
    """How the interval of an observed figure is made."""
    if row.confidence is None:
        return ""
    count = row.replications
    rank = round((count + 1) * (1 - row.confidence) / 2)
    return (
        f"the {percent(row.confidence)} prediction interval of one realization, [X({rank}), X({count + 1 - rank})] of "
        f"{count} replications over the observed period. "
    )


def _figure(row: Row) -> list[str]:
    """A figure, or something said, in a few lines."""
    if row.low is None or row.high is None:
        head = f"{row.subject} · {row.figure}: not measured" if row.figure else f"{row.subject}: not measured"
        return [head, *_indented(row.source, row.note)]
    seen = number(row.low) if row.low == row.high else f"{number(row.low)} to {number(row.high)}"
    verdict = row.verdict + (", proves nothing" if row.used_as_input else "")
    head = f"{row.subject} · {row.figure}: {verdict}"
    said = f"{row.metric}: observed {seen}, one realization {_span(row)}, on {row.period}"
    return [head, *_indented(said), *_indented(row.source, row.note)]


def _indented(*texts: str) -> list[str]:
    said = "; ".join(text for text in texts if text)
    return wrap(said, WIDTH, initial_indent=INDENT, subsequent_indent=INDENT) if said else []


def _wrapped(said: str) -> list[str]:
    return wrap(said, WIDTH)


def ending(rows: Sequence[Row]) -> str:
    """What the parts come to: the last lines of the output."""
    lines: list[str] = []
    for part, what in (("theory", "comparisons with theory"), ("published", "printed figures")):
        if any(row.part == part for row in rows):
            lines.append(_counted(rows, part, what))  # type: ignore[arg-type]
    if any(row.part == "observed" for row in rows):
        lines += wrap(_conclusion(rows), WIDTH)
    return "\n".join(lines)


def _counted(rows: Sequence[Row], part: Part, what: str) -> str:
    compared = evidence(rows, part)
    missed = [f"{row.subject} {row.figure}" for row in compared if row.verdict == "not covered"]
    said = f"{part}: {covered(rows, part)} of {len(compared)} {what} cover"
    return said + (f"; not {', '.join(missed)}" if missed else "")


def _conclusion(rows: Sequence[Row]) -> str:
    known, independent = figures(rows, "observed"), evidence(rows, "observed")
    inputs = sum(row.used_as_input for row in known)
    absent = len(known) - inputs - len(independent)
    said = f"observed: {_several(len(known), 'figure')}, {inputs} used as input, "
    if independent:
        said += f"{covered(rows, 'observed')} of {len(independent)} independent ones covered"
    else:
        said += "none independent: what these scenarios say of waits has not been checked against any center"
    return said + (f"; {absent} with nobody to measure" if absent else "")


def _several(count: int, what: str) -> str:
    return f"{count} {what}{'s' * (count != 1)}"


def number(value: float) -> str:
    """Four figures, or all of a large number."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def percent(share: float) -> str:
    """A share in percent, with more figures close to all."""
    return f"{share * 100:.5g} %" if share > 0.99 else f"{share * 100:.3g} %"
