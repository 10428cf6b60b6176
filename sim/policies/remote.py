"""Policies by which something goes to and fro in place of people: dossiers, results, and advice over a link."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import Field

from sim.distributions import Distribution
from sim.dossiers import BackOffice, Channel
from sim.offered_load import load_sheet
from sim.policies.policy import Policy, free_names, newcomers, officials_of, so_many_times, with_cost
from sim.scenario import Purpose, Scenario
from sim.staff import Group
from sim.streams import Stream
from sim.units import MINUTE, span
from sim.values import Key, NonNegative, Share

MINUTES_PER_HOUR = 60
FROM_HOME = "_from_home"


class DigitalTeams(Policy):
    """Teams in villages help people file online from home: of those who file at the hall, the ``share`` comes no more.

    ``channel`` None is of every channel at the hall, else of that one. They are the same people, with the same
    dossiers, and want them on the same days; the others keep all they had, their channel and their time. What is filed
    from home comes on top of the people at the hall, so that these become fewer. Where no channel says how many minutes
    it takes to check a dossier that comes from home, ``checking`` does. It lacks as often something as before, and the
    work goes on in the back office: refused where there is none. Each team costs ``per_month`` and ``once``.
    """

    streams: ClassVar[frozenset[Stream]] = frozenset({Stream.CHANNEL, Stream.CHECK})
    share: Annotated[Share, Field(gt=0, lt=1)]
    channel: Key | None
    checking: Distribution
    teams: Annotated[int, Field(strict=True, ge=1, le=1000)]
    per_month: NonNegative
    once: NonNegative

    def apply(self, scenario: Scenario) -> Scenario:
        if scenario.back_office is None:
            raise ValueError("nobody could check what is filed from home: wanted a back_office section")
        filed = self._filed_at_hall(scenario)
        staying = 1 - self.share * sum(filed.values()) / (1 - scenario.from_home)
        submit = scenario.purposes["submit"].share
        come, book = 1 - submit + submit * staying, scenario.appointments
        cost = with_cost(scenario, "digital_teams", self.teams * self.per_month, self.teams * self.once)
        return scenario.replace(
            arrivals=so_many_times(scenario.arrivals, come),
            appointments=book.replace(per_day=book.per_day * come) if book else None,
            purposes=_with_fewer_filers(scenario, staying / come),
            channels=self._channels(scenario, filed),
            costs=cost,
        )

    def _filed_at_hall(self, scenario: Scenario) -> dict[str, float]:
        """The channels whose filers they help, and their shares."""
        hall = {name: one.share for name, one in scenario.channels.items() if one.checking is None and one.share > 0}
        if self.channel is not None and self.channel not in hall:
            raise ValueError(f"channel {self.channel} is none of those at the hall: {', '.join(hall)}")
        if "submit" not in scenario.purposes or scenario.purposes["submit"].share == 0:
            raise ValueError("nobody comes to submit: there is nobody to help")
        return {name: share for name, share in hall.items() if self.channel in {None, name}}

    def _channels(self, scenario: Scenario, filed: dict[str, float]) -> dict[str, Channel]:
        """Before each channel at the hall one for those of it who file from home: nobody else changes theirs."""
        there = [channel.checking for channel in scenario.channels.values() if channel.checking is not None]
        made: dict[str, Channel] = {}
        for name, channel in scenario.channels.items():
            moved = self.share * filed.get(name, 0.0)
            if moved:
                twin = f"{name}{FROM_HOME}"
                before = made.get(twin, Channel(share=0.0, checking=there[0] if there else self.checking))
                made[twin] = before.replace(share=before.share + moved)
            made[name] = channel.replace(share=channel.share - moved)
        return made


def _with_fewer_filers(scenario: Scenario, factor: float) -> Mapping[str, Purpose]:
    """Why people come to the hall: to submit so many times as often, and for the rest in the proportions of before."""
    submit = scenario.purposes["submit"].share
    fewer = submit * factor
    rest = (1 - fewer) / (1 - submit) if submit < 1 else 0.0
    return {
        name: purpose.replace(share=fewer if name == "submit" else purpose.share * rest)
        for name, purpose in scenario.purposes.items()
    }


class PostalReturn(Policy):
    """Sends results by post: of those who come for a result of the back office the ``share`` gets it at home.

    They save a trip, and the counter the handing over. Each result sent costs the state ``money.postage``;
    ``per_month`` is for packing, a register and what gets lost.
    """

    streams: ClassVar[frozenset[Stream]] = frozenset({Stream.DELIVERY})
    share: Annotated[Share, Field(gt=0)]
    per_month: NonNegative

    def apply(self, scenario: Scenario) -> Scenario:
        office = scenario.back_office
        if office is None:
            raise ValueError("nobody comes again for a result: wanted a back_office section that makes it later")
        if not office.delivery.in_person:
            raise ValueError("nobody comes for a result of the back office already: there is nothing to send instead")
        return scenario.replace(
            back_office=_sending(office, self.share * office.delivery.in_person),
            costs=with_cost(scenario, "postal_return", self.per_month),
        )


def _sending(office: BackOffice, more: float) -> BackOffice:
    there = office.delivery
    delivery = there.replace(in_person=there.in_person - more, post=there.post + more)
    return office.replace(delivery=delivery)


class RemoteSpecialists(Policy):
    """``count`` specialists whom officials ask over a video link in ``fields`` that do not suit them.

    ``fields`` None is all that do not suit somebody: ``weak`` ones, and all where pairings may not suit (see Mismatch).
    There the official asks instead of working slower: both are busy for the link to be set up and the work, nothing is
    taken in wrongly, and the citizen waits while no specialist is free. The pool serves other centers too:
    ``time_share`` of each specialist is paid here, None is what the load sheet expects them to be asked for, and less
    than that is refused. Who calls from elsewhere keeps nobody waiting here. The link costs ``link_per_month`` and
    ``set_up_each`` at each point.
    """

    streams: ClassVar[frozenset[Stream]] = frozenset({Stream.ERROR})
    count: Annotated[int, Field(strict=True, ge=1, le=100)]
    fields: tuple[Key, ...] | None
    time_share: Annotated[Share, Field(gt=0)] | None
    link_per_month: NonNegative
    set_up_each: NonNegative

    def apply(self, scenario: Scenario) -> Scenario:
        fields = self._fields(scenario)
        hours = self._share(scenario, fields) * self.count * _minutes_open(scenario) / MINUTES_PER_HOUR
        wages = hours * scenario.money.working_days_per_month * scenario.money.official_hour
        pool = Group(count=self.count, skills=fields, point=next(iter(scenario.points)), role="remote", paid=False)
        points = len(scenario.points)
        cost = with_cost(
            scenario, "remote_specialists", wages + points * self.link_per_month, points * self.set_up_each
        )
        name = next(free_names("remote_specialists", scenario.staff))
        return scenario.replace(staff={**scenario.staff, name: pool}, costs=cost)

    def _fields(self, scenario: Scenario) -> tuple[str, ...]:
        if any(group.role == "remote" for group in scenario.staff.values()):
            raise ValueError("there are specialists to ask already: raise their count instead")
        for field in self.fields or ():
            if field not in scenario.fields:
                raise ValueError(f"field {field} is none of {', '.join(scenario.fields)}")
        asked = tuple(field for field in self.fields or scenario.fields if _unsuited(scenario, field) > 0)
        if not asked:
            raise ValueError("these fields suit all officials: nobody would ask")
        return asked

    def _share(self, scenario: Scenario, fields: tuple[str, ...]) -> float:
        """The share of each specialist's time that is paid."""
        asked = _minutes_asked(scenario, fields) / (self.count * _minutes_open(scenario))
        if asked > (self.time_share or 1.0):
            raise ValueError(
                f"they would be asked for {asked:.2f} of their time: wanted more specialists"
                + (f", or a time_share of more than {self.time_share:g}" if self.time_share else "")
            )
        return self.time_share or asked


