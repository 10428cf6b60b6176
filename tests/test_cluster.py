"""Other machines: a scheduler and three workers of this one, over TCP, of which some are lost."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread

import pytest

import sim
from experiments.run import main
from sim import cluster
from sim.dispatch import simulate_blocks
from sim.door.launches import launch, shipped
from sim.faults import BadInput, Unreachable
from sim.running import Block, blocks
from sim.runs import Runs
from sim.study import Study

pytest.importorskip("distributed")
Captured = pytest.CaptureFixture[str]
ROOT = Path(__file__).parents[1]
POISON = 7
DEADLY = f"""
import os
from sim import cluster
from sim.executors import simulated as real
def deadly(text, block):
    if (block.study, block.first) == (0, {POISON}):
        os.kill(os.getpid(), 9)
    return real(text, block)
cluster.simulated = deadly
"""


def study(*more: str) -> Study:
    return sim.load(["center=phuc_hoa", "days=7", "opening=true", "replications=12", "engine=compiled", *more])


def each(studies: list[Study]) -> list[Block]:
    """A block a replication."""
    return [Block(number, n, n + 1) for number, one in enumerate(studies) for n in range(one.replications)]


class Machines:
    """A scheduler and workers, each with a nanny that starts it anew: commands as a person gives them."""

    def __init__(self, folder: Path, workers: int, preload: str = "") -> None:
        self.folder, self.started = folder, list[subprocess.Popen[bytes]]()
        sim.simulate(study("replications=1"), workers=1)  # so that the engine is compiled once, and not by each worker
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            self.address = f"tcp://127.0.0.1:{one.getsockname()[1]}"
        self.scheduler = self._start("scheduler", "--host", self.address, "--no-dashboard")
        preloaded = []
        if preload:
            (folder / "preload.py").write_text(preload, encoding="utf-8")
            preloaded = ["--preload", str(folder / "preload.py")]
        self.workers = [
            self._start("worker", self.address, "--nthreads", "1", "--no-dashboard", "--local-directory", str(folder),
                        *preloaded)
            for _ in range(workers)
        ]  # fmt: skip
        if workers:
            cluster._client(self.address).wait_for_workers(workers, timeout=60)

    def _start(self, kind: str, *words: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-W", "ignore", "-m", f"distributed.cli.dask_{kind}", *words]
        with (self.folder / f"{kind}.log").open("ab") as log:
            one = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, start_new_session=True)
        self.started.append(one)
        return one

    def end(self) -> None:
        """Ends all, the workers of the nannies too."""
        cluster._client(self.address).close()
        for one in self.started:
            with suppress(ProcessLookupError):
                os.killpg(one.pid, signal.SIGKILL)
            one.wait()


@pytest.fixture
def three(tmp_path: Path) -> Iterator[Machines]:
    """Three workers."""
    machines = Machines(tmp_path, 3)
    yield machines
    machines.end()


def run_there(studies: list[Study], address: str | int) -> tuple[dict[Block, Runs], dict[int, str]]:
    found: dict[Block, Runs] = {}
    failed: dict[int, str] = {}
    simulate_blocks(studies, each(studies), found.__setitem__, failed.__setitem__, address)
    return found, failed


def killed_after(seconds: float, one: subprocess.Popen[bytes]) -> Thread:
    def kill() -> None:
        time.sleep(seconds)
        os.killpg(one.pid, signal.SIGKILL)

    killer = Thread(target=kill)
    killer.start()
    return killer


def sums(found: dict[Block, Runs]) -> dict[Block, tuple[bytes, bytes]]:
    return {block: (runs.numerators.tobytes(), runs.denominators.tobytes()) for block, runs in found.items()}


@pytest.mark.slow
def test_a_sweep_on_a_cluster_has_the_bytes_of_one_here(three: Machines, tmp_path: Path) -> None:
    words = ["-m", "center=phuc_hoa", "days=7", "opening=true", "policy=none,guidance_desk", "replications=40"]
    assert main([*words, "assumptions=no", f"out={tmp_path / 'there'}", f"workers={three.address}"]) == 0
    assert main([*words, "assumptions=no", f"out={tmp_path / 'here'}"]) == 0
    for name in ("summary.csv", "comparison.csv", "replications.parquet"):
        assert (tmp_path / "there" / name).read_bytes() == (tmp_path / "here" / name).read_bytes()


@pytest.mark.slow
def test_a_worker_is_killed_and_nothing_is_lost(three: Machines) -> None:
    studies = [study(), study("seed=2")]
    found: dict[Block, Runs] = {}

    def done(block: Block, runs: Runs) -> None:
        found[block] = runs
        if len(found) == 6:
            os.killpg(three.workers[0].pid, signal.SIGKILL)

    simulate_blocks(studies, each(studies), done, dict[int, str]().__setitem__, three.address)
    assert set(found) == set(each(studies))
    assert sums(found) == sums(run_there(studies, 1)[0])


@pytest.mark.slow
def test_a_block_that_kills_workers_is_told_and_the_rest_is_done(tmp_path: Path) -> None:
    machines = Machines(tmp_path, 3, DEADLY)
    studies = [study(), study("seed=2")]
    try:
        found, failed = run_there(studies, machines.address)
    finally:
        machines.end()
    assert list(failed) == [0]
    assert f"replication {POISON} ended the worker" in failed[0]
    assert set(each(studies)) - set(found) == {Block(0, POISON, POISON + 1)}
    here = sums(run_there(studies, 1)[0])
    assert sums(found) == {block: here[block] for block in found}


@pytest.mark.slow
def test_a_scheduler_that_goes_and_one_without_workers_are_told(
    three: Machines, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = [
        "center=phuc_hoa",
        "days=7",
        "opening=true",
        "replications=60000",
        "assumptions=no",
        f"out={tmp_path / 'o'}",
    ]
    killer = killed_after(4.0, three.scheduler)
    assert main([*words, f"workers={three.address}"]) == 6
    killer.join()
    said = capsys.readouterr().err
    assert "the scheduler is gone; stopped: finished replications are kept" in said
    lonely = Machines(tmp_path, 0)
    monkeypatch.setattr(cluster, "WITHOUT_WORKERS", 1.0)
    try:
        with pytest.raises(Unreachable, match="there has been no worker for 1 s"):
            run_there([study()], lonely.address)
    finally:
        lonely.end()


def test_another_version_of_the_program_is_refused_by_its_worker() -> None:
    block = blocks([study("replications=1")], lambda *_: False)[0]
    assert cluster.simulated_there("", block, "older") == "a worker runs another version of the program"


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "tcp://127.0.0.1:99999"])
def test_where_nobody_answers(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "CONNECTING", 0.5)
    with pytest.raises(BadInput, match="wanted a scheduler that answers"):
        run_there([study()], address)


@pytest.mark.parametrize(
    "said",
    ["workers=0", "workers=2000", "workers=-1", "workers=", "workers=two", "workers=http://a:1", "workers=tcp://a",
     "workers=tcp://a:1;b"],
)  # fmt: skip
def test_what_are_no_workers(said: str, capsys: Captured) -> None:
    assert main(["center=textbook", said]) == 2
    assert (
        "wanted 1 to 1024, the address of a scheduler, tcp://HOST:PORT or tls://HOST:PORT, or a launch config"
        in capsys.readouterr().err
    )


# Jobs of Slurm: a stand-in for its commands starts them here

SBATCH = """#!/bin/sh
cp "$1" {folder}/job.sh
bash "$1" >{folder}/job.log 2>&1 &
echo $! >>{folder}/jobs
echo "Submitted batch job $!"
"""
SCANCEL = """#!/bin/sh
echo "$@" >>{folder}/canceled
kill "$@"
"""
OWN = """kind: slurm
jobs: 2
cores: 1
memory: 2 GB
walltime: "00:10:00"
queue: short
account: ward-7
"""


@pytest.fixture
def slurm(tmp_path: Path) -> dict[str, str]:
    """The environment in which there is Slurm."""
    for name, text in (("sbatch", SBATCH), ("scancel", SCANCEL)):
        command = tmp_path / name
        command.write_text(text.format(folder=tmp_path), encoding="ascii")
        command.chmod(0o755)
    return os.environ | {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}


@pytest.mark.slow
def test_jobs_of_slurm_are_started_do_the_work_and_end(slurm: dict[str, str], tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(OWN, encoding="utf-8")
    words = ["center=phuc_hoa", "days=7", "opening=true", "replications=40", "assumptions=no"]
    for name, workers in (("there", str(own)), ("here", "1")):
        command = [sys.executable, "-m", "experiments.run", *words, f"workers={workers}", f"out={tmp_path / name}"]
        done = subprocess.run(
            command, cwd=tmp_path, env=slurm, capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == 0, done.stderr
    for name in ("summary.csv", "replications.parquet"):
        assert (tmp_path / "there" / name).read_bytes() == (tmp_path / "here" / name).read_bytes()
    script = (tmp_path / "job.sh").read_text(encoding="utf-8")
    assert {"#SBATCH -p short", "#SBATCH -A ward-7", "#SBATCH -t 00:10:00"} <= set(script.splitlines())
    jobs = (tmp_path / "jobs").read_text(encoding="ascii").split()
    assert len(jobs) == 2
    assert set((tmp_path / "canceled").read_text(encoding="ascii").split()) == set(jobs)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ('queue: "a; rm -rf b"', "queue"),
        ("queue: [a, b]", "queue: given"),
        ("walltime: 2:00:00", "walltime"),
        ("memory: much", "memory"),
        ("jobs: 0", "jobs: given 0, wanted"),
        ("cpus: 4", "cpus: unknown key"),
        ("kind: pbs", "kind: given 'pbs', wanted slurm"),
        ("account: !!python/name:os.system x", "wanted plain values without tags"),
    ],
)
def test_a_launch_config_is_data(change: str, said: str, tmp_path: Path, capsys: Captured) -> None:
    own = tmp_path / "own.yaml"
    kept = [line for line in OWN.splitlines() if not line.startswith(change.partition(":")[0])]
    own.write_text("\n".join([*kept, change]), encoding="utf-8")
    assert main(["center=textbook", f"workers={own}"]) == 2
    assert said in capsys.readouterr().err


def test_the_shipped_launch_config_is_one() -> None:
    assert [launch(name).kind for name in shipped()] == ["slurm"]
