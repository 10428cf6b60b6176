"""The door: overrides and files in, validated studies out. The only part that knows Hydra.

Hydra's groups, defaults lists and override grammar, behind rules of our own: all faults at once, one line
each; values set by replacement; nothing executed, nothing written. Hydra itself is imported when something
is composed, so that refusals and help come first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sim.door.assembly import marked
from sim.door.groups import groups
from sim.door.marks import Mark
from sim.door.plugins import plugin
from sim.door.schema import schema
from sim.door.sweeps import Case, cases, studies
from sim.faults import BadInput, Fault
from sim.policies import Policy
from sim.policies.known import holding
from sim.study import Study

_SEVERAL = "wanted one scenario, here are {count}: sweep over them with -m (in Python: sim.sweep)"


def load(overrides: Sequence[str], policies: Mapping[str, type[Policy]] | None = None) -> Study:
    """The one study that some overrides ask for. Raises BadInput with all faults, or for several.

    ``policies``: further ones that can be chosen, by name.
    """
    with holding(policies):
        found = studies(overrides, multirun=False)
    if len(found) > 1:
        raise BadInput([Fault("+experiment", "", _SEVERAL.format(count=len(found)))])
    return found[0]


def sweep(overrides: Sequence[str], policies: Mapping[str, type[Policy]] | None = None) -> list[Study]:
    """The studies of a sweep in order, their labels telling them apart; identical ones are one."""
    with holding(policies):
        return studies(overrides, multirun=True)


def composed(overrides: Sequence[str]) -> str:
    """The composed scenario as YAML, which is a scenario file again. Raises BadInput as :func:`load`."""
    import yaml

    case = _one(overrides)
    return str(yaml.safe_dump(case.values, allow_unicode=True, sort_keys=False, width=110))


def marks(overrides: Sequence[str]) -> dict[str, Mark]:
    """The mark of every number of one composed study, by dotted key."""
    case = _one(overrides)
    return marked(case.values, case.marks, case.given)


def _one(overrides: Sequence[str]) -> Case:
    found = cases(overrides, multirun=False)
    if len(found) > 1:
        raise BadInput([Fault("+experiment", "", _SEVERAL.format(count=len(found)))])
    return found[0]


__all__ = ["Mark", "composed", "groups", "load", "marks", "plugin", "schema", "studies", "sweep"]
