"""The cheapest way that keeps the targets: against theory, against looking at everything, and at the command line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from experiments.search import main
from experiments.sweeping import expanded
from sim.distributions import Lognormal
from sim.faults import BadInput, Fault
from sim.runs import Runs
from sim.search import Search, search
from sim.search.frontier import efficient
from sim.search.order import _OFTENER, _SHORTER, Order, order
from sim.simulations import FRESH, Simulations, kept
from sim.study import Study
from sim.summary import summarize
from sim.theory.erlang import mmc

Captured = pytest.CaptureFixture[str]
TEXTBOOK = sim.load(["center=textbook"])
QUEUE = ["center=textbook", "arrivals.rate_per_hour=25.0", "days=6", "warmup_days=1", "money.official_hour=50000.0"]
COUNTERS = "points.hall.counters=3,4,5,6,7,8,9"
TARGET = "targets={name: short, items: [{metric: wait_mean, at_most: 3.0, indifference: 0.2}]}"


def found_among(studies: Sequence[Study], workers: int = 1) -> Search:
    return search(studies, Simulations(dict(enumerate(studies)), workers))


@pytest.fixture(scope="module")
def queue() -> Search:
    """M/M/c, 25 an hour of 10 minutes each: as few counters as keep a mean wait of 3 minutes."""
    return found_among(sim.sweep([*QUEUE, COUNTERS, TARGET]))


def test_the_answer_is_that_of_erlang(queue: Search) -> None:
    fewest = next(c for c in range(5, 10) if mmc(25 / 60, 10.0, c).mean_wait <= 3.0)
    assert queue.answer is not None
    assert queue.systems[queue.answer].study.label == f"points.hall.counters={fewest}"
    assert queue.cheaper == []
    assert queue.confirmed[queue.answer].verdict == "met"


def test_what_is_clearly_out_has_few_replications_and_the_answer_fresh_ones(queue: Search) -> None:
    assert queue.answer is not None
    assert queue.systems[0].state == "out"
    assert queue.systems[0].replications <= 40
    looked_at = queue.confirmed[queue.answer]
    assert looked_at.study.looks[0].level > 0.97, "half of the error: another attempt could have been needed"


def test_more_counters_cost_more_and_wait_less(queue: Search) -> None:
    assert queue.efficient == queue.looked_at == list(range(2, 7))
    assert all((step.cost.estimate.value or 0.0) > 0 for step in queue.steps)
    assert queue.steps[0].per_million < queue.steps[2].per_million < 0, "each further counter buys less"


def test_the_same_for_any_number_of_workers_and_what_is_there_is_not_run_again(queue: Search) -> None:
    studies = [system.study.replace(stopping=None, looks=(), replications=30) for system in queue.systems]
    runs = []
    simulations = Simulations(dict(enumerate(studies)), 2, lambda block, _: runs.append(block))
    again = search(studies, simulations)
    assert again.answer == queue.answer
    seen = [(n, queue.systems[n].cost) for n in queue.looked_at]
    assert [(n, again.systems[n].cost) for n in again.looked_at] == seen
    before = len(runs)
    assert search(studies, simulations).answer == queue.answer
    assert len(runs) == before
    assert any(block.first >= FRESH for block in runs)


def test_nothing_may_keep_the_targets() -> None:
    found = found_among(sim.sweep([*QUEUE, "points.hall.counters=3,4", TARGET]))
    assert found.answer is None
    assert {system.state for system in found.systems} == {"out"}


def test_a_figure_that_is_to_be_high_is_best_where_it_is_highest(queue: Search) -> None:
    assert efficient(queue.systems, queue.looked_at, "wait_within_15", lowest=False)[-1] == len(queue.systems) - 1


@pytest.mark.parametrize(
    ("word", "sweep"),
    [
        ("policy=any_of(a,b)", "policy=none,[a],[b],[a,b]"),
        ("policy=any_of( a )", "policy=none,[a]"),
        ("policy=a,b", "policy=a,b"),
    ],
)
def test_any_of_is_all_subsets(word: str, sweep: str) -> None:
    faults: list[Fault] = []
    assert expanded(word, faults) == sweep
    assert faults == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["center=textbook"], "search: given one scenario, wanted two or more to choose from"),
        (
            ["center=textbook", "policy=any_of(none,none)"],
            "given any_of(none,none), wanted any_of 1 to 10 policies",
        ),
        (["center=textbook", COUNTERS, "targets={name: none, items: []}"], "targets: promises nothing"),
        (["-m", COUNTERS], "-m: is for motcua run"),
        (["center=texbook", COUNTERS], "did you mean textbook?"),
    ],
)
def test_what_is_refused(words: list[str], said: str, capsys: Captured) -> None:
    assert main(words) == 2
    assert said in capsys.readouterr().err


def test_the_program_tells_and_keeps_what_it_found(tmp_path: Path, capsys: Captured) -> None:
    out = tmp_path / "found"
    words = [*QUEUE, "points.hall.counters=4,6,8", TARGET, f"out={out}"]
    assert main(words) == 0
    said = capsys.readouterr().out
    assert "answer: counters=6" in said
    assert "nothing that clearly keeps every target is cheaper" in said
    assert max(len(line) for line in said.splitlines() if str(tmp_path) not in line) <= 100
    rows = pd.read_csv(out / "search.csv")
    assert list(rows["answer"]) == [False, True, False]
    before = (out / "search.csv").read_bytes()
    assert main(words) == 0
    assert (out / "search.csv").read_bytes() == before
    assert (out / "charts" / "cost_against_wait.svg").exists()


def test_what_is_kept_in_memory_has_all_that_is_promised() -> None:
    items = "[{metric: wait_p90, at_most: 9.0}, {metric: wait_p50, scope: 'point=hall', at_most: 9.0}]"
    study = sim.load([*QUEUE, "replications=4", f"targets={{name: quantiles, items: {items}}}"])
    runs = sim.simulate(study, workers=1).runs[:]
    assert summarize(study, kept(study, runs)).verdicts == summarize(study, runs).verdicts
    assert len(kept(study, runs).keys) < len(runs.keys)


def test_one_scenario_is_refused_in_python() -> None:
    with pytest.raises(BadInput):
        found_among([sim.load(QUEUE)])


def test_fewer_counters_than_some_that_miss_are_ruled_out_unseen(queue: Search) -> None:
    assert [system.replications for system in queue.systems[:2]] == [0, 0], "of 3 and 4 counters, as 5 miss"
    assert {system.state for system in queue.systems[:2]} == {"out"}
    assert queue.order.above[0] == {1, 2, 3, 4, 5, 6}


def test_the_answer_is_the_same_where_everything_is_looked_at(queue: Search, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.search.order", lambda studies: Order([frozenset()] * len(studies)))
    every = found_among([system.study.replace(stopping=None, looks=(), replications=30) for system in queue.systems])
    assert every.looked_at == list(range(7))
    assert (every.answer, every.cheaper) == (queue.answer, queue.cheaper)
    assert [system.state for system in every.systems[:3]] == [system.state for system in queue.systems[:3]]


@pytest.mark.parametrize("count", [2, 3, 7, 12])
def test_of_a_chain_the_middle_is_looked_at_first(count: int) -> None:
    chain = Order([frozenset(range(n + 1, count)) for n in range(count)])
    assert chain.middle(range(count)) == [(count - 1) // 2]
    assert chain.below_any([1]) == {0}
    assert chain.above_any([count - 2]) == {count - 1}


def test_those_that_are_not_compared_are_looked_at_at_once() -> None:
    square = Order([frozenset({1, 2, 3}), frozenset({3}), frozenset({3}), frozenset()])
    assert square.middle(range(4)) == [1, 2]
    assert square.middle([0, 3]) == [0]
    assert Order([frozenset()] * 3).middle(range(3)) == [0, 1, 2]


@pytest.mark.parametrize(
    "other",
    [
        ["center=cam_duong", "staff.certification.count=1,2,3"],
        [*QUEUE, COUNTERS, "patience={kind: exponential, mean: 30.0}"],
        [*QUEUE, COUNTERS, "targets={name: busy, items: [{metric: utilization, at_least: 0.5}]}"],
        [*QUEUE, COUNTERS, "targets={name: odd, items: [{metric: wait_mean, at_least: 3.0}]}"],
    ],
)
def test_without_the_theorem_nothing_is_compared(other: list[str]) -> None:
    assert set(order(sim.sweep(other)).above) == {frozenset()}


@given(
    rate=st.floats(5, 60),
    mean=st.floats(2, 20),
    cv=st.floats(0.2, 3.0),
    sizes=st.tuples(st.integers(1, 5), st.integers(1, 3)),
    seed=st.integers(0, 999),
)
@settings(max_examples=30, deadline=None)
def test_one_more_official_makes_nobody_wait_longer(
    rate: float, mean: float, cv: float, sizes: tuple[int, int], seed: int
) -> None:
    service = Lognormal(kind="lognormal", mean=mean, cv=cv)
    few, more = (_served_by(count, rate, service, seed) for count in (sizes[0], sum(sizes)))
    compared = 0
    for key in few.keys:
        sign = 1 if _SHORTER.fullmatch(key[0]) else -1 if _OFTENER.fullmatch(key[0]) else 0
        (a, b), (c, d) = few.pair(key), more.pair(key)
        assert not sign or (sign * (a * d - c * b) >= -1e-9 * abs(a * d)).all(), key
        compared += sign != 0
    assert compared > 10


def _served_by(counters: int, rate: float, service: Lognormal, seed: int) -> Runs:
    base = TEXTBOOK.base
    made = base.replace(
        days=3,
        warmup_days=1,
        arrivals=base.arrivals.replace(rate_per_hour=rate),
        procedures={name: entry.replace(service=service) for name, entry in base.procedures.items()},
        points={name: point.replace(counters=counters) for name, point in base.points.items()},
    )
    return sim.simulate(TEXTBOOK.replace(base=made, seed=seed, replications=2), workers=1).runs[:]
