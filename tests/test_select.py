"""The best of several ways of running a center: against theory, whatever the blocks, and at the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

import sim
from experiments.select import main
from experiments.validate import main as validate
from experiments.validate import selected as selected_part
from experiments.validate.selected import Known, Selected, chosen, known, selected
from sim.faults import BadInput
from sim.looks import Stopping
from sim.runs import Runs
from sim.selection.abreast import abreast
from sim.selection.answer import Selection, select
from sim.selection.budgeted import budgeted, seed_of
from sim.selection.course import Course
from sim.selection.question import Question, question
from sim.simulations import FRESH, Simulations
from sim.study import Study
from sim.theory.erlang import mmc

Captured = pytest.CaptureFixture[str]
QUEUE = ["center=textbook", "arrivals.rate_per_hour=25.0", "days=3", "warmup_days=1", "money.official_hour=50000.0"]
COUNTERS = "points.hall.counters=5,6,7"
TARGET = "targets={name: short, items: [{metric: wait_mean, at_most: 3.0, indifference: 0.2}]}"
WAIT = Question("wait_mean", lowest=True, within=0.5)


@pytest.fixture(scope="module")
def queues() -> list[Study]:
    """M/M/c, 25 an hour of 10 minutes each, at 5, 6 and 7 counters."""
    return sim.sweep([*QUEUE, COUNTERS, TARGET])


@pytest.fixture(scope="module")
def simulated(queues: list[Study]) -> Simulations:
    return Simulations(dict(enumerate(queues)), 2)


@pytest.fixture(scope="module")
def found(queues: list[Study], simulated: Simulations) -> Selection:
    return select(queues, WAIT, simulated)


def test_the_best_is_that_of_erlang_and_others_left_as_clearly(found: Selection) -> None:
    """Mean waits by theory: 7 counters best; the others are worse by their differences, on fresh replications."""
    theory = [mmc(25 / 60, 10.0, counters).mean_wait for counters in (5, 6, 7)]
    assert found.course.order == [2, 1, 0]
    assert found.course.best == found.lead == 2
    assert found.course.by == {0: 2, 1: 2}
    for number in (0, 1):
        gap = found.difference(number).estimate
        assert gap.lower is not None
        assert gap.lower > 0
        assert gap.value == pytest.approx(theory[number] - theory[2], rel=0.5)
        assert not found.is_alike(number)
    assert (found.results[0].verdict, found.results[2].verdict) == ("missed", "met")


def test_figures_are_of_replications_without_part_in_the_choice(queues: list[Study]) -> None:
    asked: list[tuple[int, int]] = []

    def seen(wanted: Mapping[int, Study], first: int) -> Mapping[int, Runs]:
        asked.extend((first, study.replications) for study in wanted.values())
        return simulations(wanted, first)

    simulations = Simulations(dict(enumerate(queues)), 2)
    one = select(queues, WAIT, seen)
    assert [entry for entry in asked if entry[0] == FRESH] == [(FRESH, 30)] * 3
    assert asked[0] == (0, 20)
    over, under = simulations({2: queues[2]}, FRESH)[2].pair(WAIT.key)
    assert one.results[2].figures.estimates[WAIT.key].value == pytest.approx(over.sum() / under.sum())


def test_blocks_decide_nothing(queues: list[Study], simulated: Simulations) -> None:
    """Who is left, when the others left and what is told of them: the same for blocks of any size."""
    asked = Question("wait_mean", lowest=True, within=0.05)
    found = []
    for growth, first in ((1.1, 10), (1.5, 10), (4.0, 10)):
        stopping = Stopping(first=first, growth=growth, most=300)
        found.append(abreast([one.model_copy(update={"stopping": stopping}) for one in queues], asked, simulated))
    for one in found[1:]:
        assert (one.left, one.by, one.inside, one.order) == (
            found[0].left,
            found[0].by,
            found[0].inside,
            found[0].order,
        )
        assert [one.figure(n) for n in range(3)] == [found[0].figure(n) for n in range(3)]
    assert any(at > 10 for at in found[0].left.values())


def test_the_cap_leaves_it_undecided(queues: list[Study], simulated: Simulations) -> None:
    """Two ways that are the same differ by nothing, which no number of replications below the cap decides."""
    capped = [one.model_copy(update={"stopping": Stopping(first=10, most=15)}) for one in queues]
    twice = [capped[2], capped[1].model_copy(update={"seed": 1}), capped[2].model_copy(update={"seed": 2})]
    course = abreast(twice, Question("wait_mean", lowest=True, within=0.001), Simulations({}, 2))
    assert course.best is None
    assert {0, 2} <= set(course.inside)
    assert all(course.replications(number) == 15 for number in course.inside)
    assert simulated.studies[0] == queues[0]


def test_the_highest_is_best_where_more_is_better(queues: list[Study], simulated: Simulations) -> None:
    share = abreast(queues, question(queues, "wait_within_15"), simulated)
    assert share.best == 2
    cost = abreast(queues, question(queues, "cost_per_day", within=1000.0), simulated)
    assert cost.best == 0
    assert abreast(queues, question(queues, "utilization", best="highest"), simulated).best == 0


def test_what_is_not_given_is_taken_from_the_targets(queues: list[Study]) -> None:
    assert question(queues) == Question("wait_mean", lowest=True, within=0.2)
    assert question(queues, within=1.0).within == 1.0
    assert question(queues, "unserved_share") == Question("unserved_share", lowest=True, within=0.01)
    assert question(queues, "wait_within_30") == Question("wait_within_30", lowest=False, within=0.01)
    guarded = sim.sweep([*QUEUE, COUNTERS, "targets=hcmc_20"])
    assert question(guarded) == Question("wait_within_20", lowest=False, within=0.01)


def test_a_budget_is_spent_where_it_helps_on_numbers_of_their_own(queues: list[Study], simulated: Simulations) -> None:
    course = budgeted(queues, WAIT, simulated, 90)
    assert course.best == 2
    assert sum(course.replications(number) for number in range(3)) == 90
    assert min(course.replications(number) for number in range(3)) >= 20
    assert course.probability is not None
    best, good = course.probability
    assert 0.5 < best <= good <= 1
    assert len({seed_of(1, n) for n in range(100)} | {seed_of(2, n) for n in range(100)}) == 200
    shared, own = abreast(queues, WAIT, simulated), course
    for number in (1, 2):  # who joins the queue is the same for all in a race, and not with a budget
        assert (shared.pairs[number][1][:20] == shared.pairs[0][1][:20]).all()
        assert (own.pairs[number][1][:20] != own.pairs[0][1][:20]).any()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["center=textbook"], "select: given one scenario, wanted two or more to choose from"),
        ([COUNTERS, "metric=wait_meen"], "did you mean wait_mean?"),
        ([COUNTERS, "metric=wait_p90"], "a quantile is none (did you mean wait_mean?)"),
        ([COUNTERS, "metric=wait_within_25"], "wanted minutes that are measured: 15, 30, or those of a target"),
        ([COUNTERS, "metric=utilization"], "best: wanted best=lowest or best=highest"),
        ([COUNTERS, "metric=cost_per_day"], "within: wanted within=NUMBER: which difference of cost_per_day"),
        ([COUNTERS, "within=0"], "within: given '0', wanted a difference above 0"),
        ([COUNTERS, "within=-1"], "within: given '-1', wanted a difference above 0"),
        ([COUNTERS, "within=nan"], "within: given 'nan', wanted a difference above 0"),
        ([COUNTERS, "best=lowst"], "did you mean lowest?"),
        ([COUNTERS, "procedure=knn"], "wanted one of kn, ocba (did you mean kn?)"),
        ([COUNTERS, "procedure=ocba"], "budget: wanted budget=N with procedure=ocba"),
        ([COUNTERS, "budget=100"], "budget: given 100, is for procedure=ocba"),
        ([COUNTERS, "procedure=ocba", "budget=-3"], "budget: given '-3', wanted a number of replications"),
        ([COUNTERS, "procedure=ocba", "budget=30"], "budget: given 30, wanted at least 60: 20 for each"),
        ([COUNTERS, "replications=0"], "replications: given 0"),
        ([COUNTERS, "metric=periods_within_target", "within=0.1"], "has nobody to measure"),
        (["seed=1,2"], "seed: given several values, wanted one"),
        (["-m", COUNTERS], "-m: is for motcua run: a selection is a sweep by itself"),
        (["center=texbook", COUNTERS], "did you mean textbook?"),
    ],
)
def test_what_is_refused(words: list[str], said: str, tmp_path: Path, capsys: Captured) -> None:
    assert main([*QUEUE, *words, f"out={tmp_path / 'out'}"]) == 2
    errors = capsys.readouterr().err
    assert said in errors
    assert "Traceback" not in errors


def files(folder: Path) -> dict[str, bytes]:
    """What must be the same bytes."""
    names = ("selection.csv", "charts/selection.png", "charts/selection.svg")
    return {name: (folder / name).read_bytes() for name in names}


def parts(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in sorted((folder / ".parts").iterdir())}


def test_the_same_command_does_only_what_is_missing(tmp_path: Path, capsys: Captured) -> None:
    words = [*QUEUE, COUNTERS, TARGET, "within=0.3"]
    once, again = tmp_path / "once", tmp_path / "again"
    assert main([*words, f"out={once}", "workers=1"]) == 0
    said = capsys.readouterr().out
    assert "answer: counters=7: wait_mean" in said
    assert "with 95% confidence it is the best, or within 0.30 min of the best" in said
    assert max(len(line) for line in said.splitlines() if str(tmp_path) not in line) <= 100
    before, kept = files(once), parts(once)
    assert main([*words, f"out={once}", "workers=2"]) == 0
    assert (files(once), parts(once)) == (before, kept)
    assert main([*words, f"out={again}", "workers=2"]) == 0
    for path in sorted((again / ".parts").iterdir())[::2]:
        path.unlink()
    assert main([*words, f"out={again}"]) == 0
    assert files(again) == before
    rows = pd.read_csv(once / "selection.csv")
    assert list(rows["state"]) == ["best", "out", "out"]
    assert list(rows["replications"]) == [30, 30, 30]
    assert list(rows["target wait_mean all"])[2] == "missed"


def test_undecided_is_told_and_a_budget_too(tmp_path: Path, capsys: Captured) -> None:
    capped = ["within=0.001", "stopping={first: 10, most: 12}", "replications=2"]
    assert main([*QUEUE, "demand=1.0,1.001", TARGET, *capped, f"out={tmp_path / 'kn'}"]) == 0
    said = capsys.readouterr().out
    assert "answer: undecided. After 12 replications" in said
    assert list(pd.read_csv(tmp_path / "kn" / "selection.csv")["state"]) == ["undecided", "undecided"]
    words = ["procedure=ocba", "budget=70", "replications=2"]
    assert main([*QUEUE, COUNTERS, TARGET, *words, f"out={tmp_path / 'ocba'}"]) == 0
    said = capsys.readouterr().out
    assert "with a probability of at least" in said
    assert max(len(line) for line in said.splitlines() if str(tmp_path) not in line) <= 100


def test_a_figure_that_does_not_vary_wants_no_budget(queues: list[Study], simulated: Simulations) -> None:
    with pytest.raises(BadInput, match="wanted procedure=kn"):
        budgeted(queues, Question("cost_per_day", lowest=True, within=1.0), simulated, 90)


@pytest.fixture(scope="module")
def truth() -> Known:
    return known(77, lambda *_: None, long=400)


def test_the_known_best_is_told_with_its_margin(truth: Known) -> None:
    assert truth.names[:2] == ["weekend_hours", "evening_hours"]
    assert truth.gap.lower is not None
    assert truth.gap.lower > 0
    assert truth.good[0] == truth.order[0]


def test_selections_are_counted_right_and_wrong(truth: Known, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = selected(truth, 4, 5, lambda *_: None)
    assert rows[0].right >= 3
    assert chosen(truth.studies, 5).left == chosen(truth.studies, 5).left != chosen(truth.studies, 6).left

    def worst(studies: Sequence[Study], seed: int) -> Course:
        right = chosen(studies, seed)
        return Course(right.question, right.pairs, [truth.order[-1]], right.left, right.by)

    monkeypatch.setattr(selected_part, "chosen", worst)
    assert [row.right for row in selected(truth, 4, 5, lambda *_: None)] == [0]


def test_the_share_has_an_interval_and_is_written(
    truth: Known, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selected_part, "known", partial(known, long=200))
    assert validate(["parts=selected", "studies=20", f"out={tmp_path}"]) == 0
    out = capsys.readouterr().out
    assert "20 times the best of 4 ways of running Phục Hòa" in out
    assert max(map(len, out.splitlines()[:6])) <= 100
    assert "seconds" not in (tmp_path / "selected.csv").read_text(encoding="utf-8")
    row: Selected = selected(truth, 4, 5, lambda *_: None)[0]
    assert row.interval[0] < row.right / row.selections <= row.interval[1] or row.right == 0
