"""What was counted stays as it was counted, whatever else is assumed otherwise.

A scenario whose arrivals were set by a count says so in its section ``observed``, ``used_as_input``. Where an
assumption is varied that stands between newcomers and the count (how many come again, file from home, or only ask),
the newcomers are set anew, so that as many are expected to be counted as before. By the arithmetic on means of the load
sheet, which is linear in them.
"""

from __future__ import annotations

from sim.home_load import filed_from_home
from sim.roster import duties
from sim.scenario import Scenario
from sim.workload import work_of

RECEIVED, CAME = "dossiers_per_day", "arrived_per_day"


def counted_in(scenario: Scenario) -> str | None:
    """RECEIVED or CAME, where such a count set the arrivals of a scenario; None where none did."""
    used = {one.metric for one in scenario.observed.values() if one.used_as_input}
    return next((metric for metric in (RECEIVED, CAME) if metric in used), None)


def expected(scenario: Scenario, metric: str) -> float:
    """How many are expected on a mean day of the week: dossiers accepted, with those from home, or visits to the hall.

    Weekdays weigh alike, whatever days are simulated.
    """
    scenario = _alike(scenario)
    duty = duties(scenario)
    work = work_of(scenario, duty)
    if metric == CAME:
        return float(work.visits.sum())
    return float(work.accepted.sum() + filed_from_home(scenario, duty)[1].sum())


def _alike(scenario: Scenario) -> Scenario:
    """The scenario with as many newcomers on each of its weekdays."""
    own = scenario.arrivals
    alike = {name: 1.0 for name, factor in own.weekday.items() if factor > 0}
    return scenario.replace(arrivals=own.replace(weekday=alike))


def with_expected(scenario: Scenario, metric: str, wanted: float) -> Scenario:
    """The scenario with as many newcomers as make so many expected. ValueError where none can be."""
    found, per_day = expected(scenario, metric), scenario.arrivals.per_day
    if per_day is None or not found > 0:
        raise ValueError(f"nobody is expected of {metric}: arrivals cannot be set by it")
    arrivals = scenario.arrivals.replace(per_day=per_day * wanted / found)
    return scenario.replace(arrivals=arrivals)
