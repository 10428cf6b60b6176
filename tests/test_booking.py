"""Booked times: the look-up of a book against one written by hand, and what is known of it without any run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import ValidationError
from scipy.stats import binom, chisquare

from sim.attributes import draw
from sim.book_load import booked_arrivals
from sim.choice import may_choose
from sim.distributions import quantile
from sim.forecast import expected_booked
from sim.models.center import run
from sim.models.compiled.engine import run as compiled
from sim.plan import Plan
from sim.planning import make_plan
from sim.scenario import Scenario
from sim.streams import BOOK, PERSON_BITS, WHOLE, Stream, counter, has_booked, person, whole
from sim.units import DAY, MINUTE, SLOTS, clock
from sim.workload import arrivals_of, class_shares
from tests import crowds, naive
from tests.plans import EVERYTHING, WHOLE_CENTER, assert_one_trace, scenario

LATE = {"kind": "gamma", "mean": 10.0, "cv": 0.8}
BOOKED = {
    "every": 20,
    "places": 2,
    "per_day": 24.0,
    "no_show": 0.2,
    "early": 12.0,
    "punctuality": LATE,
    "ends_early": 30.0,
    "priority": "booked",
}
CLASSES = {
    "elderly": {"share": 0.2, "rank": 0},
    "ordinary": {"share": 0.8, "rank": 2},
    "booked": {"share": 0.0, "rank": 1},
}
HOURS = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("07:30-11:30", "13:30-17:00"))
NEXT_YEAR = {"first": "2027-06-01", "last": "2027-06-01"}
TIMES = [clock("07:30") + n * 20 * MINUTE for n in range(11)] + [clock("13:30") + n * 20 * MINUTE for n in range(9)]


def center(book: dict[str, Any] | None = None, **changes: Any) -> Scenario:
    """Nobody comes but for a time, unless ``changes`` say so."""
    arrivals = {"rate_per_hour": 0.0, **changes.pop("arrivals", {})}
    given = {"priorities": CLASSES, "calendar": {"hours": HOURS}, "days": 28, "warmup_days": 0, "opening": True}
    return scenario(**{**given, "arrivals": arrivals, "appointments": {**BOOKED, **(book or {})}, **changes})


def who_booked(plan: Plan) -> NDArray[Any]:
    """The first visits of those who booked, in the order of citizens."""
    rows = crowds.by_citizen(crowds.everyone(plan))
    return np.asarray(rows[(rows["citizen"] >> PERSON_BITS) % 64 == BOOK])


def by_hand(plan: Plan, share: float) -> Iterator[tuple[int, int]]:
    """Citizen and arrival of each who comes for a time of a center without storms and filers, place by place."""
    for day in np.flatnonzero(plan.days["is_working"]).tolist():
        for nth, time in enumerate(time for time in TIMES for _ in range(2)):
            citizen = person(0, day, BOOK, nth)
            at = counter(citizen, 0)
            numbers = [whole(draw(plan, stream, at)) / WHOLE for stream in (Stream.BOOKED, Stream.NO_SHOW)]
            late = quantile(plan.quantiles, plan.rules["punctual"][1], draw(plan, Stream.PUNCTUALITY, at))
            if numbers[0] < share and numbers[1] < 0.8:
                yield citizen, day * DAY + time - 12 * MINUTE + int(late)


def test_the_book_is_the_one_written_by_hand() -> None:
    plan = make_plan(center(), seed=3)
    with np.errstate(over="ignore"):
        wanted = list(by_hand(plan, 24 / 40))
    found = who_booked(plan)
    assert len(wanted) > 300
    assert list(zip(found["citizen"].tolist(), found["arrival"].tolist(), strict=True)) == wanted


@pytest.mark.parametrize(
    "given",
    [pytest.param(EVERYTHING, id="everything"), pytest.param(WHOLE_CENTER, id="whole center", marks=pytest.mark.slow)],
)
def test_three_engines_give_one_trace(given: dict[str, Any]) -> None:
    plan = make_plan(scenario(**{**given, "priorities": CLASSES, "appointments": {**BOOKED, "per_day": 30.0}}), seed=1)
    ours = run(plan)
    assert_one_trace(ours, naive.run(plan))
    assert_one_trace(ours, compiled(plan))
    assert ((ours.visits["citizen"] >> PERSON_BITS) % 64 == BOOK).sum() > 100


def test_a_day_has_a_binomial_number_of_booked_people() -> None:
    """Of 40 places 0.6 * 0.8 are kept: binomial, with half the variance of Poisson."""
    plan = make_plan(center(days=350), seed=5)
    days = np.flatnonzero(plan.days["is_working"])
    counts = np.bincount(who_booked(plan)["arrival"] // DAY, minlength=len(plan.days))[days]
    edges = [-1, 14, 16, 18, 20, 22, 24, 40]
    observed = np.histogram(counts, np.array(edges) + 0.5)[0]
    assert chisquare(observed, np.diff(binom.cdf(edges, 40, 0.48)) * len(days)).pvalue > 1e-3
    assert counts.var() < 0.7 * counts.mean()


def test_people_come_as_early_and_as_late_as_is_said() -> None:
    exact = who_booked(make_plan(center({"per_day": 40.0, "no_show": 0.0, "early": 0.0, "punctuality": None})))
    assert exact["arrival"][:40].tolist() == [time for time in TIMES for _ in range(2)]
    others = who_booked(make_plan(center({"per_day": 40.0, "no_show": 0.0})))
    late = (others["arrival"] - exact["arrival"]) / MINUTE + 12
    assert abs(late.mean() - 10) < 4 * 8 / len(late) ** 0.5
    assert 0 <= late.min() < 1


def test_the_share_that_comes_and_a_larger_book_keep_the_others() -> None:
    few, many = (who_booked(make_plan(center({"per_day": n}), seed=2)) for n in (16.0, 32.0))
    same = np.isin(many["citizen"], few["citizen"])
    assert 0.4 < same.mean() < 0.6
    for name in ("arrival", "procedure", "work", "priority", "patience"):
        assert np.array_equal(many[same][name], few[name]), name


def test_who_comes_unannounced_stays_who_they_are() -> None:
    arrivals = {"rate_per_hour": 6.0}
    with_book = center(arrivals=arrivals)
    plans = [make_plan(one, seed=4) for one in (with_book, with_book.replace(appointments=None))]
    walk_in, all_of_them = (crowds.by_citizen(crowds.everyone(plan)) for plan in plans)
    walk_in = walk_in[(walk_in["citizen"] >> PERSON_BITS) % 64 != BOOK]
    names = [name for name in walk_in.dtype.names or () if name != "rank"]
    assert np.array_equal(walk_in[names], all_of_them[names])


def test_the_book_follows_weekdays_seasons_and_demand_and_not_the_chance_of_a_day() -> None:
    season = {"first": "2026-06-08", "last": "2026-06-12", "factor": 0.5}
    arrivals = {"weekday": {"mon": 1.5, "tue": 0.5, "wed": 1.0}, "seasons": [season], "day_factor_cv": 1.0}
    made = center(arrivals=arrivals, demand=0.5, days=14)
    shares = make_plan(made).days["booked"] / WHOLE * 40
    assert shares[[0, 1, 2, 3, 7, 8, 9]].tolist() == pytest.approx([18, 6, 12, 0, 9, 3, 6])


def test_who_finds_the_book_full_comes_unannounced() -> None:
    plan = make_plan(center({"per_day": 70.0}))
    assert plan.days["booked"][0] == WHOLE
    assert plan.demand[0]["people"][0] == pytest.approx(30 * 0.8)


def test_who_booked_has_a_class_on_that_day_alone_and_keeps_one_called_before() -> None:
    visits = run(
        make_plan(center({"per_day": 40.0}, days=56, returns={"incomplete": {"share": 1.0, "last": 2}}))
    ).visits
    first = visits["visit"] == 0
    assert set(visits["priority"][first].tolist()) == {0, 2}
    assert abs((visits["priority"][first] == 0).mean() - 0.2) < 0.05
    again = set(visits["priority"][~first].tolist())
    assert not again or again <= {0, 1}


def test_a_person_with_a_time_is_told_from_all_others_and_does_not_choose() -> None:
    assert has_booked(person(7, 5, BOOK, 9), 5)
    assert not has_booked(person(7, 5, BOOK, 9), 6)
    assert not any(has_booked(person(7, 5, slot, 9), 5) for slot in range(SLOTS))
    plan = make_plan(center())
    plan.rules["chooses"] = WHOLE
    visits = who_booked(plan)
    assert not any(may_choose(plan, visit) for visit in visits[:20])


def test_in_a_storm_as_few_come_for_their_time_as_unannounced_and_some_later() -> None:
    dates = [{"first": "2026-06-01", "last": "2026-06-05"}, {"first": "2026-06-15", "last": "2026-06-19"}]
    made = center({"per_day": 40.0}, storms={"dates": dates, "factor": 0.4, "come_later": 0.5})
    expected, later = expected_booked(made)
    assert expected[[0, 7]].tolist() == pytest.approx([32 * 0.4, 32.0])
    assert later[7] == pytest.approx(5 * 32 * 0.6 * 0.5)
    own = [who_booked(make_plan(made, seed=seed)) for seed in range(8)]
    booked_for = np.concatenate([rows["citizen"] >> (PERSON_BITS + 6) for rows in own])
    came = np.concatenate([rows["arrival"] // DAY for rows in own])
    n = 8 * 10
    for here, mean in (((booked_for < 5) & (came == booked_for), 64.0), ((booked_for < 5) & (came == 7), 48.0)):
        assert abs(here.sum() - 8 * mean) < 4 * (n * 20) ** 0.5
    assert set(came[booked_for < 5].tolist()) == {0, 1, 2, 3, 4, 7}


def test_who_files_from_home_takes_no_place() -> None:
    """A full book is kept by those who come; beside them as many file from home as with people who come unannounced."""
    book = {**BOOKED, "per_day": 1000.0, "no_show": 0.0}
    changes = {
        "priorities": CLASSES,
        "appointments": book,
        "arrivals": {"rate_per_hour": 0.0},
        "storms": {"dates": [NEXT_YEAR]},
    }
    made = scenario(**{**WHOLE_CENTER, **changes})
    rows, days = who_booked(make_plan(made)), make_plan(made).days
    from_home = (rows["channel"] == 2) & (rows["purpose"] == 0)
    places = int((days["last_time"] - days["first_time"]).sum()) * 2
    assert (~from_home).sum() == places
    expected = (made.for_each_visitor - 1) * places
    assert abs(from_home.sum() - expected) < 4 * (expected * made.for_each_visitor) ** 0.5


def test_the_load_sheet_counts_those_who_booked() -> None:
    made = center(days=28)
    expected, seen = booked_arrivals(made), np.zeros(SLOTS)
    for seed in range(12):
        arrival = who_booked(make_plan(made, seed=seed))["arrival"]
        seen += np.bincount(arrival % DAY // (DAY // SLOTS), minlength=SLOTS)
    wanted = expected.sum(axis=0) * 12
    assert (np.abs(seen - wanted) < 4.5 * np.sqrt(wanted) + 1).all()
    assert arrivals_of(made)[0].sum() == pytest.approx(40 * 0.6 * 0.8)
    assert class_shares(made) == pytest.approx({"elderly": 0.2, "ordinary": 0.0, "booked": 0.8})


@pytest.mark.parametrize(
    ("book", "changes", "why"),
    [
        ({"priority": "boked"}, {}, "wanted a priority class of this scenario: elderly, ordinary, booked"),
        ({"priority": "ordinary"}, {}, "wanted a class of share 0"),
        ({"ends_early": 240.0}, {}, "on mon there is no time but the 240 minutes before a closing"),
        ({"places": 0}, {}, "places"),
        ({"no_show": 1.0}, {}, "no_show"),
        ({"every": 0}, {}, "every"),
        ({"per_day": -1.0}, {}, "per_day"),
    ],
)
def test_a_book_that_cannot_be_is_refused(book: dict[str, Any], changes: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why) as refused:
        center(book, **changes)
    assert len(refused.value.errors()) == 1
