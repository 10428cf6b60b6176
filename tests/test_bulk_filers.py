"""A class of those who bring many dossiers: who is of it, where they are served, and what the load sheet knows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from sim.models.center import run
from sim.models.compiled.engine import run as compiled
from sim.offered_load import load_sheet
from sim.plan import Plan, Purpose
from sim.planning import make_plan
from sim.policies import applied
from sim.scenario import Scenario
from sim.trace import Trace
from sim.workload import class_shares
from tests.crowds import everyone
from tests.wards import WARD, policy, ward

ENGINES = pytest.mark.parametrize("engine", [run, compiled], ids=["reference", "compiled"])
ELDERLY, ORDINARY, BULK = range(3)


def test_who_brings_so_many_is_of_the_class_and_nobody_else_changes() -> None:
    before, after = (everyone(make_plan(one, 17, 4)) for one in (ward(), policy("bulk_lane").apply(ward())))
    many = (np.bitwise_count(before["dossiers"]) >= 2) & (before["priority"] == ORDINARY)
    assert 0.15 < many.mean() < 0.35
    assert np.array_equal(after["priority"], np.where(many, BULK, before["priority"]))
    assert (before["purpose"][many] == Purpose.SUBMIT).all()


@ENGINES
def test_who_comes_again_with_the_rest_is_still_of_the_class(engine: Callable[[Plan], Trace]) -> None:
    visits = engine(make_plan(policy("bulk_lane").apply(ward()), 17, 4)).visits
    first = dict(zip(*(visits[name][visits["visit"] == 0].tolist() for name in ("citizen", "priority")), strict=True))
    again = visits[(visits["visit"] > 0) & (visits["priority"] == BULK)]
    assert (again["dossiers"] == 1).sum() > 20
    later = visits[visits["visit"] > 0]
    assert [first[who] for who in later["citizen"].tolist()] == later["priority"].tolist()


@pytest.mark.parametrize(
    ("rank", "wanted"),
    [(0, {"elderly": 1, "ordinary": 1}), (1, {"elderly": 0, "ordinary": 1}), (2, {"elderly": 0, "ordinary": 1})],
)
def test_who_is_called_before_keeps_their_class(rank: int, wanted: dict[str, int]) -> None:
    """Nobody who is called before the bulk filers loses by it; all who are called with them or later may be of them."""
    bulk = {"share": 0.0, "rank": rank, "dossiers": 2}
    own = {"elderly": {"share": 0.5, "rank": 0}, "ordinary": {"share": 0.5, "rank": 2}, "bulk": bulk}
    before, after = (
        everyone(make_plan(ward(priorities=one), 17, 4))
        for one in ({name: entry for name, entry in own.items() if name != "bulk"}, own)
    )
    changed = set(before["priority"][before["priority"] != after["priority"]].tolist())
    assert changed == {number for number, may in enumerate(wanted.values()) if may}


@ENGINES
@pytest.mark.parametrize("exclusive", [True, False])
def test_they_are_served_in_their_lane(engine: Callable[[Plan], Trace], exclusive: bool) -> None:
    """Officials of the hall are 0 to 3, of the branch 4, and the lane is 5."""
    after = policy("bulk_lane", exclusive=exclusive).apply(ward())
    assert list(after.staff) == ["paper", "both", "branch", "bulk"]
    trace = engine(make_plan(after, 17, 4))
    tasks = trace.tasks[trace.tasks["official"] >= 0]
    of_bulk = trace.visits["priority"][tasks["visit"]] == BULK
    at_hall = tasks["place"] == 0
    officials = [set(tasks["official"][which].tolist()) for which in (of_bulk & at_hall, ~of_bulk & at_hall, of_bulk)]
    assert officials[0] == ({5} if exclusive else {0, 1, 2, 3, 5})
    assert officials[1] == {0, 1, 2, 3}
    assert officials[2] == officials[0] | {4}


def test_groups_that_serve_some_classes_go_on_with_theirs() -> None:
    staff: dict[str, Any] = {
        **WARD["staff"],
        "lane": {"count": 1, "serves": ["elderly"]},
        "there": {"count": 1, "point": "branch", "serves": ["ordinary"]},
        "boss": {"count": 1, "role": "leader"},
    }
    found = policy("bulk_lane").apply(ward(staff=staff)).staff
    assert {name: group.serves for name, group in found.items()} == {
        "paper": ("elderly", "ordinary"),
        "both": ("elderly", "ordinary"),
        "branch": None,
        "lane": ("elderly",),
        "there": ("ordinary", "bulk"),
        "boss": None,
        "bulk": ("bulk",),
    }


def test_a_bulk_lane_and_a_priority_lane_go_together() -> None:
    both = applied(ward(), [policy("priority_lane"), policy("bulk_lane")])
    assert both.staff["priority_lane"].serves == ("elderly",)
    assert both.staff["bulk"].serves == ("bulk",)
    assert both.priorities["bulk"].model_dump() == {"share": 0.0, "rank": 1, "dossiers": 2}


@pytest.mark.parametrize(
    ("priorities", "why"),
    [
        ({"all": {"share": 0.9, "rank": 0}, "bulk": {"share": 0.1, "rank": 0, "dossiers": 3}}, "has the share 0"),
        (
            {"all": {"share": 1.0, "rank": 0}, **{n: {"share": 0.0, "rank": 0, "dossiers": 3} for n in ("a", "b")}},
            "wanted at most one class by its dossiers",
        ),
        ({"all": {"share": 1.0, "rank": 0}, "bulk": {"share": 0.0, "rank": 0, "dossiers": 16}}, "dossiers"),
    ],
)
def test_a_class_by_dossiers_is_said_in_one_way(priorities: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        ward(priorities=priorities)


# The load sheet


def test_the_share_of_work_in_bulk_by_hand() -> None:
    """One or two dossiers of ten minutes in e^-0.4 : 0.4 e^-0.4 and so on, no greeting: work goes as dossiers."""
    plain: dict[str, Any] = {
        "procedures": {"paper": {"service": {"kind": "deterministic", "mean": 10.0}}},
        "purposes": {"submit": {"share": 1.0}},
        "channels": {"paper": {"share": 1.0}},
        "priorities": {"all": {"share": 1.0, "rank": 0}, "bulk": {"share": 0.0, "rank": 0, "dossiers": 2}},
    }
    shares = class_shares(ward(**plain))
    assert shares["bulk"] == pytest.approx(1 - np.exp(-0.4) / 1.4)
    assert sum(shares.values()) == pytest.approx(1)
    assert class_shares(ward()) == {"elderly": 0.2, "ordinary": 0.8}


@pytest.mark.parametrize(("base", "most"), [({"returns": {"visits": 1}}, 0.03), ({}, 0.04)], ids=["first", "all"])
def test_the_share_of_work_of_bulk_filers_is_about_right(base: dict[str, Any], most: float) -> None:
    """Beside a run in which all are served, whose share has a standard error of 0.01."""
    scenario = policy("bulk_lane", officials=20).apply(
        ward(demand=4.0, staff=MANY, points=WIDE, network=None, patience=None, **base)
    )
    trace = compiled(make_plan(scenario, 17, 4))
    visits, tasks = trace.visits, trace.tasks[(trace.tasks["official"] >= 0) & (trace.tasks["end"] >= 0)]
    work = np.bincount(visits["priority"][tasks["visit"]], tasks["end"] - tasks["start"], 3)
    assert class_shares(scenario)["bulk"] == pytest.approx(work[BULK] / work.sum(), abs=most)


WIDE = {"hall": {"counters": 40, "share": 0.8}, "branch": {"counters": 20, "share": 0.2}}
MANY = {"both": {"count": 40}, "branch": {"count": 20, "point": "branch"}}


def loads(scenario: Scenario) -> tuple[float, tuple[str, ...]]:
    sheet = load_sheet(scenario)
    return sheet.binding[2], sheet.classes


def test_the_sheet_names_bulk_filers_where_their_lane_is_the_limit() -> None:
    """Half of the officials for a third of the work: the others are short; one of nine for a third: the lane is."""
    staff = {"both": {"count": 9}}
    hall = {"hall": {"counters": 9}}
    one = ward(staff=staff, points=hall, network=None)
    lane, half = (policy("bulk_lane", officials=n).apply(one) for n in (1, 6))
    assert loads(lane)[1] == ("bulk",)
    assert loads(half)[1] == ("elderly", "ordinary")
    assert min(loads(lane)[0], loads(half)[0]) > loads(one)[0]
