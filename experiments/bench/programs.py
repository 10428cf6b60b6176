"""Words of a comparison: a model, the programs that simulate it, what they did, and how it is checked."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

CRITICAL = 3.29
Result = TypeVar("Result")


class Ran(NamedTuple):
    """A run: how many people it simulated, CPU ns, and their mean wait in minutes."""

    people: int
    spent: int
    wait: float


def pooled(runs: Sequence[Ran]) -> Ran:
    """Several runs as one."""
    people = sum(run.people for run in runs)
    return Ran(people, sum(run.spent for run in runs), sum(run.people * run.wait for run in runs) / people)


class Check(NamedTuple):
    """Whether a program simulates the model. ``wait``, ``expected`` and its standard ``error`` are minutes.

    The last two are None where not the mean wait but the whole trace is compared.
    """

    wait: float
    expected: float | None
    error: float | None
    verdict: str


@dataclass(frozen=True)
class Known:
    """The mean wait of a model in minutes, and how far a right program's may lie from it.

    The mean over n people has the standard error sqrt(variance / n), for large n; ``error`` is that of ``mean``
    itself, 0 where theory has it.
    """

    mean: float
    variance: float
    error: float = 0.0

    def check(self, runs: Sequence[Ran]) -> Check:
        """Sets the mean over runs against it: "ok" within CRITICAL standard errors, 1 in 1000 right ones is not."""
        people, _, wait = pooled(runs)
        error = math.sqrt(self.variance / people + self.error**2)
        return Check(wait, self.mean, error, "ok" if abs(wait - self.mean) <= CRITICAL * error else "off")


@dataclass(frozen=True)
class Program:
    """A program that simulates a model. ``run(size, seed)`` does so once, and times what is to be timed.

    A round is ``times`` runs, each of ``share`` times the size of the model. ``package`` is what must be installed;
    ``absent`` says why else it cannot run; ``lacks`` which features of the model it leaves out.
    """

    name: str
    run: Callable[[int, int], Ran]
    check: Callable[[Sequence[Ran]], Check]
    share: float = 1.0
    times: int = 1
    package: str = ""
    absent: str = ""
    lacks: str = ""

    @property
    def why_not(self) -> str:
        """Why it cannot be measured here, or nothing."""
        missing = self.package and importlib.util.find_spec(self.package) is None
        return "not installed" if missing else self.absent

    @property
    def title(self) -> str:
        """Its name, with the version of its package."""
        known = self.package and not self.why_not
        return f"{self.name} {importlib.metadata.version(self.package)}" if known else self.name


@dataclass(frozen=True)
class Model:
    """What the programs simulate: ``size`` is that of a run, in people or days; ``note``, how they are checked."""

    name: str
    title: str
    person: str
    size: int
    programs: tuple[Program, ...]
    note: str


def timed(work: Callable[[], Result]) -> tuple[Result, int]:
    """What ``work`` gives, and the CPU ns of this process that it took."""
    began = time.process_time_ns()
    result = work()
    return result, time.process_time_ns() - began