def _unsuited(scenario: Scenario, field: str) -> float:
    """The share of the officials at counters who have a field that it does not suit."""
    able = [
        (officials_of(scenario, group), 1.0 if field in group.weak else scenario.mismatch.share)
        for group in scenario.staff.values()
        if group.role == "counter" and (group.skills is None or field in group.skills)
    ]
    return sum(size * share for size, share in able) / max(sum(size for size, _ in able), 1)


def _minutes_asked(scenario: Scenario, fields: tuple[str, ...]) -> float:
    """Minutes of a mean day for which specialists are asked: the work of those visits, and the link set up."""
    offered = load_sheet(scenario).offered.sum(axis=(0, 2))
    people = newcomers(scenario)
    minutes = sum(float(offered[scenario.fields.index(field)]) * _unsuited(scenario, field) for field in fields)
    mean = float(offered.sum()) / people if people else 0.0
    return minutes * (1 + scenario.mismatch.set_up / mean) if mean else 0.0


def _minutes_open(scenario: Scenario) -> float:
    """Minutes of opening hours of a mean weekday on which people come by themselves."""
    opened = [
        sum(end - start for start, end in map(span, hours)) / MINUTE
        for on, hours in scenario.calendar.hours.items()
        if hours and scenario.arrivals.weekday.get(on, 0.0) > 0
    ]
    return max(sum(opened), 1.0) / max(len(opened), 1)
