"""Programs that are sweeps by themselves: the studies they ask for, and how these are run, told and kept."""

from __future__ import annotations

import re
import sys
import time
from itertools import combinations
from textwrap import shorten
from typing import TYPE_CHECKING

from experiments.options import Options, one_run
from experiments.progress import EVERY, LOG_EVERY, WIDTH
from sim.faults import BadInput, Fault

if TYPE_CHECKING:
    from sim.executors import Workers
    from sim.folder import Folder
    from sim.simulations import Simulations
    from sim.study import Study

MOST_POLICIES = 10
_ANY_OF = re.compile(r"^policy=any_of\((.*)\)$")


def swept(options: Options, why: str) -> tuple[list[Study], list[Fault]]:
    """The studies of the sweep that the overrides are, and what else is wrong. Raises BadInput with all faults.

    ``why`` it has neither -m nor --cfg.
    """
    from sim.door import sweep

    faults = one_run(options, why)
    words = [expanded(word, faults) for word in options.overrides]
    try:
        return sweep(words), faults
    except BadInput as error:
        raise BadInput([*faults, *error.faults]) from None


def expanded(word: str, faults: list[Fault]) -> str:
    """``policy=any_of(a,b)`` as the sweep over none, a, b and both; other words as they are."""
    match = _ANY_OF.match(word)
    if not match:
        return word
    names = [name.strip() for name in match[1].split(",") if name.strip()]
    if not 1 <= len(names) <= MOST_POLICIES or len(set(names)) < len(names):
        wanted = f"wanted any_of 1 to {MOST_POLICIES} policies, each once"
        faults.append(Fault("policy", word.partition("=")[2], wanted))
        return "policy=none"
    subsets = [some for size in range(1, len(names) + 1) for some in combinations(names, size)]
    return "policy=" + ",".join(["none", *("[" + ",".join(some) + "]" for some in subsets)])


def simulations(folder: Folder, workers: Workers | None, called: str) -> Simulations:
    """What earlier runs have finished, and how the rest is run, told and kept; ``called``: what the studies are."""
    from experiments.keeping import kept_in
    from experiments.progress import say_if_compiling

    began = said = logged = time.monotonic()
    count = 0

    def told(replications: int, label: str) -> None:
        nonlocal said, logged, count
        count += replications
        now = time.monotonic()
        rate = count / max(now - began, 1e-9)
        line = f"{count} replications of {len(folder.studies)} {called}, {rate:.3g} a second, at {label}"
        if now - said > EVERY:
            said = now
            print(shorten(line, WIDTH, placeholder=" …"), file=sys.stderr, flush=True)
        if now - logged > LOG_EVERY:
            logged = now
            folder.log(line)

    say_if_compiling()
    return kept_in(folder, dict(enumerate(folder.studies)), workers, told)
