"""``motcua validate``: what was expected is right, what it says is what it found, and no input counts as evidence."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import poisson

import sim
from experiments.validate import main
from experiments.validate.chart import LOOKS, validation_chart
from experiments.validate.exact import delay_system
from experiments.validate.observed import NOTHING, Periods
from experiments.validate.options import parsed
from experiments.validate.published import SIMULATED, ended_work, mean_wait, published
from experiments.validate.queues import CASES
from experiments.validate.rows import Row, covered, evidence, figures
from experiments.validate.table import WIDTH, ending, text
from experiments.validate.theory import FAMILY, compared, each
from sim.faults import BadInput
from sim.observed import A_DAY, COUNTED, Observed, is_observable, observable_names
from sim.realizations import over_period, realizations
from sim.report.style import title_of
from sim.running import traces
from sim.sums import RECEIVED
from sim.trace import TASKS, VISITS, Trace
from sim.units import MINUTE, NEVER
from tests.test_bad_input import OBSERVABLE
from tests.test_command_line import Captured

TEXTBOOK = ("center=textbook", "arrivals.rate_per_hour=5", "days=4")
FEW = 39


def quiet(_: int, __: str) -> None:
    """No progress."""


def seen(**changes: object) -> Observed:
    return Observed.model_validate({"metric": "served", "used_as_input": False, "source": "V a day", **changes})


# Theory


def test_the_compiled_engine_agrees_with_theory() -> None:
    rows = compared(CASES, 2026, quiet, times=1)
    assert {row.subject for row in rows} == {case.name for case in CASES}
    assert all(row.confidence == each(len(rows)) for row in rows)
    assert 1 - len(rows) * (1 - each(len(rows))) == pytest.approx(FAMILY)
    assert [row for row in rows if row.verdict != "covered"] == []


def test_a_wrong_figure_is_not_covered() -> None:
    """Service 5 % longer than simulated is found in the utilization."""
    wrong = replace(CASES[0], figures=delay_system(3, 72, 2.1, ()))
    verdicts = {row.figure: row.verdict for row in compared([wrong], 2026, quiet, times=1)}
    assert (verdicts["utilization"], verdicts["arrived"]) == ("not covered", "covered")


# Published


def trace_of(entry: Sequence[float], start: Sequence[float], end: Sequence[float], horizon: float) -> Trace:
    """A trace of one counter's tasks, in minutes; -1 for what did not happen."""
    tasks = np.zeros(len(entry), TASKS)
    for name, minutes in (("entry", entry), ("start", start), ("end", end)):
        tasks[name] = [NEVER if at < 0 else at * MINUTE for at in minutes]
    return Trace(np.zeros(len(entry), VISITS), tasks, np.zeros(0), int(horizon * MINUTE), 0)


def test_what_is_measured_of_a_printed_run() -> None:
    trace = trace_of([1, 2, 8, 9], [1, 5, 9, -1], [5, 9, -1, -1], 10)
    assert mean_wait(trace, (0, 10)) == pytest.approx((0 + 3 + 1) / 3)
    assert mean_wait(trace, (0, 10), begun_by=5) == pytest.approx(1.5)
    assert mean_wait(trace, (0, 10), ended_by=10) == pytest.approx(1.5)
    assert mean_wait(trace, (1, 9), begun_by=10) == pytest.approx(2.0), "who came at an end is left out"
    assert ended_work(trace, 10, 2) == pytest.approx(8 / 20)
    assert ended_work(trace, 8, 1) == pytest.approx(4 / 8)


def test_printed_figures_lie_in_their_intervals() -> None:
    """Of nine that were simulated once, each misses one time in twenty; none does at this seed."""
    rows = published(FEW, 7, quiet)
    assert all(row.source.startswith("V ") for row in rows)
    assert [row.replications for row in rows if row.subject == SIMULATED[0].model] == [FEW, FEW]
    assert [row for row in rows if row.verdict != "covered"] == []


# Observed: the period


