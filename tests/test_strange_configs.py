"""Whatever a scenario file holds is refused in lines, or is a study that runs: never a traceback, in time and memory.

Asked for, ``-m slow`` does it for more than ten thousand files; ``-s`` shows what was answered.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from tests.strange_configs import answer_to_text, answer_to_values, broken_texts, broken_wholes

Answer = Callable[[Any], str]
ROOT = Path(__file__).parent.parent
BOTH: tuple[tuple[Callable[[], Any], Answer], ...] = ((broken_wholes, answer_to_values), (broken_texts, answer_to_text))
FEW, MANY, MEMORY = 40, 6_000, 4 << 30


def answers(strategy: Any, answer: Answer, many: int) -> tuple[Counter[str], float]:
    """How many were answered with what, and the longest time in s; the same ones each time."""
    found, slowest = Counter[str](), 0.0

    @settings(
        max_examples=many, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(strategy)
    def each(value: Any) -> None:
        nonlocal slowest
        began = time.monotonic()
        found[answer(value)] += 1
        slowest = max(slowest, time.monotonic() - began)

    each()
    return found, slowest


@pytest.mark.parametrize(("strategy", "answer"), BOTH, ids=["by the schema", "by the byte"])
def test_a_few(strategy: Callable[[], Any], answer: Answer) -> None:
    found, _ = answers(strategy(), answer, FEW)
    assert found.total() >= FEW
    assert set(found) == {"refused", "valid"}


def many_in_little_memory() -> None:
    """All of them, in a process whose memory is limited; says what was found."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for name, (strategy, answer) in zip(("schema", "byte"), BOTH, strict=True):
        found, slowest = answers(strategy(), answer, MANY)
        print(f"{name}: {found.total()} configs, {dict(found)}, slowest {slowest:.1f} s", flush=True)  # noqa: T201


@pytest.mark.slow
def test_many() -> None:
    program = "from tests.test_strange_configs import many_in_little_memory as many; many()"
    command = [sys.executable, "-W", "error::RuntimeWarning", "-c", program]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=3600)
    print(done.stdout)  # noqa: T201
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.partition(":")[0] for line in done.stdout.splitlines()] == ["schema", "byte"]
