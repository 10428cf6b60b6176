"""What a scenario says of each station of a citizen's way, in words, with the keys of the figures in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np

from sim.appointments import Appointments
from sim.calendar import Weekday, intervals
from sim.demand import day_table
from sim.dossiers import Procedure
from sim.report.wording import listed, percent
from sim.roster import duties
from sim.routing import routes
from sim.scenario import Return, Scenario
from sim.staff import Group
from sim.units import DAY, HOUR, SLOT, SLOTS, clock, clock_text

_WEEK: tuple[Weekday, ...] = get_args(Weekday)
DAYS = dict(zip(_WEEK, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), strict=True))
MOST_NAMES = 12
LEAST = 0.95  # people that are called one person
_MINUTES_IN_HOURS, _MINUTES_IN_DAYS = 180, 2880


@dataclass(frozen=True)
class Fact:
    """One thing that is said, with the dotted keys of its figures in the scenario.

    ``known``: whether all figures have a source, None where there are none or nobody has said. ``count`` things
    ``of`` a kind may be drawn below.
    """

    text: str
    keys: tuple[str, ...] = ()
    known: bool | None = None
    count: int = 0
    of: str = ""


Facts = tuple[Fact, ...]


@dataclass(frozen=True)
class Here:
    """A point of a scenario, and who comes to it.

    ``mix``: by procedure, the share of all citizens who come here for it; ``elsewhere``: by field, the point to which
    those go whose nearest this is, because nobody here does it; ``early`` and ``late``: the shares of newcomers who
    come before the door opens and after it has closed.
    """

    scenario: Scenario
    name: str
    mix: Mapping[str, float]
    elsewhere: Mapping[str, str]
    early: float
    late: float

    @property
    def whole(self) -> float:
        """The share of all citizens who come here."""
        return min(sum(self.mix.values()), 1.0)

    @property
    def groups(self) -> dict[str, Group]:
        """The groups of officials at its counters."""
        return self._groups("counter")

    @property
    def guide_groups(self) -> dict[str, Group]:
        """The groups that guide at its door."""
        return self._groups("guide")

    def _groups(self, role: str) -> dict[str, Group]:
        here = {name: group for name, group in self.scenario.staff.items() if group.point == self.name}
        return {name: group for name, group in here.items() if group.role == role and count_of(self.scenario, group)}

    @property
    def guides(self) -> int:
        """Guides at its door, those of groups included."""
        groups = self.guide_groups.values()
        return self.scenario.points[self.name].guides + sum(count_of(self.scenario, group) for group in groups)

    @property
    def signed(self) -> list[tuple[str, float, Procedure]]:
        """The dossiers brought here whose result is made on the spot: procedure, weight, entry."""
        return [(name, weight, entry) for name, weight, entry in self.procedures if entry.signature is not None]

    @property
    def procedures(self) -> list[tuple[str, float, Procedure]]:
        """What dossiers are brought here: procedure, weight, entry."""
        return [(name, weight, self.scenario.procedures[name]) for name, weight in self.mix.items() if weight > 0]


def points_of(scenario: Scenario) -> list[Here]:
    """The points of a scenario, with who comes to each."""
    route, names = routes(scenario, duties(scenario)), list(scenario.points)
    early, late = outside_hours(scenario)
    found = []
    for here, name in enumerate(names):
        mix, elsewhere = {}, {}
        for procedure, entry in scenario.procedures.items():
            field = entry.field or procedure
            to = route[:, scenario.fields.index(field)]
            who = sum(share for near, share in enumerate(scenario.reach.values()) if to[near] == here)
            mix[procedure] = who * entry.share
            if to[here] != here and scenario.reach[name] > 0:
                elsewhere[field] = names[to[here]]
        found.append(Here(scenario, name, mix, elsewhere, early, late))
    return found


def figure(value: float) -> str:
    """A figure without zeros that say nothing: 6, 1.44, 486."""
    return f"{value:,.0f}" if abs(value) >= 99.5 else f"{value:.3g}"


def part(share: float) -> str:
    """A share as a scenario gives it: 8 %, 64 %; never rounded to 0 or 100 %."""
    if share >= 0.0995 or share < 0.001:
        return percent(share)
    return f"{share * 100:.2g} %"


def lasting(minutes: float) -> str:
    """A span in the unit that people would use."""
    if minutes < _MINUTES_IN_HOURS:
        return f"{figure(minutes)} min"
    return f"{minutes / 60:.2g} hours" if minutes < _MINUTES_IN_DAYS else f"{round(minutes / 1440):,} days"


def word(key: str) -> str:
    """A key as people write it."""
    return key.replace("_", " ")


def words(keys: Iterable[str]) -> str:
    """Keys in a sentence."""
    return listed([word(key) for key in keys], MOST_NAMES)


def people_word(count: float) -> str:
    """How many people, or that they are few."""
    if count < LEAST:
        return "less than 1 person"
    return "1 person" if round(count) == 1 else f"{count:,.0f} people"


def count_of(scenario: Scenario, group: Group) -> int:
    """How many officials a group has."""
    return scenario.points[group.point].counters if group.count is None else group.count


def mean_keys(distribution: Any, at: str) -> tuple[str, ...]:
    """The keys on which the mean of a distribution at a key rests."""
    fields = type(distribution).model_fields
    return tuple(f"{at}.{name}" for name in (["mean"] if "mean" in fields else fields) if name != "kind")


def median(distribution: Any) -> float:
    """The minutes that half of all stay below."""
    half = np.array([0.5])
    return float(distribution.inverse(half, half)[0])


def people_a_day(scenario: Scenario) -> tuple[float, tuple[str, ...]]:
    """Expected people of a mean working day outside any season, and the keys on which that rests."""
    people, keys = _unannounced(scenario)
    book = scenario.appointments
    if book is None:
        return people, keys
    return people + book.per_day * (1 - book.no_show) * scenario.demand, (
        *keys,
        "appointments.per_day",
        *_no_show(book),
    )


def booked(scenario: Scenario) -> tuple[Fact, ...]:
    """How many of them book a time, and how they keep it."""
    book = scenario.appointments
    if book is None:
        return ()
    wanted, at = book.per_day * scenario.demand, f"{book.places} every {book.every} min"
    found = [Fact(f"of them {people_word(wanted * (1 - book.no_show))} for a time: {at}", _keys_of_the_book(scenario))]
    found += (
        [Fact(f"{part(book.no_show)} miss the time they booked", ("appointments.no_show",))] if book.no_show else []
    )
    mean = book.early - (book.punctuality.mean if book.punctuality else 0.0)
    if mean:
        keys = mean_keys(book.punctuality, "appointments.punctuality") if book.punctuality else ()
        keys = ("appointments.early", *keys) if book.early else keys
        found.append(Fact(f"{figure(abs(mean))} min {'early' if mean > 0 else 'late'} on average", keys))
    return tuple(found)


def _keys_of_the_book(scenario: Scenario) -> tuple[str, ...]:
    grown = ("demand",) if scenario.demand != 1 else ()
    missed = _no_show(scenario.appointments) if scenario.appointments else ()
    return ("appointments.per_day", *missed, "appointments.places", "appointments.every", *grown)


def _no_show(book: Appointments) -> tuple[str, ...]:
    return ("appointments.no_show",) if book.no_show else ()


def _unannounced(scenario: Scenario) -> tuple[float, tuple[str, ...]]:
    arrivals = scenario.arrivals
    grown = ("demand",) if scenario.demand != 1 else ()
    factors = [factor for factor in arrivals.weekday.values() if factor > 0]
    if arrivals.per_day is None:
        mean = _hourly(arrivals.rate_per_hour) * (sum(factors) / len(factors) if factors else 0.0)
        return mean * scenario.demand, ("arrivals.rate_per_hour", *grown)
    if arrivals.counted_as == "people":
        return arrivals.per_day * scenario.demand, ("arrivals.per_day", *grown)
    people = arrivals.per_day / arrivals.dossiers_per_visitor * scenario.demand
    return people, ("arrivals.per_day", "arrivals.dossiers_per_visitor", *grown)


def _hourly(rate: float | Mapping[str, float] | None) -> float:
    if not isinstance(rate, Mapping):
        return 24 * (rate or 0.0)
    steps = sorted((clock(at), value) for at, value in rate.items())
    ends = [*(at for at, _ in steps[1:]), DAY]
    return sum(value * (end - at) / HOUR for (at, value), end in zip(steps, ends, strict=True))


def outside_hours(scenario: Scenario) -> tuple[float, float]:
    """The share of a week's newcomers who come before the door opens, and after it has closed; not for their time."""
    weights, edges = day_table(scenario).profiles[0], np.arange(SLOTS) * SLOT
    before = after = total = 0.0
    for day, factor in scenario.arrivals.weekday.items():
        opening = intervals(scenario.calendar.hours.get(day, ()))
        if opening and factor > 0:
            total += factor
            before += factor * float(weights @ np.clip((opening[0][0] - edges) / SLOT, 0, 1))
            after += factor * float(weights @ np.clip((edges + SLOT - opening[-1][1]) / SLOT, 0, 1))
    total *= people_a_day(scenario)[0] / (_unannounced(scenario)[0] or 1.0)
    return (before / total, after / total) if total else (0.0, 0.0)


