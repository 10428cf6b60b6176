"""Officials placed over the centers of a province, the ways side by side on one page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, MaxNLocator

from sim.centers import KEPT, Change, first_target
from sim.intervals import Estimate
from sim.placement import NOBODY, Placement, Way
from sim.report.marks import reach, scale_of
from sim.report.style import INK, MARGIN, QUIET, SKY, SMALL, WIDTH, Page, drawing, page, text_width, wrapped
from sim.report.wording import (
    MINUS,
    caveat,
    intervals_of,
    measured,
    money,
    named,
    plain,
    shortened,
    span,
    threshold_on,
)

WAIT, COST, EQUAL = "wait_mean", "cost_per_day", "equal"
RULE = {
    NOBODY: "no official lent",
    EQUAL: "as many everywhere",
    "by_need": "highest load, by what the target permits",
    "skill_gap": "work nobody there suits",
    "by_benefit": "where the next takes most waiting away",
}
_LEFT, _GAP, _ROW, _HEAD = 1.75, 0.32, 0.58, 0.45
"""Inches: room for the names of ways, between panels, of a row, and of the panels' titles."""
_BARS, _BELOW, _MOST = 0.95, 2.35, 10
"""Inches: the height of bars, and of all that is below the rows; how many bars a panel has at most."""


@dataclass(frozen=True)
class _Column:
    """A figure of the ways: its panel's title, its estimates by way, and notes where a way is not told from another."""

    title: str
    metric: str
    figures: Mapping[str, Estimate]
    notes: Mapping[str, str]
    limits: tuple[float, float]


@drawing()
def officials_placed(found: Placement, name: str) -> Figure:
    """A row a way: mean wait beside its target, centers that keep theirs, and changes; below, how many get how many."""
    rows = _ROW * len(found.ways)
    made = page(_title(found, name), _notes(found), _BELOW + rows + _HEAD)
    _rows(made, found, rows)
    _spreads(made, found)
    return made.figure


def _rows(made: Page, found: Placement, height: float) -> None:
    columns, ways = _columns(found), list(found.ways)
    width = (WIDTH - MARGIN - _LEFT) / len(columns)
    for nth, column in enumerate(columns):
        panel = made.panel(_LEFT + nth * width, _BELOW, width - _GAP, height)
        _frame(panel, column, ways)
        for at, way in enumerate(ways):
            _cell(panel, column, way, at)
        if nth == 0:
            _names(panel, ways)
            _target(panel, found)


def _spreads(made: Page, found: Placement) -> None:
    placed = [way for way in found.ways.values() if way.name != NOBODY]
    spans = bins(max(count for way in placed for count in way.given.values()))
    width = (WIDTH - 2 * MARGIN) / len(placed)
    for nth, way in enumerate(placed):
        panel = made.panel(MARGIN + nth * width, 0.5, width - _GAP, _BARS)
        _spread(panel, way, spans, width - _GAP)
        if nth == 0:
            said = "how many centers (above a bar) get how many officials (below it)"
            _above(panel, said, 32, weight="bold")


def _columns(found: Placement) -> list[_Column]:
    totals = {name: way.province.totals for name, way in found.ways.items()}
    waits = {name: own[WAIT] for name, own in totals.items()}
    study = found.ways[NOBODY].province.study
    top = reach(WAIT, waits.values(), [threshold_on(study, WAIT)])
    columns = [_Column("mean wait, min", WAIT, waits, {}, (0.0, top))]
    if all(KEPT in own for own in totals.values()):
        shares = {name: own[KEPT] for name, own in totals.items()}
        columns.append(_Column("centers that keep the target", KEPT, shares, {}, (0.0, 104.0)))
    return [*columns, *(_changes(found, against) for against in (NOBODY, EQUAL))]


def _changes(found: Placement, against: str) -> _Column:
    changes = {one.other: one for one in found.changes(against) if one.metric == WAIT}
    figures = {name: one.paired.estimate for name, one in changes.items()}
    ends = [0.0, *(end for one in figures.values() for end in (one.lower, one.value, one.upper) if end is not None)]
    room = 0.1 * (max(ends) - min(ends)) or 0.9
    notes = {name: note for name, one in changes.items() if (note := _note(found, one, against))}
    title = f"change of the mean wait\nagainst {against}, min"
    return _Column(title, "", figures, notes, (min(ends) - room, max(ends) + room))


def _note(found: Placement, change: Change, against: str) -> str:
    if found.ways[change.other].given == found.ways[against].given:
        return "the same placement"
    return "" if change.is_distinguishable else "not distinguishable"


