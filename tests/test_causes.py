"""What befalls many centers at once: outages by scope, days that are busy everywhere, storms.

Statistical checks are at 4.5 standard errors, so that a true law fails but for 7 in a million; seeds are fixed.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest

from sim.forecast import expected_people, storm_chances
from sim.models.center import run
from sim.officials import is_away, shifts_worked
from sim.outages import FULL, in_turn, network_of, with_outages
from sim.plan import AWAY, Plan, Table
from sim.planning import flatten, make_plan, replicate
from sim.scenario import Scenario
from sim.units import DAY, HALF_DAY, HOUR, MINUTE
from sim.wanting import _day_factor
from tests.crowds import at_center, day_by_day, those_wanting
from tests.plans import SMALL, scenario
from tests.wards import WARD, policy, ward

STANDARD_ERRORS = 4.5
MEANS = {"center": (300.0, 30.0), "province": (700.0, 60.0), "portal": (900.0, 100.0)}
STORMS: dict[str, Any] = {"every": 6.0, "days": 2}
PAUSE = {"network": {"answer": "pause"}}


def outage(up: float, down: float) -> dict[str, Any]:
    return {"up": {"kind": "exponential", "mean": up}, "down": {"kind": "exponential", "mean": down}}


def failing(*scopes: str, **more: Any) -> dict[str, Any]:
    """A network with outages of some scopes."""
    return {"outages": {scope: outage(*MEANS[scope]) for scope in scopes}, **more}


def at(flat: Plan, center: int, province: int) -> Plan:
    """The plan of a center of a province, not yet of a replication."""
    rules: Any = flat.rules.copy()
    rules.province = province
    return at_center(flat._replace(rules=rules), center)


def speed_at(steps: Table, times: Any) -> Any:
    """Permille at given times."""
    return steps["speed"][np.searchsorted(steps["time"], times, side="right") - 1] if len(steps) else FULL + 0 * times


def near(values: Any, wanted: float) -> bool:
    """Whether the mean of independent values is what it should be."""
    error = np.std(values, ddof=1) / np.sqrt(np.size(values))
    return bool(abs(np.mean(values) - wanted) < STANDARD_ERRORS * error)


# Outages


@pytest.mark.parametrize(
    ("scope", "others"), [("center", (False, False)), ("province", (True, False)), ("portal", (True, True))]
)
def test_who_shares_an_outage(scope: str, others: tuple[bool, bool]) -> None:
    """Another center of the province, and one of another province."""
    flat = flatten(scenario(days=60, network=failing(scope)))
    mine = replicate(at(flat, 3, 1), 5, 2).network
    assert len(mine) > 50
    for same, (center, province) in zip(others, ((4, 1), (5, 2)), strict=True):
        other = replicate(at(flat, center, province), 5, 2).network
        assert np.array_equal(mine, other) == same
        # where they differ, nothing but the first midnight is alike
        assert same or len(np.intersect1d(mine["time"], other["time"])) == 1
    assert not np.array_equal(mine, replicate(at(flat, 3, 1), 5, 3).network)


def test_scopes_of_one_number_have_outages_of_their_own() -> None:
    alike = {scope: outage(300.0, 30.0) for scope in MEANS}
    plans = [make_plan(scenario(days=60, network={"outages": {scope: one}})) for scope, one in alike.items()]
    times = [plan.network["time"][1:] for plan in plans]
    assert not len(np.intersect1d(times[0], times[1]))
    assert not len(np.intersect1d(np.union1d(times[0], times[1]), times[2]))


def causes(answer: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Sections of a scenario, one a cause; and one with all of them."""
    windows = {"windows": [{"between": "09:00-10:30", "speed": 0.667}, {"between": "10:30-11:00", "weekdays": ["wed"]}]}
    storms = {**STORMS, "network_down": 0.5}
    return {
        **{scope: {"network": failing(scope, **answer)} for scope in MEANS},
        "windows": {"network": {**windows, **answer}},
        "storms": {"network": answer, "storms": storms},
        "all": {"network": failing(*MEANS, **windows, **answer), "storms": storms},
    }


@pytest.mark.parametrize("answer", [{"answer": "pause"}, {"answer": "slow", "slow_speed": 0.4}], ids=["pause", "slow"])
def test_the_speed_is_the_least_of_all_causes(answer: dict[str, Any]) -> None:
    plans = {name: make_plan(scenario(days=60, **given), 9, 1) for name, given in causes(answer).items()}
    together = plans.pop("all").network
    times = np.unique(np.concatenate([plan.network["time"] for plan in plans.values()]))
    times = np.unique(np.concatenate([times, times - 1, times + MINUTE]))
    times = times[(times >= 0) & (times < 60 * DAY)]
    each = [speed_at(plan.network, times) for plan in plans.values()]
    assert np.array_equal(speed_at(together, times), np.min(each, axis=0))
    assert all((speeds < FULL).any() for speeds in each)
    assert together["speed"][-1] == FULL
    assert (np.diff(together["speed"]) != 0).all()


