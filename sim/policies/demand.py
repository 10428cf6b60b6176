"""Policies that change who is let in, and who is called first."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from sim.arrivals import Arrivals
from sim.calendar import intervals
from sim.policies.policy import (
    Policy,
    free_names,
    known_point,
    newcomers,
    points_of,
    shifts_of_officials,
    with_cost,
    without,
)
from sim.policies.shifts import WORKING_DAYS, with_moved
from sim.scenario import MOST_DOSSIERS, Priority, Scenario
from sim.staff import Group
from sim.streams import Stream
from sim.units import DAY, milliseconds
from sim.values import Flag, Key, NonNegative, Positive, Share


class PriorityLane(Policy):
    """Keeps ``officials`` of a point for the citizens of the first rank; they handle every field.

    The officials come from the largest groups of that point, so that everyone else there has fewer.
    """

    streams: ClassVar[frozenset[Stream]] = frozenset()
    point: Key = "hall"
    officials: Annotated[int, Field(strict=True, ge=1, le=20)]

    def apply(self, scenario: Scenario) -> Scenario:
        known_point(scenario, self.point)
        ranks = {name: entry.rank for name, entry in scenario.priorities.items()}
        first = tuple(name for name, rank in ranks.items() if rank == min(ranks.values()))
        if len(first) == len(ranks):
            raise ValueError("all citizens have the same rank: there is nobody to keep a lane for")
        if "priority_lane" in scenario.staff:
            raise ValueError("there is a priority lane already: raise its officials instead")
        shifts = shifts_of_officials(scenario)
        lane = Group(count=self.officials, point=self.point, serves=first, shifts=shifts)
        return scenario.replace(staff={**without(scenario, self.officials, self.point), "priority_lane": lane})


class BulkLane(Policy):
    """Makes a class of those who bring at least ``dossiers`` dossiers, with ``officials`` of a point kept for them.

    They are told by what they bring first, so that who comes again with the rest is still of the class. Who is called
    before others today stays so. The officials handle every field and come from the largest groups of the point.
    ``exclusive``: there nobody else serves them, so that they hold up no one, and wait for each other; else everybody
    does as before. At other points all is as it was.
    """

    streams: ClassVar[frozenset[Stream]] = frozenset({Stream.PRIORITY})
    point: Key = "hall"
    dossiers: Annotated[int, Field(strict=True, ge=2, le=MOST_DOSSIERS)]
    officials: Annotated[int, Field(strict=True, ge=1, le=20)]
    exclusive: Flag

    def apply(self, scenario: Scenario) -> Scenario:
        known_point(scenario, self.point)
        if any(entry.dossiers is not None for entry in scenario.priorities.values()):
            raise ValueError("there is a class of bulk filers already: raise the officials that serve it instead")
        if scenario.arrivals.dossiers_per_visitor == 1:
            raise ValueError("everybody brings one dossier: there is nobody to keep a lane for")
        rank = max(entry.rank for entry in scenario.priorities.values())
        taken = {*scenario.priorities, *scenario.staff}
        bulk = "bulk" if "bulk" not in taken else next(free_names("bulk", taken))
        last = {name for name, entry in scenario.priorities.items() if entry.rank == rank}
        shifts = shifts_of_officials(scenario)
        lane = Group(count=self.officials, point=self.point, serves=(bulk,), shifts=shifts)
        staff = without(scenario, self.officials, self.point)
        others = {name: self._beside(scenario, group, bulk, last) for name, group in staff.items()}
        return scenario.replace(
            priorities={**scenario.priorities, bulk: Priority(share=0.0, rank=rank, dossiers=self.dossiers)},
            staff={**others, bulk: lane},
        )

    def _beside(self, scenario: Scenario, group: Group, bulk: str, last: set[str]) -> Group:
        """A group beside the lane: bulk filers are no more its own, or still are."""
        if group.role != "counter":
            return group
        if self.exclusive and group.point == self.point:
            return group.replace(serves=tuple(scenario.priorities) if group.serves is None else group.serves)
        serves_them = group.serves is not None and last & set(group.serves)
        return group.replace(serves=(*(group.serves or ()), bulk)) if serves_them else group


class TicketCap(Policy):
    """Hands out at most ``tickets`` a day at a point (None: at every point); who comes later is turned away.

    ``tickets`` None is ``of_mean_day`` for each newcomer of a mean working day there. It costs the state nothing.
    Citizens pay: whoever is turned away made the way for nothing, and comes again or gives up. Those who give up
    shorten the line, so the mean wait, which only those have who were let in, looks better than the service is: a cap
    of one ticket would keep any promise of a wait. That is what the guard on ``unserved_share`` is for. Those who
    come again take the next day's tickets early, so a cap below what comes in the long run makes waits longer too.
    """

    streams: ClassVar[frozenset[Stream]] = frozenset()
    point: Key | None
    tickets: Annotated[int, Field(strict=True, ge=1, le=1_000_000)] | None
    of_mean_day: Positive

    def apply(self, scenario: Scenario) -> Scenario:
        points = dict(scenario.points)
        for name in points_of(scenario, self.point):
            tickets = self.tickets or max(round(self.of_mean_day * newcomers(scenario) * scenario.reach[name]), 1)
            today = points[name].ticket_cap
            if today is not None and today <= tickets:
                raise ValueError(
                    f"point {name} hands out at most {today} tickets already: wanted fewer than that, not {tickets}"
                )
            points[name] = points[name].replace(ticket_cap=tickets)
        return scenario.replace(points=points)


class Appointments(Policy):
    """Lets people book: the ``share`` of all who come does, and comes evenly over the opening hours instead of early.

    Of them the share ``no_show`` misses it, and comes unannounced like the others. Who keeps it is called before those
    who came unannounced, and after the classes that were called first before: a class ``booked`` of those of the last
    rank. No slot is given for the ``ends_early`` minutes before a closing, at noon or in the evening. As many come on a
    day as before. Simplified in three ways: in a half-hour as many come as chance has it, not one a slot; nobody is
    late; and hour and class are decided apart, so that the booked are the same share of those who come at every hour.
    """

    streams: ClassVar[frozenset[Stream]] = frozenset({Stream.COUNT, Stream.PRIORITY})
    share: Annotated[Share, Field(gt=0)]
    no_show: Annotated[Share, Field(lt=1)]
    ends_early: Annotated[NonNegative, Field(le=240)]
    per_month: NonNegative
    once: NonNegative

    def apply(self, scenario: Scenario) -> Scenario:
        if "booked" in scenario.priorities:
            raise ValueError("people book already: raise the share instead")
        rank = max(entry.rank for entry in scenario.priorities.values())
        last = [name for name, entry in scenario.priorities.items() if entry.rank == rank and entry.share > 0]
        if len(last) != 1:
            raise ValueError(f"wanted one class of citizens that is called last, not {' and '.join(last) or 'none'}")
        staff = {
            name: group.replace(serves=(*group.serves, "booked")) if group.serves and last[0] in group.serves else group
            for name, group in scenario.staff.items()
        }
        return scenario.replace(
            arrivals=self._spread(scenario),
            priorities=self._classes(scenario, last[0], rank),
            staff=staff,
            costs=with_cost(scenario, "appointments", self.per_month, self.once),
        )

    @property
    def _kept(self) -> float:
        return self.share * (1 - self.no_show)

    def _classes(self, scenario: Scenario, last: str, rank: int) -> dict[str, Priority]:
        """The booked stand before the class they are from, so that nobody else changes theirs."""
        found: dict[str, Priority] = {}
        for name, entry in scenario.priorities.items():
            booked = entry.share * self._kept
            if name == last:
                found["booked"] = Priority(share=booked, rank=rank)
            later = entry.replace(rank=entry.rank + int(entry.rank == rank))
            found[name] = later.replace(share=entry.share - booked) if name == last else later
        return found

    def _spread(self, scenario: Scenario) -> Arrivals:
        """The arrivals, those who keep what they booked evenly over the opening hours of their weekday."""
        arrivals, early = scenario.arrivals, milliseconds(self.ends_early)
        for on in WORKING_DAYS:
            spans = [(start, end - early) for start, end in intervals(scenario.calendar.hours.get(on, ()))]
            slots = [(start, end) for start, end in spans if end > start]
            if spans and not slots:
                raise ValueError(f"on {on} there is no time but the {self.ends_early:g} minutes before a closing")
            total, rest = sum(end - start for start, end in slots), 1 - self._kept
            for start, end in slots:
                part = self._kept * (end - start) / total
                arrivals = with_moved(arrivals, part / (rest + part), {on: ((0, DAY), (start, end))})
                rest += part
        return arrivals
