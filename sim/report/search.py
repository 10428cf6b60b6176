"""All ways of running a center that were searched: cost against what people wait."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.report.marks import scale_of
from sim.report.style import INK, MARGIN, QUIET, SMALL, VERDICT_COLORS, VERDICT_MARKERS, WIDTH, drawing, page
from sim.report.wording import assumed, money, named, plain, shortened, unit_of
from sim.search import Search
from sim.search.systems import COST, State
from sim.verdicts import Outcome

_HEIGHT, _LEFT = 4.2, 0.75
DRAWN: dict[State, tuple[Outcome, str]] = {
    "out": ("missed", "misses a target"),
    "open": ("n/a", "not decided, dearer than the answer"),
    "near": ("undecided", "at the threshold"),
    "feasible": ("met", "keeps every target"),
}
FURTHEST = 3.0
"""Times the target, or the answer's figure, beyond which figures are drawn at the edge."""


@drawing()
def searched(found: Search) -> Figure:
    """State cost a day against the headline figure: a mark a combination, the efficient joined, the answer named."""
    study = found.systems[0].study
    currency, metric = study.base.money.currency, found.metric
    made = page(_title(found, currency), _notes(found), _HEIGHT + 0.95)
    panel = made.panel(_LEFT, 0.6, WIDTH - _LEFT - 2 * MARGIN, _HEIGHT)
    top = _top(found)
    for state in DRAWN:
        _marks(panel, found, state, top)
    scales = scale_of(COST), scale_of(metric)
    at = [_at(found, number, top) for number in found.efficient]
    panel.plot([x * scales[0] for x, _ in at], [y * scales[1] for _, y in at], ":", color=QUIET, zorder=2)
    _frame(panel, found, top, currency)
    if found.answer is not None:
        _name(panel, found, top)
    panel.legend(loc="upper right", fontsize=SMALL, frameon=True, framealpha=0.9, edgecolor="none")
    return made.figure


def _at(found: Search, number: int, top: float) -> tuple[float, float]:
    system = found.systems[number]
    return system.cost, min(system.estimate(found.metric).value or 0.0, top)


def _top(found: Search) -> float:
    """The largest figure that is drawn where it is."""
    values = [system.estimate(found.metric).value or 0.0 for system in map(found.systems.__getitem__, found.looked_at)]
    promised = [
        t.threshold for t in found.systems[0].study.targets.items if (t.metric, t.scope) == (found.metric, "all")
    ]
    return min(max(values), FURTHEST * max(promised, default=max(values)))


def _marks(panel: Axes, found: Search, state: State, top: float) -> None:
    numbers = found.numbers(state)
    outcome, said = DRAWN[state]
    at = [_at(found, number, top) for number in numbers]
    scales = scale_of(COST), scale_of(found.metric)
    panel.plot(
        [x * scales[0] for x, _ in at], [y * scales[1] for _, y in at], VERDICT_MARKERS[outcome], markersize=4.5,
        color=VERDICT_COLORS[outcome], markeredgewidth=0.8, alpha=0.8, label=f"{said} ({len(numbers)})", zorder=3,
        clip_on=False,
    )  # fmt: skip


def _frame(panel: Axes, found: Search, top: float, currency: str) -> None:
    scale = scale_of(found.metric)
    panel.set_ylim(0, top * scale * 1.02)
    panel.xaxis.set_major_locator(MaxNLocator(7))
    panel.grid(visible=True)
    panel.set_xlabel(f"{named(COST).lower()}, {unit_of(COST, currency)}")
    panel.set_ylabel(f"{named(found.metric).lower()}, {unit_of(found.metric, currency)}")
    promised = [t for t in found.systems[0].study.targets.items if (t.metric, t.scope) == (found.metric, "all")]
    for target in promised:
        panel.axhline(target.threshold * scale, color=INK, linewidth=1.3, linestyle=(0, (2, 1)), zorder=2)
        said = f"dashed: target, {named(found.metric).lower()} {target.text}"
        panel.set_title(said, loc="left", fontsize=SMALL, fontweight="bold", pad=5)


def _name(panel: Axes, found: Search, top: float) -> None:
    assert found.answer is not None
    x, y = _at(found, found.answer, top)
    at = x * scale_of(COST), y * scale_of(found.metric)
    panel.plot(*at, "o", markersize=11, markerfacecolor="none", markeredgecolor=INK, markeredgewidth=1.6, zorder=5)
    panel.annotate(
        "the answer", at, (-10, -16), textcoords="offset points", fontsize=SMALL, fontweight="bold", ha="right",
        color=INK, zorder=6,
    )  # fmt: skip


def _title(found: Search, currency: str) -> str:
    center = shortened(plain(found.systems[0].study.base.name), 40)
    if found.answer is None:
        return f"{center}: none of {len(found.systems)} ways of running it is shown to keep every target, at any cost"
    system = found.systems[found.answer]
    name = f"“{shortened(plain(found.names[found.answer]), 70)}”, at {money(system.cost, currency)} a day"
    return f"{center}: the cheapest of {len(found.systems)} ways of running it that keeps every target is {name}"


def _notes(found: Search) -> list[str]:
    edge = f"Figures above {FURTHEST:g} times the target are drawn at the edge. "
    joined = "Dotted: none that costs at most as much has a better figure, by the estimates."
    counts = sorted({found.systems[number].replications for number in found.looked_at})
    runs = f"{counts[0]} to {counts[-1]} replications each" if len(counts) > 1 else f"{counts[0]} replications each"
    promised = "; ".join(f"{named(t.metric).lower()} {t.text}" for t in found.systems[0].study.targets.items)
    known = assumed([found.systems[0].study]) or "inputs are unmarked"
    marks = f"A mark is one combination, {runs}. {edge}{joined}"
    return [f"Targets: {promised}.", f"{marks}{_unseen(found)}", f"Simulation error only; {known}."]


def _unseen(found: Search) -> str:
    count = len(found.systems) - len(found.looked_at)
    return f" Ruled out without a replication, and not drawn: {count}." if count else ""
