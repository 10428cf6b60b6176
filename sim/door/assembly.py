"""From a composed whole to a study: the keys of the scenario, its policies and the study told apart."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from sim.assumed import Assumed, is_input
from sim.door import shape
from sim.door.complaints import complaints
from sim.door.marks import GIVEN, UNMARKED, Mark
from sim.faults import Fault, shown, unknown
from sim.policies import Policy
from sim.policies.known import known
from sim.policies.own import is_own, tried
from sim.scenario import Scenario
from sim.study import Study
from sim.targets import Targets
from sim.values import numbers

NONE = "none"


class Assembly:
    """Builds the studies of one call; parts that several of them share are validated once."""

    def __init__(self) -> None:
        self._parts: dict[tuple[str, str], tuple[Any, list[Fault]]] = {}
        self._applied: dict[tuple[str, ...], list[Fault]] = {}

    def study(
        self, values: Mapping[str, Any], marks: Mapping[str, Mark], given: Sequence[str], label: str
    ) -> tuple[Study | None, list[Fault]]:
        """The study, or None and all that is wrong with it. ``given``: the keys that an override set."""
        faults = _unknown(values)
        scenario = {name: entry for name, entry in values.items() if name in Scenario.model_fields}
        base, base_key = self._part(Scenario, scenario, "", faults)
        targets, _ = self._part(Targets, values.get("targets"), "targets", faults)
        policies, policy_keys = self._policies(values.get("policy"), faults)
        if base is not None and len(policies) == len(policy_keys):
            wrong = self._applying(base, policies, (base_key, *policy_keys))
            faults += wrong
            if wrong and any(is_own(type(policy)) for _, policy in policies):
                return None, faults  # what else it would do is not known
        found = marked(values, marks, given)
        plain = {name: values[name] for name in shape.STUDY_KEYS if name in values}
        parts = {"base": base, "policies": policies, "targets": targets}
        try:
            assumed = assumptions(values, found, marks, given)
            measured = {key: mark.assumed for key, mark in found.items() if mark.is_measured and is_input(key)}
            said = {key: words for key, mark in found.items() if (words := mark.assumed.words)}
            letters = {key: mark.letter for key, mark in found.items()}
            known = {**counted(found), "marks": letters, "words": said, "assumed": assumed, "measured": measured}
            made = Study.model_validate({**plain, **parts, "label": label, **known})
        except ValidationError as error:
            wrong = complaints(error, {**plain, "targets": values.get("targets")}, shape.WHOLE)
            own = [one for one in wrong if one.key and one.key != "targets"]
            return None, [*faults, *own]
        return (None if faults else made), faults

    def _part(self, kind: type[BaseModel], data: object, name: str, faults: list[Fault]) -> tuple[Any, str]:
        """A validated part and the text it is known by; the part is None where it has faults."""
        text = json.dumps(data, default=str)
        key = (f"{kind.__name__} {name}", text)
        if key not in self._parts:
            below = tuple(name.split(".")) if name else ()
            try:
                self._parts[key] = kind.model_validate(data), []
            except ValidationError as error:
                self._parts[key] = (
                    None,
                    complaints(error, data, shape.WHOLE if kind is Scenario else kind, below),
                )
        made, found = self._parts[key]
        faults += found
        return made, f"{name} {text}"

    def _policies(self, given: object, faults: list[Fault]) -> tuple[tuple[tuple[str, Policy], ...], tuple[str, ...]]:
        """The valid policies in their order, and a key for each that was given."""
        if not isinstance(given, dict | None):
            faults.append(Fault("policy", shown(given), "wanted policies by name, each with its parameters"))
            return (), ()
        policies: list[tuple[str, Policy]] = []
        keys: list[str] = []
        for name, parameters in (given or {}).items():
            if name not in known():
                faults.append(unknown(f"policy.{name}", name, known(), "policy"))
            elif name != NONE or parameters:
                made, key = self._part(known()[name], parameters or {}, f"policy.{name}", faults)
                keys.append(key)
                policies += [(name, made)] if made is not None else []
        return tuple(policies), tuple(keys)

    def _applying(self, base: Scenario, policies: Sequence[tuple[str, Policy]], keys: tuple[str, ...]) -> list[Fault]:
        """What the policies have against this scenario."""
        if keys not in self._applied:
            self._applied[keys] = _applied_faults(base, policies)
        return self._applied[keys]


def _applied_faults(scenario: Scenario, policies: Sequence[tuple[str, Policy]]) -> list[Fault]:
    for name, policy in policies:
        try:
            scenario = tried(policy, scenario)
        except ValidationError as error:
            wrong = [(".".join(str(part) for part in one["loc"]), one["msg"]) for one in error.errors()]
            return [Fault(f"policy.{name}", "", f"does not fit: {at}: {why}") for at, why in wrong]
        except ValueError as error:
            return [Fault(f"policy.{name}", "", str(error))]
    return []


def _unknown(values: Mapping[str, Any]) -> list[Fault]:
    return [
        shape.elsewhere(name) if name in shape.ELSEWHERE else unknown(name, name, shape.WHOLE)
        for name in values
        if name not in shape.WHOLE
    ]


def marked(values: Mapping[str, Any], marks: Mapping[str, Mark], given: Sequence[str]) -> dict[str, Mark]:
    """The mark of every number of a composed whole, by dotted key."""
    below = tuple(f"{key}." for key in given)
    return {
        key: GIVEN if key in given or key.startswith(below) else marks.get(key, UNMARKED)
        for key, _ in numbers(dict(values))
    }


def assumptions(
    values: Mapping[str, Any], found: Mapping[str, Mark], marks: Mapping[str, Mark], given: Sequence[str]
) -> dict[str, Assumed]:
    """What is known of the assumed numbers ``found`` in a whole, and of its assumed times of the day, by dotted key."""
    below = tuple(f"{key}." for key in given)
    times = {
        key: mark
        for key, mark in marks.items()
        if key not in found and not (key in given or key.startswith(below)) and isinstance(_at(values, key), str)
    }
    return {key: mark.assumed for key, mark in {**found, **times}.items() if mark.is_assumption and is_input(key)}


def _at(values: Any, key: str) -> object:
    """What stands at a dotted key; None where nothing does."""
    for part in key.split("."):
        if isinstance(values, list) and part.isdecimal() and int(part) < len(values):
            values = values[int(part)]
        elif isinstance(values, dict):
            values = values.get(part)
        else:
            return None
    return values


def counted(marks: Mapping[str, Mark]) -> dict[str, int]:
    """How many numbers are inputs, and how many of those assumptions and somebody's own figures, as a study has it."""
    inputs = [mark for key, mark in marks.items() if is_input(key)]
    return {
        "inputs": len(inputs),
        "assumptions": sum(mark.is_assumption for mark in inputs),
        "own_figures": sum(mark.is_own for mark in inputs),
    }
