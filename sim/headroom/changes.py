"""A study made harder in one respect, more people, fewer officials, an outage each day, or easier, by more officials.

All else is as it was.

More people are more of everybody: ``demand`` multiplies those who come unannounced, those who book and those who file
from home, on all days alike, and a policy that is planned by it (appointments) plans for as many. Officials and
outages are changed in what the policies have made of the scenario: who was hired by one can be missing, too.
"""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import ValidationError

from sim.assumptions.varying import Unfit
from sim.network import Network, Window
from sim.policies.policy import officials_of, standing, with_counters
from sim.scenario import Scenario
from sim.study import Study
from sim.units import DAY, HOUR, MINUTE, span

Answer = str


def named(study: Study, what: str) -> str:
    """The label of a changed study."""
    return f"{study.label[:400]} · {what}"


def times_as_many(study: Study, factor: float) -> Study:
    """The study with ``factor`` times as many people."""
    base = study.base.replace(demand=study.base.demand * factor)
    return study.replace(base=base, label=named(study, f"{factor:.4g} times the demand"))


def settled(study: Study) -> Study:
    """The same study whose scenario is what its policies make of it: the same replications to the bit."""
    return study.replace(base=study.scenario, policies=())


def fewer(study: Study, group: str, by: int) -> Study:
    """A settled study in which a group has ``by`` officials fewer.

    Raises Unfit where that is no scenario: nobody is left, or nobody with a skill that is wanted.
    """
    return _with(study, group, -by, ()).replace(label=named(study, f"{group} {by} fewer"))


def more(study: Study, group: str, by: int) -> Study:
    """A settled study in which a group has ``by`` officials more, at counters of their own where there are too few.

    Counters are set up for those who would find none on the fullest weekday were all officials of the point there:
    none for guides, leaders and specialists. Groups that follow its counters have a number from then on.

    Raises Unfit where that is no scenario.
    """
    own = study.base.staff[group]
    points = {own.point, *own.days_at.values()} if own.role == "counter" else set()
    return _with(study, group, by, sorted(points)).replace(label=named(study, f"{group} {by} more"))


def _with(study: Study, group: str, more: int, points: Sequence[str]) -> Study:
    """The study with so many officials more in a group, at ``points`` with as many counters as they would lack."""
    before = made = study.base
    count = officials_of(before, before.staff[group]) + more
    try:
        for point in points:
            made = with_counters(made, point, standing(before, point, more))
        staff = {**made.staff, group: made.staff[group].replace(count=count)}
        return study.replace(base=made.replace(staff=staff))
    except ValidationError as error:
        raise Unfit(str(error.errors()[0]["msg"]).removeprefix("Value error, ")) from None


def down_each_day(study: Study, begins: int, minutes: int, answer: Answer) -> Study:
    """A settled study in which the network is down once a day, from ``begins`` (ms after midnight) on.

    ``answer`` is what the center does meanwhile. Where another window is in force at that time, the outage takes its
    place. A length of 0 is none.
    """
    ends = begins + minutes * MINUTE
    network = (study.base.network or Network()).replace(answer=answer)
    if ends > begins:
        kept = [part for window in network.windows for part in _outside(window, begins, ends)]
        network = network.replace(windows=(*kept, Window(between=_between(begins, ends))))
    what = f"{answer}, outage of {minutes} min from {_clock(begins)}"
    return study.replace(base=study.base.replace(network=network), label=named(study, what))


def _outside(window: Window, begins: int, ends: int) -> list[Window]:
    """What is left of a window before and after a span."""
    first, last = span(window.between)
    parts = [(first, min(last, begins)), (max(first, ends), last)]
    return [window.replace(between=_between(start, end)) for start, end in parts if start < end]


def _between(start: int, end: int) -> str:
    return f"{_clock(start)}-{_clock(end)}"


def _clock(at: int) -> str:
    """HH:MM, the midnight that ends a day as 24:00."""
    return f"{at // HOUR:02d}:{at % HOUR // MINUTE:02d}"


def answers_of(scenario: Scenario) -> tuple[Answer, ...]:
    """How a center answers outages, as it does today first; where it has paper, with paper and without."""
    network = scenario.network or Network()
    if network.paper is None:
        return (network.answer,)
    return network.answer, "pause" if network.answer == "paper" else "paper"


def opening_of(scenario: Scenario) -> tuple[int, int]:
    """When the first door of a week opens and the last one closes, ms after midnight, on days when people come."""
    weekly = scenario.calendar.hours
    spans = [span(text) for on, texts in weekly.items() if scenario.arrivals.weekday.get(on, 0.0) > 0 for text in texts]
    return (min(start for start, _ in spans), max(end for _, end in spans)) if spans else (0, DAY)