@pytest.mark.parametrize(
    ("overrides", "period", "start", "warmup", "days"),
    [
        (["center=cam_duong"], {"first": "2025-07-01", "days": 3}, date(2025, 6, 24), 7, 10),
        (["center=cam_duong"], {"first": "2026-06-06", "open_days": 1}, date(2026, 5, 25), 12, 15),
        (["center=go_vap"], {"open_days": 5}, date(2026, 5, 25), 7, 12),
        (["center=go_vap"], {"first": "2026-09-01", "open_days": 1}, date(2026, 5, 25), 99, 102),
        (["center=duc_trong"], {"first": "2025-06-23", "days": 1}, date(2025, 6, 23), 0, 1),
        (["center=duc_trong"], {"first": "2025-06-25", "days": 2}, date(2025, 6, 23), 2, 4),
    ],
)
def test_a_period_is_run_from_its_first_day_to_its_last(
    overrides: list[str], period: dict[str, object], start: date, warmup: int, days: int
) -> None:
    """A Saturday is skipped, and two days of the national holiday; a center that opens has no running in before."""
    base = over_period(sim.load(overrides), "x", seen(value=1.0, **period)).base
    assert (base.start, base.warmup, base.days) == (start, warmup, days)


@pytest.mark.parametrize(
    ("center", "first", "wanted"),
    [
        ("cam_duong", "2026-06-06", "wanted a period in which the center is open: nobody comes on any of these days"),
        ("cam_duong", "2060-01-05", "wanted a period at most 10,000 days after the start of the scenario"),
        ("duc_trong", "2025-06-20", "wanted a day from 2025-06-23 on, on which the center opens"),
    ],
)
def test_a_period_that_cannot_be_run_is_refused(center: str, first: str, wanted: str) -> None:
    study = sim.load([f"center={center}"])
    with pytest.raises(BadInput) as caught:
        over_period(study, "x", seen(value=1.0, first=first, days=1))
    assert str(caught.value) == f"observed.x.first: given {first}, {wanted}"


def test_a_share_within_minutes_that_no_target_asks_for_is_measured() -> None:
    study = over_period(sim.load([*TEXTBOOK]), "x", seen(metric="wait_within_7", value=0.5, days=3))
    assert study.targets.items[-1].metric == "wait_within_7"
    assert sim.simulate(study.replace(replications=2), workers=1).runs.pair(("wait_within_7", "all"))[1].all()


# Observed: the figure


def test_realizations_are_those_of_the_traces() -> None:
    study = sim.load(["center=cam_duong", "days=9", "replications=3"])
    runs = sim.simulate(study, workers=1).runs
    for n, trace in enumerate(traces(study)):
        visits = trace.visits[trace.visits["arrival"] >= trace.warmup]
        received = visits[np.isin(visits["outcome"], RECEIVED)]
        assert realizations(runs, "arrived", 2)[n] == len(visits)
        assert realizations(runs, "arrived_per_day", 2)[n] == len(visits) / 2
        assert realizations(runs, "dossiers", 2)[n] == (received["dossiers"] - received["left"]).sum()
        assert realizations(runs, "incomplete_share", 2)[n] == pytest.approx(
            realizations(runs, "incomplete", 2)[n] / len(visits)
        )
    seconds, counts = runs[0].waits["all"]
    waits = np.repeat(seconds, counts)
    assert realizations(runs, "wait_p90", 2)[0] == np.sort(waits)[int(np.ceil(0.9 * len(waits))) - 1] / 60
    assert np.isnan(realizations(runs, "lender_utilization", 2)).all(), "nobody is lent: there is no figure"


def test_every_observable_name_is_known() -> None:
    assert all(is_observable(name) for name in observable_names())
    assert {f"{name}{A_DAY}" for name in COUNTED} <= set(observable_names())
    assert not any(map(is_observable, ("servd", "wait_mean_per_day", "_per_day", "")))


def one_center(*observed: str) -> list[Row]:
    study = sim.load([*TEXTBOOK, "replications=199", *observed])
    return Periods([study]).simulated(quiet)


def test_the_interval_of_a_count_is_that_of_poisson() -> None:
    """Arrivals of a day are Poisson: the interval holds Beta(190, 10) of it, beyond 0.88 to 0.99 once in 10,000."""
    (row,) = one_center("+observed.x={metric: arrived, value: 120, days: 1, used_as_input: false, source: V x}")
    assert row.lower is not None
    assert row.upper is not None
    assert row.confidence == pytest.approx(0.95)
    held = poisson.cdf(row.upper, 120) - poisson.cdf(row.lower - 1, 120)
    assert 0.88 < held < 0.99
    assert row.verdict == "covered"


