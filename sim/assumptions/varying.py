"""A study with some of its inputs set otherwise, everything else as it was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from sim.assumptions.inputs import Input, plain, shares_beside
from sim.policies import applied
from sim.scenario import Scenario
from sim.study import Study


class Unfit(Exception):
    """A value that makes no scenario; says why."""


def varied(study: Study, values: Mapping[Input, float]) -> Study:
    """The study in which each input has its value. Raises Unfit where that is no scenario, or a policy does not fit.

    Of shares that sum to 1 those that are set are kept and the others rescaled; all of them where the set ones leave
    no room, or none of the others has a share.
    """
    changes = {key: value for one, x in values.items() for key, value in one.at(x).items()}
    whole = plain(study)
    whole = _with(whole, {**changes, **_rescaled(changes, whole)})
    policies = whole.pop("policy")
    label = " · ".join([study.label, *(f"{one.name}={one.said(x)}" for one, x in values.items())])
    try:
        made = study.replace(
            base=Scenario.model_validate(whole),
            policies=tuple((name, type(policy).model_validate(policies[name])) for name, policy in study.policies),
            label=label[:500],
        )
        applied(made.base, tuple(policy for _, policy in made.policies))
    except ValidationError as error:
        first = error.errors()[0]
        raise Unfit(f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}") from None
    except ValueError as error:
        raise Unfit(str(error)) from None
    return made


def _rescaled(changes: Mapping[str, Any], whole: Mapping[str, Any]) -> dict[str, float]:
    """All shares that sum to 1 with changed ones."""
    made: dict[str, float] = {}
    for key in changes:
        before = shares_beside(key, whole) if key not in made else {}
        kept = {other: changes[other] for other in before if other in changes}
        others = {other: share for other, share in before.items() if other not in changes}
        room, there = 1 - sum(kept.values()), sum(others.values())
        if room >= 0 and there > 0:
            made |= kept | {other: share * room / there for other, share in others.items()}
        elif before:
            total = sum(kept.values()) + there
            made |= {other: share / total for other, share in {**kept, **others}.items()}
    return made


def _with(node: Any, changes: Mapping[str, Any]) -> Any:
    for key, value in changes.items():
        node = _put(node, key.split("."), value)
    return node


def _put(node: Any, path: list[str], value: Any) -> Any:
    """``node`` with a value at a path; what it does not touch is shared, not copied."""
    if not path:
        return value
    if isinstance(node, dict):
        return {**node, path[0]: _put(node[path[0]], path[1:], value)}
    at = int(path[0])
    return (*node[:at], _put(node[at], path[1:], value), *node[at + 1 :])