@pytest.mark.parametrize("scopes", [("center",), ("province", "portal"), ("center", "province", "portal")])
def test_the_share_of_time_down_is_that_of_theory(scopes: tuple[str, ...]) -> None:
    """1 - Π up / (up + down), over 400 replications of 25 days, five days after all were up.

    By then a start is forgotten: what is left of it fades with exp(-t (1 / up + 1 / down)), 3e-25 after 5 days.
    """
    one = scenario(days=30, network=failing(*scopes))
    flat, shares = flatten(one), []
    for replication in range(400):
        steps = replicate(flat, 1, replication).network
        times = np.append(np.clip(steps["time"], 5 * DAY, 30 * DAY), 30 * DAY)
        shares.append(np.diff(times)[steps["speed"] == 0].sum() / (25 * DAY))
    ups = [MEANS[scope][0] / sum(MEANS[scope]) for scope in scopes]
    assert one.network is not None
    assert one.network.share_up == pytest.approx(np.prod(ups))
    assert near(shares, 1 - float(np.prod(ups)))


# Days that are busy everywhere


def factors(flat: Plan, centers: int) -> Any:
    """What multiplies the expected people of each day of 20 replications, by center: (centers, days)."""
    found = []
    with np.errstate(over="ignore"):
        for center in range(centers):
            plans = [replicate(at(flat, center, 0), 1, replication) for replication in range(20)]
            found.append([_day_factor(plan, plan.centers[0], day) for plan in plans for day in range(len(plan.days))])
    return np.array(found)


@pytest.mark.parametrize("common", [0.0, 0.2, 0.4])
def test_days_vary_as_much_as_stated_and_in_part_together(common: float) -> None:
    cv = 0.4
    arrivals = {**SMALL["arrivals"], "day_factor_cv": cv, "day_factor_common_cv": common}
    here, there = factors(flatten(scenario(days=250, arrivals=arrivals)), 2)
    assert near(here, 1)
    assert near((here - 1) ** 2, cv**2)
    assert near((here - 1) * (there - 1), common**2)
    assert np.array_equal(here, there) == (common == cv)


def test_nothing_common_leaves_all_as_it_is() -> None:
    arrivals = {**SMALL["arrivals"], "day_factor_cv": 0.3}
    without, zero = (scenario(arrivals=given) for given in (arrivals, {**arrivals, "day_factor_common_cv": 0.0}))
    assert run(make_plan(without)) == run(make_plan(zero))
    assert make_plan(without).rules == make_plan(zero).rules


# When storms come


def storms_of(run_days: int, replication: int = 0, **given: Any) -> Any:
    """On which days of a run a storm lasts."""
    return make_plan(scenario(days=run_days, storms={**STORMS, **given}), 1, replication).days["storm"]


@pytest.mark.parametrize(("every", "length"), [(6.0, 1), (6.0, 2), (20.0, 5), (1.0, 1)])
def test_storms_begin_as_often_and_last_as_long_as_stated(every: float, length: int) -> None:
    """On 1 - (1 - 1 / every)^length of the days, from the first one on; each of a stretch, whatever follows it."""
    stormy = np.array([storms_of(200, replication, every=every, days=length) for replication in range(100)])
    share = 1 - (1 - 1 / every) ** length
    assert stormy.all() if every == 1 else near(stormy.mean(axis=1), share)
    assert stormy.all() if every == 1 else near(stormy[:, 0], share)
    edges = np.diff(np.pad(stormy[0].astype(int), 1))
    lengths = np.flatnonzero(edges == -1) - np.flatnonzero(edges == 1)
    assert (lengths[1:-1] >= length).all()
    chances = storm_chances(scenario(days=200, storms={"every": every, "days": length}))
    assert chances == pytest.approx(np.full(200, share))


def test_a_storm_is_of_the_province() -> None:
    flat = flatten(scenario(days=400, storms={**STORMS, "network_down": 0.5}, **PAUSE))
    mine, neighbor, far = (replicate(at(flat, *where), 1, 0) for where in ((0, 3), (1, 3), (1, 4)))
    assert np.array_equal(mine.days, neighbor.days)
    assert np.array_equal(mine.network, neighbor.network)
    assert (mine.days["storm"] != far.days["storm"]).mean() > 0.3


