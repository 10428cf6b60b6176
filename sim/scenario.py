"""What a person writes: one center, its people, officials, calendar and rules.

Every number has its unit in its description: minutes unless it says otherwise, shares from 0 to 1. The
whole is validated at the edge; names that must agree across sections are checked by :mod:`sim.agreement`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, ModelWrapValidatorHandler, ValidationError, model_validator

from sim.agreement import disagreements
from sim.appointments import Appointments
from sim.arrivals import Arrivals
from sim.calendar import Calendar, weekday_of
from sim.distributions import Distribution
from sim.dossiers import BackOffice, Channel, Procedure, Results
from sim.faults import with_disagreements
from sim.money import Cost, Money
from sim.network import Network
from sim.observed import Observed
from sim.staff import Group, Lender, Mismatch, Overtime, SaturdayDuty
from sim.storms import Storms
from sim.units import day_of
from sim.values import (
    SHARE_TOLERANCE,
    Count,
    Date,
    Flag,
    Key,
    NonNegative,
    Positive,
    Share,
    Span,
    Text,
    Value,
    shares_sum_to_one,
)

MOST_DOSSIERS = 15
MOST_VISITS, MOST_POINTS = 63, 400
_A_YEAR = 366
PurposeName = Literal["submit", "ask", "collect"]


def _shares(given: dict[str, Any]) -> dict[str, Any]:
    if given:
        shares_sum_to_one(given)
    return given


def _classes(given: dict[str, Any]) -> dict[str, Any]:
    if sum(entry.dossiers is not None for entry in given.values()) > 1:
        raise ValueError("wanted at most one class by its dossiers")
    return _shares(given)


def _filed(given: dict[str, Any]) -> dict[str, Any]:
    if not any(channel.share for channel in given.values() if channel.checking is None):
        raise ValueError("wanted a channel at the hall with a share: some dossiers are not filed from home")
    return _shares(given)


def _drawn(given: dict[str, Any]) -> dict[str, Any]:
    if sum(point.draws for point in given.values()) > 1 + SHARE_TOLERANCE:
        raise ValueError("the points draw more than all citizens")
    return _shares(given)


class Purpose(Value):
    """Why people come: ``submit`` dossiers; ``ask`` and ``collect`` have a work of their own."""

    share: Share
    service: Distribution | None = None


class Priority(Value):
    """Lower ``rank`` is called first. A ``share``, or those of no class before who first bring so many ``dossiers``."""

    share: Share
    rank: Annotated[int, Field(strict=True, ge=0, le=9)]
    dossiers: Annotated[int, Field(strict=True, ge=2, le=MOST_DOSSIERS)] | None = None

    @model_validator(mode="after")
    def _one_way_to_say_it(self) -> Self:
        if self.dossiers is not None and self.share:
            raise ValueError("a class of those who bring so many dossiers has the share 0: the dossiers say who it is")
        return self


class Point(Value):
    """A place that receives citizens. ``guides`` officials stand at its door (0: no guidance desk).

    ``share`` of the citizens have it as their nearest; ``draws`` is the share of all who come here instead,
    wherever they live. ``seats`` is None for room without limit;
    ``travel`` is one way, in minutes.
    """

    title: Text = ""
    counters: Count
    seats: Count | None = None
    share: Share = 1.0
    draws: Share = 0.0
    guides: Count = 0
    ticket_cap: Count | None = None
    travel: Distribution | None = None


class Choice(Value):
    """Citizens who may be received at any point: the ``share`` that looks at what points publish before setting out.

    They go where least is to be expected: ``each`` minutes for each person who waits, over the officials on duty, and
    ``way`` minutes more, one way, to another point than their own.
    """

    share: Share
    each: Positive
    way: Annotated[Positive, Field(le=600)]


class Guidance(Value):
    """What a guide does: minutes, the share of incomplete dossiers found, and of those mended at once.

    Who comes when nobody guides passes by. ``ends_early``: minutes before the last guide goes from which on they do,
    where that is before the door closes: who still stands at the desk then waits for the next guide, or the closing.
    """

    service: Distribution
    finds: Share
    mends: Share
    ends_early: NonNegative = 30.0


class Return(Value):
    """Who comes back, ``share``, and after how many working days, equally likely from first to last."""

    share: Share
    first: Annotated[int, Field(strict=True, ge=1, le=250)] = 1
    last: Annotated[int, Field(strict=True, ge=1, le=250)] = 1

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.last < self.first:
            raise ValueError("last must not be less than first")
        return self


class Returns(Value):
    """Returns after an incomplete visit and after leaving unserved; ``between`` None is as people come."""

    incomplete: Return = Return(share=0.0)
    unserved: Return = Return(share=0.0)
    between: Span | None = None
    visits: Annotated[int, Field(strict=True, ge=1, le=MOST_VISITS)] = 8


class Closing(Value):
    """What happens to those inside when the door closes, and how long officials stay to serve them out."""

    rule: Literal["serve_out", "send_home", "carry_over"] = "serve_out"
    overtime_cap: NonNegative = 60.0


class Scenario(Value):
    """One service center over a span of days. See the sections; `configs/` has whole ones."""

    name: Text
    start: Date
    days: Annotated[int, Field(strict=True, ge=1, le=10_000)]
    warmup_days: Annotated[int, Field(strict=True, ge=0, le=9_999)] | None = None
    opening: Flag = False
    demand: NonNegative = 1.0
    calendar: Calendar
    arrivals: Arrivals
    appointments: Appointments | None = None
    procedures: Annotated[dict[Key, Procedure], Field(min_length=1, max_length=60), AfterValidator(_shares)]
    purposes: Annotated[
        dict[Literal["submit", "ask", "collect"], Purpose], Field(min_length=1), AfterValidator(_shares)
    ] = Field(
        default_factory=lambda: {"submit": Purpose(share=1.0)}  # type: ignore[arg-type]
    )
    channels: Annotated[dict[Key, Channel], Field(max_length=20), AfterValidator(_filed)] = Field(
        default_factory=lambda: {"paper": Channel(share=1.0)}
    )
    priorities: Annotated[dict[Key, Priority], Field(min_length=1, max_length=8), AfterValidator(_classes)] = Field(
        default_factory=lambda: {"ordinary": Priority(share=1.0, rank=1)}
    )
    points: Annotated[dict[Key, Point], Field(min_length=1, max_length=MOST_POINTS), AfterValidator(_drawn)]
    staff: Annotated[dict[Key, Group], Field(max_length=1000)]
    patience: Distribution | None = None
    greeting: NonNegative = 0.0
    guidance: Guidance | None = None
    results: Results | None = None
    back_office: BackOffice | None = None
    returns: Returns = Returns()
    choice: Choice | None = None
    closing: Closing = Closing()
    network: Network | None = None
    storms: Storms | None = None
    mismatch: Mismatch = Mismatch()
    lenders: dict[Key, Lender] = Field(default_factory=dict)
    overtime: Overtime = Overtime()
    saturday_duty: SaturdayDuty = SaturdayDuty()
    board_every: Annotated[int, Field(strict=True, ge=1, le=1440)] = 5
    money: Money = Money()
    costs: dict[Key, Cost] = Field(default_factory=dict)
    observed: dict[Key, Observed] = Field(default_factory=dict)

    @model_validator(mode="wrap")
    @classmethod
    def _whole(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            made, found = handler(data), None
        except ValidationError as error:
            made, found = None, error
        wrong = disagreements(data, well_formed=found is None)
        return with_disagreements(cls.__name__, made, found, wrong)  # type: ignore[no-any-return]

    @property
    def warmup(self) -> int:
        """Calendar days that are run but not measured: as given, none for an opening, else to the sixth working day.

        A working day is one on which people come by themselves, so that no policy moves it: measuring begins
        on one, after five.
        """
        if self.warmup_days is not None or self.opening:
            return self.warmup_days or 0
        working = [day for day in range(min(self.days, _A_YEAR)) if self.is_working(day)]
        return working[5] if len(working) > 5 else self.days

    def is_working(self, day: int) -> bool:
        """Whether the center is open on a day of the run and people come by themselves."""
        on = day_of(self.start, day)
        return bool(self.calendar.opening(on)) and self.arrivals.weekday.get(weekday_of(on), 0.0) > 0

    def storm_away(self, group: Group) -> float:
        """The share of a group's officials that does not come on a day of a storm."""
        if self.storms is None or group.role == "guide":
            return 0.0
        return self.storms.away if group.storm_away is None else group.storm_away

    def has_guides(self, point: str) -> bool:
        """Whether somebody guides at the door of a point."""
        guides = [group for group in self.staff.values() if group.role == "guide"]
        return self.points[point].guides > 0 or any(point in {group.point, *group.days_at.values()} for group in guides)

    @property
    def reach(self) -> dict[str, float]:
        """The share of all citizens who come to each point."""
        stay = 1 - sum(point.draws for point in self.points.values())
        return {name: point.share * stay + point.draws for name, point in self.points.items()}

    @property
    def from_home(self) -> float:
        """The share of those who submit dossiers that files them online from home."""
        return sum(channel.share for channel in self.channels.values() if channel.checking is not None)

    @property
    def for_each_visitor(self) -> float:
        """How many people want something for each who first comes to the hall: who files from home comes on top."""
        submit = self.purposes["submit"].share if "submit" in self.purposes else 0.0
        return 1 + submit * self.from_home / (1 - self.from_home)

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of work, in the order in which procedures name them, those of the back office alone last."""
        own = [entry.field or name for name, entry in self.procedures.items()]
        processed = [entry.processing for entry in self.procedures.values() if entry.processing]
        return tuple(dict.fromkeys([*own, *(step.field for one in processed for step in one.steps if step.field)]))