def test_what_was_seen_of_some_is_compared_with_theirs() -> None:
    """All have the one field of the textbook's queue; of a morning hour only those who came in it."""
    figure = "days: 1, used_as_input: false, source: V x"
    rows = one_center(
        f"+observed.all={{metric: arrived, value: 120, {figure}}}",
        f"+observed.field={{metric: arrived, value: 120, scope: 'field=request', {figure}}}",
        f"+observed.hour={{metric: arrived, value: 15, scope: 'hour=9', {figure}}}",
        f"+observed.within={{metric: wait_within_7, scope: 'hour=9', value: 0.9, {figure}}}",
    )
    whole, field, hour, within = rows
    assert (field.estimate, field.lower, field.upper) == (whole.estimate, whole.lower, whole.upper)
    assert hour.estimate is not None
    assert hour.upper is not None
    assert hour.upper < 120
    assert within.estimate is not None


def test_ranges_inputs_sayings_and_absence_have_their_verdicts() -> None:
    figure = "days: 1, source: V x"
    rows = one_center(
        f"+observed.high={{metric: arrived, low: 130, high: 500, used_as_input: false, {figure}}}",
        f"+observed.off={{metric: arrived, low: 300, high: 500, used_as_input: false, {figure}}}",
        f"+observed.input={{metric: arrived, low: 300, high: 500, used_as_input: true, {figure}}}",
        f"+observed.none={{metric: lender_utilization, value: 1, used_as_input: false, {figure}}}",
        "+observed.said={note: it is no measurement, source: V x}",
    )
    verdicts = {row.figure: row.verdict for row in rows}
    assert verdicts == {
        "high": "covered",
        "off": "not covered",
        "input": "used as input",
        "none": "nobody to measure",
        "said": "not measured",
    }
    assert (covered(rows, "observed"), len(evidence(rows, "observed")), len(figures(rows, "observed"))) == (1, 2, 4)


# What never counts


def row(**changes: object) -> Row:
    plain = Row("observed", "A", "x", "arrived", 5.0, 5.0, 5.0, 4.0, 6.0, 0.95, 199, period="a day", source="V x")
    return replace(plain, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [5.0, 50.0])
def test_a_figure_that_set_an_input_never_counts_as_evidence(value: float) -> None:
    """Covered or not, alone or beside others: not in the counts, the last lines or the title of the chart."""
    given = row(low=value, high=value, used_as_input=True)
    for others in ([], [row()], [row(low=50.0, high=50.0)]):
        rows = [given, *others]
        assert given not in evidence(rows, "observed")
        assert covered(rows, "observed") == covered(others, "observed")
        assert title_of(validation_chart(rows)) == title_of(validation_chart([*others, row(low=None, high=None)]))
        last = " ".join(ending(rows).split())
        assert f"{len(rows)} figure{'s' * (len(rows) > 1)}, 1 used as input" in last
        assert ("none independent" in last) == (not others)
    assert "used as input, proves nothing" in text([given])


def test_the_last_lines_sum_up() -> None:
    theory = [replace(row(), part="theory"), replace(row(low=9.0, high=9.0), part="theory")]
    rows = [*theory, row(), row(low=9.0, high=9.0), row(used_as_input=True), row(lower=None, upper=None)]
    assert ending(rows).splitlines() == [
        "theory: 1 of 2 comparisons with theory cover; not A x",
        "observed: 4 figures, 1 used as input, 1 of 2 independent ones covered; 1 with nobody to measure",
    ]


@pytest.mark.parametrize(
    ("low", "high", "deviation"),
    [(5, 5, 0), (7, 7, 1), (8, 9, 1.5), (4, 4, -1), (3, 3.5, -1.5), (4, 9, 0)],
)
def test_deviations_are_in_distances_to_the_end_of_the_interval(low: float, high: float, deviation: float) -> None:
    one = row(low=low, high=high, lower=4.0, upper=7.0)
    assert one.deviation == pytest.approx(deviation)
    assert one.covers == (abs(deviation) <= 1)


