"""``motcua NAME``: the programs of this folder. Help and refusals come before any heavy import."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module

from experiments.ending import ended

PROGRAMS = {
    "run": "simulate one scenario, or with -m a sweep, and judge it against its targets",
    "compare": "results that are there already, side by side, paired on the same citizens; nothing is run",
    "report": "the planner's page of results that are there: one file, in Vietnamese and English",
    "events": "what happened to each visit, as an event log for process mining: CSV, XES, OCEL 2.0",
    "sensitivity": "which assumptions a verdict rests on, and at what value they change it",
    "province": "a table of centers, a row a commune, simulated together and judged",
    "place": "officials lent to a province placed over its centers, four ways compared",
    "search": "the cheapest combination of policies, officials and counters that keeps every target",
    "select": "the best of several ways of running a center by one figure, with a stated confidence",
    "headroom": "how much more demand, how many officials fewer, how long an outage the promise survives",
    "warmup": "whether a run has settled when measuring begins: MSER-5 and Welch's moving averages",
    "load": "the load sheet of a scenario: work offered over staffed minutes, before any run",
    "way": "the way of a citizen through a center as a picture, before any run",
    "new": "a scenario of your own center: from ten questions, then from visits timed with a watch",
    "fit": "tickets, dossiers or counts of an office in, a scenario out, and what they do not tell",
    "validate": "whether the simulator can be believed: theory, printed figures, what was seen at centers",
    "bench": "CPU time a citizen, beside the same day written by hand",
    "schema": "the JSON Schema of a scenario file, for editors",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a program by its name; 2 for a name that is none."""
    return ended(lambda: _main(list(sys.argv[1:] if arguments is None else arguments)))


def _main(given: list[str]) -> int:
    if not given or given[0] in {"-h", "--help"}:
        print(_help())
        return 0
    if given[0] == "--version":
        from sim import __version__

        print(f"motcua {__version__}")
        return 0
    if given[0] not in PROGRAMS:
        from sim.faults import nearest

        hint = nearest(given[0], PROGRAMS)
        print(f"motcua: no program {given[0]!r}; wanted one of {', '.join(PROGRAMS)}", file=sys.stderr)
        if hint:
            print(f"did you mean: motcua {hint}", file=sys.stderr)
        return 2
    return int(import_module(f"experiments.{given[0]}").main(given[1:]))


def _help() -> str:
    lines = ["motcua PROGRAM [OVERRIDES]: will a service center keep its wait-time promise?", ""]
    lines += [f"  {name:11} {what}" for name, what in PROGRAMS.items()]
    return "\n".join([*lines, "", "motcua PROGRAM --help says more."])


if __name__ == "__main__":
    sys.exit(main())
