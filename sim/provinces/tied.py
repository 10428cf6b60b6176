"""What of a command line couples the centers of a province: ``coupled.KEY=VALUE``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from sim.coupling.value import Coupling
from sim.door.complaints import complaints
from sim.door.grammar import Override, parsed
from sim.faults import BadInput, Fault, shown

COUPLED = "coupled"


def is_tie(word: str) -> bool:
    """Whether a word of the command line says how centers are coupled."""
    return word.partition("=")[0].lstrip("+~").partition(".")[0] == COUPLED


def coupling_of(words: Sequence[str]) -> Coupling | None:
    """What these words say; None without any, and of ``coupled=no``. Raises BadInput with all faults.

    Those whom all centers share are of role remote, unless said otherwise, which is refused.
    """
    overrides, faults = parsed(words)
    said: dict[str, Any] | None = None
    for one in overrides:
        if one.action == "remove":
            faults.append(Fault(one.key, "", "cannot be removed: nothing ties centers but what is given"))
        elif one.swept:
            faults.append(Fault(one.key, "", "wanted one value: a province is one run"))
        elif len(one.path) == 1:
            said = _whole(one, said, faults)
        else:
            said = said or {}
            _put(said, one, faults)
    if faults:
        raise BadInput(faults)
    return None if said is None else _value(said)


def _whole(one: Override, said: dict[str, Any] | None, faults: list[Fault]) -> dict[str, Any] | None:
    """``coupled=yes`` or ``coupled={…}``."""
    value = {"yes": True, "no": False}.get(str(one.values[0]), one.values[0])
    if value is True or isinstance(value, dict):
        return {**(value if isinstance(value, dict) else {}), **(said or {})}
    if value is not False:
        faults.append(Fault(COUPLED, shown(one.values[0]), "wanted yes, no or keys such as coupled.choice.share=0.1"))
    return said


def _put(said: dict[str, Any], one: Override, faults: list[Fault]) -> None:
    """Sets the value at a dotted key below ``coupled``."""
    node = said
    for name in one.path[1:-1]:
        node = node.setdefault(name, {})
        if not isinstance(node, dict):
            faults.append(Fault(one.key, "", "lies below a key that has a value"))
            return
    node[one.path[-1]] = one.values[0]


def _value(said: dict[str, Any]) -> Coupling:
    staff = said.get("staff")
    for group in staff.values() if isinstance(staff, dict) else ():
        if isinstance(group, dict):
            group.setdefault("role", "remote")
    try:
        return Coupling.model_validate(said)
    except ValidationError as error:
        raise BadInput(complaints(error, said, Coupling, (COUPLED,))) from None
