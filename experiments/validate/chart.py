"""The comparisons as one picture: what was observed at centers, and how far the simulator is from theory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.validate.rows import Row, Verdict, covered, evidence, figures
from experiments.validate.table import number
from sim.report.style import (
    BLUE,
    BODY,
    FAINT,
    GRAY,
    INK,
    MARGIN,
    QUIET,
    SMALL,
    VERMILION,
    WIDTH,
    drawing,
    nothing,
    page,
    text_width,
    wrapped,
)

ROW, HEAD, FOOT = 0.27, 0.34, 0.52
LEFT, RIGHT = 2.75, 2.95
REACH, FARTHEST = 1.35, 1.28
_DISTANCE = "from the estimate to what is known, in half-widths of the interval: beyond 1 it is not covered"


@dataclass(frozen=True)
class _Look:
    """Color, marker, whether it is filled, and dashes: any one of them tells the verdicts apart."""

    color: str
    marker: str
    filled: bool
    line: str


LOOKS: dict[Verdict, _Look] = {
    "covered": _Look(BLUE, "o", True, "-"),
    "not covered": _Look(VERMILION, "X", True, "-"),
    "used as input": _Look(GRAY, "s", False, (0, (3, 1.5))),  # type: ignore[arg-type]
    "nobody to measure": _Look(GRAY, "d", False, ":"),
}


@drawing()
def validation_chart(rows: Sequence[Row]) -> Figure:
    """Observed figures with the interval of one realization above, deviations from what is known below."""
    seen, known = figures(rows, "observed"), [*figures(rows, "theory"), *figures(rows, "published")]
    if not seen and not known:
        return nothing(_title(rows), "nothing was measured", _caption(rows))
    subjects = list(dict.fromkeys((row.part, row.subject) for row in known))
    heights = [ROW * len(seen), ROW * len(subjects)]
    bodies = [height + HEAD + FOOT if height else 0.0 for height in heights]
    made = page(_title(rows), _caption(rows), sum(bodies))
    if seen:
        _draw_observed(made.panel(LEFT, bodies[1] + FOOT, WIDTH - LEFT - RIGHT - MARGIN, heights[0]), seen)
    if known:
        _draw_known(made.panel(LEFT, FOOT, WIDTH - LEFT - RIGHT - MARGIN, heights[1]), subjects, known)
    return made.figure


def _title(rows: Sequence[Row]) -> str:
    known, said = [*evidence(rows, "theory"), *evidence(rows, "published")], []
    if known:
        right = sum(row.verdict == "covered" for row in known)
        said.append(f"{right} of {len(known)} comparisons with theory and printed figures cover")
    if any(row.part == "observed" for row in rows):
        independent, right = evidence(rows, "observed"), covered(rows, "observed")
        if independent:
            said.append(f"{right} of {len(independent)} independent observed figures covered")
        else:
            said.append("no independent figure was observed")
    title = "; ".join(said)
    return title[:1].upper() + title[1:]


def _caption(rows: Sequence[Row]) -> list[str]:
    absent = list(dict.fromkeys(row.subject for row in rows if row.verdict == "not measured"))
    seen = figures(rows, "observed")
    measured = {row.subject for row in seen}
    never = [name for name in absent if name not in measured]
    level = next((row.confidence for row in seen if row.confidence is not None), None)
    how = (
        f"Lines: the {level * 100:.4g} % prediction interval of one realization of the observed period. "
        if level
        else ""
    )
    return [
        f"{how}Gray bars: the range that was observed." if seen else "",
        "Circle: covered. Cross: not covered. Hollow square, dashed line: it set an input, so that it proves nothing.",
        f"Nothing was measured at {', '.join(never)}." if never else "",
    ]


def _draw_observed(panel: Axes, rows: Sequence[Row]) -> None:
    """A row a figure, as shares of what was observed."""
    _rows(panel, [f"{row.subject} · {row.figure.replace('_', ' ')}" for row in rows], "Observed at centers")
    panel.set_xlabel("times what was observed", fontsize=SMALL, color=QUIET)
    for nth, row in enumerate(rows):
        assert row.low is not None
        assert row.high is not None
        look, unit = LOOKS[row.verdict], (row.low + row.high) / 2 or row.upper or 1.0
        panel.plot(
            [row.low / unit, row.high / unit], [nth, nth], color=FAINT, linewidth=8, solid_capstyle="butt", zorder=1
        )
        if row.lower is not None and row.upper is not None:
            ends = [row.lower / unit, row.upper / unit]
            panel.plot(ends, [nth, nth], color=look.color, linestyle=look.line, linewidth=1.8, marker="|", zorder=2)
        _mark(panel, (row.low + row.high) / 2 / unit, nth, look)
        _beside(panel, nth, _said(row))
    panel.axvline(1.0, color=QUIET, linewidth=0.8, zorder=0)
    panel.margins(x=0.06)


def _said(row: Row) -> str:
    seen = number(row.low or 0.0) if row.low == row.high else f"{number(row.low or 0.0)}–{number(row.high or 0.0)}"
    ours = "" if row.lower is None or row.upper is None else f"; here {number(row.lower)}–{number(row.upper)}"
    return f"{row.verdict}: {seen}{ours}"


def _draw_known(panel: Axes, subjects: Sequence[tuple[str, str]], rows: Sequence[Row]) -> None:
    """A row a queue, a mark a figure: the distance from the estimate to what is known, the half-width being 1."""
    _rows(panel, [name for _, name in subjects], "Theory and printed figures, a mark a figure")
    panel.set_xlabel(_DISTANCE, fontsize=SMALL, color=QUIET)
    panel.axvspan(-1, 1, color="#EEF3F7", zorder=0)
    panel.axvline(0.0, color=QUIET, linewidth=0.8, zorder=1)
    panel.set_xlim(-REACH, REACH)
    panel.set_xticks([-1, -0.5, 0, 0.5, 1])
    for nth, subject in enumerate(subjects):
        own = [row for row in rows if (row.part, row.subject) == subject]
        for row in own:
            if row.deviation is not None:
                _mark(panel, max(-FARTHEST, min(row.deviation, FARTHEST)), nth, LOOKS[row.verdict])
        right = sum(row.verdict == "covered" for row in own)
        _beside(panel, nth, f"{right} of {len(own)} covered" + (" (printed)" if subject[0] == "published" else ""))


def _rows(panel: Axes, names: Sequence[str], said: str) -> None:
    room = LEFT - MARGIN - 0.1
    panel.set_ylim(len(names) - 0.4, -0.6)
    panel.set_yticks(range(len(names)), [_short(name, room) for name in names])
    panel.tick_params(axis="y", length=0, labelsize=SMALL, labelcolor=INK)
    panel.grid(axis="x")
    panel.spines["left"].set_visible(False)
    panel.set_title(said, loc="left", fontsize=BODY, fontweight="bold")


def _short(name: str, room: float) -> str:
    return wrapped(name, SMALL, room, most=1)[0] if text_width(name, SMALL) > room else name


def _mark(panel: Axes, x: float, nth: int, look: _Look) -> None:
    face = look.color if look.filled else "white"
    panel.plot(
        [x],
        [nth],
        look.marker,
        color=look.color,
        markerfacecolor=face,
        markersize=6,
        markeredgewidth=1.2,
        zorder=3,
        clip_on=False,
    )


def _beside(panel: Axes, nth: int, said: str) -> None:
    panel.text(1.02, nth, said, transform=panel.get_yaxis_transform(), va="center", fontsize=SMALL)
