"""The textbook queues that the simulator is compared with: each a scenario in the keys of ``center=textbook``.

What is exact only nearly is far below one standard error, of forty replications of twenty times the days:
* the quantile tables make a mean at most 1e-5 too large, and milliseconds round 2 minutes by 4e-6;
* a day or more of warm-up is over ten relaxation times 1 / (c mu (1 - sqrt(rho))^2), so the start is forgotten to
  e^-10; the day begins empty, and over six hours after the last arrival nobody is left at midnight;
* who still waits at the horizon counts with the wait so far: relatively (mean residual wait) / (length of a run),
  1e-3 of a mean wait in a run of ``Case.days`` (a tenth of its standard error at most), 5e-5 in twenty times that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from experiments.validate.exact import (
    DAY_STEPS,
    Figure,
    booked,
    breakdowns,
    crommelin,
    delay_system,
    finite_room,
    impatient,
    n_model,
    one_day,
    one_server,
    several_dossiers,
    signed,
    tandem,
    two_classes,
    working_day,
)
from sim.door import load
from sim.planning import flatten
from sim.running import Job
from sim.yardstick import yardstick


@dataclass(frozen=True)
class Case:
    """A queue: its textbook keys, the days that are measured after ``warmup`` days, and its exact figures.

    ``rates``: steps of ``arrivals.rate_per_hour``, whose times the command line's grammar cannot write.
    """

    name: str
    overrides: tuple[str, ...]
    days: int
    warmup: int
    figures: Callable[[int], list[Figure]]
    rates: dict[str, float] | None = None


def exponential(mean: float) -> str:
    """An exponential time of so many minutes, in the command line's grammar."""
    return f"{{kind: exponential, mean: {mean}}}"


def _book(every: int, per_day: int, no_show: float = 0.0) -> tuple[str, ...]:
    """Nobody comes unannounced; a place every so many minutes, day and night."""
    book = f"{{every: {every}, places: 1, per_day: {per_day}.0, no_show: {no_show}, priority: booked}}"
    return (
        "arrivals.rate_per_hour=0.0",
        f"appointments={book}",
        "priorities={ordinary: {share: 1.0, rank: 1}, booked: {share: 0.0, rank: 0}}",
    )