def test_storms_on_dates_come_besides() -> None:
    dates = [{"first": "2026-06-10", "last": "2026-06-12"}]
    both, alone = storms_of(60, dates=dates), storms_of(60)
    only = make_plan(scenario(days=60, storms={"dates": dates})).days["storm"]
    assert np.flatnonzero(only).tolist() == [9, 10, 11]
    assert np.array_equal(both, alone | only)


# What they do


def stormy(**given: Any) -> Scenario:
    return scenario(days=60, storms={**STORMS, **given}, **(PAUSE if "network_down" in given else {}))


@pytest.mark.parametrize(("factor", "later"), [(0.4, 1.0), (0.4, 0.25), (0.0, 0.5), (1.0, 1.0), (1.5, 1.0)])
def test_who_is_kept_away_comes_on_the_next_day_on_which_people_come(factor: float, later: float) -> None:
    """Day by day, as one would count it."""
    usual = make_plan(scenario(days=60)).demand[0]["people"]
    plan = make_plan(stormy(factor=factor, come_later=later), 3, 1)
    days, coming = plan.days, plan.demand[0]["people"]
    waiting = 0.0
    for storm, people, found in zip(days["storm"], usual, coming, strict=True):
        if storm:
            assert found == pytest.approx(people * factor)
            waiting += max(people - found, 0) * later
        else:
            assert found == pytest.approx(people + (waiting if people else 0))
            waiting = 0.0 if people else waiting
    assert days["storm"].sum() > 5
    assert later < 1 or factor > 1 or coming.sum() + waiting == pytest.approx(usual.sum())


@pytest.mark.parametrize(("every", "dates"), [(6.0, []), (6.0, [3, 4]), (None, [3, 4, 5])])
def test_the_people_expected_are_the_mean_of_all_weather(every: float | None, dates: list[int]) -> None:
    given = [{"first": f"2026-06-0{day}", "last": f"2026-06-0{day}"} for day in dates]
    at_random = {"every": every, "days": 3} if every else {}
    one = scenario(days=20, storms={**at_random, "dates": given, "factor": 0.3, "come_later": 0.7})
    flat = flatten(one)
    found = np.array([replicate(flat, 1, n).demand[0]["people"] for n in range(2000)])
    wanted, error = expected_people(one), found.std(axis=0, ddof=1) / np.sqrt(len(found))
    assert (np.abs(found.mean(axis=0) - wanted) <= STANDARD_ERRORS * error + 1e-9).all()
    assert (error > 1e-9).any() == (every is not None)


def away(plan: Plan, hour: int = 8) -> Any:
    """Whether each official is away at a time of each day: (officials, days)."""
    with np.errstate(over="ignore"):
        days, officials = range(len(plan.days)), range(len(plan.officials))
        return np.array([[is_away(plan, one, day * DAY + hour * HOUR) for day in days] for one in officials])


STAFF: dict[str, Any] = {
    "staff": {
        "civil": {"count": 10, "called_away": 0.2},
        "land": {"count": 10},
        "leaders": {"count": 2, "role": "leader"},
        "youth": {"count": 2, "role": "guide", "paid": False},
    },
    "guidance": {"service": {"kind": "exponential", "mean": 1.0}, "finds": 0.0, "mends": 0.0},
    "days": 400,
}


def test_a_storm_keeps_its_share_of_officials_away_and_no_guides() -> None:
    """Each day others; who is called away, too, is away once: 1 - (1 - 0.5) (1 - 0.2) of the time."""
    plan = make_plan(scenario(storms={**STORMS, "away": 0.5}, **STAFF))
    found, storm = away(plan), plan.days["storm"]
    assert near(found[10:22, storm], 0.5)
    assert near(found[:10, storm], 1 - 0.5 * 0.8)
    assert near(found[:10, ~storm], 0.2)
    assert not found[10:, ~storm].any()
    assert not found[22:].any()
    assert np.array_equal(found[10:], away(plan, 13)[10:])
    pairs = np.corrcoef(found[10:20, storm].astype(float))[np.triu_indices(10, 1)]
    assert np.abs(pairs).max() < STANDARD_ERRORS / np.sqrt(storm.sum())


def test_groups_may_be_kept_away_more_or_less_than_others() -> None:
    own = {"land": {"count": 10, "storm_away": 1.0}, "leaders": {"count": 2, "role": "leader"}}
    staff = {**STAFF["staff"], **own, "civil": {"count": 10, "called_away": 0.2, "storm_away": 0.0}}
    plan = make_plan(scenario(storms={**STORMS, "away": 0.5}, **{**STAFF, "staff": staff}))
    found, storm = away(plan), plan.days["storm"]
    assert found[10:20, storm].all()
    assert near(found[20:22, storm], 0.5)
    assert near(found[:10, storm], 0.2)
    assert not found[10:, ~storm].any()


