"""``motcua bench``: what it compares with is right, and what it says is what it measured.

A mean wait is off beyond CRITICAL standard errors, 1 in 1,000 right programs; seeds are fixed. Each such test states
the smallest relative bias that it finds with probability 0.9, ``(CRITICAL + 1.28)`` standard errors, and checks it.
"""

from __future__ import annotations

import csv
import math
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import chi2

from experiments.bench import c_loop, country, main, ours
from experiments.bench.chart import speeds_chart
from experiments.bench.day import ALWAYS_UP, known_from, scenario
from experiments.bench.files import written
from experiments.bench.known import mean_wait_of
from experiments.bench.month import month_model
from experiments.bench.options import Options
from experiments.bench.peers.heapq_loop import queue as heapq_queue
from experiments.bench.programs import CRITICAL, Check, Known, Model, Program, Ran
from experiments.bench.queues import PEERS
from experiments.bench.rounds import Comparison, Measured, measured, spread
from experiments.bench.scale import Figure
from experiments.bench.scale import text as scale_text
from experiments.bench.table import WIDTH, text
from sim.report.style import rendered
from sim.trace import Outcome
from tests.test_command_line import ROOT, Captured

POWER = 1.28
needs_cc = pytest.mark.skipif(bool(c_loop.why_not()), reason=c_loop.why_not())


def finds(known: Known, people: int) -> float:
    """The relative bias that is found with probability 0.9 among so many people."""
    return (CRITICAL + POWER) * math.sqrt(known.variance / people + known.error**2) / known.mean


# What is known


@pytest.mark.parametrize("rho", [0.1, 0.5, 0.9, 0.99])
def test_the_variance_of_one_server_is_that_of_daley(rho: float) -> None:
    known = mean_wait_of(1, rho)
    assert known.mean == pytest.approx(rho / (1 - rho), rel=1e-12)
    assert known.variance == pytest.approx(rho * (2 + 5 * rho - 4 * rho**2 + rho**3) / (1 - rho) ** 4, rel=1e-9)


def test_the_variance_of_several_servers_is_seen_in_runs() -> None:
    runs, customers = 200, 1500
    means = [heapq_queue(3, 1.5, customers, seed)[1] for seed in range(runs)]
    seen = np.var(means, ddof=1) * customers / mean_wait_of(3, 1.5).variance
    low, high = (float(chi2.ppf(p, runs - 1)) / (runs - 1) for p in (0.0005, 0.9995))
    assert 0.68 < low < seen < high < 1.39


def test_a_mean_is_off_beyond_the_critical_value() -> None:
    known, error = Known(mean=10.0, variance=320.0, error=0.3), 0.5
    for shift, verdict in ((3.28, "ok"), (3.30, "off"), (-3.28, "ok"), (-3.30, "off")):
        check = known.check([Ran(1500, 1, 9.9 + shift * error), Ran(500, 1, 10.3 + shift * error)])
        assert check.wait == pytest.approx(10.0 + shift * error)
        assert check.error == pytest.approx(error)
        assert check.verdict == verdict


# The models of others


@pytest.mark.parametrize(
    ("module", "package", "customers", "bias"),
    [
        ("heapq_loop", "heapq", 200_000, 0.1),
        ("simpy_processes", "simpy", 40_000, 0.22),
        ("ciw_network", "ciw", 20_000, 0.3),
        ("salabim_components", "salabim", 3_000, 0.8),
    ],
)
@pytest.mark.parametrize(("servers", "rate"), [(1, 0.5), (3, 1.8)])
def test_the_queue_of_each_program_has_the_known_wait(
    module: str, package: str, customers: int, bias: float, servers: int, rate: float
) -> None:
    pytest.importorskip(package)
    known = mean_wait_of(servers, rate)
    recorded, wait = import_module(f"{PEERS}.{module}").queue(servers, rate, customers, 5)
    assert recorded == customers
    assert known.check([Ran(recorded, 0, wait)]).verdict == "ok"
    assert finds(known, customers) < bias


def test_the_queue_in_cimba_has_the_known_wait() -> None:
    """In a process of its own, where nothing was compiled before (see the module)."""
    pytest.importorskip("cimba")
    customers, known = 1_000_000, mean_wait_of(3, 1.8)
    told = f"from {PEERS}.cimba_model import queue; print(*queue(3, 1.8, {customers}, 5))"
    ran = subprocess.run([sys.executable, "-c", told], cwd=ROOT, capture_output=True, check=True, encoding="utf-8")
    recorded, wait = map(float, ran.stdout.split())
    assert recorded == customers
    assert known.check([Ran(customers, 0, wait)]).verdict == "ok"
    assert finds(known, customers) < 0.05