def _frame(panel: Axes, column: _Column, ways: Sequence[str]) -> None:
    panel.set_xlim(*column.limits)
    panel.set_ylim(len(ways) - 0.5, -0.5)
    panel.set_yticks([])
    panel.xaxis.set_major_locator(FixedLocator([0, 50, 100]) if column.metric == KEPT else MaxNLocator(4))
    panel.grid(axis="x")
    panel.spines["left"].set_visible(False)
    for at in range(1, len(ways)):
        panel.axhline(at - 0.5, color="#EEEEEE", linewidth=0.8, zorder=0)
    _above(panel, column.title, 12, weight="bold")
    if not column.metric:
        panel.axvline(0, color=INK, linewidth=1.0, zorder=2)


def _above(panel: Axes, words: str, points: float, weight: str = "normal") -> None:
    """Words so many points above a panel's left corner."""
    panel.annotate(
        words, (0, 1), (0, points), xycoords="axes fraction", textcoords="offset points", fontsize=SMALL,
        fontweight=weight, color=INK if weight == "bold" else QUIET, va="bottom", annotation_clip=False,
    )  # fmt: skip


def _cell(panel: Axes, column: _Column, way: str, at: int) -> None:
    """A figure in words above its mark and interval; hollow where it is not told from another way's."""
    estimate = column.figures.get(way)
    if estimate is None or estimate.value is None:
        _say(panel, at, "–" if estimate is None else "n/a", "")
        return
    scale, note = scale_of(column.metric), column.notes.get(way, "")
    low = estimate.value if estimate.lower is None else estimate.lower
    high = estimate.value if estimate.upper is None else estimate.upper
    right = column.limits[1]
    panel.plot(
        [low * scale, min(high * scale, right)], [at + 0.12] * 2, "-", color=INK, linewidth=2.2,
        solid_capstyle="butt", zorder=3,
    )  # fmt: skip
    if high * scale > right:
        panel.plot([right], [at + 0.12], ">", color=INK, markersize=6, clip_on=False, zorder=4)
    panel.plot(
        [estimate.value * scale], [at + 0.12], "o", markersize=6.5, markeredgewidth=1.4, markeredgecolor=INK,
        markerfacecolor="white" if note else INK, clip_on=False, zorder=5,
    )  # fmt: skip
    _say(panel, at, _figure(column.metric, estimate), note)


def _figure(metric: str, estimate: Estimate) -> str:
    """A figure with its interval, as in "1.3 (1.1 to 2.8)"; changes with their sign."""
    if not metric:
        return signed(estimate)
    value, ends = measured(metric, estimate.value or 0.0), span(metric, estimate)
    said = f"{value} ({ends})" if ends else value
    return said.replace(" min", "") if metric == WAIT else said


def signed(estimate: Estimate) -> str:
    """A change with its interval, all with the decimals that the smallest needs: "−0.07 (−0.09 to −0.06)"."""
    value = estimate.value or 0.0
    ends = [value] if estimate.lower is None or estimate.upper is None else [value, estimate.lower, estimate.upper]
    if max(map(abs, ends)) < 0.01:
        return "less than 0.01 either way"
    decimals = 1 if min(map(abs, ends)) >= 0.95 else 2
    first, *others = (f"{end:+.{decimals}f}".replace("-", MINUS) for end in ends)
    return f"{first} ({others[0]} to {others[1]})" if others else first


def _say(panel: Axes, at: int, text: str, note: str) -> None:
    """The figure, and below the mark what is to be noted; on white, so that no line runs through it."""
    for words, up, color in ((text, at - 0.28, INK), (note, at + 0.38, QUIET)):
        if words:
            panel.text(
                0, up, words, transform=panel.get_yaxis_transform(), fontsize=SMALL, va="center", color=color,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8}, zorder=6,
            )  # fmt: skip


def _names(panel: Axes, ways: Sequence[str]) -> None:
    """The ways on the left of the first panel, each with what its rule is."""
    for at, way in enumerate(ways):
        lines = wrapped(RULE[way], SMALL, _LEFT - MARGIN - 0.1, most=2)
        for nth, (words, weight) in enumerate(((way, "bold"), *((line, "normal") for line in lines))):
            panel.annotate(
                words, (0, at - 0.2), (-72 * (_LEFT - MARGIN), -11 * nth), xycoords=("axes fraction", "data"),
                textcoords="offset points", fontsize=SMALL, fontweight=weight, va="center",
                color=QUIET if nth else INK, annotation_clip=False,
            )  # fmt: skip


def _target(panel: Axes, found: Placement) -> None:
    threshold = threshold_on(found.ways[NOBODY].province.study, WAIT)
    if threshold is not None:
        panel.axvline(threshold, color=INK, linewidth=1.3, linestyle=(0, (2, 1)), zorder=2)
        panel.annotate(
            f"target {threshold:g}", (threshold, 1), (0, 1), xycoords=("data", "axes fraction"),
            textcoords="offset points", fontsize=SMALL, ha="center", va="bottom", annotation_clip=False,
        )  # fmt: skip


