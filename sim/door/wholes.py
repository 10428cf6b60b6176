"""One composed whole per distinct choice of groups: shipped configs alone, or under a person's own file.

Of two that say the same key, the command line wins over a person's file, and the file over the groups. A
root key that the file gives *replaces* what a group said there, and *changes* it where the file names that
group in its own ``defaults`` list: a file with ``center: cam_duong`` there may say just what differs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.door.files import own_file
from sim.door.groups import ADDED, MANY, as_choices, composition, groups, options, own_policies, sections
from sim.door.marks import Mark, marks_of, shipped_marks
from sim.faults import BadInput, Fault, nearest, shown

CENTER = "center"
Chosen = Mapping[str, str | tuple[str, ...]]


@dataclass(frozen=True)
class Whole:
    """Composed values, never to be changed, with the choice of every group and the marks of the numbers."""

    values: dict[str, Any]
    chosen: dict[str, str | tuple[str, ...]]
    marks: dict[str, Mark] = field(repr=False)


def is_path(choice: object) -> bool:
    """Whether a choice is a person's own file."""
    return isinstance(choice, str) and choice.endswith((".yaml", ".yml"))


def whole(chosen: Chosen) -> Whole:
    """The composition of some choices, the others as the root says. Raises BadInput for a bad file."""
    center = chosen.get(CENTER)
    if isinstance(center, str) and is_path(center):
        return _with_file(Path(center), {name: one for name, one in chosen.items() if name != CENTER})
    values, every = _composed(chosen)
    return Whole(values, every, shipped_marks(every))


def _composed(chosen: Chosen, without_center: bool = False) -> tuple[dict[str, Any], dict[str, str | tuple[str, ...]]]:
    """Hydra's composition. A policy says nothing outside its own section, so all are composed once, together."""
    if MANY not in chosen:
        return composition(as_choices(chosen), without_center)
    values, every = composition(as_choices({**chosen, MANY: ()}), without_center)
    policies = {**composition(((MANY, groups()[MANY]),))[0][MANY], **own_policies(chosen[MANY])}
    return {**values, MANY: {name: policies[name] for name in chosen[MANY]}}, {**every, MANY: tuple(chosen[MANY])}


def choice_fault(group: str, choice: object) -> Fault | None:
    """What is wrong with a choice; None where it names an option of the group, or an own file."""
    known = options(group)
    listed: list[Any] = list(choice) if isinstance(choice, list | tuple) and group == MANY else [choice]
    if group == CENTER and is_path(choice):
        return None
    for one in listed:
        if not isinstance(one, str) or one not in known:
            also = ", or a file PATH.yaml" if group == CENTER else ""
            wanted = f"wanted one of {', '.join(known)}{also}"
            return Fault(group, one if isinstance(one, str) and one else shown(one), wanted, nearest(str(one), known))
    if len(set(listed)) < len(listed):
        return Fault(group, f"[{','.join(listed)}]", "a policy is repeated: wanted each at most once")
    return None


def _with_file(path: Path, chosen: Chosen) -> Whole:
    given, text, faults = own_file(path)
    own, more = _defaults(path, given.pop("defaults", []))
    if faults or more:
        raise BadInput([*faults, *more])
    values, every = _composed({**own, **chosen}, CENTER not in own)
    ours = {key: entry for key, entry in given.items() if key == MANY or not _says(chosen, key)}
    if MANY in chosen and isinstance(ours.get(MANY), dict):
        ours[MANY] = {name: entry for name, entry in ours[MANY].items() if name in chosen[MANY]}
    changes = {key for key in ours if _says(own, key) or (key == MANY and MANY in chosen)}
    merged = {key: _merged(values.get(key), entry) if key in changes else entry for key, entry in ours.items()}
    found = {at: mark for at, mark in marks_of(text).items() if at.partition(".")[0] in ours}
    return Whole({**values, **merged}, {**every, CENTER: str(path)}, {**shipped_marks(every), **found})


def _says(chosen: Chosen, key: str) -> bool:
    """Whether one of the chosen options gives this root key."""
    return any(
        key in sections(group, one)
        for group, choice in chosen.items()
        if group != ADDED
        for one in ((choice,) if isinstance(choice, str) else choice)
    ) or (key == MANY and MANY in chosen)


def _merged(before: object, after: object) -> Any:
    """Mappings are joined key by key; a mapping with a ``kind`` is one value and replaces."""
    if not isinstance(before, dict) or not isinstance(after, dict) or "kind" in after:
        return after
    return {**before, **{name: _merged(before.get(name), entry) for name, entry in after.items()}}


def _defaults(path: Path, listed: object) -> tuple[dict[str, str | tuple[str, ...]], list[Fault]]:
    """The choices in the ``defaults`` list of a file: one ``group: choice`` an entry."""
    own: dict[str, str | tuple[str, ...]] = {}
    faults: list[Fault] = []
    for entry in listed if isinstance(listed, list) else [listed]:
        if entry == "_self_":
            continue
        group, choice = _pair(entry)
        if group not in groups() or group == ADDED:
            known = [name for name in groups() if name != ADDED]
            wanted = f"wanted entries GROUP: CHOICE with a group of {', '.join(known)}"
            faults.append(Fault(f"{path} defaults", shown(group or entry), wanted, nearest(str(group), known)))
            continue
        fault = choice_fault(group, choice)
        if fault is None and is_path(choice):
            fault = Fault(group, str(choice), f"wanted a shipped center: {', '.join(groups()[CENTER])}")
        if fault:
            faults.append(Fault(f"{path} defaults.{fault.key}", fault.given, fault.wanted, fault.nearest))
        else:
            own[group] = tuple(choice) if isinstance(choice, list) else (choice,) if group == MANY else choice
    return own, faults


def _pair(entry: object) -> tuple[Any, Any]:
    """Group and choice of one entry; no group where it is not a mapping of one."""
    return next(iter(entry.items())) if isinstance(entry, dict) and len(entry) == 1 else ("", entry)
