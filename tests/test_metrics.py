"""Figures from traces written by hand, each figure worked out by hand; and what holds for every trace."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.figures import COUNTS, METRICS, is_metric, metric_names
from sim.intervals import clopper_pearson
from sim.metrics import measure, measure_all
from sim.models.center import run
from sim.occupancy import busy_time, most_at_once, waiting_spans
from sim.paid import paid_of
from sim.plan import SHIFTS, Purpose
from sim.planning import make_plan
from sim.quantiles import quantile_estimate
from sim.runs.replications import Metrics
from sim.scenario import Scenario
from sim.study import Study
from sim.summary import summarize
from sim.targets import Target, Targets
from sim.trace import TASKS, VISITS, Outcome, Trace
from sim.units import DAY, MINUTE, NEVER, SLOT
from sim.yardstick import Yardstick, yardstick

WEEK = ("mon", "tue", "wed", "thu", "fri")
ALL_WEEK = (*WEEK, "sat", "sun")
CONTINUOUS = {"hours": dict.fromkeys(ALL_WEEK, ("00:00-24:00",)), "holidays": "none"}
NOBODY = Targets(name="none")
TRAVEL = {"kind": "deterministic", "mean": 10.0}


def mean_wait(minutes: float, scope: str = "all") -> Targets:
    """The one target that says which mean wait a day or a month must keep."""
    return Targets(name="mean", items=(Target(metric="wait_mean", scope=scope, at_most=minutes),))


QUARTER = mean_wait(15.0)


def ward(**changes: Any) -> Scenario:
    """Three days from Monday 1 June 2026, the first a warm-up; an official costs 1,000 a minute."""
    given_: dict[str, Any] = {
        "name": "ward",
        "start": "2026-06-01",
        "days": 3,
        "warmup_days": 1,
        "opening": True,
        "calendar": {"hours": dict.fromkeys(WEEK, ("08:00-12:00", "13:00-17:00"))},
        "arrivals": {"per_day": 40.0, "profile": {"07:30": 1.0, "08:00": 4.0, "13:00": 2.0}},
        "procedures": {
            "paper": {"share": 0.5, "service": {"kind": "exponential", "mean": 10.0}},
            "land": {"share": 0.5, "service": {"kind": "exponential", "mean": 10.0}},
        },
        "priorities": {"elderly": {"share": 0.2, "rank": 0}, "ordinary": {"share": 0.8, "rank": 1}},
        "points": {
            "hall": {"counters": 2, "share": 0.9, "guides": 1, "travel": TRAVEL},
            "branch": {"counters": 1, "share": 0.1, "travel": TRAVEL},
        },
        "staff": {"all": {"count": 2}},
        "guidance": {"service": {"kind": "exponential", "mean": 3.0}, "finds": 0.5, "mends": 0.5},
        "money": {"official_hour": 60_000.0, "overtime_factor": 1.5, "rest_day_factor": 2.0},
        "costs": {"rent": {"per_month": 22_000.0, "once": 264_000.0}},
    }
    return Scenario.model_validate({**given_, **changes})


def at(day: int, time: str) -> int:
    """ms of "HH:MM" on a day; "" is never."""
    if not time:
        return NEVER
    hours, minutes = time.split(":")
    return day * DAY + (60 * int(hours) + int(minutes)) * MINUTE


Turn = tuple[int, int, str, str, str]
"""Place, official, and when it was joined, begun and ended."""


class Writer:
    """A trace, a visit after the other."""

    def __init__(self) -> None:
        self.visits: list[Any] = []
        self.tasks: list[Any] = []

    def visit(
        self, day: int, times: tuple[str, str, str], outcome: Outcome, turns: tuple[Turn, ...] = (), **other: Any
    ) -> None:
        """``times``: arrival, entry, departure."""
        row = np.zeros(1, VISITS)
        row["citizen"], row["dossiers"], row["priority"] = len(self.visits), 1, 1
        row["arrival"], row["entry"], row["departure"] = (at(day, time) for time in times)
        row["outcome"] = outcome
        for name, value in other.items():
            row[name] = value
        number = len(self.visits)
        self.visits.append(row[0])
        self.tasks += [
            (number, 2 * (place % 2), place, official, *(at(day, time) for time in turn))
            for place, official, *turn in turns
        ]

    def trace(self, shifts: list[tuple[int, int, str, str, int]], days: int = 3, warmup: int = 1) -> Trace:
        """``shifts``: official, day, from, to, and 1 for paid work on a rest day."""
        rows = [(official, at(day, start), at(day, end), pay) for official, day, start, end, pay in shifts]
        return Trace(
            np.array(self.visits, VISITS),
            np.array(self.tasks, TASKS),
            np.array(rows, SHIFTS),
            days * DAY,
            warmup * DAY,
        )


OFFICE = [
    (official, day, *span, 0)
    for official in range(3)
    for day in range(3)
    for span in (("08:00", "12:00"), ("13:00", "17:00"))
]


def worked_example() -> Trace:
    """Twelve visits of every outcome on two days, after one that is not measured. Official 2 is the guide."""
    w = Writer()
    # the warm-up: worked within the shift, waited, and all of it before the measured time
    w.visit(0, ("16:00", "16:00", "17:00"), Outcome.SERVED, ((0, 0, "16:00", "16:30", "17:00"),))
    tuesday(w)
    wednesday(w)
    return w.trace(OFFICE)


def tuesday(w: Writer) -> None:
    served, incomplete = Outcome.SERVED, Outcome.INCOMPLETE
    w.visit(
        1, ("07:40", "08:00", "08:10"), served, ((0, 0, "08:00", "08:00", "08:10"),), dossiers=2, travel=30 * MINUTE
    )
    w.visit(
        1,
        ("08:00", "08:00", "08:30"),
        incomplete,
        ((0, 0, "08:00", "08:10", "08:30"),),
        left=1,
        procedure=1,
        priority=0,
    )
    w.visit(1, ("08:05", "08:05", "08:25"), Outcome.RENEGED, ((0, NEVER, "08:05", "", "08:25"),), left=1)
    w.visit(1, ("08:06", "08:06", "08:06"), Outcome.BALKED, ((0, NEVER, "08:06", "", "08:06"),), left=1)
    w.visit(1, ("11:50", "11:50", "12:20"), served, ((0, 0, "11:50", "11:55", "12:20"),))
    w.visit(1, ("17:30", "", "17:30"), Outcome.TURNED_AWAY, left=1)


def wednesday(w: Writer) -> None:
    served = Outcome.SERVED
    w.visit(
        2,
        ("09:00", "09:00", "09:05"),
        Outcome.ADVISED,
        ((1, 2, "09:00", "09:02", "09:05"),),
        purpose=Purpose.ASK,
        dossiers=0,
    )
    w.visit(
        2,
        ("09:01", "09:01", "09:40"),
        served,
        ((1, 2, "09:01", "09:05", "09:08"), (0, 1, "09:08", "09:28", "09:40")),
        travel=10 * MINUTE,
    )
    w.visit(
        2, ("10:00", "10:00", "10:04"), Outcome.INCOMPLETE_AT_GUIDANCE, ((1, 2, "10:00", "10:00", "10:04"),), left=1
    )
    w.visit(2, ("16:40", "16:40", "17:00"), Outcome.CARRIED_OVER, ((0, NEVER, "16:40", "", "17:00"),), left=1)
    # at the horizon one sits at the counter, beyond the shift, and one still waits
    w.visit(2, ("16:55", "16:55", ""), Outcome.IN_SYSTEM, ((0, 1, "16:55", "17:00", ""),), left=1)
    w.visit(2, ("23:55", "23:55", ""), Outcome.IN_SYSTEM, ((0, NEVER, "23:55", "", ""),), left=1)


def measured(trace: Trace, targets: Targets = QUARTER, **changes: Any) -> Metrics:
    return measure(trace, yardstick(ward(**changes), targets))


WAITED = 0 + 10 + 20 + 5 + 2 + (4 + 20) + 0 + 20 + 5 + 5
INSIDE = 10 + 30 + 20 + 30 + 5 + 39 + 4 + 20 + 425 + 5
PAID = 3 * 2 * 480
WORKED, OVERTIME = 10 + 20 + 5 + 3 + (3 + 12) + 4, 20 + 420
COST = 1000 * PAID + 1.5 * 1000 * OVERTIME + 2 * (22_000 / 22 + 264_000 / 12 / 22)

EXAMPLE: dict[str, tuple[float, float]] = {
    "wait_mean": (WAITED, 10),
    "wait_max": (24, 1),
    "wait_within_15": (6, 12),
    "wait_within_30": (7, 12),
    "gate_wait_mean": (20, 10),
    "days_within_target": (2, 2),
    "days_all_within_15": (0, 2),
    "days_all_within_30": (0, 2),
    "periods_within_target": (0, 0),  # two days are no calendar month
    "wait_per_resolved": (WAITED, 4),
    "unserved_share": (4, 12),
    "time_in_center_mean": (INSIDE, 10),
    "left_within_30": (5, 12),
    "visits_per_resolved": (12, 4),
    "travel_per_resolved": (40, 4),
    "utilization": (WORKED * MINUTE, PAID * MINUTE),
    "overtime_per_day": (OVERTIME, 2),
    "result_wait_mean": (0, 0),
    "same_day_share": (0, 0),
    "late_for_citizen_share": (4, 7),  # three were served, four not; two are still inside, one only asked
    "late_in_system_share": (4, 7),
    "on_time_share": (0, 0),
    "processing_days_mean": (0, 0),
    "reentry_backlog_max": (0, 1),
    "overtime_day_most": (7, 1),  # official 1 on Wednesday, from 17:00 to midnight
    "overtime_month_most": (7, 1),
    "overtime_year_most": (7 * 365 / 2, 1),
    "queue_mean": (WAITED * MINUTE, 2 * 540 * MINUTE),
    "queue_max": (2, 1),
    "cost_per_day": (COST, 2),
    "cost_per_resolved": (COST, 4),
    "citizen_hours_per_resolved": ((40 + 20 + INSIDE) / 60, 4),
    "acknowledged_share": (0, 0),
    "lender_utilization": (0, 0),
    "lender_backlog_hours": (0, 0),
    "arrived": (12, 1),
    "served": (3, 1),
    "advised": (1, 1),
    "incomplete": (2, 1),
    "reneged": (1, 1),
    "balked": (1, 1),
    "turned_away": (1, 1),
    "carried_over": (1, 1),
    "in_system": (2, 1),
}


def test_the_example_has_every_metric_but_the_quantiles() -> None:
    shares = {f"{name}_share" for name in COUNTS}
    assert set(EXAMPLE) | shares | {"wait_p50", "wait_p90"} == set(metric_names())
    found = measured(worked_example()).sums
    assert {metric for metric, scope in found if scope == "all"} == set(EXAMPLE) | shares
    assert all(is_metric(metric) for metric, _ in found)
    assert set(METRICS) >= {name for name in EXAMPLE if name not in COUNTS} - {"arrived"} - {
        f"{kind}_within_{t}" for kind in ("wait", "days_all") for t in (15, 30)
    }


@pytest.mark.parametrize("metric", EXAMPLE)
def test_each_metric_of_the_example(metric: str) -> None:
    assert measured(worked_example()).sums[metric, "all"] == pytest.approx(EXAMPLE[metric], rel=1e-12)


@pytest.mark.parametrize("count", COUNTS)
def test_shares_are_counts_of_those_who_came(count: str) -> None:
    found = measured(worked_example()).sums
    for scope in {scope for _, scope in found}:
        assert found[f"{count}_share", scope] == (found[count, scope][0], found["arrived", scope][0])


@pytest.mark.parametrize(
    ("scope", "wanted"),
    [
        ("field=land", {"arrived": (1, 1), "wait_mean": (10, 1), "incomplete": (1, 1), "visits_per_resolved": (1, 0)}),
        ("field=paper", {"arrived": (11, 1), "wait_mean": (WAITED - 10, 9), "served": (3, 1)}),
        ("priority=elderly", {"arrived": (1, 1), "wait_max": (10, 1), "wait_within_15": (1, 1)}),
        ("point=hall", {"arrived": (12, 1), "wait_mean": (WAITED, 10)}),
        ("point=branch", {"arrived": (0, 1), "wait_mean": (0, 0), "wait_max": (0, 0), "unserved_share": (0, 0)}),
        ("hour=7", {"arrived": (1, 1), "gate_wait_mean": (20, 1), "wait_mean": (0, 1)}),
        ("hour=8", {"arrived": (3, 1), "wait_mean": (30, 2), "balked": (1, 1), "unserved_share": (2, 3)}),
        ("hour=17", {"arrived": (1, 1), "wait_mean": (0, 0), "turned_away_share": (1, 1)}),
        ("hour=23", {"arrived": (1, 1), "wait_mean": (5, 1), "in_system": (1, 1)}),
    ],
)
def test_scopes_are_by_field_class_point_and_hour_of_arrival(
    scope: str, wanted: dict[str, tuple[float, float]]
) -> None:
    found = measured(worked_example()).sums
    assert {metric: found[metric, scope] for metric in wanted} == wanted


def test_scopes_of_a_kind_add_up() -> None:
    """Numerators, and denominators that count people, over all fields, classes, points and hours."""
    found = measured(worked_example()).sums
    for kind in ("field", "priority", "point", "hour"):
        scopes = {scope for _, scope in found if scope.startswith(f"{kind}=")}
        for metric in ("wait_mean", "wait_within_15", "unserved_share", "time_in_center_mean", "travel_per_resolved"):
            parts = np.array([found[metric, scope] for scope in scopes]).sum(axis=0)
            assert parts == pytest.approx(found[metric, "all"], rel=1e-12)


def test_waits_are_kept_in_bins_of_a_second() -> None:
    found = measured(worked_example()).waits
    bins = {scope: dict(zip(*(part.tolist() for part in pair), strict=True)) for scope, pair in found.items()}
    assert bins["all"] == {0: 2, 120: 1, 300: 3, 600: 1, 1200: 2, 1440: 1}
    assert bins["received"] == {0: 2, 120: 1, 300: 2, 600: 1, 1440: 1}
    assert bins["field=land"] == {600: 1}
    assert bins["point=branch"] == {}
    assert set(bins) == {
        "all", "received", "field=paper", "field=land", "priority=elderly", "priority=ordinary", "point=hall",
        "point=branch",
    }  # fmt: skip


def test_quantiles_are_those_of_the_waits() -> None:
    """Of waits of 1 to 200 minutes half are at most 100, nine of ten at most 180."""
    w = Writer()
    for minutes in range(1, 201):
        begun = f"{8 + minutes // 60:02d}:{minutes % 60:02d}"
        w.visit(1, ("08:00", "08:00", begun), Outcome.SERVED, ((0, 0, "08:00", begun, begun),))
    bins = measured(w.trace(OFFICE)).waits["all"]
    assert quantile_estimate([bins], 0.5).value == 100
    assert quantile_estimate([bins], 0.9).value == 180


JUNE: dict[str, Any] = {"start": "2026-05-31", "days": 31}
"""Measured from the second day on, the 1st of June, a Monday, to the 30th."""


@pytest.mark.parametrize(
    ("target", "days", "months"), [(9.34, 2, 1), (9.1, 1, 1), (9.09, 1, 0), (8.75, 1, 0), (8.7, 0, 0)]
)
def test_days_and_months_keep_the_target_that_is_set(target: float, days: int, months: int) -> None:
    """The first day's mean is 35 / 4, the second's 56 / 6, that of June 91 / 10."""
    found = measured(worked_example(), mean_wait(target), **JUNE).sums
    assert found["days_within_target", "all"] == (days, 2)
    assert found["periods_within_target", "all"] == (months, 1)


@pytest.mark.parametrize(
    "targets",
    [
        NOBODY,
        mean_wait(15.0, "field=paper"),
        Targets(name="within", items=(Target(metric="wait_within_15", at_least=0.8),)),
        Targets(name="other", items=(Target(metric="gate_wait_mean", at_most=15.0),)),
    ],
    ids=lambda targets: targets.name + targets.items[0].scope if targets.items else "none",
)
def test_where_no_target_says_how_long_a_mean_wait_may_be_no_day_keeps_or_breaks_it(targets: Targets) -> None:
    by = yardstick(ward(**JUNE), targets)
    assert by.wait_target is None
    found = measure(worked_example(), by).sums
    assert found["days_within_target", "all"] == (0, 0)
    assert found["periods_within_target", "all"] == (0, 0)
    # what is said in the metric itself needs no target
    assert found["days_all_within_15", "all"] == (0, 2)
    assert found["wait_within_15", "all"] == (6, 12)


def test_months_are_those_of_the_calendar() -> None:
    """Of June, July and August; the 31st of May is a warm-up, and nobody comes in September."""
    w = Writer()
    for day, minutes in ((1, "08:10"), (30, "08:19"), (31, "08:40"), (61, "08:05"), (62, "08:01"), (63, "08:01")):
        w.visit(day, ("08:00", "08:00", minutes), Outcome.SERVED, ((0, 0, "08:00", minutes, minutes),))
    for days, wanted in ((30, (0, 0)), (31, (1, 1)), (61, (1, 1)), (62, (1, 2)), (92, (1, 2)), (93, (2, 3))):
        by = yardstick(ward(start="2026-05-31", days=days), QUARTER)
        came = [visit for visit in w.visits if visit["arrival"] < days * DAY]
        kept = Writer()
        kept.visits, kept.tasks = came, w.tasks[: len(came)]
        # June 29 / 2 minutes, July 45 / 2, August 1
        assert measure(kept.trace(OFFICE, days=days), by).sums["periods_within_target", "all"] == wanted, days
    found = measure(w.trace(OFFICE, days=123), yardstick(ward(start="2026-05-31", days=123), QUARTER)).sums
    assert found["periods_within_target", "all"] == (2, 3)
    # 10, 5, 1 and 1 minutes; 19 and 40 are too long
    assert found["days_within_target", "all"] == (4, 6)


@pytest.mark.parametrize(
    ("start", "warmup", "days", "months"),
    [
        ("2026-06-01", 0, 30, [6]),
        ("2026-06-01", 0, 29, []),
        ("2026-06-01", 1, 30, []),
        ("2026-05-25", 7, 37, [6]),
        ("2026-05-25", 8, 67, []),
        ("2026-05-25", 8, 68, [7]),
        ("2026-05-02", 0, 60, [6]),
        ("2026-11-30", 1, 63, [12, 13]),  # December, and January of the next year
        ("2024-02-01", 0, 28, []),
        ("2024-02-01", 0, 29, [2]),
    ],
)
def test_a_month_counts_where_all_its_days_are_measured(start: str, warmup: int, days: int, months: list[int]) -> None:
    by = yardstick(ward(start=start, warmup_days=warmup, days=days), NOBODY)
    assert [month - 12 * int(start[:4]) for month in by.whole_months] == months


@pytest.mark.parametrize("without", [("hall",), ("branch",), ("hall", "branch")])
def test_the_way_is_known_where_every_point_says_how_far_it_is(without: tuple[str, ...]) -> None:
    """Nobody went to the branch; but a center that does not say how far it is has no figure of the way."""
    points = {
        name: {"counters": 1, "share": share, "guides": guides, **({} if name in without else {"travel": TRAVEL})}
        for name, share, guides in (("hall", 0.9, 2), ("branch", 0.1, 0))
    }
    with_all, lacking = measured(worked_example()).sums, measured(worked_example(), points=points).sums
    for scope in {scope for _, scope in lacking}:
        for metric in ("travel_per_resolved", "citizen_hours_per_resolved"):
            assert lacking[metric, scope][1] == 0, scope
            assert with_all[metric, scope][1] == with_all["visits_per_resolved", scope][1], scope
    same = set(lacking) - {key for key in lacking if key[0] in {"travel_per_resolved", "citizen_hours_per_resolved"}}
    assert all(lacking[key] == with_all[key] for key in same)


@pytest.mark.parametrize(
    ("days", "visits", "replications", "trials"),
    [(2, 7, 3, 6), (2, 2, 3, 6), (2, 1, 3, 3), (1, 9, 4, 4)],
)
def test_a_share_of_none_or_all_has_as_many_trials_as_days_or_as_people_if_they_are_fewer(
    days: int, visits: int, replications: int, trials: int
) -> None:
    """Visits of a day wait in the same queue, so days are independent; and one visit is never two trials."""
    w = Writer()
    for nth in range(visits):
        times = (f"08:0{nth}", f"08:0{nth}", f"08:0{nth}")
        # the field land has the first visits; the rest are of paper, and on all days
        w.visit(1 + nth % days, times, Outcome.SERVED, ((0, 0, *times),), procedure=1)
    for day in range(days):
        w.visit(1 + day, ("09:00", "09:00", "09:00"), Outcome.SERVED, ((0, 0, "09:00", "09:00", "09:00"),))
    runs = measure_all([w.trace(OFFICE)] * replications, yardstick(ward(), QUARTER))
    study = Study(base=ward(), targets=QUARTER, replications=replications)
    estimates = summarize(study, runs).estimates
    ends = clopper_pearson(trials, trials, 0.95)
    land = estimates["wait_within_15", "field=land"]
    assert land.value == 1.0
    assert [land.lower, land.upper] == pytest.approx(ends)
    everybody = estimates["wait_within_15", "all"]
    assert everybody.lower == pytest.approx(clopper_pearson(days * replications, days * replications, 0.95)[0])


def test_waits_of_an_hour_of_the_week_are_added_in_whole_milliseconds() -> None:
    """A sum of minutes would depend on the order in which it is made."""
    w = Writer()
    w.visits = [np.zeros(1, VISITS)[0] for _ in range(1000)]
    for visit in w.visits:
        visit["arrival"] = visit["entry"] = at(1, "08:00")
        visit["departure"], visit["outcome"] = at(1, "08:00") + 20_001, Outcome.RENEGED
    w.tasks = [(n, 0, 0, NEVER, v["entry"], NEVER, v["departure"]) for n, v in enumerate(w.visits)]
    waited, joined = measured(w.trace(OFFICE)).curves["grid"]
    assert (waited[24 + 8], joined[24 + 8]) == (20_001_000 / MINUTE, 1000)


def test_other_thresholds_are_measured_where_they_are_asked_for() -> None:
    asked = Targets(
        name="some",
        items=(Target(metric="wait_within_5", at_least=0.5), Target(metric="days_all_within_20", at_least=0.5)),
    )
    found = measured(worked_example(), asked).sums
    assert found["wait_within_5", "all"] == (5, 12)
    assert found["wait_within_20", "all"] == (6, 12)
    assert found["days_all_within_20", "all"] == (0, 2)


def test_a_day_on_which_all_are_received_in_time() -> None:
    w = Writer()
    w.visit(1, ("08:00", "08:00", "08:20"), Outcome.SERVED, ((0, 0, "08:00", "08:15", "08:20"),))
    w.visit(2, ("08:00", "08:00", "08:31"), Outcome.SERVED, ((0, 0, "08:00", "08:30", "08:31"),))
    w.visit(2, ("08:00", "08:00", "08:31"), Outcome.ADVISED, ((1, 2, "08:00", "08:00", "08:31"),))
    found = measured(w.trace(OFFICE)).sums
    assert found["days_all_within_15", "all"] == (1, 2)
    assert found["days_all_within_30", "all"] == (2, 2)
    assert found["left_within_30", "all"] == (1, 3)


# Absence


def test_over_nobody_a_mean_has_a_denominator_of_zero() -> None:
    found = measured(Writer().trace(OFFICE)).sums
    zero = {metric for metric, scope in found if scope == "all" and found[metric, scope] == (0, 0)}
    absent = {"wait_mean", "wait_max", "gate_wait_mean", "time_in_center_mean", "unserved_share", "left_within_30"}
    absent |= {"days_within_target", "periods_within_target", "wait_within_15", "days_all_within_30"}
    absent |= {"wait_per_resolved", "visits_per_resolved", "travel_per_resolved", "citizen_hours_per_resolved"}
    assert zero >= absent
    assert found["arrived", "all"] == (0, 1)
    assert found["utilization", "all"] == (0, PAID * MINUTE)
    assert found["queue_mean", "all"] == (0, 2 * 540 * MINUTE)
    assert found["queue_max", "all"] == (0, 1)
    assert found["cost_per_resolved", "all"][1] == 0
    assert not any(scope.startswith("hour=") for _, scope in found)


def test_without_officials_utilization_is_absent() -> None:
    assert measured(Writer().trace([])).sums["utilization", "all"] == (0, 0)


def test_a_day_on_which_nobody_got_in_keeps_no_target() -> None:
    """Its mean is over nobody; but people came, so it counts."""
    w = Writer()
    w.visit(1, ("08:00", "08:00", "08:05"), Outcome.SERVED, ((0, 0, "08:00", "08:00", "08:05"),))
    w.visit(2, ("17:30", "", "17:30"), Outcome.TURNED_AWAY)
    w.visit(2, ("10:00", "10:00", "10:00"), Outcome.BALKED, ((0, NEVER, "10:00", "", "10:00"),))
    found = measured(w.trace(OFFICE)).sums
    assert found["days_within_target", "all"] == (1, 2)
    w = Writer()
    w.visit(1, ("08:00", "08:00", "08:05"), Outcome.SERVED, ((0, 0, "08:00", "08:00", "08:05"),))
    w.visit(31, ("17:30", "", "17:30"), Outcome.TURNED_AWAY)
    until_july = yardstick(ward(start="2026-05-31", days=62), QUARTER)
    assert measure(w.trace(OFFICE, days=62), until_july).sums["periods_within_target", "all"] == (1, 2)


# Edges of the measured time


def straddlers() -> tuple[Trace, Yardstick]:
    """Open day and night, one warm-up day: one visit begins in it and is served after it, one the other way round."""
    w = Writer()
    w.visit(0, ("23:00", "23:00", "24:30"), Outcome.SERVED, ((0, 0, "23:00", "24:10", "24:30"),))
    w.visit(0, ("23:30", "23:30", "24:20"), Outcome.SERVED, ((0, 1, "23:30", "23:40", "24:20"),))
    w.visit(1, ("00:05", "00:05", "01:00"), Outcome.SERVED, ((0, 1, "00:05", "00:20", "01:00"),))
    shifts = [(official, day, "00:00", "24:00", 0) for official in range(2) for day in range(3)]
    return w.trace(shifts), yardstick(ward(calendar=CONTINUOUS), NOBODY)


def test_visits_that_begin_in_the_warmup_are_not_counted_but_their_queue_and_work_are_from_its_end() -> None:
    found = measure(*straddlers()).sums
    assert found["arrived", "all"] == (1, 1)
    assert found["wait_mean", "all"] == (15, 1)
    assert found["queue_mean", "all"] == ((10 + 15) * MINUTE, 2 * DAY)
    assert found["queue_max", "all"] == (2, 1)
    assert found["utilization", "all"] == ((20 + 20 + 40) * MINUTE, 2 * 2 * DAY)
    assert found["overtime_per_day", "all"] == (0, 2)


def test_who_comes_at_the_end_of_the_warmup_is_counted() -> None:
    w = Writer()
    w.visit(0, ("23:59", "23:59", "24:01"), Outcome.SERVED, ((0, 0, "23:59", "23:59", "24:01"),))
    w.visit(1, ("00:00", "00:00", "00:05"), Outcome.SERVED, ((0, 0, "00:00", "00:01", "00:05"),))
    found = measure(w.trace(OFFICE), yardstick(ward(calendar=CONTINUOUS), NOBODY)).sums
    assert found["arrived", "all"] == (1, 1)
    assert found["wait_mean", "all"] == (1, 1)


def test_work_in_the_break_and_after_the_shift_is_overtime_and_utilization_is_at_most_one() -> None:
    w = Writer()
    w.visit(1, ("08:00", "08:00", "13:30"), Outcome.SERVED, ((0, 0, "08:00", "08:00", "13:30"),))
    w.visit(1, ("13:30", "13:30", "19:00"), Outcome.SERVED, ((0, 0, "13:30", "13:30", "19:00"),))
    shifts = [(0, 1, "08:00", "12:00", 0), (0, 1, "13:00", "17:00", 0)]
    found = measured(w.trace(shifts)).sums
    assert found["utilization", "all"] == (480 * MINUTE, 480 * MINUTE)
    assert found["overtime_per_day", "all"] == (60 + 120, 2)


def test_work_without_a_shift_is_all_overtime() -> None:
    w = Writer()
    w.visit(1, ("08:00", "08:00", "08:30"), Outcome.SERVED, ((0, 5, "08:00", "08:00", "08:30"),))
    in_shift, beyond = busy_time(w.trace([(0, 1, "08:00", "12:00", 0)]), (6, 3))
    assert (in_shift, beyond.sum(), beyond[5, 1]) == (0, 30 * MINUTE, 30 * MINUTE)


def test_paid_rest_days_cost_their_factor() -> None:
    shifts = [(0, 1, "08:00", "12:00", 0), (0, 2, "08:00", "10:00", 1)]
    cost = measured(Writer().trace(shifts), costs={}).sums["cost_per_day", "all"]
    assert cost == pytest.approx((1000 * (240 + 2.0 * 120), 2))


def test_who_leaves_at_the_instant_another_comes_is_not_in_the_queue_with_them() -> None:
    w = Writer()
    w.visit(1, ("08:00", "08:00", "08:10"), Outcome.RENEGED, ((0, NEVER, "08:00", "", "08:10"),))
    w.visit(1, ("08:10", "08:10", "08:20"), Outcome.RENEGED, ((0, NEVER, "08:10", "", "08:20"),))
    assert most_at_once(*waiting_spans(w.trace(OFFICE), 2)) == 1


# What holds for every trace


def test_asking_twice_gives_the_same_and_leaves_the_trace_alone() -> None:
    trace, by = worked_example(), yardstick(ward(), NOBODY)
    before = [trace.visits.tobytes(), trace.tasks.tobytes(), trace.shifts.tobytes()]
    first, second = measure(trace, by), measure(trace, by)
    assert first.sums == second.sums
    assert list(first.waits) == list(second.waits)
    assert all(np.array_equal(first.waits[scope], second.waits[scope]) for scope in first.waits)
    assert [trace.visits.tobytes(), trace.tasks.tobytes(), trace.shifts.tobytes()] == before


@st.composite
def wards(draw: st.DrawFn) -> Scenario:
    """Small centers of all kinds, without warm-up."""
    patience = draw(st.sampled_from([None, 15.0]))
    profile = {"07:30": 1.0, "08:00": 4.0, "13:00": 2.0, "16:30": 1.0}
    return ward(
        days=4,
        warmup_days=0,
        arrivals={"per_day": float(draw(st.integers(0, 400))), "profile": profile},
        staff={"all": {"count": draw(st.integers(0, 3))}},
        points={"hall": {"counters": 2, "guides": 1, "seats": draw(st.sampled_from([None, 3]))}},
        closing={"rule": draw(st.sampled_from(["serve_out", "send_home", "carry_over"]))},
        patience=patience and {"kind": "exponential", "mean": patience},
        returns={"unserved": {"share": 0.5}, "incomplete": {"share": 1.0}},
    )


@settings(max_examples=30, deadline=None)
@given(wards(), st.integers(0, 1000))
def test_laws_of_every_run(scenario: Scenario, replication: int) -> None:
    """Little's law exactly, counts that add up, utilization at most 1, curves that hold the same time."""
    trace = run(make_plan(scenario, 1, replication))
    found = measure(trace, yardstick(scenario, NOBODY))
    value = {metric: pair for (metric, scope), pair in found.sums.items() if scope == "all"}
    assert sum(value[name][0] for name in COUNTS) == value["arrived"][0] == len(trace.visits)
    # over a run without warm-up the waiting time of all is the area under the queue
    assert value["wait_mean"][0] * MINUTE == pytest.approx(value["queue_mean"][0], abs=1e-3)
    by = yardstick(scenario, NOBODY)
    in_shift, beyond = busy_time(trace, (len(by.officials), 4))
    paid = int(paid_of(trace.shifts, trace.warmup, trace.horizon, by).present[0])
    assert 0 <= in_shift <= paid
    assert (in_shift, paid) == value["utilization"]
    waiting = value["queue_mean"][0]
    for name, total in (("waiting", waiting), ("serving", in_shift + beyond.sum()), ("on_duty", paid)):
        numerators, days = found.curves[name]
        assert numerators.sum() * SLOT / 6 == pytest.approx(total, abs=1)
        assert set(days.tolist()) == {4.0}
    waited, joined = found.curves["grid"]
    assert len(waited) == 7 * 24
    assert (waited.sum(), joined.sum()) == pytest.approx(value["wait_mean"], abs=1e-6)
    assert sum(found.waits["all"][1].tolist()) == value["wait_mean"][1]