@needs_cc
@pytest.mark.parametrize(
    ("module", "package", "days", "without", "bias"),
    [("ciw_network", "ciw", 60, ALWAYS_UP, 0.25), ("salabim_components", "salabim", 30, (), 0.45)],
)
def test_the_day_of_each_program_has_the_wait_of_ours(
    module: str, package: str, days: int, without: tuple[str, ...], bias: float
) -> None:
    pytest.importorskip(package)
    known = known_from(c_loop.run(ours.planned(scenario(250, *without), n)) for n in range(8))
    citizens, visits, minutes = import_module(f"{PEERS}.{module}").day(days, 5)
    assert known.check([Ran(citizens, 0, minutes / visits)]).verdict == "ok"
    assert citizens == pytest.approx(300 * days, abs=4 * math.sqrt(300 * days))
    assert visits / citizens == pytest.approx(1 + 0.15 + 0.15**2 + 0.15**3, abs=0.02)
    assert finds(known, citizens) < bias


# The loop in C


@needs_cc
@pytest.mark.parametrize(
    ("days", "more"),
    [
        (1, ()),
        (10, ()),
        (6, ALWAYS_UP),
        (6, ("network.outages.center.up.mean=100", "network.outages.center.down.mean=60")),
        (
            6,
            (
                "guidance.service={kind: deterministic, mean: 2.0}",
                *(f"procedures.{n}.service={{kind: deterministic, mean: 12.0}}" for n in ("first", "second", "third")),
            ),
        ),
    ],
    ids=["one day", "many days", "always up", "often down", "ties"],
)
def test_the_loop_in_c_gives_the_trace_of_the_reference_engine(days: int, more: tuple[str, ...]) -> None:
    plan = ours.planned(scenario(days, *more), 3)
    trace = c_loop.run(plan)
    assert trace == ours.run(plan, "reference")
    some = (trace.visits["outcome"] == Outcome.TURNED_AWAY).any()
    assert bool(some) == ("network.outages.center.up.mean=100" in more)


# Rounds


