"""What was found, in words that a terminal and a chart share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf

from sim.headroom.needed import MOST_MORE, Chosen, Needed
from sim.headroom.officials import Again, Group, Spared
from sim.headroom.outages import Survived
from sim.headroom.turning import Turn, Walk, first_to_turn
from sim.units import clock_text

Said = Callable[[float], str]


def factor(x: float) -> str:
    """A factor on demand: "1.87 times"."""
    return f"{x:.2f} times"


def minutes(x: float) -> str:
    """A length: "49 min"."""
    return f"{x:.0f} min"


def turning_point(turn: Turn, walk: Walk, said: Said) -> str:
    """Where a target turns; beyond what was looked at: "more than 5.00 times"."""
    if not turn.is_measured:
        return "n/a"
    if turn.value == -inf and walk.start == walk.values[0]:
        return "not kept"
    return _end(turn.value, walk, said, ("less than", "more than"))


def interval(turn: Turn, walk: Walk, said: Said) -> str:
    """The values at which the interval of the figure holds the target, without their unit: "1.81 to 1.92"."""
    low, high = sorted((turn.met_until, turn.missed_from))
    if not turn.is_measured or low == high:
        return ""
    ends = (_end(end, walk, said, ("below", "above")).rpartition(" ")[0] for end in (low, high))
    return " to ".join(ends)


def _end(x: float, walk: Walk, said: Said, beyond: tuple[str, str]) -> str:
    if x == inf:
        return f"{beyond[1]} {said(walk.values[-1])}"
    if x == -inf:
        return said(walk.start) if walk.start == walk.values[0] else f"{beyond[0]} {said(walk.values[0])}"
    return said(x)


def demand_said(found: Sequence[Turn], walk: Walk) -> str:
    """How far demand can grow, or would have to fall, for all targets to be kept by the figures."""
    first = first_to_turn(found)
    if first.value == inf:
        return f"every target is still kept at {factor(walk.values[-1])} as many people, the most looked at"
    if first.value == -inf:
        return f"{first.target.metric} is not kept even at {factor(walk.values[0])} as many people"
    kept = first.value >= walk.start
    words = "every target is kept up to" if kept else "every target would be kept up to"
    ends = interval(first, walk, factor)
    return f"{words} {factor(first.value)} as many people ({ends}); {first.target.metric} decides"


def outage_said(found: Survived) -> str:
    """How long an outage is survived, and from which hour."""
    first, when = first_to_turn(found.turns), clock_text(found.begins)
    how = f"answered by {found.answer}, once a day from {when}"
    if first.value == inf:
        return f"{how}: kept in every outage looked at, up to {minutes(found.walk.values[-1])}"
    if first.value == -inf:
        return f"{how}: not kept, whatever its length"
    ends = interval(first, found.walk, minutes)
    return f"{how}: kept up to {minutes(first.value)} ({ends}); {first.target.metric} decides"


def spared_said(found: Spared) -> list[str]:
    """Who can spare most, and whom one more away breaks first, on replications that had no part in the choice."""
    lines = ["nobody can be spared: with one fewer in any group a target is not shown to be met"]
    if found.most is not None:
        lines = [f"most can be spared in {found.most.group.name}, {_spare(found.most.group)}: {_again(found.most)}"]
    if found.least is not None:
        lines.append(f"first to break is {found.least.group.name}, with {found.least.by} fewer: {_again(found.least)}")
    return lines


def _spare(group: Group) -> str:
    return f"{group.spare} of {group.count}{' or more' if group.is_open else ''}"


def _again(found: Again) -> str:
    return f"{found.point.verdict} on {len(found.point.runs)} fresh replications"


def needed_said(found: Needed) -> list[str]:
    """Whom the fewest more would do for, as fresh replications have it, and which groups are not enough."""
    if not found.groups:
        return ["there are none"]
    if found.chosen is None:
        lines = [
            f"no group is enough by itself: with up to {MOST_MORE} more in any one the targets are not shown to be met"
        ]
        return [*lines, "motcua search looks at several groups, counters and policies together"]
    lines = _chosen(found.chosen)
    without = [group.name for group in found.groups if group.enough is None]
    return [*lines, f"not shown to be enough with up to {MOST_MORE} more: {', '.join(without)}"] if without else lines


def _chosen(found: Chosen) -> list[str]:
    first = found.again[0]
    said = f"fewest are needed in {found.group.name}, {more_said(found)}"
    fresh = "" if first.point is None else f"on {len(first.point.runs)} fresh replications"
    if found.verdict == "met":
        return [f"{said}: met {fresh}"]
    said = f"{said} where they were chosen; {fresh} that is {found.verdict}"
    if found.shown is not None:
        return [f"{said}, and {found.shown.by} more are met"]
    return [said, "so no number is shown to be enough: more replications tell more"]


def more_said(found: Chosen) -> str:
    """The number that was chosen: "5 more officials and 2 more counters"."""
    counters = f" and {found.counters} more counter{'s' * (found.counters != 1)}" if found.counters else ""
    return f"{found.step.by} more official{'s' * (found.step.by != 1)}{counters}"