# The program


def test_the_chart_tells_verdicts_apart_without_color() -> None:
    looks = [(one.marker, one.filled, str(one.line)) for one in LOOKS.values()]
    assert len({marker for marker, _, _ in looks}) == len(looks)


OWN = """\
defaults:
  - center: textbook
days: 4
observed:
  people:
    metric: arrived
    value: 120.0     # W
    days: 1          # W
    used_as_input: false
    source: W counted on one day
  long_wait:
    metric: wait_mean
    low: 900.0       # W
    high: 950.0      # W
    days: 1          # W
    used_as_input: false
    source: W timed on one day
    note: only one counter was open, and nobody knows for how long
"""


def test_a_file_of_ones_own_is_checked(tmp_path: Path, capsys: Captured) -> None:
    own, out = tmp_path / "own.yaml", tmp_path / "out"
    own.write_text(OWN, encoding="utf-8")
    assert main([f"center={own}", f"replications={FEW}", f"out={out}"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[-1] == "observed: 2 figures, 0 used as input, 1 of 2 independent ones covered"
    assert f"[X(1), X(39)] of {FEW} replications" in " ".join(said)
    assert max(len(line) for line in said if str(tmp_path) not in line) <= WIDTH
    assert {path.name for path in out.iterdir()} == {"validation.csv", "validation.png", "validation.svg"}
    with (out / "validation.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(one["figure"], one["verdict"]) for one in rows] == [("people", "covered"), ("long_wait", "not covered")]
    assert float(rows[0]["lower"]) <= 120 <= float(rows[0]["upper"])


def test_the_same_command_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        assert main(["center=duc_trong", f"replications={FEW}", f"out={tmp_path / name}"]) == 0
    files = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert [(tmp_path / "a" / name).read_bytes() for name in files] == [
        (tmp_path / "b" / name).read_bytes() for name in files
    ]


def test_a_scenario_of_which_nothing_was_observed_says_so(tmp_path: Path, capsys: Captured) -> None:
    assert main(["center=textbook", f"out={tmp_path}"]) == 0
    assert NOTHING in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        (["replications=38"], ["replications: given '38', wanted a whole number from 39 to 100000"]),
        (["seed=-1"], ["seed: given '-1', wanted a whole number from 0 to 4000000000"]),
        (["centre=x"], ["centre=x: unknown option centre, wanted one of parts, center, replications, seed, studies"]),
        (["parts=theroy"], ["parts=theroy: unknown part, wanted one of theory, published, observed, coverage, alike"]),
        (["center="], ["center: given '', wanted a shipped center, or a file PATH.yaml"]),
        (["out="], ["out: given '', wanted a folder: out=DIR"]),
        (["out=/dev/null"], ["out: given '/dev/null', wanted a folder, here is something else"]),
        (["center=cam_dung"], ["center: given cam_dung, wanted one of"]),
        (["seed=x", "replications=x"], ["seed: given 'x'", "replications: given 'x'"]),
    ],
)
def test_a_bad_option_has_its_line(words: list[str], lines: list[str], capsys: Captured) -> None:
    assert main(words) == 2
    said = capsys.readouterr().err.splitlines()
    assert len(said) == len(lines)
    assert all(one.startswith(line) for one, line in zip(said, lines, strict=True))


def test_a_bad_figure_is_told_before_the_first_run(tmp_path: Path, capsys: Captured) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(OWN.replace("metric: arrived", "metric: arived").replace("low: 900", "low: 990"), encoding="utf-8")
    assert main([f"center={own}", f"out={tmp_path / 'out'}"]) == 2
    assert capsys.readouterr().err.splitlines() == [
        f"observed.people.metric: given 'arived', {OBSERVABLE} (did you mean arrived?)",
        "observed.long_wait.low: given 990.0, wanted at most high, which is 950",
    ]
    assert not (tmp_path / "out").exists()


def test_a_center_alone_is_asked_for_its_figures_alone() -> None:
    assert parsed(["center=cam_duong"]).parts == ("observed",)
    assert parsed(["parts=observed,theory", "center=cam_duong"]).parts == ("theory", "observed")
    assert parsed([]).parts == ("theory", "published", "observed")