def made(name: str, told: list[str], nanoseconds: int, **more: str) -> Program:
    """A program that takes a time that grows with the seed, and says when it is run."""

    def run(size: int, seed: int) -> Ran:
        told.append(name)
        return Ran(size, size * nanoseconds * max(seed // 100, 1), 2.0)

    return Program(name, run, Known(2.0, 1.0).check, **more)  # type: ignore[arg-type]


def compared(told: list[str]) -> Comparison:
    absent = made("missing", told, 1, package="no_such_package")
    slow = made("slow", told, 900, lacks="outages")
    off = Program("off", lambda size, _: Ran(size, size, 9.0), Known(2.0, 1.0).check)
    return measured(Model("queue", "a queue", "customer", 1000, (made("fast", told, 3), slow, absent, off), "Note."), 3)


def test_programs_take_turns_and_ratios_are_those_of_a_round(capsys: Captured) -> None:
    told: list[str] = []
    found = compared(told)
    assert told == ["fast", "slow"] * 4
    assert [one.program.name for one in found.measured] == ["fast", "slow", "off"]
    fast, slow, off = found.measured
    assert fast.speeds == (3.0, 6.0, 9.0)
    assert slow.speeds == (900.0, 1800.0, 2700.0)
    assert slow.ratios == (300.0, 300.0, 300.0)
    assert off.ratios == pytest.approx((1 / 3, 1 / 6, 1 / 9))
    assert (fast.check.verdict, off.check.verdict) == ("ok", "off")
    assert "queue: round 2 of 3" in capsys.readouterr().err


def test_the_table_has_every_program_in_a_hundred_columns() -> None:
    lines = text(compared([])).splitlines()
    assert max(map(len, lines)) <= WIDTH == 100
    assert any(line.split()[:2] == ["fast", "1,000"] and line.endswith("ok") for line in lines)
    assert any(line.startswith("slow") and "1,800 (900–2,700)" in line and "300 (300–300)" in line for line in lines)
    assert any(line.startswith("missing") and line.endswith("not installed") for line in lines)
    assert any(line.startswith("off") and line.endswith("off") for line in lines)
    assert "slow without outages." in lines


def test_large_figures_fit_too() -> None:
    program = Program("a_program_with_a_very_long_name", lambda size, _: Ran(size, size, 1.0), Known(1.0, 1.0).check)
    runs = (Ran(10_000_000, 9_999_990_000_000, 1234.5678),)
    one = Measured(program, 0.1, runs, (999_999.0,), (9_999.0,), Check(1234.5678, None, None, "same"))
    assert max(map(len, text(Comparison(Model("m", "t", "customer", 1, (program,), ""), (one,))).splitlines())) <= WIDTH


def test_files_hold_what_was_measured(tmp_path: Path) -> None:
    found = compared([])
    written(tmp_path, [found])
    with (tmp_path / "bench.csv").open(encoding="utf-8") as file:
        rows = {row["program"]: row for row in csv.DictReader(file)}
    assert list(rows) == ["fast", "slow", "missing", "off"]
    assert (float(rows["slow"]["ns"]), float(rows["slow"]["ratio"]), rows["slow"]["ratio_to"]) == (1800, 300, "fast")
    assert (rows["missing"]["check"], rows["off"]["check"], rows["missing"]["ns"]) == ("not installed", "off", "")
    with (tmp_path / "rounds.csv").open(encoding="utf-8") as file:
        rounds = [(row["program"], row["round"], float(row["ns"])) for row in csv.DictReader(file)]
    assert rounds[:4] == [("fast", "1", 3), ("fast", "2", 6), ("fast", "3", 9), ("slow", "1", 900)]
    assert len(rounds) == 9
    assert (tmp_path / "bench.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    assert b"slow" in (tmp_path / "bench.svg").read_bytes()


def test_a_scale_says_each_figure_in_a_hundred_columns_and_in_a_file(tmp_path: Path) -> None:
    figures = [
        Figure("country", "3,321 centers, 250 days, two threads", "s", spread([12.04])),
        Figure("country", "speed of two threads over one, 400 centers", "×", spread([1.8, 1.95, 1.9])),
    ]
    lines = scale_text(figures).splitlines()
    assert max(map(len, lines)) <= WIDTH
    assert lines[1].split()[-2:] == ["12.0", "s"]
    assert lines[2].endswith("1.90 (1.80–1.95) ×")
    assert written(tmp_path, [], figures) == [f"{tmp_path}: scale.csv"]
    with (tmp_path / "scale.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(row["median"], row["low"], row["high"]) for row in rows] == [("12.04",) * 3, ("1.9", "1.8", "1.95")]
    assert {path.name for path in tmp_path.iterdir()} == {"scale.csv"}


def test_centers_on_threads_are_those_run_one_by_one() -> None:
    """Visits and waits of the country are those of its centers, whatever the number of threads."""
    alone = [country.simulate(centers, 5, 1) for centers in (1, 3)]
    together = country.simulate(45, 5, 2)
    assert together[:1] + together[4:] == country.simulate(45, 5, 1)[:1] + country.simulate(45, 5, 1)[4:]
    assert alone[0].least == alone[0].most == alone[0].wait
    assert together.least <= alone[1].least <= alone[0].wait <= alone[1].most <= together.most
    assert abs(together.visits / (45 * 5 * 80) - 1.12) < 0.06
    assert together.peak > 50


def test_a_month_is_folded_to_what_its_traces_add_up_to() -> None:
    found = measured(month_model(Options(months=2)), 1)
    assert [one.check.verdict for one in found.measured] == ["same"] * 3
    assert found.measured[0].rounds[0].people == found.measured[1].rounds[0].people


def test_the_chart_says_figures_and_ratios() -> None:
    drawn = rendered(speeds_chart([compared([]), compared([])], "a machine"), "svg").decode()
    for said in ("a machine", "1,800 ns", "× 300", "CPU ns a customer", "queue: a queue"):
        assert said in drawn


# The command


def test_a_small_comparison_from_the_command_line(tmp_path: Path) -> None:
    given = ["bench", "models=mm1", "customers=20000", "rounds=2", f"out={tmp_path / 'new'}"]
    ran = subprocess.run(
        [sys.executable, "-m", "experiments", *given], cwd=ROOT, capture_output=True, check=True, encoding="utf-8"
    )
    out, err = ran.stdout, ran.stderr
    assert [name in out for name in ("compiled", "reference", "heapq loop", "SimPy", "cimba")] == [True] * 5
    assert " off" not in out
    assert "mm1: round 2 of 2" in err
    names = {path.name for path in (tmp_path / "new").iterdir()}
    assert names == {"bench.csv", "rounds.csv", "bench.png", "bench.svg"}


SCRIPT = """
def draws(days, seed):
    return {"arrival": [0.0] * days}

def simulate(days, draws):
    return [(i, 0, 0.0, 1.0, 3.0, 3.0 + 2.0 * i, 9.0) for i in range(days)]
"""


def test_a_script_is_read_by_its_records(tmp_path: Path) -> None:
    from experiments.bench.day import _loaded, _scripted

    (tmp_path / "mine.py").write_text(SCRIPT, encoding="utf-8")
    ran = _scripted(_loaded(tmp_path / "mine.py"), 3, 1)
    assert ran.people == 3
    assert ran.wait == pytest.approx(1.0 + 2.0)


@pytest.mark.parametrize(
    ("arguments", "faults"),
    [
        (["rounds=0"], 1),
        (["rounds=x", "customers=-5", "days=", "days=99999999999"], 4),
        (["models=mm1,mm2", "round=3"], 2),
        (["models="], 1),
        (["centers=4097", "months=0"], 2),
        (["script=nowhere.py"], 1),
        (["out="], 1),
        (["7"], 1),
    ],
)
def test_bad_arguments_are_one_line_a_fault(
    arguments: list[str], faults: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert (out, len(err.splitlines())) == ("", faults)
    assert not list(tmp_path.iterdir())


def test_a_script_without_its_functions_is_refused_before_any_round(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "mine.py").write_text("draws = 1\n", encoding="utf-8")
    given = ["models=mm1,day", f"script={tmp_path / 'mine.py'}", f"out={tmp_path / 'new'}"]
    assert main(given) == 2
    assert capsys.readouterr().err.splitlines()[-1].endswith("wanted a program with simulate")


def test_where_nothing_can_be_written_is_found_out_first(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "file").touch()
    assert main([f"out={tmp_path / 'file' / 'new'}"]) == 3
    assert capsys.readouterr().err.startswith("cannot write there")
