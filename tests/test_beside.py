"""Theory beside runs: what it takes from a scenario, a textbook day against simulation, reasons, table and lines.

A day of M(t)/M/c, and one of M(t)/M/c+M, is simulated and compared half-hour by half-hour with the forward equations,
which are exact there. z = (estimate - exact) / standard error over R independent replications has a Student t law; all
half-hours together fail a correct simulator with probability FAMILY at most (Bonferroni), and the seed is fixed. Power:
where a person or more waits a bias of the line of DETECTABLE, at half of these times of a third of it, is found with
probability POWER, and the test checks that.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import lognorm
from scipy.stats import t as student

import sim
from experiments.validate.exact import DAY_STEPS
from sim.beside.compared import Beside, beside, parts, why_not
from sim.beside.days import IN_SLOT, Desk
from sim.beside.inputs import hazard_of, lines_of
from sim.beside.methods import APART, FLUID, FORWARD, LAGGED, MODIFIED, STATIONARY, waiting
from sim.beside.reasons import BACKLOG, CHANCE, GATE, LATE, LUNCH, OVERLOAD, SKILLS
from sim.beside.table import THEORY_COLUMNS, theory_frame, theory_lines
from sim.intervals import Estimate
from sim.models.center import run
from sim.result import Result
from sim.roster import duties
from sim.scenario import Scenario
from sim.units import MINUTE, SLOTS
from sim.workload import work_of

Floats = NDArray[np.float64]
FAMILY, POWER, DETECTABLE = 0.01, 0.9, 0.3
TEXTBOOK = (
    *("center=textbook", "days=25", "replications=150", "seed=11"),
    "procedures.request.service={kind: exponential, mean: 6}",
    "points.hall.counters=5",
)
ALIKE = ("arrivals.weekday={mon: 1.0, tue: 1.0, wed: 1.0, thu: 1.0, fri: 1.0}", "arrivals.day_factor_cv=0.0")
POOLED = ("center=cam_duong", "points={hall: {counters: 6}}", "staff={all: {count: 6, skills: null}}", "patience=null")
IMPATIENT = ("patience={kind: exponential, mean: 12}", "points.hall.counters=4")


@cache
def textbook(*more: str) -> Beside:
    study = sim.load([*TEXTBOOK, *more])
    arrivals = study.base.arrivals.replace(rate_per_hour=DAY_STEPS)
    return found(sim.simulate(study.replace(base=study.base.replace(arrivals=arrivals)), workers=1))


def found(result: Result) -> Beside:
    one = beside(result)
    assert one is not None
    return one


@cache
def center(*overrides: str, profile: tuple[str, ...] = ()) -> Beside:
    """A center; with a ``profile`` as many come in each of these half-hours."""
    study = sim.load([*overrides])
    if profile:
        arrivals = study.base.arrivals.replace(profile=dict.fromkeys(profile, 1.0))
        study = study.replace(base=study.base.replace(arrivals=arrivals))
    return found(sim.simulate(study, workers=1))


def scenario_of(*overrides: str) -> Scenario:
    return sim.load([*overrides]).scenario


# What theory takes from a scenario


@pytest.mark.parametrize("name", ["go_vap", "cam_duong", "tan_giang", "da_nang", "na_hy", "textbook"])
def test_all_visits_come_on_some_kind_of_day(name: str) -> None:
    """Of those to counters all but who finds the door closed; through guides they come later, and none is lost."""
    scenario = scenario_of(f"center={name}")
    work, (together, apart) = work_of(scenario, duties(scenario)), lines_of(scenario)
    for lines in (together, apart):
        counters = [line for line in lines if line.desk.is_counter]
        assert all(sum(day.share for day in line.days) == pytest.approx(1) for line in lines)
        if counters:
            came = sum(line.arrivals.sum() for line in counters)
            assert came == pytest.approx(work.visits.sum(), rel=2e-3)


def test_moments_of_the_work_by_hand() -> None:
    """1 + Poisson(0.5) exponential dossiers of 4: mean 6 and second moment (1.5 * 2 + 1.25 - 1.5 + 1.25) * 16."""
    scenario = scenario_of(
        *("center=textbook", "arrivals.dossiers_per_visitor=1.5"),
        "procedures.request.service={kind: exponential, mean: 4.0}",
    )
    line = lines_of(scenario)[0][0].line
    assert line.mean_service == pytest.approx(6)
    assert line.cv_service**2 == pytest.approx((2 * 1.5 - 1) / 1.5**2)


def test_those_who_come_again_are_visits() -> None:
    """A third lacks something and 90 % of them come again, twice at most: 1 + 0.3 + 0.09 visits a person."""
    scenario = scenario_of(
        *("center=textbook", "procedures.request.incomplete=0.3333333333", "returns.visits=3"),
        "returns.incomplete={share: 0.9, first: 1, last: 1}",
    )
    assert lines_of(scenario)[0][0].arrivals.sum() == pytest.approx(24 * 5 * 1.39)


def test_the_work_of_visits_is_that_of_a_run() -> None:
    """Tân Giang for a month: mean and cv of the work at counters, guides and returns included."""
    scenario = scenario_of("center=tan_giang", "days=40")
    trace = run(sim.make_plan(scenario, seed=3, replication=0))
    tasks = trace.tasks[(trace.tasks["kind"] < len(scenario.fields)) & (trace.tasks["start"] >= trace.warmup)]
    minutes = (tasks["end"] - tasks["start"])[tasks["end"] > 0] / MINUTE
    line = next(line for line in lines_of(scenario)[0] if line.desk.is_counter).line
    assert len(minutes) > 1500
    assert abs(line.mean_service - minutes.mean()) < 3.5 * minutes.std() / np.sqrt(len(minutes))
    assert line.cv_service == pytest.approx(minutes.std() / minutes.mean(), rel=0.1)


def test_people_at_the_gate_enter_together_and_nobody_at_noon() -> None:
    day = lines_of(scenario_of("center=cam_duong"))[0][0].days[0]
    assert np.flatnonzero(day.crowds).tolist() == [int(7.5 * 2 * IN_SLOT)]
    assert day.rates[: int(7.5 * 12)].sum() == 0
    assert day.servers[[7 * 12, 8 * 12, 12 * 12, 14 * 12]].tolist() == [0, 4, 0, 4]


def test_days_differ_by_their_factor_as_much_as_they_do() -> None:
    """A gamma factor of cv 0.4 over Poisson means: five levels have most of its variance."""
    lines = lines_of(scenario_of("center=textbook", "arrivals.day_factor_cv=0.4"))[0]
    people = np.array([day.arrivals.sum() for day in lines[0].days])
    shares = np.array([day.share for day in lines[0].days])
    mean = float(shares @ people)
    assert mean == pytest.approx(120)
    assert 0.33 < np.sqrt(shares @ (people - mean) ** 2) / mean < 0.4
    assert len(lines_of(scenario_of("center=textbook"))[0][0].days) == 1


def test_officials_who_are_relieved_overlap() -> None:
    """Gò Vấp: at 12:30 eleven take over from nine, who end the service in hand, at no more than 15 counters."""
    day = lines_of(scenario_of("center=go_vap"))[0][0].days[0]
    at = int(12.5 * 12)
    assert (day.servers[at - 1], day.servers[at], day.relieved[at], day.relieved[at + 1]) == (9, 11, 15, 11)


def test_groups_of_equal_skills_are_dealt_all_work_and_loaded_alike() -> None:
    together, apart = lines_of(scenario_of("center=cam_duong"))
    hall = [line for line in apart if line.desk.point == "hall"]
    assert len(hall) == 2
    assert hall[0].arrivals.sum() == pytest.approx(hall[1].arrivals.sum(), rel=0.01)
    assert [line for line in apart if line.desk.point == "point_2"] != []
    assert together[0].desk == Desk("hall")
    assert lines_of(scenario_of("center=da_nang"))[1] == ()


@pytest.mark.parametrize("minutes", [1.0, 20.0, 90.0, 400.0])
def test_the_hazard_of_patience(minutes: float) -> None:
    plain = hazard_of(scenario_of("center=textbook", "patience={kind: exponential, mean: 20.0}"))
    skewed = hazard_of(scenario_of("center=textbook", "patience={kind: lognormal, mean: 105.0, cv: 0.6}"))
    assert plain is not None
    assert skewed is not None
    variance = np.log1p(0.36)
    exact = -lognorm(np.sqrt(variance), scale=105 * np.exp(-variance / 2)).logsf(minutes)
    assert float(plain(np.array(minutes))) == pytest.approx(minutes / 20, rel=2e-3)
    assert float(skewed(np.array(minutes))) == pytest.approx(float(exact), rel=2e-3, abs=2e-6)
    assert hazard_of(scenario_of("center=textbook")) is None


# A textbook day


@pytest.mark.parametrize("more", [(), IMPATIENT], ids=["M(t)/M/5", "M(t)/M/4+M"])
def test_a_textbook_day_is_simulated_as_theory_has_it(more: tuple[str, ...]) -> None:
    one = textbook(*more)
    over, under = one.result.runs[:].curves["waiting"]
    each = (over / under).reshape(len(over), SLOTS, IN_SLOT).mean(axis=2)
    exact, errors = one.theory[FORWARD.name], each.std(axis=0, ddof=1) / np.sqrt(len(each))
    seen = exact > 0.1  # below, a few days have all of the line, and no t law holds
    freedom = len(each) - 1
    critical = float(student.ppf(1 - FAMILY / 2 / seen.sum(), freedom))
    assert np.abs((each.mean(axis=0) - exact)[seen] / errors[seen]).max() < critical
    detectable = (critical + float(student.ppf(POWER, freedom))) * errors / np.maximum(exact, 1)
    assert detectable[exact > 1].max() < DETECTABLE
    assert np.median(detectable[exact > 1]) < DETECTABLE / 3
    assert one.nearest is FORWARD
    assert not any(one.why[FORWARD.name])


def test_a_modified_offered_load_is_nearer_than_steady_states() -> None:
    """With patience there is a steady state at each load; the errors are those of the day, 0.2 and 0.3 of the line."""
    one = textbook(*IMPATIENT)
    assert one.off(FORWARD) < one.off(MODIFIED) < one.off(STATIONARY) < 0.6
    assert one.off(FLUID) > one.off(FORWARD)
    assert one.wait(FORWARD) == pytest.approx(one.result.figures.estimates["wait_mean", "all"].value, rel=0.1)


def test_overload_without_patience_has_no_steady_state() -> None:
    one = textbook("points.hall.counters=4")
    silent = one.silent(STATIONARY)
    assert silent[0] == 15  # from 07:30 on: 40 an hour are all that four officials get done
    assert {one.why[STATIONARY.name][slot] for slot in silent} == {OVERLOAD}
    assert one.why[STATIONARY.name][22] == BACKLOG  # at 11:00
    assert np.isnan(one.wait(STATIONARY))
    line = theory_lines({"a": one.result}, {"a": one})
    assert "no answer" in " ".join(line)
    assert max(len(part) for part in line) <= 100


# Centers


def test_a_small_ward_has_a_gate_a_lunch_and_skills() -> None:
    one = center("center=cam_duong", "days=60", "replications=30")
    said = {reason for why in one.why.values() for text in why for reason in text.split("; ") if text}
    assert {GATE, SKILLS, LATE, CHANCE} <= said
    assert one.nearest is APART
    wait = one.result.figures.estimates["wait_mean", "all"].value
    assert wait is not None
    assert one.wait(FORWARD) < 0.8 * wait
    assert one.wait(APART) == pytest.approx(wait, rel=0.1)


def test_at_noon_nobody_serves_and_a_steady_state_has_no_answer() -> None:
    """Officials who can do everything and people who stay: the forward equations follow, steady states cannot."""
    one = center(*POOLED, "days=60", "replications=20", profile=("08:00", "11:30", "12:00", "13:00"))
    assert {23, 24} <= set(one.silent(STATIONARY))
    assert one.why[STATIONARY.name][24].startswith(LUNCH)
    assert one.nearest is FORWARD
    assert one.off(FORWARD) < 0.1


def test_what_is_too_large_or_grows_without_end_is_said() -> None:
    assert why_not(scenario_of("center=go_vap")) == ""
    assert why_not(scenario_of("center=go_vap", "demand=10")) == "more than 3,000 people come on a day"
    wards = ", ".join(f"p{n}: {{counters: 1, share: {1 / 13:.12f}}}" for n in range(13))
    everywhere = ", ".join(f"p{n}: {{count: 1, skills: null, point: p{n}}}" for n in range(13))
    many = scenario_of("center=textbook", f"points={{{wards}}}", f"staff={{{everywhere}}}")
    assert why_not(many) == "it has more than 12 points"
    line = lines_of(scenario_of("center=textbook", "arrivals.rate_per_hour=7.0"))[0][0]
    assert np.isnan(waiting(line, 30)[FORWARD.name]).all()


def test_one_replication_marks_nothing_and_nobody_gives_nothing() -> None:
    assert not any(any(why) for why in center("center=cam_duong", "days=14", "replications=1").why.values())
    nobody = sim.simulate(sim.load(["center=cam_duong", "days=14", "replications=2", "demand=0"]), workers=1)
    assert beside(nobody) is None
    assert theory_lines({"x": nobody}, {"x": None}) == ["theory:  x: nothing to compare: nobody waits"]


# Where they part, and the table


@pytest.mark.parametrize(
    ("theory", "value", "ends", "expected"),
    [
        (10.5, 10.0, (9.0, 11.0), False),
        (12.0, 10.0, (9.0, 11.0), True),
        (11.0, 10.0, (9.9, 10.1), False),  # within a tenth
        (0.09, 0.0, (0.0, 0.01), False),  # within a tenth of a person
        (0.15, 0.0, (0.0, 0.01), True),
        (np.nan, 3.0, (2.0, 4.0), True),
        (np.nan, 0.0, (0.0, 0.0), False),
    ],
)
def test_when_they_part(theory: float, value: float, ends: tuple[float, float], *, expected: bool) -> None:
    assert parts(theory, Estimate(value, *ends, 0.5, 0.95, "by hand", 30)) is expected
    assert not parts(theory, Estimate(value, None, None, None, 0.95, "by hand", 1))


def test_the_table_has_a_row_for_each_line_half_hour_and_method() -> None:
    one = center("center=tan_giang", "days=20", "replications=10", *ALIKE)
    frame = theory_frame({"today": one})
    assert tuple(frame.columns) == THEORY_COLUMNS
    assert set(frame["line"]) == {"all", "hall", "guides at hall"}
    whole = frame[frame["line"] == "all"]
    assert len(whole) == len(one.slots) * len(one.methods)
    assert set(whole["method"]) == {one.name for one in (STATIONARY, LAGGED, MODIFIED, FORWARD, APART, FLUID)}
    parted = whole[whole["parts"].astype(bool)]
    assert (parted["reason"] != "").all()
    assert (whole[~whole["parts"].astype(bool)]["reason"] == "").all()
    forward = frame[(frame["method"] == FORWARD.name) & (frame["from"] == "08:00")].set_index("line")["theory"]
    assert forward["hall"] + forward["guides at hall"] == pytest.approx(forward["all"], abs=1e-8)