def openings(scenario: Scenario) -> list[str]:
    """The different times at which the door opens, and would-be citizens may stand before it."""
    return _ends(scenario, 0)


def closings(scenario: Scenario) -> list[str]:
    """The different times at which the door closes; none where it never does."""
    return _ends(scenario, 1)


def _ends(scenario: Scenario, end: int) -> list[str]:
    """Ends of days (0 first, 1 last) at which the door moves: not those of a night through which it stays open."""
    week = [intervals(scenario.calendar.hours.get(day, ())) for day in _WEEK]
    found = set()
    for day, own in enumerate(week):
        beside = week[(day + (1 if end else -1)) % len(week)]
        if own and not (own[-end][end] == end * DAY and beside and beside[end - 1][1 - end] == (1 - end) * DAY):
            found.add(own[-end][end])
    return ["24:00" if at == DAY else clock_text(at) for at in sorted(found)]


def weekly_hours(scenario: Scenario) -> Iterator[str]:
    """The opening hours, weekdays of the same hours together."""
    hours = scenario.calendar.hours
    if not (openings(scenario) or closings(scenario)):
        yield "open day and night"
        return
    runs: list[list[int]] = []
    for day, name in enumerate(_WEEK):
        spans = hours.get(name)
        if spans and runs and runs[-1][-1] == day - 1 and hours.get(_WEEK[day - 1]) == spans:
            runs[-1].append(day)
        elif spans:
            runs.append([day])
    for run in runs:
        names = [_WEEK[day].capitalize() for day in (run[0], run[-1])]
        said = ", ".join(text.replace(" ", "").replace("-", "–") for text in hours[_WEEK[run[0]]])
        yield f"{'–'.join(dict.fromkeys(names))} {said}"


def coming_back(back: Return, key: str, between: str | None) -> Fact | None:
    """Who comes back, and when; None where nobody does."""
    if back.share == 0:
        return None
    days = f"{back.first}" if back.first == back.last else f"{back.first}–{back.last}"
    when = "on the next working day" if days == "1" else f"{days} working days later"
    hours = f", between {between.replace('-', ' and ')}" if between else ""
    keys = tuple(f"returns.{key}.{name}" for name in ("share", "first", "last"))
    who = "all" if back.share == 1 else part(back.share)
    return Fact(f"{who} come back {when}{hours}", keys)
