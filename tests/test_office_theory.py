"""The back office against exact answers of queueing theory; ``python -m tests.test_office_theory`` prints the table.

Citizens come as a Poisson stream, day and night, and are received in no time, so that cases begin as one (what leaves
M/D/infinity is Poisson: N. M. Mirasol 1963). A case's time is from the end of its reception until its result is ready.
Rows are compared and judged as in :mod:`tests.test_textbook`: the whole table fails with probability FAMILY at most
for a correct simulator, and ``found`` is the relative bias that a row finds with probability 0.9. ``SHORT`` and
``LONG`` bound it, and are checked: in the short run 3 to 14 % of a mean and 1 to 10 % of a share, in the long one a
fifth of that.

What is exact only nearly is far below one standard error: a reception takes 0.6 s, which keeps another one waiting
once in a thousand cases or less; the first 40 days are left out, more than ten relaxation times 1 / (mu (1 -
sqrt(rho))^2) of one official; shares are of cases whose time t ends within the run, means leave out its last 40 days,
and in processing_days_mean 1e-3 of the time is cut off at the horizon.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import t as student

from experiments.validate.exact import MINUTES_A_DAY, Figure, crommelin
from sim.door import load
from sim.metrics import measure_all
from sim.models.compiled.engine import run
from sim.plan import Kind
from sim.planning import flatten, replicate
from sim.scenario import Scenario
from sim.theory import mg1, mg1_preemptive, mmc, mmc_preemptive, mmc_priority
from sim.trace import Trace
from sim.units import DAY, MINUTE, NEVER
from sim.yardstick import yardstick
from tests.plans import scenario
from tests.test_textbook import FAMILY, POWER, Row, compared, printed, ratio_of
from tests.test_theory import stationary

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Times:
    """Exact figures of the time of cases, in minutes: its mean, and the share ready within some times."""

    mean: float
    within: dict[float, float]
    procedure: int = 0


@dataclass(frozen=True)
class Office:
    """A back office and what is known of it: of cases, and of metrics."""

    name: str
    given: dict[str, Any]
    days: int
    warmup: int
    times: tuple[Times, ...]
    metrics: tuple[Figure, ...] = ()


@dataclass(frozen=True)
class Scale:
    replications: int
    times: int


QUICK, THOROUGH = Scale(20, 1), Scale(60, 8)


# Exact answers


def served_within(rate: float, mean: float, servers: int, t: float) -> float:
    """P(wait and service <= t) in M/M/c: the wait is 0, or exponential, and independent of the service."""
    queue, mu = mmc(rate, mean, servers), 1 / mean
    both = summed_within([queue.drain_rate, mu], t)
    return (1 - queue.p_wait) * (1 - math.exp(-mu * t)) + queue.p_wait * both


def summed_within(rates: Sequence[float], t: float) -> float:
    """P(sum of independent exponentials <= t), their rates all different (hypoexponential)."""
    weights = [math.prod(other / (other - rate) for other in rates if other != rate) for rate in rates]
    return 1 - math.fsum(weight * math.exp(-rate * t) for rate, weight in zip(rates, weights, strict=True))


def in_term(rate: float, term: int) -> float:
    """P(ready by the end of the term-th day) of an exponential time that begins anywhere in a day, each alike."""
    x = rate * MINUTES_A_DAY
    return 1 - math.exp(-x * term) * (1 - math.exp(-x)) / x


def own_citizens(rate: float, reception: float, work: float, officials: int) -> float:
    """Mean time of cases at officials who receive their citizens first: the chain of (citizens, cases), by Little.

    Cut at 60 and 120: of M/M/c with loads up to 0.67 less than 1e-10 lies beyond.
    """

    def moves(state: tuple[int, int]) -> Any:
        people, cases = state
        busy = min(people, officials)
        if people < 60:
            yield rate, (people + 1, cases)
        if busy:
            yield busy / reception, (people - 1, min(cases + 1, 120))
        if cases and busy < officials:
            yield min(cases, officials - busy) / work, (people, cases - 1)

    return sum(p * cases for (_, cases), p in stationary((0, 0), moves).items()) / rate


# The offices


def exponential(mean: float) -> dict[str, Any]:
    return {"kind": "exponential", "mean": mean}


AT_ONCE = {"kind": "deterministic", "mean": 0.01}
DAILY = {day: ["00:00-24:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


def office(per_day: float, steps: Sequence[tuple[str, Any]], officials: dict[str, int], **given: Any) -> dict[str, Any]:
    """Citizens who are received at once; ``steps``: field and minutes; ``officials``: how many have each field."""
    processing = {"term": 0, "steps": [{"field": field, "work": work} for field, work in steps]}
    groups = {name: {"count": count, "role": "specialist", "skills": [name]} for name, count in officials.items()}
    return {
        "calendar": {"hours": DAILY, "holidays": "none"},
        "arrivals": {"rate_per_hour": per_day / 24, "weekday": dict.fromkeys(DAILY, 1.0)},
        "procedures": {"request": {"service": AT_ONCE, "processing": processing}},
        "points": {"hall": {"counters": 1}},
        "staff": {"counter": {"count": None, "skills": ["request"]}, **groups},
        "back_office": {"delivery": {"post": 1.0}},
        **given,
    }


def one_official() -> Office:
    """M/M/1: the time is exponential of rate mu - lambda; two procedures share the official, with terms 0 and 1."""
    rate, mean, within = 8.4 / MINUTES_A_DAY, 120.0, (60, 240, 720)
    ready = 1 / mean - rate
    given = office(8.4, [("office", exponential(mean))], {"office": 1})
    steps = [{"field": "office", "work": exponential(mean)}]
    given["procedures"] = {
        name: {"service": AT_ONCE, "share": 0.5, "processing": {"term": term, "steps": steps}}
        for term, name in enumerate(("request", "land"))
    }
    given["staff"]["counter"]["skills"] = ["request", "land"]
    times = Times(1 / ready, {t: 1 - math.exp(-ready * t) for t in within})
    metrics = (
        Figure("on_time_share", in_term(ready, 0), "field=request"),
        Figure("on_time_share", in_term(ready, 1), "field=land"),
        Figure("processing_days_mean", 1 / ready / MINUTES_A_DAY),
    )
    return Office("M/M/1", given, 1000, 40, (times, replace(times, procedure=1)), metrics)


def constant_work() -> Office:
    rate, mean = 9.0 / MINUTES_A_DAY, 120.0
    within = {t: crommelin(rate, mean, t - mean) for t in (120.0, 240.0, 480.0)}
    work = {"kind": "deterministic", "mean": mean}
    times = Times(mg1(rate, mean, 0).mean_wait + mean, within)
    return Office("M/D/1", office(9.0, [("office", work)], {"office": 1}), 1000, 40, (times,))


def any_work() -> Office:
    rate, mean, cv = 7.2 / MINUTES_A_DAY, 120.0, 1.2
    work = {"kind": "lognormal", "mean": mean, "cv": cv}
    times = Times(mg1(rate, mean, cv).mean_wait + mean, {})
    return Office("M/G/1 lognormal", office(7.2, [("office", work)], {"office": 1}), 1000, 40, (times,))


def several_officials() -> Office:
    rate, mean = 28.8 / MINUTES_A_DAY, 120.0
    within = {t: served_within(rate, mean, 3, t) for t in (60.0, 180.0, 480.0)}
    times = Times(mmc(rate, mean, 3).mean_wait + mean, within)
    return Office("M/M/3", office(28.8, [("office", exponential(mean))], {"office": 3}), 600, 40, (times,))


def in_series() -> Office:
    """Two specialists and a leader, M/M/1 each: their times are independent (E. Reich 1957)."""
    rate, works = 12.0 / MINUTES_A_DAY, (80.0, 50.0, 65.0)
    rates = [1 / work - rate for work in works]
    steps = [("first", exponential(works[0])), ("second", exponential(works[1]))]
    given = office(12.0, steps, {"first": 1, "second": 1})
    given["procedures"]["request"]["processing"]["signature"] = exponential(works[2])
    given["staff"]["leader"] = {"count": 1, "role": "leader", "skills": []}
    times = Times(sum(1 / one for one in rates), {t: summed_within(rates, t) for t in (240.0, 480.0, 960.0)})
    return Office("three M/M/1 in series", given, 1000, 40, (times,))


def back_again() -> Office:
    """Two officials see each case twice, another once: product form by the route (F. P. Kelly 1975)."""
    rate, works = 12.0 / MINUTES_A_DAY, (85.0, 80.0)
    steps = [("first", exponential(works[0])), ("second", exponential(works[1])), ("first", exponential(works[0]))]
    first, second = mmc(2 * rate, works[0], 2), mmc(rate, works[1], 1)
    times = Times(2 * (first.mean_wait + works[0]) + second.mean_wait + works[1], {})
    return Office("a network", office(12.0, steps, {"first": 2, "second": 1}), 1000, 40, (times,))


def interrupted(officials: int, per_day: tuple[float, float], works: tuple[float, float], exact: float) -> Office:
    """Cases of the hall come to officials of the branch, who receive its citizens first: these know no cases."""
    given = office(sum(per_day), [("request", {"kind": "lognormal", "mean": works[1], "cv": 1.0})], {})
    if officials > 1:
        given["procedures"]["request"]["processing"]["steps"][0]["work"] = exponential(works[1])
    share = per_day[1] / sum(per_day)
    given["procedures"] = {
        "land": {**given["procedures"]["request"], "share": share},
        "request": {"service": exponential(works[0]), "share": 1 - share},
    }
    given["points"] = {"hall": {"counters": 1, "share": 0.5}, "branch": {"counters": officials, "share": 0.5}}
    given["staff"] = {
        "hall": {"count": 1, "skills": ["land"]},
        "branch": {"count": officials, "skills": ["request"], "point": "branch"},
    }
    given["back_office"]["at_counters"] = True
    wait = mmc(per_day[0] / MINUTES_A_DAY, works[0], officials).mean_wait
    times, citizens = Times(exact, {}), Figure("wait_mean", wait, "field=request")
    return Office(f"interrupted, {officials}", given, 400, 40, (times,), (citizens,))


def one_interrupted() -> Office:
    """M/G/1 with preemption; the work of cases has cv 1, and is not exponential."""
    per_day, works = (30.0, 6.0), (15.0, 90.0)
    rates = tuple(one / MINUTES_A_DAY for one in per_day)
    return interrupted(1, per_day, works, mg1_preemptive(rates, works, (1, 1)).mean_times[1])


def two_interrupted() -> Office:
    """M/M/2 with preemption."""
    per_day, work = (16.0, 15.0), 60.0
    rates = tuple(one / MINUTES_A_DAY for one in per_day)
    return interrupted(2, per_day, (work, work), mmc_preemptive(rates, work, 2).mean_times[1])


def their_own(officials: int, per_day: float) -> Office:
    """Officials receive citizens, and in between work on what these brought."""
    reception, work, rate = 20.0, 60.0, per_day / MINUTES_A_DAY
    given = office(per_day, [("request", exponential(work))], {})
    given["procedures"]["request"]["service"] = exponential(reception)
    given["points"]["hall"]["counters"] = officials
    given["back_office"]["at_counters"] = True
    times = Times(own_citizens(rate, reception, work, officials), {})
    citizens = Figure("wait_mean", mmc(rate, reception, officials).mean_wait)
    return Office(f"their own, {officials}", given, 400, 40, (times,), (citizens,))


OFFICES = (
    one_official(),
    constant_work(),
    any_work(),
    several_officials(),
    in_series(),
    back_again(),
    one_interrupted(),
    two_interrupted(),
    their_own(1, 12.0),
    their_own(2, 24.0),
)


# What is measured


@dataclass(frozen=True)
class Sample:
    """Cases of a run: their procedures, ms from reception until ready or the horizon, and from reception to that."""

    procedure: Numbers
    time: Numbers
    left: Numbers
    received: Numbers


def sampled(trace: Trace, fields: int) -> Sample:
    """All cases of measured visits."""
    tasks = trace.tasks
    steps, at_counter = tasks[tasks["kind"] >= fields + Kind.STEP], tasks[tasks["kind"] < fields]
    received, ready = (np.zeros(len(trace.visits), np.int64) for _ in range(2))
    received[at_counter["visit"]] = at_counter["end"]
    np.maximum.at(ready, steps["visit"], np.where(steps["end"] == NEVER, trace.horizon, steps["end"]))
    pending = steps["visit"][steps["end"] == NEVER]
    ready[pending] = trace.horizon
    rows = np.flatnonzero((ready > 0) & (trace.visits["arrival"] >= trace.warmup))
    received, ready = received[rows], ready[rows]
    return Sample(trace.visits["procedure"][rows], ready - received, trace.horizon - received, received)


def shares_and_mean(one: Sample, times: Times, margin: int) -> list[tuple[float, float]]:
    """Numerator and denominator of the mean and of each share."""
    mine = one.procedure == times.procedure
    whole = mine & (one.left > margin)
    found = [(one.time[whole].sum() / MINUTE, float(whole.sum()))]
    for t in times.within:
        known = mine & (one.left > t * MINUTE)
        found.append((float((one.time[known] <= t * MINUTE).sum()), float(known.sum())))
    return found


def figures_of(times: Times) -> list[Figure]:
    scope = f"procedure {times.procedure}"
    return [Figure("mean", times.mean, scope), *(Figure(f"within {t:g}", p, scope) for t, p in times.within.items())]


def measured(one: Office, scale: Scale, seed: int) -> list[tuple[Figure, float, float]]:
    """Each figure of an office, its estimate and the standard error."""
    given: Scenario = scenario(**one.given, days=one.days * scale.times + one.warmup, warmup_days=one.warmup)
    blank, by = flatten(given), yardstick(given, load(["center=textbook"]).targets)
    pairs: list[list[list[tuple[float, float]]]] = [[] for _ in one.times]

    def traces() -> Iterator[Trace]:
        for nth in range(scale.replications):
            trace = run(replicate(blank, seed, nth))
            sample = sampled(trace, blank.fields)
            for found, times in zip(pairs, one.times, strict=True):
                found.append(shares_and_mean(sample, times, one.warmup * DAY))
            yield trace

    runs = measure_all(traces(), by)
    found = [(figure, *compared(figure, runs)) for figure in one.metrics]
    for times, rows in zip(one.times, pairs, strict=True):
        table = np.array(rows)  # [replications, figures, 2]
        found += [(own, *ratio_of(*table[:, nth].T)) for nth, own in enumerate(figures_of(times))]
    return found


@cache
def table(scale: Scale = QUICK) -> tuple[Row, ...]:
    """All comparisons."""
    found = [(one.name, *row) for nth, one in enumerate(OFFICES) for row in measured(one, scale, 4000 + nth)]
    freedom = scale.replications - 1
    critical = float(student.ppf(1 - FAMILY / len(found) / 2, freedom))
    reach = critical + float(student.ppf(POWER, freedom))
    return tuple(Row(*row, critical, reach * row[-1]) for row in found)


# The largest relative bias that may be missed with more than probability 0.1: of means, and of shares.
SHORT, LONG = (0.15, 0.11), (0.03, 0.02)


def check(rows: Sequence[Row], reach: tuple[float, float]) -> None:
    assert all(row.ok for row in rows), printed([row for row in rows if not row.ok])
    shares = [row.figure.metric.startswith(("within", "on_time")) for row in rows]
    blunt = [row for row, share in zip(rows, shares, strict=True) if row.relative > reach[share]]
    assert not blunt, printed(blunt)


def test_the_back_office_agrees_with_theory() -> None:
    check(table(QUICK), SHORT)


@pytest.mark.slow
def test_the_back_office_agrees_with_theory_on_much_data() -> None:
    rows = table(THOROUGH)
    sys.stdout.write("\n" + printed(rows) + "\n")
    check(rows, LONG)


def test_a_wrong_back_office_would_be_found() -> None:
    """The same estimates against offices that are off by a little: each must be refused."""
    rows = {(row.case, row.figure.metric, row.figure.scope): row for row in table(QUICK)}

    def refused(name: str, metric: str, wrong: float, scope: str = "procedure 0") -> bool:
        row = rows[name, metric, scope]
        return abs(row.estimate - wrong) > row.critical * row.error

    rate = 8.4 / MINUTES_A_DAY
    # work 5 % longer; a term that ends a quarter of a day earlier
    assert refused("M/M/1", "mean", 1 / (1 / 126 - rate))
    assert refused("M/M/1", "on_time_share", in_term((1 / 120 - rate) * 0.75, 0), "field=request")
    # officials whom no citizen calls away; citizens who wait until a case is done
    assert refused("interrupted, 2", "mean", mmc(15 / MINUTES_A_DAY, 60, 2).mean_wait + 60)
    assert refused("their own, 1", "mean", mmc(12 / MINUTES_A_DAY, 60, 1).mean_wait + 60)
    either = mmc_priority((16 / MINUTES_A_DAY, 15 / MINUTES_A_DAY), 60, 2)
    assert refused("interrupted, 2", "wait_mean", either.mean_waits[0], "field=request")
    # two officials with a line each; three who share the work of one
    assert refused("M/M/3", "mean", mmc(9.6 / MINUTES_A_DAY, 120, 1).mean_wait + 120)
    assert refused("three M/M/1 in series", "within 480", 1 - math.exp(-480 / 467.53))


if __name__ == "__main__":
    sys.stdout.write(printed(table(THOROUGH if "--long" in sys.argv else QUICK)) + "\n")
