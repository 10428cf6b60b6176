"""Sections 5 and 6: software, random numbers, execution, machine, and where the model can be had."""

from __future__ import annotations

from sim.distributions import SIDE
from sim.report.stress_des.markdown import code, escaped, fenced, listing, table
from sim.report.stress_des.told import Answer, Told
from sim.running import is_compiled
from sim.sources import sources_hash
from sim.streams import Stream

BELOW = "“Of this run”, at the end"


def software(told: Told) -> Answer:
    """5.1."""
    said = (
        "motcua, a program in Python, of which two engines give the same record of events bit for bit: one of SimPy "
        f"processes, one compiled by numba. Its sources have the hash {code(sources_hash())}."
    )
    if told.ran is None:
        return Answer((said,), ("versions of motcua, Python, the libraries and the operating system",))
    return Answer((said, f"Versions of Python, the libraries and the operating system: {BELOW}."))


def sampling(told: Told) -> Answer:
    """5.2."""
    seeds = sorted({study.seed for study in told.studies})
    said = [
        (
            "Generator: Squares, counter-based, 64 bits, five rounds (Widynski, arXiv:2004.06278); keys and counters "
            "are hashed with the finalizer of SplitMix64 (Steele, Lea and Flood 2014)."
        ),
        (
            f"Seed: {', '.join(map(str, seeds))}. A key is hashed one to one from seed, replication and stream, so no "
            f"two replications share numbers. There are {len(Stream)} streams, one for each thing that is decided "
            "(arrivals, service, patience and so on)."
        ),
        (
            "A number is looked up by who or what it decides for (center, day, half-hour, person; occurrence) and "
            "never drawn in turn: it does not depend on the order of events, other people, policies or the engine."
        ),
        (
            "Common random numbers follow: the same seed and replication have the same people, with the same "
            "attributes, in every scenario of a center."
        ),
        (
            f"Variates: inversion, by a table of {2 * (SIDE + 1):,} quantiles of each distribution, in whole "
            "milliseconds, linear between them."
        ),
    ]
    return Answer((listing(said),))


def execution(told: Told) -> Answer:
    """5.3."""
    said = (
        "Next-event time advance. Events of one instant are applied by rank: completions; changes of shifts and the "
        "network; boards and rules; openings of the door; returns and arrivals; reneging; then calls. Table 2.4 has "
        "the rules, ties included. The SimPy engine does so by process interaction, the compiled one by an event loop."
    )
    rows = ((escaped(s.label), s.engine, "compiled" if is_compiled(s) else "SimPy") for s in told.studies)
    parallel = (
        "Each replication is run by one thread or process alone; several run side by side on one machine, and the "
        "results do not depend on how many. No replication is distributed. Where the engine asked for is auto, an "
        "earlier part with fewer replications may have been run by SimPy."
    )
    return Answer((said, table(("Scenario", "Engine asked for", "Engine used"), rows), parallel))


def machine(told: Told) -> Answer:
    """5.4."""
    if told.ran is None:
        return Answer(wanted=("the machine, and how long the run took",))
    return Answer((f"Machine and run time: {BELOW}.",))


def access(told: Told) -> Answer:
    """6.1."""
    said = (
        "The program is under the MIT License. `manifest.json` beside this sheet holds every parameter of every "
        "scenario, the seed and the versions; the same command gives the same figures on any machine."
        if told.ran
        else "The program is under the MIT License; the same scenario and seed give the same figures on any machine."
    )
    return Answer((said,)) + told.by_author("code_access", "where program and scenario can be had, with a link or DOI")


def of_this_run(told: Told) -> str:
    """What may differ between two runs of the same studies: the command, versions, machine, seconds, failures."""
    ran = told.ran
    if ran is None:
        return ""
    versions = ", ".join(f"{escaped(name)} {escaped(version)}" for name, version in sorted(ran.versions.items()))
    said = [
        f"Machine: {escaped(ran.machine)}",
        f"Versions: {versions}",
        f"Seconds of the last command, which only did what was missing: {ran.seconds:g}",
        *(f"Could not be run: {escaped(label)}: {escaped(why)}" for label, why in ran.failed.items()),
    ]
    return f"{listing(said)}\n\nThe command:\n\n{fenced(ran.command)}"
