"""Policies that change who is let in, and who is called first."""

from __future__ import annotations

from math import ceil
from typing import Annotated, ClassVar

from pydantic import Field

from sim.appointments import MOST_PLACES, Appointments
from sim.calendar import intervals
from sim.demand import people_of_a_day
from sim.distributions import Distribution
from sim.policies.policy import (
    Policy,
    free_names,
    known_point,
    newcomers,
    points_of,
    shifts_of_officials,
    so_many_times,
    with_cost,
    without,
)
from sim.scenario import MOST_DOSSIERS, Priority, Scenario
from sim.staff import Group
from sim.streams import Stream
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


class Booking(Policy):
    """Lets people book: the ``share`` of all who come to the hall wants a time, and then comes for it.

    For the book see :class:`sim.appointments.Appointments`; ``places`` None is as many at a time as are wanted on the
    busiest weekday. Of those who book the share ``no_show`` misses the time, and comes unannounced like the others, so
    that as many come on a mean day as before; a full book sends nobody away. Who keeps it is called before those who
    came unannounced, and after the classes that were called first before: a class ``booked`` before that of the last
    rank. Those who come unannounced as before stay who they are; who books is somebody else, of the same mix.
    """

    streams: ClassVar[frozenset[Stream]] = frozenset({Stream.COUNT, Stream.BOOKED, Stream.NO_SHOW, Stream.PUNCTUALITY})
    share: Annotated[Share, Field(gt=0)]
    every: Annotated[int, Field(strict=True, ge=1, le=480)]
    places: Annotated[int, Field(strict=True, ge=1, le=MOST_PLACES)] | None
    no_show: Annotated[Share, Field(lt=1)]
    early: Annotated[NonNegative, Field(le=240)]
    punctuality: Distribution | None
    ends_early: Annotated[NonNegative, Field(le=240)]
    per_month: NonNegative
    once: NonNegative

    def apply(self, scenario: Scenario) -> Scenario:
        if scenario.appointments is not None:
            raise ValueError("people book already: raise appointments.per_day instead")
        if "booked" in scenario.priorities:
            raise ValueError("there is a class booked already: wanted another name for it")
        rank = max(entry.rank for entry in scenario.priorities.values())
        last = [name for name, entry in scenario.priorities.items() if entry.rank == rank and entry.share > 0]
        if len(last) != 1:
            raise ValueError(f"wanted one class of citizens that is called last, not {' and '.join(last) or 'none'}")
        staff = {
            name: group.replace(serves=(*group.serves, "booked")) if group.serves and last[0] in group.serves else group
            for name, group in scenario.staff.items()
        }
        later = {name: one.replace(rank=one.rank + int(one.rank == rank)) for name, one in scenario.priorities.items()}
        return scenario.replace(
            arrivals=so_many_times(scenario.arrivals, 1 - self.share * (1 - self.no_show)),
            appointments=self._book(scenario),
            priorities={**later, "booked": Priority(share=0.0, rank=rank)},
            staff=staff,
            costs=with_cost(scenario, "appointments", self.per_month, self.once),
        )

    def _book(self, scenario: Scenario) -> Appointments:
        wanted, names = (
            self.share * people_of_a_day(scenario),
            ("every", "no_show", "early", "punctuality", "ends_early"),
        )
        given = {name: getattr(self, name) for name in names}
        book = Appointments(places=self.places or 1, per_day=wanted, priority="booked", **given)
        return book if self.places else book.replace(places=self._places(scenario, book))

    @staticmethod
    def _places(scenario: Scenario, book: Appointments) -> int:
        """As many at a time as are wanted on the busiest weekday."""
        factors = {on: factor for on, factor in scenario.arrivals.weekday.items() if factor > 0}
        each = book.per_day * scenario.demand * len(factors) / max(sum(factors.values()), 1e-9)
        times = {on: len(book.times(intervals(scenario.calendar.hours.get(on, ())))) for on in factors}
        return max([ceil(each * factors[on] / times[on]) for on in factors if times[on]] or [1]) or 1