def test_who_is_kept_away_is_paid_and_marked_once() -> None:
    given = {**STAFF, "days": 40}
    calm, wild = (make_plan(scenario(**given, **more)) for more in ({}, {"storms": {**STORMS, "away": 0.5}}))
    before, after = shifts_worked(calm), shifts_worked(wild)
    names = ["official", "start", "end"]
    assert np.array_equal(before[names], after[names])
    more = (after["pay"] & AWAY) > (before["pay"] & AWAY)
    assert more.sum() > 50
    assert not ((after["pay"] & AWAY) < (before["pay"] & AWAY)).any()
    assert np.array_equal(after["pay"] & ~np.int32(AWAY), before["pay"] & ~np.int32(AWAY))
    assert wild.days["storm"][after["start"][more] // DAY].all()


def test_a_storm_takes_the_network_down_for_its_share_of_half_days() -> None:
    flat = flatten(scenario(days=300, storms={**STORMS, "network_down": 0.3}, **PAUSE))
    inside: list[tuple[bool, bool]] = []
    halves = np.arange(600) * HALF_DAY
    for replication in range(20):
        plan = replicate(flat, 1, replication)
        down = speed_at(plan.network, halves).reshape(300, 2) == 0
        assert np.array_equal(down, speed_at(plan.network, halves + HALF_DAY - 1).reshape(300, 2) == 0)
        assert not down[~plan.days["storm"]].any()
        inside += down[plan.days["storm"]].tolist()
    assert near(inside, 0.3)
    assert near(np.all(inside, axis=1), 0.3**2)
    always = make_plan(scenario(days=300, storms={**STORMS, "network_down": 1.0}, **PAUSE))
    noon = speed_at(always.network, np.arange(300) * DAY + HALF_DAY)
    assert np.array_equal(noon == 0, always.days["storm"])


# Common random numbers


@pytest.mark.parametrize(
    ("given", "changes"),
    [
        ({"away": 0.5}, {"shifts"}),
        ({"network_down": 0.5}, {"network"}),
        ({"factor": 0.5}, {"people"}),
        ({"away": 0.0, "factor": 1.0}, set()),
    ],
)
def test_a_storm_changes_only_what_it_names(given: dict[str, Any], changes: set[str]) -> None:
    calm, wild = make_plan(scenario(days=60), 2, 1), make_plan(stormy(**given), 2, 1)
    found = {
        "shifts": shifts_worked(calm).tobytes() != shifts_worked(wild).tobytes(),
        "network": bool((wild.network["speed"] != FULL).any()),
        "people": any(not np.array_equal(those_wanting(calm, day), those_wanting(wild, day)) for day in range(60)),
    }
    assert {name for name, differs in found.items() if differs} == changes
    assert changes or run(calm) == run(wild)
    for before, after in zip(day_by_day(calm), day_by_day(wild), strict=True):
        citizens, mine, theirs = np.intersect1d(before["citizen"], after["citizen"], return_indices=True)
        assert len(citizens) == min(len(before), len(after))
        names = [name for name in before.dtype.names or () if name != "rank"]
        assert np.array_equal(before[names][mine], after[names][theirs])


def test_what_storms_do_depends_on_no_order_of_replications() -> None:
    flat = flatten(stormy(away=0.5, factor=0.5, network_down=0.5))
    makes = partial(replicate, flat, 4)
    first, second, again = makes(8), makes(9), makes(8)
    assert run(first) == run(again)
    assert not np.array_equal(first.days, second.days)
    assert not flat.days["storm"].any()
    undecided = first._replace(**in_turn([network_of(flat, 0)]))
    assert np.array_equal(with_outages(undecided).network, first.network)


# Policies


def test_what_only_storms_take_down_can_be_answered() -> None:
    given = stormy(network_down=0.5)
    answered = policy("backup_link").apply(given).network
    assert answered is not None
    assert answered.answer == "slow"
    speeds = make_plan(given.replace(network=answered)).network["speed"]
    assert set(speeds.tolist()) == {FULL, 500}
    with pytest.raises(ValueError, match="the network never fails here"):
        policy("backup_link").apply(stormy(away=0.5, factor=0.5).replace(network={"answer": "pause"}))


def test_a_group_that_is_divided_stays_as_exposed_to_storms() -> None:
    staff = {**WARD["staff"], "both": {"count": 2, "skills": None, "storm_away": 0.75}}
    before = ward(staff=staff, storms={**STORMS, "away": 0.25})
    after = policy("dedicated_queues").apply(before)
    assert len(after.staff) > len(before.staff)
    exposed = [sum(after.storm_away(group) == share for group in after.staff.values()) for share in (0.75, 0.25)]
    assert exposed == [2, len(after.staff) - 2]
