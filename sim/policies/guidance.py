"""Policies that help citizens before the counter."""

from __future__ import annotations

import math
from typing import Annotated, ClassVar

from pydantic import Field

from sim.calendar import WorkingDay, intervals
from sim.distributions import Distribution
from sim.offered_load import load_sheet
from sim.policies.policy import Policy, free_names, known_point, with_cost, without
from sim.policies.shifts import WORKING_DAYS
from sim.scenario import Guidance, Scenario
from sim.staff import Group
from sim.streams import Stream
from sim.units import MINUTE, SLOT, milliseconds, span
from sim.values import Count, Key, NonNegative, Share, Span

BUSIEST = 0.9


class GuidanceDesk(Policy):
    """Puts guides at the door of a point, who look through the file before the counter does.

    They find the share ``finds`` of the incomplete dossiers and mend ``mends`` of those at once; the others
    go home without a turn at the counter. ``guides`` None is as many as the desk's busiest half-hour wants
    at a load of ``BUSIEST``. ``from_existing`` of them are taken from the counters, the rest are new and paid.
    """

    streams: ClassVar[frozenset[Stream]] = frozenset({Stream.GUIDANCE, Stream.INCOMPLETE, Stream.MENDED})
    point: Key = "hall"
    guides: Annotated[int, Field(strict=True, ge=1, le=50)] | None
    from_existing: Count
    service: Distribution
    finds: Share
    mends: Share
    set_up: NonNegative

    def apply(self, scenario: Scenario) -> Scenario:
        known_point(scenario, self.point)
        if any(group.role == "guide" for group in scenario.staff.values()):
            _must_agree(scenario, self._guidance(scenario))
        guides = self.guides or self._enough(scenario)
        return self._with(scenario, guides).replace(
            staff=without(scenario, min(self.from_existing, guides), self.point)
        )

    def _with(self, scenario: Scenario, guides: int) -> Scenario:
        point = scenario.points[self.point]
        return scenario.replace(
            points={**scenario.points, self.point: point.replace(guides=point.guides + guides)},
            guidance=self._guidance(scenario),
            costs=with_cost(scenario, "guidance_desk", once=self.set_up),
        )

    def _guidance(self, scenario: Scenario) -> Guidance:
        """What the guides do; those who go before the door closes end as early as before."""
        mine = Guidance(service=self.service, finds=self.finds, mends=self.mends)
        return mine.replace(ends_early=scenario.guidance.ends_early) if scenario.guidance else mine

    def _enough(self, scenario: Scenario) -> int:
        sheet = load_sheet(self._with(scenario, 1))
        number = sheet.points.index(self.point)
        here = scenario.points[self.point].guides
        wanted = sheet.guided[number].max(initial=0.0) / (SLOT / MINUTE) / BUSIEST
        return max(math.ceil(float(wanted)) - here, 1)


class Volunteers(Policy):
    """Unpaid guides at the door of a point on some ``weekdays``, ``between`` two times: a youth union, a digital team.

    ``count`` None is as many as the desk's busiest half-hour wants at a load of ``BUSIEST``; fewer make a line at the
    door that everybody stands in.

    They find and mend less than officials do, and who comes when none of them is there passes by. ``ends_early``
    minutes before they go they take nobody on any more. ``per_month`` is for who brings them together, meals and
    training. What guides do is said once for a center: volunteers cannot join a desk that does it otherwise.
    """

    streams: ClassVar[frozenset[Stream]] = frozenset({Stream.GUIDANCE, Stream.INCOMPLETE, Stream.MENDED})
    count: Annotated[int, Field(strict=True, ge=1, le=50)] | None
    point: Key = "hall"
    weekdays: Annotated[tuple[WorkingDay, ...], Field(min_length=1)]
    between: Span
    service: Distribution
    finds: Share
    mends: Share
    ends_early: NonNegative
    per_month: NonNegative

    def apply(self, scenario: Scenario) -> Scenario:
        known_point(scenario, self.point)
        guidance = Guidance(service=self.service, finds=self.finds, mends=self.mends, ends_early=self.ends_early)
        if any(scenario.has_guides(point) for point in scenario.points):
            _must_agree(scenario, guidance)
        self._must_be_open(scenario)
        return self._with(scenario, guidance, self.count or self._enough(scenario, guidance))

    def _with(self, scenario: Scenario, guidance: Guidance, count: int) -> Scenario:
        calendar = scenario.calendar
        name = next(free_names("volunteers", {*calendar.shifts, *scenario.staff}))
        others = [on for on in WORKING_DAYS if on not in self.weekdays]
        shifts_on = {**calendar.shifts_on, **{on: {**calendar.shifts_on.get(on, {}), name: ()} for on in others}}
        group = Group(count=count, point=self.point, role="guide", shifts=(name,), paid=False)
        return scenario.replace(
            calendar=calendar.replace(shifts={**calendar.shifts, name: (self.between,)}, shifts_on=shifts_on),
            staff={**scenario.staff, name: group},
            guidance=guidance,
            costs=with_cost(scenario, "volunteers", self.per_month),
        )

    def _enough(self, scenario: Scenario, guidance: Guidance) -> int:
        """Guided minutes are those of a mean day: on the days on which somebody guides there are more."""
        sheet = load_sheet(self._with(scenario, guidance, 1))
        opened = [on for on in WORKING_DAYS if scenario.calendar.hours.get(on)]
        share = sum(on in self.weekdays for on in opened) / len(opened)
        minutes = sheet.guided[sheet.points.index(self.point)].max(initial=0.0) / share
        return max(math.ceil(float(minutes) / (SLOT / MINUTE) / BUSIEST), 1)

    def _must_be_open(self, scenario: Scenario) -> None:
        start, end = span(self.between)
        if end - start <= milliseconds(self.ends_early):
            raise ValueError(f"between {self.between} there is no time but the {self.ends_early:g} minutes at the end")
        for on in self.weekdays:
            opening = intervals(scenario.calendar.hours.get(on, ()))
            if not opening:
                raise ValueError(f"the center is closed on {on}: wanted a weekday with opening hours")
            if end <= opening[0][0] or opening[-1][1] <= start:
                raise ValueError(f"on {on} the door is closed from {self.between}: wanted a time at which it is open")


def _must_agree(scenario: Scenario, wanted: Guidance) -> None:
    """ValueError where guides do something else here than they would; the time at which they end aside."""
    there = scenario.guidance
    if there is None or there.replace(ends_early=wanted.ends_early) != wanted:
        raise ValueError(
            "others guide here already and do it otherwise: wanted their service, finds and mends, as a center has one "
            "guidance section"
        )


class InformationCampaign(Policy):
    """Tells citizens at home what a file must hold: of the incomplete dossiers the share ``fewer`` is complete.

    Who was complete stays so, and nobody needs a desk or a guide; those whose dossier is now complete make no second
    trip. What it does is less than what a guide finds, who holds the very file in hand.
    """

    streams: ClassVar[frozenset[Stream]] = frozenset({Stream.INCOMPLETE})
    fewer: Share
    per_month: NonNegative
    once: NonNegative

    def apply(self, scenario: Scenario) -> Scenario:
        return scenario.replace(
            procedures={
                name: entry.replace(incomplete=entry.incomplete * (1 - self.fewer))
                for name, entry in scenario.procedures.items()
            },
            costs=with_cost(scenario, "information_campaign", self.per_month, self.once),
        )
