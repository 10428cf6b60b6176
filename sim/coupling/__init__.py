"""Several centers in one run, tied by citizens who choose among them and by specialists whom all share.

With nothing that ties them each center has in this run, bit for bit, what it has in a run of its own: its people,
officials, leaders and queues are its own, keyed by its number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from sim.coupling.agreeing import faults_of, is_asked
from sim.coupling.joining import joined
from sim.coupling.renumbering import Numbers, numbers_of
from sim.coupling.value import Coupling
from sim.faults import BadInput, Fault
from sim.plan import Plan
from sim.planning import choice_rules, flatten
from sim.roster import official_names
from sim.scenario import Scenario
from sim.staff import Group
from sim.study import Study
from sim.units import milliseconds


@dataclass(frozen=True, eq=False)
class Coupled:
    """Centers by their numbers, each a study; their ``plan``, which has no key yet; whom all share, by name."""

    studies: tuple[Study, ...]
    scenarios: tuple[Scenario, ...]
    coupling: Coupling
    plan: Plan
    numbers: tuple[Numbers, ...]
    shared: tuple[str, ...]


def couple(studies: Sequence[Study], coupling: Coupling) -> Coupled:
    """One run of several centers, which differ in their ``center``. BadInput with all that stands against it."""
    ordered = sorted(studies, key=lambda study: study.center)
    own = [study.scenario for study in ordered]
    faults = faults_of(ordered, own, coupling)
    if faults:
        raise BadInput(faults)
    together = [_with_shared(study, one, coupling) for study, one in zip(ordered, own, strict=True)]
    plans = [flatten(one, study.center) for study, one in zip(ordered, together, strict=True)]
    shared = [_shared(one, coupling) for one in together]
    numbers = numbers_of(plans, [one.fields for one in together], shared)
    names = shared_names(coupling)
    plan = _with_rules(joined(plans, numbers, len(names)), plans, together[0], coupling)
    return Coupled(tuple(ordered), tuple(own), coupling, plan, tuple(numbers), names)


def _with_shared(study: Study, own: Scenario, coupling: Coupling) -> Scenario:
    """A center's scenario with the specialists of all, as far as they know its fields. BadInput where that fails."""
    staff = {name: _at(own, group) for name, group in coupling.staff.items() if is_asked(own, group)}
    if not staff:
        return own
    try:
        return own.replace(staff={**own.staff, **staff})
    except ValidationError as error:
        where = [(".".join(map(str, one["loc"])), one["msg"]) for one in error.errors()]
        raise BadInput([Fault(f"coupled.{at}", "", f"{why}, at {study.label}") for at, why in where]) from None


def _at(own: Scenario, group: Group) -> Group:
    skills = None if group.skills is None else tuple(name for name in group.skills if name in own.fields)
    return group.replace(skills=skills, point=next(iter(own.points)))


def shared_names(coupling: Coupling) -> tuple[str, ...]:
    """Those whom all centers share, by group and number."""
    return tuple(f"{name} {nth}" for name, one in coupling.staff.items() for nth in range(1, (one.count or 0) + 1))


def _shared(scenario: Scenario, coupling: Coupling) -> dict[int, int]:
    """The officials of a center's plan whom all share, each with who of them it is."""
    who = {name: nth for nth, name in enumerate(shared_names(coupling))}
    return {own: who[name] for own, name in enumerate(official_names(scenario)) if name in who}


def _with_rules(plan: Plan, plans: Sequence[Plan], scenario: Scenario, coupling: Coupling) -> Plan:
    """What holds for all: when a result is made on the spot, boards, and who chooses."""
    rules: Any = plan.rules.copy()
    rules["cut_off"] = min(int(one.rules.cut_off) for one in plans)
    rules["tick"] = max(int(one.rules.tick) for one in plans)
    if coupling.choice is not None:
        rules["tick"] = milliseconds(scenario.board_every)
        for name, value in choice_rules(coupling.choice).items():
            rules[name] = value
    return plan._replace(rules=rules)


__all__ = ["Coupled", "Coupling", "couple"]
