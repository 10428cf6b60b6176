"""How fast the engine is: CPU time a citizen of the benchmark day, beside the same day written by hand.

``script=FILE`` names a program with ``draws(days, seed)`` and ``simulate(days, draws)``, such as plain SimPy; its
rounds and ours alternate in one process, and the ratio of each round is what counts.
"""

from __future__ import annotations

import importlib.util
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROUNDS = 5
USAGE = "motcua bench [days=250] [rounds=5] [script=FILE]: CPU time a citizen, ratios in one run"


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints a line a round and the medians; 2 for bad input."""
    given = dict(word.partition("=")[::2] for word in (sys.argv[1:] if arguments is None else arguments))
    if "--help" in given or "-h" in given:
        print(USAGE)
        return 0
    numbers = {name: given.pop(name, default) for name, default in (("days", "250"), ("rounds", str(ROUNDS)))}
    script = given.pop("script", None)
    if given or not all(
        value.isascii() and value.isdecimal() and 0 < int(value) < 10_000 for value in numbers.values()
    ):
        print(f"{' '.join(given) or numbers}: wanted {USAGE}", file=sys.stderr)
        return 2
    if script is not None and not Path(script).is_file():
        print(f"script={script}: wanted a file, there is none", file=sys.stderr)
        return 2
    _rounds(int(numbers["days"]), int(numbers["rounds"]), _loaded(Path(script)) if script else None)
    return 0


def _rounds(days: int, rounds: int, other: Any) -> None:
    mine, theirs, ratios = [], [], []
    for number in range(rounds):
        mine.append(_ours(days, number))
        line = f"round {number + 1}: reference {mine[-1]:.1f} us a citizen"
        if other is not None:
            theirs.append(_theirs(other, days, number))
            ratios.append(mine[-1] / theirs[-1])
            line += f", {other.__name__} {theirs[-1]:.1f} us, ratio {ratios[-1]:.2f}"
        print(line, flush=True)
    print(f"median: reference {statistics.median(mine):.1f} us a citizen ({min(mine):.1f} to {max(mine):.1f})")
    if other is not None:
        print(f"median ratio {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")


def _ours(days: int, replication: int) -> float:
    """CPU us a citizen of the event loop and of looking the people up."""
    from sim.door import load
    from sim.models.center import run
    from sim.planning import make_plan

    plan = make_plan(load(["center=benchmark_day", f"days={days}"]).scenario, 1, replication)
    trace, spent = _timed(lambda: run(plan))
    return spent / int((trace.visits["visit"] == 0).sum())


def _theirs(other: Any, days: int, seed: int) -> float:
    """CPU us a citizen of their event loop; their draws are made before and not timed."""
    draws = other.draws(days, seed)
    _, spent = _timed(lambda: other.simulate(days, draws))
    return spent / len(draws["arrival"])


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    began = time.process_time()
    result = work()
    return result, (time.process_time() - began) * 1e6


def _loaded(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    sys.exit(main())
