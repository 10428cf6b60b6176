"""Where work goes: to the point at which somebody may do it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.roster import Duty
from sim.scenario import Scenario
from sim.staff import Group


def routes(scenario: Scenario, duty: list[Duty]) -> NDArray[np.int64]:
    """The point to which somebody goes who would choose ``row`` and has field ``column``.

    A point at which nobody has the skill, or only for some classes of citizens, sends to the first point that
    has it for all, or else for some; where no official has it at all, people wait at the point that they chose.
    """
    fields, names = scenario.fields, list(scenario.points)
    found = np.tile(np.arange(len(names))[:, None], (1, len(fields)))
    for column, field in enumerate(fields):
        able = [[one.group for one in duty if one.point == name and can_do(one, field)] for name in names]
        whole = [_serve_all(groups, scenario) for groups in able]
        good = np.array(whole if any(whole) else [bool(groups) for groups in able])
        if good.any():
            found[~good, column] = int(np.argmax(good))
    return found


def can_do(one: Duty, field: str) -> bool:
    """Whether an official has the skill for a field; guides and leaders have none."""
    return one.group is not None and one.group.role == "counter" and _has_skill(one.group, field)


def offices(scenario: Scenario, duty: list[Duty]) -> NDArray[np.int64]:
    """The point at which a step of the back office in field ``column`` is done for dossiers of point ``row``.

    There where somebody has the skill, else at the first point at which somebody has; where nobody has it at all it
    waits where it is.
    """
    fields, names = scenario.fields, list(scenario.points)
    found = np.tile(np.arange(len(names))[:, None], (1, len(fields)))
    for column, field in enumerate(fields):
        able = [any(one.point == name and can_process(scenario, one, field) for one in duty) for name in names]
        if any(able):
            found[~np.array(able), column] = able.index(True)
    return found


def can_process(scenario: Scenario, one: Duty, field: str) -> bool:
    """Whether an official works on dossiers of a field in the back office."""
    if one.group is None or one.group.role == "leader":
        return False
    return in_back_office(scenario, one.group) and _has_skill(one.group, field)


def is_asked(one: Duty, field: str) -> bool:
    """Whether officials at counters ask somebody over a link about a field."""
    return one.group is not None and one.group.role == "remote" and _has_skill(one.group, field)


def in_back_office(scenario: Scenario, group: Group | None) -> bool:
    """Whether a group works in the back office; leaders sign there, guides never do."""
    office = scenario.back_office
    if office is None or group is None:
        return False
    return group.role in {"specialist", "leader"} or (group.role == "counter" and office.at_counters)


def _has_skill(group: Group, field: str) -> bool:
    return group.skills is None or field in group.skills


def _serve_all(groups: list[Group | None], scenario: Scenario) -> bool:
    """Whether the officials of some groups together receive every class of citizens."""
    served = [scenario.priorities if group.serves is None else group.serves for group in groups if group]
    return set(scenario.priorities) <= {name for names in served for name in names}
