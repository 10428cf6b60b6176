"""Small plans written by hand, in minutes, and random ones whose events tie."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

import numpy as np
import pytest

from sim.calendar import joined
from sim.demand import DAYS, DEMAND
from sim.distributions import SIDE
from sim.outages import in_turn, with_work
from sim.plan import (
    BACK_OFFICE,
    CHANGES,
    CHANNELS,
    CHOICES,
    COLUMNS,
    NETWORK,
    OFFICIALS,
    POINTS,
    PROCEDURES,
    PROGRAMS,
    SHIFTS,
    STEPS,
    Change,
    Kind,
    Plan,
    Rule,
    Table,
)
from sim.programs import Row, by_day, parts_of_plan
from sim.scalars import CENTERS, UNLIMITED, center, rules
from sim.scenario import Scenario
from sim.streams import WHOLE, keys, thresholds
from sim.trace import Outcome, Trace
from sim.units import DAY, MINUTE, NEVER, SLOT, SLOTS, milliseconds

MINUTES = DAY // MINUTE
Steps = Sequence[tuple[float, int]]
OWN = CENTERS.names or ()


@dataclass(frozen=True)
class Citizen:
    """One first visit: ``at`` the gate; None is without limit, or without a guide. Of channel 1: filed from home."""

    at: float
    work: float = 10
    patience: float | None = None
    guidance: float | None = None
    signature: float | None = None
    collection: float = 1
    after_guidance: int = NEVER
    outcome: int = Outcome.SERVED
    left: int = 0
    dossiers: int = 1
    point: int = 0
    priority: int = 0
    procedure: int = 0
    channel: int = 0


@dataclass(frozen=True)
class Official:
    """On duty in the given spans, at a place: 0 the counters of the first hall, 1 its guides, 2 the next."""

    duty: tuple[tuple[float, float], ...] = ((0, 100 * MINUTES),)
    place: int = 0
    fields: tuple[int, ...] = (0,)
    classes: tuple[int, ...] = (0, 1, 2)
    speed: int = 1000
    breadth: int | None = None
    weak: tuple[int, ...] = ()
    absent: float = 0
    spell: int = 1
    called_away: float = 0
    storm: float = 0
    rule: int = Rule.NONE
    home: int = 0
    high: float = 0
    low: int = 0
    travel: float = 0
    office: bool = False


@dataclass(frozen=True)
class Case:
    """What the back office does with the dossiers of a procedure: (field, minutes a dossier), None for a leader."""

    steps: tuple[tuple[int | None, float], ...]
    term: int = 0


@dataclass(frozen=True)
class Hall:
    """A point of a center, counted from 0; None is room, or tickets, without limit."""

    counters: int = 9
    guides: int = 9
    seats: int | None = None
    tickets: int | None = None
    center: int = 0


@dataclass(frozen=True)
class Door:
    """One opening of every point; at ``home`` whoever waits leaves."""

    opens: float = 0
    closes: float = 100 * MINUTES
    home: float = 100 * MINUTES


def plan_of(
    citizens: Sequence[Citizen],
    officials: Sequence[Official] = (Official(),),
    *,
    halls: Sequence[Hall] = (Hall(),),
    doors: Sequence[Door] = (Door(),),
    ranks: Sequence[int] = (0,),
    procedures: Sequence[tuple[int, bool]] = ((0, False),),
    cases: Sequence[Case] = (),
    offices: Sequence[Sequence[int]] = (),
    limits: Sequence[tuple[float, int, int]] = (),
    changes: Sequence[tuple[float, Change, int, float]] = (),
    leaders: int = 9,
    remote: int = 9,
    network: Steps = (),
    networks: Sequence[Steps] = (),
    storms: Sequence[int] = (),
    horizon: float = MINUTES,
    **given: Any,
) -> Plan:
    """A plan of given people. ``procedures``: (field, whether it needs the network), ``cases`` of the first of them;
    ``offices``: the point of each step, by point and field, the first if not given; ``limits``: (minute, place,
    counters); ``changes``: (minute, kind, official, value), of STAY and EXTRA in minutes; ``leaders`` who may sign at
    once, ``remote`` who may be asked; ``network``: (minute, permille), the last up, ``networks`` those of the other
    centers; ``storms``: days of one."""
    end, days = milliseconds(horizon), days_of(doors, -(-milliseconds(horizon) // DAY), storms)
    limits = [(0.0, 2 * len(halls), leaders), (0.0, 2 * len(halls) + 2, remote), *limits]
    rows = *_openings(halls, doors), *_duties(officials), *_limits(limits), *_others(changes)
    days["program"], tables = by_day([row for row in rows if row[0] < end], _shifts(officials, end), len(days))
    own = {name: given.pop(name) for name in OWN if name in given}
    blank = _with_people(_blank(days, rules(horizon=end, **given), profile_of(doors[0])), citizens, ranks)
    plan = _with_desks(_with_steps(blank, procedures, cases), halls, offices)
    plan = plan._replace(officials=_team(officials), **in_turn([_steps(one) for one in (network, *networks)]))
    return plan._replace(centers=_centers(plan, 1 + len(networks), own), **parts_of_plan(tables))


def _centers(plan: Plan, number: int, own: dict[str, Any]) -> Table:
    sizes = len(plan.points), len(plan.procedures), len(plan.channels)
    return np.concatenate([center(*sizes, number=nth, **own) for nth in range(number)])


def _team(officials: Sequence[Official]) -> Table:
    return np.array([(*_official(one), 0, nth) for nth, one in enumerate(officials)], OFFICIALS)


def _with_people(plan: Plan, citizens: Sequence[Citizen], ranks: Sequence[int]) -> Plan:
    from_home = [(WHOLE, 0, 0)] if any(one.channel for one in citizens) else []
    return plan._replace(
        columns=columns_of(citizens),
        channels=np.array([(WHOLE, 0, NEVER), *from_home], CHANNELS),
        priorities=np.array([[(WHOLE, rank) for rank in ranks]], CHOICES),
    )


def _with_steps(plan: Plan, procedures: Sequence[tuple[int, bool]], cases: Sequence[Case]) -> Plan:
    every = [*cases, *[Case(())] * len(procedures)][: len(procedures)]
    steps, last = [step for one in every for step in one.steps], np.cumsum([len(one.steps) for one in every])
    rows = [
        (WHOLE, 0, field, NEVER, 0, NEVER, end - len(one.steps), end, one.term, net)
        for (field, net), end, one in zip(procedures, last, every, strict=True)
    ]
    return plan._replace(
        procedures=np.array(rows, PROCEDURES),
        steps=np.array([(NEVER if field is None else field, nth) for nth, (field, _) in enumerate(steps)], STEPS),
        quantiles=np.array([milliseconds(work) for _, work in steps], np.int64)[:, None].repeat(2 * (SIDE + 1), axis=1),
    )


def _with_desks(plan: Plan, halls: Sequence[Hall], offices: Sequence[Sequence[int]]) -> Plan:
    fields = 1 + int(max(plan.procedures["field"].max(), plan.steps["field"].max(initial=0)))
    return plan._replace(
        points=np.array([_point(hall) for hall in halls], POINTS),
        routes=np.arange(len(halls))[:, None].repeat(fields, axis=1),
        offices=np.array(offices, np.int64) if offices else np.zeros((len(halls), fields), np.int64),
    )


def _steps(network: Steps) -> Table:
    return with_work([milliseconds(at) for at, _ in network], [speed for _, speed in network])


def columns_of(citizens: Sequence[Citizen]) -> Table:
    """The citizens by arrival, ties in the given order."""
    rows = np.zeros(len(citizens), COLUMNS)
    for row, one in zip(rows, sorted(citizens, key=lambda one: one.at), strict=True):
        row["arrival"], row["work"] = milliseconds(one.at), milliseconds(one.work)
        row["patience"] = NEVER if one.patience is None else milliseconds(one.patience)
        row["guidance"] = NEVER if one.guidance is None else milliseconds(one.guidance)
        row["signature"] = NEVER if one.signature is None else milliseconds(one.signature)
        row["collection"] = milliseconds(one.collection)
        for name in ("after_guidance", "outcome", "left", "dossiers", "point", "priority", "procedure", "channel"):
            row[name] = getattr(one, name)
    return rows


def _one_hall() -> dict[str, Any]:
    alike = dict.fromkeys(("purposes", "priorities", "dossiers"), np.array([[(WHOLE, 0)]], CHOICES))
    return {**dict.fromkeys(("routes", "offices"), np.zeros((1, 1), np.int64)), **alike}


def _blank(days: Table, scalars: Any, profile: Any) -> Plan:
    return Plan(
        seed=0,
        replication=0,
        keys=keys(0, 0),
        rules=scalars,
        centers=center(),
        days=days,
        demand=np.array([[(0.0, 0, NEVER)] * len(days)], DEMAND),
        profiles=np.zeros((2, SLOTS)),
        return_times=np.stack([thresholds(profile)] * 2),
        times=np.empty(0, np.int64),
        points=np.empty(0, POINTS),
        **_one_hall(),
        steps=np.empty(0, STEPS),
        procedures=np.empty(0, PROCEDURES),
        channels=np.array([(WHOLE, 0, NEVER)], CHANNELS),
        officials=np.empty(0, OFFICIALS),
        guiding=np.zeros((1, 1, 2), np.int64),
        programs=np.zeros(1, PROGRAMS),
        changes=np.empty(0, CHANGES),
        shifts=np.empty(0, SHIFTS),
        network=np.empty(0, NETWORK),
        networks=np.zeros(2, np.int64),
        office_hours=np.empty(0, NETWORK),
        quantiles=np.empty((0, 0), np.int64),
        columns=np.empty(0, COLUMNS),
    )


def days_of(doors: Sequence[Door], number: int, storms: Sequence[int] = ()) -> Table:
    """All days on which a door opens are working days."""
    days = np.zeros(number, DAYS)
    days["storm"][list(storms)] = True
    days["opens"] = NEVER
    for door in doors:
        at = milliseconds(door.opens)
        if at < number * DAY:
            days["opens"][at // DAY], days["is_working"][at // DAY] = at, True
    days["working"] = np.cumsum(days["is_working"])
    return days


def profile_of(door: Door) -> Any:
    """Shares of the half-hours of a day that lie in an opening."""
    edges = np.arange(SLOTS) * SLOT
    opens, closes = milliseconds(door.opens) % DAY, milliseconds(door.closes - door.opens)
    weights = np.clip(np.minimum(opens + closes, edges + SLOT) - np.maximum(opens, edges), 0, None)
    return weights / weights.sum()


def _point(hall: Hall) -> tuple[int, int, int, int, int, int, bool]:
    seats = UNLIMITED if hall.seats is None else hall.seats
    return WHOLE, 0, seats, UNLIMITED if hall.tickets is None else hall.tickets, NEVER, hall.center, True


def _official(one: Official) -> tuple[int, ...]:
    skills, classes, weak = (sum(1 << n for n in numbers) for numbers in (one.fields, one.classes, one.weak))
    befalls = (int(thresholds([share, 1])[0]) for share in (one.absent, one.called_away, one.storm))
    breadth = len(one.fields) if one.breadth is None else one.breadth
    classes += BACK_OFFICE * one.office
    high = milliseconds(one.high) if one.rule == Rule.TOMORROW else int(one.high)
    by_rule = high, one.low, milliseconds(one.travel), one.rule, one.home
    return skills, classes, weak, one.speed, *befalls, one.spell, *by_rule, one.place, breadth


def _openings(halls: Sequence[Hall], doors: Sequence[Door]) -> Iterator[Row]:
    for point, hall in enumerate(halls):
        yield 0, hall.counters, Change.LIMIT, 2 * point
        yield 0, hall.guides, Change.LIMIT, 2 * point + 1
        for door in doors:
            yield milliseconds(door.opens), 1, Change.DOOR, point
            yield milliseconds(door.closes), 0, Change.DOOR, point
            yield milliseconds(door.home), 0, Change.HOME, point


def _limits(limits: Sequence[tuple[float, int, int]]) -> Iterator[Row]:
    for at, place, number in limits:
        yield milliseconds(at), number, Change.LIMIT, place


def _others(changes: Sequence[tuple[float, Change, int, float]]) -> Iterator[Row]:
    for at, kind, official, value in changes:
        spans = kind in {Change.STAY, Change.EXTRA}
        yield milliseconds(at), milliseconds(value) if spans else int(value), kind, official


def _duties(officials: Sequence[Official]) -> Iterator[Row]:
    for number, one in enumerate(officials):
        spans = tuple((milliseconds(start), milliseconds(end)) for start, end in one.duty)
        for start, end in joined([spans]):
            yield start, 1, Change.DUTY, number
            yield end, 0, Change.DUTY, number


def _shifts(officials: Sequence[Official], horizon: int) -> list[Row]:
    return [
        (number, milliseconds(start), min(milliseconds(end), horizon), 0)
        for number, one in enumerate(officials)
        for start, end in one.duty
        if milliseconds(start) < horizon
    ]


# Scenarios

TEN_MINUTES = {"kind": "deterministic", "mean": 10.0}
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
SMALL: dict[str, Any] = {
    "name": "small",
    "start": "2026-06-01",
    "days": 5,
    "opening": True,
    "calendar": {"hours": {day: ["07:30-11:30", "13:00-17:00"] for day in WEEKDAYS}, "holidays": "none"},
    "arrivals": {"per_day": 60.0, "profile": {"07:00": 1.0, "08:00": 3.0, "09:30": 2.0, "13:00": 2.0, "16:30": 1.0}},
    "procedures": {"request": {"service": TEN_MINUTES}},
    "points": {"hall": {"counters": 2}},
    "staff": {"counter": {"count": None}},
}

EVERYTHING: dict[str, Any] = {
    "days": 9,
    "opening": False,
    "calendar": {
        "hours": {**{day: ["07:30-11:30", "13:00-17:00"] for day in WEEKDAYS}, "sat": ["07:30-11:30"]},
        "shifts": {"early": ["07:30-11:00", "12:00-16:00"], "late": ["08:00-12:00", "13:00-17:00"]},
        "holidays": "none",
        "late_break": "in_full",
    },
    "arrivals": {
        "per_day": 130.0,
        "profile": {"06:30": 1.0, "07:30": 3.0, "09:30": 3.0, "13:00": 2.0, "15:30": 2.0, "17:00": 0.5},
        "dossiers_per_visitor": 1.4,
        "day_factor_cv": 0.3,
        "moves_to_saturday": 0.1,
    },
    "procedures": {
        "civil": {"service": {"kind": "lognormal", "mean": 9.0, "cv": 0.8}, "share": 0.5, "incomplete": 0.3},
        "land": {"service": {"kind": "gamma", "mean": 16.0, "cv": 0.6}, "share": 0.2, "incomplete": 0.2},
        "copies": {"service": TEN_MINUTES, "share": 0.3, "field": "civil", "needs_network": False},
    },
    "purposes": {
        "submit": {"share": 0.8},
        "ask": {"share": 0.1, "service": {"kind": "exponential", "mean": 3.0}},
        "collect": {"share": 0.1, "service": {"kind": "exponential", "mean": 4.0}},
    },
    "channels": {"assisted": {"share": 0.4, "overhead": 5.0}, "paper": {"share": 0.6}},
    "priorities": {"elderly": {"share": 0.2, "rank": 0}, "ordinary": {"share": 0.8, "rank": 1}},
    "points": {
        "hall": {"counters": 3, "seats": 12, "guides": 1, "share": 0.7, "ticket_cap": 90},
        "branch": {"counters": 1, "seats": 3, "share": 0.3, "travel": {"kind": "uniform", "low": 5.0, "high": 20.0}},
    },
    "staff": {
        "civil": {"count": 2, "skills": ["civil"], "shifts": ["early", "late"]},
        "all": {"count": 2, "speed": 0.9, "serves": ["ordinary"]},
        "branch": {"count": 1, "point": "branch", "speed": 1.2},
    },
    "patience": {"kind": "exponential", "mean": 60.0},
    "greeting": 1.0,
    "guidance": {"service": {"kind": "exponential", "mean": 2.0}, "finds": 0.6, "mends": 0.5},
    "returns": {"incomplete": {"share": 0.8, "first": 1, "last": 3}, "unserved": {"share": 0.7}, "visits": 4},
    "network": {
        "outages": {
            "center": {"up": {"kind": "exponential", "mean": 200.0}, "down": {"kind": "exponential", "mean": 25.0}}
        }
    },
}

# The same center with all that befalls officials, storms, paper in outages of all scopes, results, and rules.
WHOLE_CENTER: dict[str, Any] = {
    **EVERYTHING,
    "arrivals": {**EVERYTHING["arrivals"], "day_factor_common_cv": 0.2},
    "storms": {
        "every": 8.0,
        "days": 2,
        "dates": [{"first": "2026-06-03", "last": "2026-06-04"}],
        "away": 0.4,
        "factor": 0.6,
        "come_later": 0.8,
        "network_down": 0.5,
    },
    "procedures": {
        **EVERYTHING["procedures"],
        "civil": {
            **EVERYTHING["procedures"]["civil"],
            "signature": {"kind": "exponential", "mean": 3.0},
            "double_entry": 0.5,
        },
        "land": {
            **EVERYTHING["procedures"]["land"],
            "processing": {
                "term": 2,
                "steps": [
                    {"work": {"kind": "lognormal", "mean": 25.0, "cv": 1.0}},
                    {"field": "finance", "work": {"kind": "exponential", "mean": 8.0}},
                ],
                "signature": {"kind": "exponential", "mean": 2.0},
            },
        },
    },
    "channels": {
        **EVERYTHING["channels"],
        "paper": {"share": 0.3},
        "remote": {"share": 0.3, "checking": {"kind": "lognormal", "mean": 5.0, "cv": 0.8}},
    },
    "choice": {"share": 0.3, "each": 6.0, "way": 9.0},
    "back_office": {"delivery": {"in_person": 0.6, "post": 0.4}, "at_counters": True, "last": 2},
    "results": {"collection": {"kind": "exponential", "mean": 1.0}, "cut_off": "14:00"},
    "staff": {
        "civil": {
            "count": 2,
            "skills": ["civil"],
            "shifts": ["early", "late"],
            "absence": {"share": 0.2, "days": 2},
            "storm_away": 0.7,
        },
        "all": {
            "count": 2,
            "speed": 0.9,
            "serves": ["ordinary"],
            "weak": ["land"],
            "rule": {"kind": "float_to_queue", "more": 2, "travel": 7.0},
        },
        "new": {
            "count": 1,
            "learning": {"start": 0.6, "weeks": 2},
            "meetings": {"tue": ["09:00-10:00"]},
            "commute": 20.0,
        },
        "lent": {
            "count": 1,
            "first": "2026-06-03",
            "last": "2026-06-08",
            "lender": "district",
            "days_at": {"thu": "branch"},
        },
        "branch": {"count": 1, "point": "branch", "speed": 1.2, "called_away": 0.2},
        "reserve": {"count": 1, "rule": {"kind": "open_counter", "high": 4, "low": 1}},
        "adjusting": {"count": 1, "point": "branch", "rule": {"kind": "adjust_tomorrow", "above": 5.0}},
        "helpers": {"count": 1, "role": "guide", "paid": False, "shifts": ["late"]},
        "office": {
            "count": 1,
            "role": "specialist",
            "skills": ["land", "finance"],
            "meetings": {"wed": ["09:00-10:00"]},
        },
        "video": {"count": 1, "role": "remote", "skills": ["land"], "absence": {"share": 0.2}},
        "leaders": {"count": 1, "role": "leader", "skills": [], "called_away": 0.3},
    },
    "lenders": {"district": {"officials": 9, "utilization": 0.7}},
    "mismatch": {"share": 0.15, "time_factor": 1.4, "errors": 0.1},
    "overtime": {"day": 4.0, "month": 1.0, "year": 1.5},
    "saturday_duty": {"share": 0.5, "compensation": "pay"},
    "network": {
        "outages": {
            "center": {"up": {"kind": "exponential", "mean": 400.0}, "down": {"kind": "exponential", "mean": 25.0}},
            "province": {"up": {"kind": "exponential", "mean": 900.0}, "down": {"kind": "deterministic", "mean": 30.0}},
            "portal": {"up": {"kind": "exponential", "mean": 900.0}, "down": {"kind": "exponential", "mean": 30.0}},
        },
        "windows": [{"between": "09:00-10:30", "speed": 0.667}, {"between": "14:00-14:20", "weekdays": ["wed"]}],
        "answer": "paper",
        "paper": {"speed": 0.8, "typing": 4.0, "typed_in": "after_hours"},
    },
}


def scenario(**changes: Any) -> Scenario:
    """A small center in the week from Monday, 1 June 2026; ``changes`` replace whole sections."""
    return Scenario.model_validate({**SMALL, **changes})


# Random plans: everything at whole minutes of a short day, so that nearly everything ties.

OPENS = (0, 8 * 60, 8 * 60, 8 * 60, 23 * 60)
SPAN = 60


def random_plan(rng: Random) -> Plan:
    """A plan in which every rule may be on, of one center or two. All its times are whole minutes but of returns."""
    plan = _random_halls(rng)
    return _in_two_centers(rng, plan) if len(plan.points) > 1 and rng.random() < 0.6 else plan


def _in_two_centers(rng: Random, plan: Plan) -> Plan:
    """The second hall is of another center with a network of its own, no leaders, and mostly the same specialists."""
    points, opens = plan.points.copy(), int(plan.days["opens"][0]) // MINUTE
    points["center"][1] = 1
    other = _random_network(rng, opens, len(plan.days)) if rng.random() < 0.8 else ()
    centers, officials = plan.centers.repeat(2), plan.officials.copy()
    centers["number"], centers["points"] = (0, 1), ((0, 1), (1, 2))
    centers["asked"][1] = rng.random() < 0.3
    officials["center"] = (officials["place"] // 2 == 1) & (officials["place"] < 4)
    plan = plan._replace(points=points, centers=centers, officials=officials)
    return plan._replace(**in_turn([plan.network, _steps(other)]))


def _random_halls(rng: Random) -> Plan:
    days, opens = rng.choice((1, 1, 2, 3)), rng.choice(OPENS)
    rule, starts = rng.choice(("serve_out", "send_home", "carry_over")), [day * MINUTES for day in range(days)]
    home = min(opens + SPAN + (rng.choice((0, 5, 20, 24 * 60)) if rule == "serve_out" else 0), MINUTES)
    doors = [Door(at + opens, at + opens + SPAN, at + home) for at in starts if at == 0 or rng.random() < 0.8]
    fields, ranks = rng.randint(1, 3), rng.choice(((0,), (0, 1), (1, 0), (1, 1), (2, 0, 1)))
    procedures = [(fields - 1, rng.random() < 0.6)]
    procedures += [(rng.randrange(fields), rng.random() < 0.6) for _ in range(rng.randint(0, 3))]
    halls = [_random_hall(rng) for _ in range(rng.choice((1, 1, 2, 2)))]
    team = _random_teams(rng, len(halls), fields, starts, (opens, home))
    shape = len(halls), len(ranks), len(procedures)
    return plan_of(
        [one for at in starts for one in _random_people(rng, at + opens, shape)],
        team,
        halls=halls,
        doors=doors,
        ranks=ranks,
        procedures=procedures,
        cases=_random_cases(rng, fields),
        offices=[[rng.randrange(len(halls)) for _ in range(fields)] for _ in halls],
        limits=_random_limits(rng, opens, len(halls)),
        network=_random_network(rng, opens, days) if rng.random() < 0.4 else (),
        storms=[day for day in range(days) if rng.random() < 0.2],
        horizon=days * MINUTES - rng.choice((0, 0, 0, MINUTES - opens - 30)),
        carries_over=rule == "carry_over",
        changes=[_random_change(rng, opens, days, (team, halls)) for _ in range(rng.choice((0, 0, 2, 6)))],
        consulted=rng.choice((0, (1 << fields) - 1, rng.randrange(1 << fields))),
        **_random_mechanisms(rng, opens),
    )


def _random_teams(rng: Random, halls: int, fields: int, starts: list[int], span: tuple[int, int]) -> list[Official]:
    """Of every place but that aside."""
    last = 2 * halls
    kinds = [(place, (fields, place < last, place > last)) for place in (*range(last + 1), last + 2)]
    return [one for place, kind in kinds for one in _random_team(rng, place, starts, span, kind)]


def _random_mechanisms(rng: Random, opens: int) -> dict[str, Any]:
    """Breaks, returns, paper, errors, results and the law, each on or off."""
    minutes, tick = milliseconds(rng.choice((1, 3, 8))), milliseconds(rng.choice((0, 5, 5, 10)))
    return {
        "breaks_in_full": rng.random() < 0.5,
        "starts_while_down": rng.random() < 0.3,
        "returns": (rng.choice((0, WHOLE // 2)), rng.choice((0, WHOLE // 2, WHOLE))),
        "delays": ((1, 1), (1, 2)),
        "in_person": rng.choice((0, WHOLE // 2, WHOLE)),
        "fetched": (1, 1),
        "visits": rng.randint(1, 3),
        "weak": rng.choice((0, WHOLE // 4)),
        "weak_speed": rng.choice((1000, 714, 500)),
        "errs": rng.choice((0, WHOLE // 3)),
        "paper": rng.choice((0, 0, 1000, 800, 300)),
        "record": minutes,
        "records_after_hours": rng.random() < 0.5,
        "cut_off": milliseconds((opens + rng.choice((20, 40, 2 * SPAN))) % MINUTES),
        "leaders": rng.choice((1, 2, 9)),
        "remote": rng.choice((1, 1, 9)),
        "chooses": rng.choice((0, 0, WHOLE // 2, WHOLE)) if tick else 0,
        "each": minutes,
        "way": milliseconds(rng.choice((1, 2, 5))),
        "set_up": milliseconds(rng.choice((0, 1, 2))),
        "tick": tick,
        "month_limit": rng.choice((UNLIMITED, minutes, 10 * minutes)),
        "year_limit": rng.choice((UNLIMITED, 4 * minutes)),
    }


def _random_change(
    rng: Random, opens: int, days: int, who: tuple[list[Official], list[Hall]]
) -> tuple[float, Change, int, float]:
    """An official gets quicker or slower, goes elsewhere, stays beyond the shifts or has worked more than them."""
    team, halls = who
    at = rng.randrange(days) * MINUTES + opens + rng.randint(0, SPAN)
    official, kind = rng.randrange(len(team)), rng.choice((Change.SPEED, Change.MOVE, Change.STAY, Change.EXTRA))
    values = {Change.SPEED: (500, 700, 1000, 2000), Change.MOVE: range(2 * len(halls) + 1)}
    return at, kind, official, rng.choice(values.get(kind, (0, 5, 20)))


def _random_hall(rng: Random) -> Hall:
    seats, tickets = rng.choice((None, None, None, 0, 1, 3)), rng.choice((None, None, None, 8, 15))
    return Hall(rng.randint(0, 4) or 2, rng.randint(0, 3), seats, tickets)


def _random_people(rng: Random, opens: int, shape: tuple[int, int, int]) -> list[Citizen]:
    (points, ranks, procedures), from_home = shape, rng.random() < 0.3
    return [
        Citizen(
            at=max(opens + rng.randint(-5, SPAN + 2), 0),
            work=rng.choice((1, 2, 3, 5, 5, 8, 20)),
            patience=rng.choice((None, None, 2, 5, 10, 20)),
            guidance=rng.choice((None, None, 1, 2, 5)),
            signature=rng.choice((None, None, 1, 2, 5)),
            collection=rng.choice((1, 2)),
            after_guidance=rng.choice((NEVER, NEVER, Outcome.ADVISED, Outcome.INCOMPLETE_AT_GUIDANCE)),
            outcome=rng.choice((Outcome.SERVED, Outcome.SERVED, Outcome.INCOMPLETE)),
            left=rng.choice((1, 2, 3)),
            dossiers=3,
            point=rng.randrange(points),
            priority=rng.randrange(ranks),
            procedure=rng.randrange(procedures),
            channel=int(from_home and rng.random() < 0.3),
        )
        for _ in range(rng.choice((3, 8, 15, 25)))
    ]


def _random_team(
    rng: Random, place: int, starts: list[int], span: tuple[int, int], kinds: tuple[int, bool, bool]
) -> list[Official]:
    """Officials of a place, at a point or, of the leaders, at none."""
    team, (fields, at_a_point, is_remote) = [], kinds
    for _ in range(rng.randint(0, 3) or 1):
        skills = tuple(rng.sample(range(fields), rng.randint(1, fields)))
        if place % 2 or not (at_a_point or is_remote):
            skills = (fields + (Kind.GUIDANCE if at_a_point else Kind.SIGNATURE),)
        duty = [(at + s, at + e) for at in starts for s, e in _random_duty(rng, *span)]
        classes = rng.choice(((0, 1, 2), (0, 1, 2), (0,), (1, 2)))
        speed = rng.choice((1000, 1000, 500, 700, 2000))
        weak = rng.choice(((), (), (0,), (0, 1)))
        absent, called_away, storm = rng.choice((0, 0, 0.3)), rng.choice((0, 0, 0.3)), rng.choice((0, 0.5, 1))
        one = Official(
            tuple(duty), place, skills, classes, speed, None, weak, absent, rng.randint(1, 3), called_away, storm
        )
        one = replace(one, office=rng.random() < 0.5)
        team.append(_random_rule(rng, one, place) if at_a_point and place % 2 == 0 else one)
    return team


def _random_rule(rng: Random, one: Official, place: int) -> Official:
    rule, home = rng.choice((*[Rule.NONE] * 3, Rule.OPEN, Rule.FLOAT, Rule.TOMORROW)), rng.choice((0, place))
    return replace(one, rule=rule, home=home, high=rng.randint(0, 4), low=rng.randint(0, 2), travel=rng.choice((0, 3)))


def _random_duty(rng: Random, opens: int, leaves: int) -> list[tuple[int, int]]:
    """A whole day, one with a break, one with two, or a short one."""
    a, b, c, d = sorted(rng.sample(range(opens + 1, opens + SPAN), 4))
    leaves = max(leaves, opens + SPAN)
    match rng.randrange(5):
        case 0:
            return [(opens, leaves)]
        case 1 | 2:
            return [(opens, a), (b, leaves)]
        case 3:
            return [(opens, a), (b, c), (d, leaves)]
        case _:
            return [(a, d)]


def _random_cases(rng: Random, fields: int) -> list[Case]:
    """Of the first procedure, of the first two, or of none."""
    if rng.random() < 0.5:
        return []
    works, who = (0.5, 1, 2, 5, 7, 7, 20, 60), (None, *range(fields), *range(fields))
    steps = [tuple((rng.choice(who), rng.choice(works)) for _ in range(rng.randint(1, 4))) for _ in range(2)]
    return [Case(own, rng.choice((0, 1, 2))) for own in steps[: rng.randint(1, 2)]]


def _random_limits(rng: Random, opens: int, halls: int) -> list[tuple[float, int, int]]:
    return [_random_limit(rng, opens, halls) for _ in range(rng.choice((0, 0, 1, 3)))]


def _random_limit(rng: Random, opens: int, halls: int) -> tuple[float, int, int]:
    return opens + rng.randint(0, SPAN), rng.randrange(2 * halls), rng.randint(0, 3)


def _random_network(rng: Random, opens: int, days: int) -> Steps:
    steps, at = [(0.0, 1000)], 0
    for day in range(days):
        at = max(day * MINUTES + opens, at)
        while at < day * MINUTES + opens + SPAN:
            at += rng.randint(1, 12)
            steps.append((at, rng.choice((0, 0, 1000, 500, 300))))
    return [*steps, (at + rng.randint(1, 30), 1000)]


def assert_one_trace(ours: Trace, theirs: Trace, name: object = "") -> None:
    """Two engines gave one trace; else the first rows that differ are shown."""
    for table in ("visits", "tasks", "shifts", "decisions"):
        one, other = getattr(ours, table), getattr(theirs, table)
        assert one.dtype == other.dtype
        if not np.array_equal(one, other):
            rows = [(a, b) for a, b in zip(one.tolist(), other.tolist(), strict=False) if a != b]
            pytest.fail(f"plan {name}: {len(one)} and {len(other)} {table}, the first that differ: {rows[:2]}")
    assert ours == theirs