def bins(most: int) -> list[tuple[int, int]]:
    """Officials at a center put together where there would be too many bars: nobody by itself, then spans alike."""
    size = max(-(-most // (_MOST - 1)), 1)
    return [(0, 0), *((first, min(first + size - 1, most)) for first in range(1, most + 1, size))]


def _spread(panel: Axes, way: Way, spans: Sequence[tuple[int, int]], width: float) -> None:
    """How many centers get how many officials, each bar with its number; and who gets most."""
    heights = [sum(low <= count <= high for count in way.given.values()) for low, high in spans]
    bars = panel.bar(range(len(spans)), heights, width=0.8, color=SKY, edgecolor=INK, linewidth=0.5)
    panel.bar_label(bars, [str(height) if height else "" for height in heights], fontsize=SMALL - 0.5, padding=1)
    panel.set_xlim(-0.6, len(spans) - 0.4)
    panel.set_ylim(0, 1.25 * len(way.given))
    panel.set_yticks([])
    panel.spines["left"].set_visible(False)
    texts = [str(low) if low == high else f"{low}–{high}" for low, high in spans]
    is_wide = max(text_width(text, SMALL) for text in texts) > 0.9 * width / len(spans)
    panel.set_xticks(range(len(spans)), texts, rotation=90 if is_wide else 0)
    panel.tick_params(axis="x", length=0)
    _above(panel, way.name, 13, weight="bold")
    _above(panel, _most(way, width), 2)


def _most(way: Way, width: float) -> str:
    """Which center gets most, its name as far as there is room."""
    most = max(way.given.values())
    names = [plain(name) for name, count in way.given.items() if count == most]
    if len(names) > 1:
        return f"most: {most}, at {len(names)} centers"
    said = [f"most: {most}, {shortened(names[0], size)}" for size in range(60, 5, -1)]
    return next((text for text in said if text_width(text, SMALL) <= width), said[-1])


def _title(found: Placement, name: str) -> str:
    first = found.ways[NOBODY]
    count = sum(next(way for way in found.ways.values() if way.name != NOBODY).given.values())
    said = f"{shortened(plain(name), 40)}: {count} officials over {len(first.given)} centers"
    changes = [one for one in found.changes() if one.metric == WAIT]
    shorter = [one.other for one in changes if one.is_distinguishable and (one.paired.estimate.value or 0.0) < 0]
    wait = first.province.totals[WAIT].value
    if wait is None:
        return f"{said}: nobody came, so that there is no wait to compare"
    before = measured(WAIT, wait)
    if not shorter:
        return f"{said}: no rule is shown to shorten the mean wait of {before}"
    after = sorted(found.ways[way].province.totals[WAIT].value or 0.0 for way in shorter)
    values = list(dict.fromkeys(measured(WAIT, value) for value in after))
    both = f"between {values[0].removesuffix(' min')} and {values[-1]}, depending on the rule"
    rules = "" if len(shorter) == len(changes) else f" with {len(shorter)} of {len(changes)} rules"
    to = values[0] if len(values) == 1 else both
    return f"{said}: the mean wait falls{rules} from {before.removesuffix(' min')} to {to}"


def _notes(found: Placement) -> list[str]:
    """What the marks and intervals are, what it costs, and what the lender loses."""
    first = found.ways[NOBODY].province
    studies = [one.study for one in first.centers.values()]
    target = first_target(first.study)
    kept = f"Centers keep the target where {named(target.metric).lower()} is {target.text} in a run. " if target else ""
    level = f"{round(100 * first.study.confidence, 2):g} %"
    changes = (
        "Changes of the mean wait are paired on the same citizens; hollow, “not distinguishable”: no change cannot be "
        f"ruled out at {level}, all ways of a panel counted (Holm)."
    )
    return [
        f"{kept}{changes} by_benefit chose on other replications than these.",
        f"{_costs(found)} The office that lends them has a load of {found.lender_load:.2f} then.",
        f"{intervals_of(studies[:1])} {caveat(studies)}",
    ]


def _costs(found: Placement) -> str:
    currency = found.ways[NOBODY].province.study.base.money.currency
    costs = {name: way.province.totals[COST].value or 0.0 for name, way in found.ways.items()}
    placed = [money(cost, currency) for cost in sorted(cost for name, cost in costs.items() if name != NOBODY)]
    to = placed[0] if placed[0] == placed[-1] else f"{placed[0]} to {placed[-1]}"
    return f"State cost a day: {money(costs[NOBODY], currency)} with nobody, {to} with them."
