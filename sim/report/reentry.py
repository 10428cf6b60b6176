"""What was taken on paper and is still to be typed in, day by day."""

from __future__ import annotations

from datetime import date

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from sim.report.style import BLUE, GREEN, VERMILION, WIDTH, drawing, page
from sim.report.wording import caveat, full_name, number, replications_of
from sim.result import Result
from sim.scenario import Scenario
from sim.units import day_of, span

Floats = NDArray[np.float64]
_HEIGHT, _MOST_TICKS = 3.1, 12
_LEAST_SEEN, _HARDLY, _WHOLE = 0.005, 0.95, 9.5


def goes_over_to_paper(scenario: Scenario) -> bool:
    """Whether officials work on paper in an outage."""
    return scenario.network is not None and scenario.network.answer == "paper"


@drawing()
def papers_to_type_in(result: Result) -> Figure:
    """Visits whose papers are still to be typed in as each measured day ends: mean and range over replications.

    Days on which the network is down in a planned window, and dates of storms, are shaded. ValueError unless the
    scenario goes over to paper.
    """
    study, scenario = result.study, result.study.scenario
    if not goes_over_to_paper(scenario):
        raise ValueError("wanted a scenario that works on paper in an outage")
    each = ((over.min(), over.mean(), over.max()) for over, _ in result.runs.curve("records"))
    low, mean, high = np.array(list(each)[scenario.warmup :]).T
    dates = [day_of(scenario.start, day) for day in range(scenario.warmup, scenario.days)]
    made = page(_title(full_name(study), dates, mean), [_caption(result), caveat([study])], _HEIGHT + 1.0)
    panel = made.panel(0.75, 0.6, WIDTH - 0.75 - 0.32, _HEIGHT)
    _shade(panel, scenario, dates)
    at = np.arange(len(dates))
    label = f"lowest to highest of {replications_of([study])}"
    if study.replications > 1:
        panel.fill_between(at, low, high, step="mid", color=BLUE, alpha=0.22, linewidth=0, label=label)
    panel.plot(at, mean, color=BLUE, linewidth=1.8, drawstyle="steps-mid", label="mean")
    _frame(panel, dates, float(high.max()))
    return made.figure


def days_down(scenario: Scenario) -> list[date]:
    """The measured days on which the network is down in a window, and the door open meanwhile."""
    found = []
    for day in range(scenario.warmup, scenario.days):
        on = day_of(scenario.start, day)
        windows = scenario.network.windows if scenario.network else ()
        down = [span(one.between) for one in windows if one.speed == 0 and one.covers(on)]
        doors = scenario.calendar.opening(on)
        if any(start < closes and opens < end for start, end in down for opens, closes in doors):
            found.append(on)
    return found


def _shade(panel: Axes, scenario: Scenario, dates: list[date]) -> None:
    stormy = [on for on in dates if scenario.storms is not None and scenario.storms.on(on)]
    for days, label, color in (
        (days_down(scenario), "network down in a planned window", VERMILION),
        (stormy, "storm on this date", GREEN),
    ):
        for nth, on in enumerate(days):
            at = dates.index(on)
            named = "" if nth else label
            panel.axvspan(at - 0.5, at + 0.5, color=color, alpha=0.18, linewidth=0, zorder=0, label=named)


def _frame(panel: Axes, dates: list[date], most: float) -> None:
    panel.set_xlim(-0.5, len(dates) - 0.5)
    panel.set_ylim(0, max(1.1 * most, 1.0))
    ticks = range(0, len(dates), -(-len(dates) // _MOST_TICKS))
    panel.set_xticks(list(ticks), labels=[f"{dates[at].day}/{dates[at].month}" for at in ticks])
    panel.set_xlabel(f"day/month, from {dates[0]} to {dates[-1]}")
    panel.set_ylabel("visits still to be typed in")
    panel.grid(visible=True, axis="y")
    panel.legend(loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=3, fontsize=9, borderaxespad=0.2)


def _title(name: str, dates: list[date], mean: Floats) -> str:
    worst = int(mean.argmax())
    if mean[worst] < _LEAST_SEEN:
        return f"{name}: what was taken on paper is typed in by the end of the day"
    on = f"{dates[worst].day}/{dates[worst].month}"
    visits = f"{mean[worst]:.0f}" if mean[worst] >= _WHOLE else number(float(mean[worst]))
    if mean[worst] < _HARDLY:
        return (
            f"{name}: nearly all papers are typed in as a day ends; of at most {visits} visits they are not, on average"
        )
    return f"{name}: the backlog is largest as {on} ends, when papers of {visits} visits wait on average"


def _caption(result: Result) -> str:
    scenario = result.study.scenario
    network = scenario.network
    assert network is not None
    assert network.paper is not None
    said = []
    often = [
        f"of the {scope} every {number((one.up.mean + one.down.mean) / 60)} hours, for {number(one.down.mean)} min"
        for scope, one in network.outages.items()
    ]
    if often:
        said.append(
            f"Outages come at random and differ between replications: {'; '.join(often)}, on average. Not shaded."
        )
    if scenario.storms is not None and scenario.storms.every:
        said.append(f"Storms that have no date come about every {scenario.storms.every:g} days: not shaded either.")
    when = "after the door has closed" if network.paper.typed_in == "after_hours" else "when nobody waits"
    said.append(f"Typed in {when}, {network.paper.typing:g} min a dossier.")
    most = result.figures.estimates["reentry_backlog_max", "all"].value
    if most is not None:
        said.append(f"The most at once, within a day, is {number(most)} visits on average.")
    return " ".join(said)