BY_DAY = {"00:00": 0.0, "08:00": 26.0, "17:00": 0.0}
CLOSING = (
    *(f"calendar.hours.{day}=['08:00-17:00']" for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")),
    f"procedures.request.service={exponential(8)}",
    "points.hall.counters=4",
    "closing.overtime_cap=400",
    "overtime.beyond=true",
)
CASES = (
    Case(
        "M/M/3",
        (
            "arrivals.rate_per_hour=72",
            f"procedures.request.service={exponential(2)}",
            "points.hall.counters=3",
        ),
        days=3,
        warmup=1,
        figures=delay_system(3, 72, 2, (0, 1, 5)),
    ),
    Case(
        "M/M/12",
        (
            "arrivals.rate_per_hour=57.6",
            f"procedures.request.service={exponential(10)}",
            "points.hall.counters=12",
        ),
        days=4,
        warmup=1,
        figures=delay_system(12, 57.6, 10, (0, 2, 10)),
    ),
    Case(
        "M/G/1 lognormal",
        ("arrivals.rate_per_hour=21", "procedures.request.service={kind: lognormal, mean: 2, cv: 1.2}"),
        days=6,
        warmup=1,
        figures=lambda _: one_server(21, 2, 1.2),
    ),
    Case(
        "M/D/1",
        ("arrivals.rate_per_hour=21", "procedures.request.service={kind: deterministic, mean: 2}"),
        days=6,
        warmup=1,
        figures=lambda _: [
            *one_server(21, 2, 0),
            *(Figure(f"wait_within_{t}", crommelin(21 / 60, 2, t)) for t in (1, 3, 5)),
        ],
    ),
    Case(
        "M/M/3+M",
        (
            "arrivals.rate_per_hour=96",
            f"procedures.request.service={exponential(2.5)}",
            "points.hall.counters=3",
            f"patience={exponential(5)}",
        ),
        days=2,
        warmup=1,
        figures=lambda _: impatient(96, 2.5, 3, 5),
    ),
    Case(
        "M/M/2/7",
        (
            "arrivals.rate_per_hour=60",
            f"procedures.request.service={exponential(2)}",
            "points.hall.counters=2",
            "points.hall.seats=5",
        ),
        days=3,
        warmup=1,
        figures=lambda _: finite_room(60, 2, 2, 5),
    ),
    Case(
        "M/M/2 two classes",
        (
            "arrivals.rate_per_hour=48",
            f"procedures.request.service={exponential(2)}",
            "points.hall.counters=2",
            "priorities={elderly: {share: 0.3, rank: 0}, ordinary: {share: 0.7, rank: 1}}",
        ),
        days=3,
        warmup=1,
        figures=lambda _: two_classes(48, 0.3, 2, 2),
    ),
    Case(
        "two skills (N)",
        (
            "arrivals.rate_per_hour=30",
            f"procedures.request={{share: 0.6, service: {exponential(2)}}}",
            f"+procedures.land={{share: 0.4, service: {exponential(3)}}}",
            "points.hall.counters=2",
            "staff={one: {count: 1, skills: [request]}, both: {count: 1, skills: [request, land]}}",
        ),
        days=5,
        warmup=1,
        figures=lambda _: n_model(30, 0.4, (2, 3)),
    ),
    Case(
        "M/M/1 breakdowns",
        (
            "arrivals.rate_per_hour=18",
            f"procedures.request.service={exponential(2)}",
            f"network.outages.center={{up: {exponential(40)}, down: {exponential(10)}}}",
            "network.start_while_down=true",
        ),
        days=20,
        warmup=1,
        figures=breakdowns(18, 2, 40, 10),
    ),
    Case(
        "tandem",
        (
            "arrivals.rate_per_hour=36",
            f"procedures.request.service={exponential(4)}",
            "points.hall.counters=4",
            "points.hall.guides=1",
            f"guidance={{service: {exponential(1)}, finds: 0.0, mends: 0.0}}",
        ),
        days=4,
        warmup=1,
        figures=lambda _: tandem(36, 1, 4, 4),
    ),
    Case(
        "several dossiers",
        (
            "arrivals.rate_per_hour=16",
            f"procedures.request.service={exponential(1.5)}",
            "arrivals.dossiers_per_visitor=1.5",
        ),
        days=6,
        warmup=1,
        figures=lambda _: several_dossiers(16, 1.5, 1.5),
    ),
    Case(
        "a leader signs",
        (
            "arrivals.rate_per_hour=18",
            f"procedures.request.service={exponential(5)}",
            f"procedures.request.signature={exponential(2)}",
            "results={collection: {kind: deterministic, mean: 0.01}, cut_off: '24:00'}",
            "points.hall.counters=40",
            "+staff.leader={count: 1, role: leader}",
        ),
        days=6,
        warmup=1,
        figures=lambda _: signed(18, 2, 0.01),
    ),
    Case(
        "D/M/1 booked",
        (*_book(4, 360), f"procedures.request.service={exponential(2.4)}"),
        days=3,
        warmup=1,
        figures=lambda _: booked(4, 1, 2.4),
    ),
    Case(
        "GI/M/1 missed",
        (*_book(4, 288, 0.25), f"procedures.request.service={exponential(3.6)}"),
        days=3,
        warmup=1,
        figures=lambda _: booked(4, 0.6, 3.6),
    ),
    Case(
        "a day with an outage",
        (*CLOSING, "network={windows: [{between: '10:00-11:30'}], start_while_down: true}"),
        days=30,
        warmup=0,
        figures=working_day(26, 8, 4, down=True),
        rates=BY_DAY,
    ),
    Case("after closing", CLOSING, days=30, warmup=0, figures=working_day(26, 8, 4, down=False), rates=BY_DAY),
    Case(
        "a day M(t)/M/5",
        (
            f"procedures.request.service={exponential(6)}",
            "points.hall.counters=5",
        ),
        days=12,
        warmup=0,
        figures=one_day(6, 5),
        rates=DAY_STEPS,
    ),
)


def job_of(case: Case, days: int, seed: int) -> Job:
    """The case over so many measured days, with the shares within t that theory is asked for."""
    overrides = [*case.overrides, f"days={days + case.warmup}", f"warmup_days={case.warmup}", f"seed={seed}"]
    study = load(["center=textbook", *overrides])
    arrivals = study.base.arrivals.replace(rate_per_hour=case.rates or study.base.arrivals.rate_per_hour)
    scenario = study.base.replace(name=case.name, arrivals=arrivals)
    study = study.replace(base=scenario)
    return Job(study, flatten(scenario), replace(yardstick(scenario, study.targets), within=_asked(case)))


def _asked(case: Case) -> tuple[int, ...]:
    """The t of all P(wait <= t)."""
    names = {figure.metric for figure in case.figures(1) if figure.metric.startswith("wait_within_")}
    return tuple(sorted(int(name.rpartition("_")[2]) for name in names))
