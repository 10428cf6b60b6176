"""What is known of a number beside its value: the range in which it may lie, and the words of its mark.

The rule of what is an input: every number of the scenario and of its policies, except those that shape
the study and not the center: ``days``, ``warmup_days``, ``seed``, ``replications``, ``confidence``, ``stopping``,
everything below ``targets`` (promises, not facts) and ``observed`` (what a run is compared with), and every
``rank`` (an order, not a quantity).
"""

from __future__ import annotations

from dataclasses import dataclass

REST = "the rest"
FIXED = "fixed"
OF_THE_STUDY = {"days", "warmup_days", "seed", "replications", "confidence", "stopping"}
NOT_INPUTS = frozenset({*OF_THE_STUDY, "targets", "observed", "sweep"})


@dataclass(frozen=True)
class Assumed:
    """A number that is marked as an assumption, or as measured with a 95 % interval.

    ``low`` and ``high`` are in its unit (of a time of the day, minutes from midnight), None where its mark has no
    range. ``together``: they are factors, by which all numbers of the same line are multiplied at once.
    """

    low: float | None = None
    high: float | None = None
    words: str = ""
    together: bool = False


def is_input(key: str) -> bool:
    """Whether a number at a dotted key is a fact about the center or a policy, by the rule above."""
    parts = key.split(".")
    return parts[0] not in NOT_INPUTS and parts[-1] != "rank"
