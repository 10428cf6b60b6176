"""Officials placed over centers: sums, ties, the best of all small ways, and what the rules ask for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from sim.door import load
from sim.faults import BadInput
from sim.placement import NOBODY, RULES, Lent, Placement, chosen, compared, looked_at, worst_center
from sim.placement.benefit import Given, Waits
from sim.placement.rules import alike, by_shares, limited, need, one_by_one, permitted, skill_gap
from sim.provinces import centers_of
from sim.runs import Bins, Runs
from sim.simulations import Simulations
from sim.study import Study
from sim.theory import mmc

TABLE = """name,per_day,officials,closed,staff.specialists.weak
Một,70,4,,
Hai,20,4,,"[land,construction]"
Ba,20,4,yes,
Bốn,5,4,,
"""
QUICK = ["center=phuc_hoa", "days=9", "replications=4", "engine=reference", "policy=[secondment]"]
LENT = [*QUICK, "policy.secondment.days=30", "policy.secondment.lender_officials=10"]


def ways(count: int, centers: int) -> Iterator[tuple[int, ...]]:
    """All ways to place so many over so many."""
    if centers == 1:
        yield (count,)
        return
    for first in range(count + 1):
        for rest in ways(count - first, centers - 1):
            yield (first, *rest)


@pytest.mark.parametrize("seed", range(12))
def test_greedy_is_the_best_of_all_ways_where_gains_fall(seed: int) -> None:
    random = np.random.default_rng(seed)
    gains = -np.sort(-random.integers(0, 9, (4, 7)), axis=1)
    chosen = one_by_one(7, 4, lambda n, given: float(gains[n][given]) if given < 7 else 0.0)
    worth = {way: sum(gains[n][:k].sum() for n, k in enumerate(way)) for way in ways(7, 4)}
    assert worth[chosen] == max(worth.values())


def test_greedy_need_not_be_the_best_where_gains_rise() -> None:
    gains = [[3.0, 0.0], [2.0, 9.0]]  # two clear a line that one does not
    assert one_by_one(2, 2, lambda n, given: gains[n][given] if given < 2 else 0.0) == (1, 1)


@pytest.mark.parametrize(("count", "centers"), [(97, 45), (97, 124), (0, 3), (5, 1), (3, 7)])
def test_all_are_placed_and_ties_go_to_the_fewest_then_to_the_first_rows(count: int, centers: int) -> None:
    found = one_by_one(count, centers, alike)
    assert sum(found) == count
    assert found == tuple(sorted(found, reverse=True))
    assert max(found) - min(found) <= 1


def test_no_center_gets_more_than_there_may_be() -> None:
    assert one_by_one(7, 3, limited(by_shares([1.0, 0.0, 0.0]), 4)) == (4, 2, 1)
    assert one_by_one(9, 3, limited(by_shares([1.0, 2.0, 0.0]), 3)) == (3, 3, 3)


def test_without_a_center_nobody_can_be_placed() -> None:
    with pytest.raises(ValueError, match="wanted a center that is open"):
        one_by_one(1, 0, alike)


@pytest.mark.parametrize(
    ("weights", "count", "wanted"),
    [
        ([53.0, 24.0, 23.0], 7, (4, 2, 1)),  # D'Hondt: 53, 26.5, 24, 23, 17.7, 13.3, 12
        ([1.0, 1.0, 1.0], 7, (3, 2, 2)),
        ([0.0, 0.0], 3, (2, 1)),  # no gap anywhere: alike
        ([5.0, 0.0], 3, (3, 0)),
    ],
)
def test_highest_averages(weights: list[float], count: int, wanted: tuple[int, ...]) -> None:
    assert one_by_one(count, len(weights), by_shares(weights)) == wanted


@pytest.mark.parametrize("officials", [1, 2, 8])
def test_the_permitted_load_keeps_the_wait_exactly(officials: int) -> None:
    load_ = permitted(officials, 12.0, 15.0)
    assert mmc(load_ * officials / 12.0, 12.0, officials).mean_wait == pytest.approx(15.0, rel=1e-6)
    if officials == 1:
        assert load_ == pytest.approx(15 / 27), "of M/M/1: W = s ρ / (1 - ρ)"


def test_need_grows_with_people_and_falls_with_officials() -> None:
    def of(*overrides: str) -> float:
        return need(load(["center=phuc_hoa", *overrides]).scenario, 15.0)

    assert of() < of("demand=2") < of("demand=4")
    assert of("demand=4", "points.hall.counters=3") < of("demand=4")
    assert of("demand=4", "staff.justice.count=3") == of("demand=4"), "there is no counter for them"


def test_the_skill_gap_is_the_work_that_nobody_suits() -> None:
    base = load(["center=phuc_hoa"]).scenario
    weak = load(["center=phuc_hoa", "staff.specialists.weak=[land]"]).scenario
    more = load(["center=phuc_hoa", "staff.specialists.weak=[land,construction]"]).scenario
    covered = load(["center=phuc_hoa", "staff.specialists.weak=[certification]"]).scenario
    assert skill_gap(base) == skill_gap(covered) == 0
    assert 0 < skill_gap(weak) < skill_gap(more)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Placement:
    path = tmp_path_factory.mktemp("place") / "centers.csv"
    path.write_text(TABLE, encoding="utf-8")
    lent, simulations = Lent(centers_of(str(path), LENT), 5), Simulations({}, workers=1)
    return compared(lent, chosen(lent, simulations), simulations)


def test_every_way_places_all_and_nobody_goes_to_a_closed_center(found: Placement) -> None:
    assert tuple(found.ways) == (NOBODY, *RULES)
    for way in found.ways.values():
        assert sum(way.given.values()) == (0 if way.name == NOBODY else 5)
        assert set(way.given) == {"Một", "Hai", "Bốn"}
    assert tuple(found.ways["equal"].given.values()) == (2, 2, 1)
    assert found.ways["skill_gap"].given == {"Một": 0, "Hai": 5, "Bốn": 0}
    assert max(found.ways["by_need"].given, key=lambda name: found.ways["by_need"].given[name]) == "Một"
    assert found.ways["by_benefit"].given["Một"] >= 2


def test_ways_share_their_citizens(found: Placement) -> None:
    """A center with as many officials under two ways is the same; with others its people come all the same."""
    equal, nobody = (found.ways[name].province.centers for name in ("equal", NOBODY))
    gap = found.ways["skill_gap"].province.centers
    assert gap["Một"] is nobody["Một"]
    assert equal["Một"].study.scenario.staff["secondees_1"].count == 2
    waited = {name: way.province.totals["wait_mean"].value or 0.0 for name, way in found.ways.items()}
    assert waited["by_benefit"] < waited["skill_gap"]
    changed = {one.other: one.paired.estimate.value or 0.0 for one in found.changes() if one.metric == "wait_mean"}
    for name in RULES:
        assert changed[name] == pytest.approx(waited[name] - waited[NOBODY])


def test_the_lender_has_less_time_for_its_own_work(found: Placement) -> None:
    assert found.lender_load == pytest.approx(0.85 * 10 / 5)
    assert found.lender_backlog == pytest.approx((8.5 - 5) * 8)


def test_the_worst_center_is_estimated_on_other_replications(found: Placement) -> None:
    name, wait = worst_center(found.ways[NOBODY].province)
    over, under = found.ways[NOBODY].province.centers[name].sums["wait_mean", "all"]
    assert name == "Một"
    assert wait.value == pytest.approx(over[2:].sum() / under[2:].sum())


def test_gains_are_simulated_once() -> None:
    minutes = {0: 9.0, 1: 5.0, 2: 0.0, 3: 0.0}
    asked: list[Given] = []

    def waited(wanted: Sequence[Given]) -> list[float]:
        asked.extend(wanted)
        return [minutes[given] for _, given in wanted]

    waits = Waits(waited)
    assert [waits.gain(0, given) for given in (0, 1, 2)] == [4.0, 5.0, 0.0]
    assert asked == [(0, 0), (0, 1), (0, 2), (0, 3)]
    assert waits.rises() == (1, 2)


def test_what_chooses_looks_at_later_replications_and_at_as_many_studies_as_is_told(tmp_path: Path) -> None:
    path = tmp_path / "centers.csv"
    path.write_text(TABLE, encoding="utf-8")
    lent = Lent(centers_of(str(path), LENT), 3)
    seen: list[tuple[int, int]] = []

    def simulated(wanted: Mapping[int, Study], first: int) -> dict[int, Runs]:
        seen.extend((number, first) for number in wanted)
        return {number: waiting(number // len(lent)) for number in wanted}

    assert chosen(lent, simulated).given["by_benefit"] == (1, 1, 1), "a tie each time"
    assert {first for _, first in seen} == {lent.replications}
    assert len({number for number, _ in seen}) == len(seen) == looked_at(lent)


def waiting(given: int) -> Runs:
    """Four replications in which people wait less the more officials there are, the next worth half."""
    nobody = np.zeros(0, np.int32)
    minutes = np.full((4, 1), 100.0 * 0.5**given)
    return Runs((("wait_mean", "all"),), minutes, np.ones((4, 1)), {}, Bins(nobody, nobody, nobody, nobody), {})


def test_a_lender_with_too_few_or_no_promised_wait_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "centers.csv"
    path.write_text(TABLE, encoding="utf-8")
    with pytest.raises(BadInput, match=r"lender_officials: given 10, wanted more than the 10 who are lent"):
        Lent(centers_of(str(path), LENT), 10)
    with pytest.raises(BadInput, match="targets: given hcmc_20, wanted a target of wait_mean"):
        Lent(centers_of(str(path), [*LENT, "targets=hcmc_20"]), 5)


def test_more_than_the_centers_have_room_for_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "centers.csv"
    path.write_text(TABLE, encoding="utf-8")
    studies = centers_of(str(path), [*LENT, "policy.secondment.lender_officials=999"])
    assert Lent(studies, 300).count == 300
    with pytest.raises(BadInput, match="count: given 301, wanted at most 300, 100 at each of 3 centers"):
        Lent(studies, 301)
