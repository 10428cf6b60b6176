"""From overrides to studies: choices and settings told apart, sweeps multiplied out, faults gathered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatch
from itertools import product
from math import prod
from pathlib import Path
from typing import Any

from sim.door.assembly import Assembly
from sim.door.grammar import MOST_SCENARIOS, Override, Pattern, parsed, said
from sim.door.groups import ADDED, MANY, as_choices, groups, options
from sim.door.marks import Mark
from sim.door.settings import NoSuchPolicy, Refused, changed
from sim.door.wholes import CENTER, Whole, choice_fault, is_path, whole
from sim.faults import BadInput, Fault
from sim.study import Study

SWEEP = "sweep"


@dataclass(frozen=True)
class Case:
    """One scenario of a sweep, composed and set, not yet validated."""

    values: dict[str, Any]
    marks: dict[str, Mark] = field(repr=False)
    given: tuple[str, ...]
    label: str


def studies(overrides: Sequence[str], *, multirun: bool) -> list[Study]:
    """All studies that some overrides ask for; at least one. Raises BadInput with all faults.

    Without ``multirun`` an override that sweeps is refused; what an experiment sweeps over is its own.
    """
    assembly = Assembly()
    found: dict[str, Study] = {}
    made, faults = _cases(overrides, multirun=multirun)
    gathered = {str(fault): fault for fault in faults}
    for case in made:
        study, wrong = assembly.study(case.values, case.marks, case.given, case.label)
        gathered.update({str(fault): fault for fault in wrong})
        if study is not None:
            found.setdefault(_content(case.values), study)
    if gathered:
        raise BadInput(_told(list(gathered.values()), overrides))
    return list(found.values())


def cases(overrides: Sequence[str], *, multirun: bool) -> list[Case]:
    """The scenarios that some overrides ask for, in order, composed only. Raises BadInput."""
    made, faults = _cases(overrides, multirun=multirun)
    if faults:
        raise BadInput(_told(faults, overrides))
    return made


def _content(values: dict[str, Any]) -> str:
    """What makes two scenarios of a sweep identical: all but a policy of doing nothing."""
    policies = {name: entry for name, entry in (values.get(MANY) or {}).items() if name != "none"}
    return repr({**values, MANY: list(policies.items())})


def _told(faults: Sequence[Fault], overrides: Sequence[str]) -> list[Fault]:
    """All faults; where a choice of a group is wrong, those alone that do not depend on it.

    What hangs on the choice was checked against another one: of that, only keys set at the root are told.
    """
    wrong = [fault for fault in faults if _is_choice_fault(fault)]
    if not wrong:
        return list(faults)
    set_here = {text.partition("=")[0].lstrip("+~") for text in overrides}
    return [fault for fault in faults if fault in wrong or (fault.key in set_here and "." not in fault.key)]


def _is_choice_fault(fault: Fault) -> bool:
    return fault.key.lstrip("+~") in groups()


def _cases(overrides: Sequence[str], *, multirun: bool) -> tuple[list[Case], list[Fault]]:
    read, faults = parsed(overrides)
    if not multirun:
        faults += [_alone(one) for one in read if one.swept]
    choices, settings, wrong = _sorted(read)
    plans = [_with_experiment(choices, settings, one) for one in _experiments(choices)]
    made, more = _made([case for plan in plans for case in _multiplied(plan)])
    return made, [*faults, *wrong, *more]


def _alone(override: Override) -> Fault:
    value = override.text.partition("=")[2]
    return Fault(override.key, value, "several values are a sweep: wanted -m before them (in Python: sim.sweep)")


def _is_choice(override: Override) -> bool:
    grouped = len(override.path) == 1 and override.key in groups()
    return grouped and not (override.action != "remove" and any(isinstance(one, dict) for one in override.values))


def _sorted(read: Sequence[Override]) -> tuple[dict[str, Override], dict[str, Override], list[Fault]]:
    """Choices by group and settings by key; what is said twice holds as it is said last."""
    choices: dict[str, Override] = {}
    settings: dict[str, Override] = {}
    faults: list[Fault] = []
    for override in read:
        found = _chosen(override) if _is_choice(override) else _setting(override)
        if isinstance(found, Override):
            kept = choices if _is_choice(override) else settings
            kept.pop(override.key, None)
            kept[override.key] = found
        else:
            faults += found
    return choices, settings, faults


def _setting(override: Override) -> Override | list[Fault]:
    if any(isinstance(value, Pattern) for value in override.values):
        wanted = "wanted a group before glob(): its options have names"
        return [Fault(override.key, override.text.partition("=")[2], wanted)]
    return override


def _chosen(override: Override) -> Override | list[Fault]:
    """A choice with its patterns resolved, or what is wrong with it."""
    group = override.key
    if override.action == "remove":
        return [Fault(f"~{group}", "", f"a group cannot be removed: wanted {group}=CHOICE")]
    if override.action == "add" and group != ADDED:
        return [Fault(f"+{group}", "", f"is chosen already: wanted {group}=CHOICE")]
    chosen = _resolved(override)
    if not chosen.values:
        return [Fault(group, override.text.partition("=")[2], f"names none of {', '.join(options(group))}")]
    return [fault for one in chosen.values if (fault := choice_fault(group, one))] or chosen


def _resolved(override: Override) -> Override:
    """With the options that a glob names, and every choice of several as a tuple."""
    values: list[Any] = []
    for value in override.values:
        match value:
            case Pattern(include, exclude):
                values += [
                    option
                    for option in options(override.key)
                    if any(fnmatch(option, one) for one in include) and not any(fnmatch(option, one) for one in exclude)
                ]
            case _:
                values.append(value)
    if override.key == MANY:
        values = [tuple(one) if isinstance(one, list) else (one,) for one in values]
    return replace(override, values=tuple(values))


Experiment = str | None
Plan = tuple[dict[str, Override], dict[str, Override]]


def _experiments(choices: dict[str, Override]) -> list[Experiment]:
    return list(choices[ADDED].values) if ADDED in choices else [None]


def _with_experiment(choices: dict[str, Override], settings: dict[str, Override], name: Experiment) -> Plan:
    """The plan of one experiment: its own sweep, under what the command line says."""
    if name is None:
        return choices, settings
    one = replace(choices[ADDED], values=(name,), swept=len(choices[ADDED].values) > 1)
    swept, faults = parsed(whole({ADDED: name}).values.get(SWEEP) or [])
    own_choices, own_settings, wrong = _sorted(swept)
    if faults or wrong:
        raise BadInput([*faults, *wrong])
    return {**own_choices, **choices, ADDED: one}, {**own_settings, **settings}


@dataclass(frozen=True)
class _Combination:
    """One value for each override."""

    chosen: dict[str, Any]
    settings: tuple[tuple[Override, Any], ...]
    swept: frozenset[str]


def _multiplied(plan: Plan) -> Iterator[_Combination]:
    """All combinations, the last override varying fastest. Raises BadInput where they are too many."""
    overrides = [*plan[0].values(), *plan[1].values()]
    count = prod(len(one.values) for one in overrides)
    if not 0 < count <= MOST_SCENARIOS:
        raise BadInput([Fault("sweep", f"{count} scenarios", f"wanted from 1 to {MOST_SCENARIOS}")])
    swept = frozenset(one.key for one in overrides if one.swept)
    for values in product(*(one.values for one in overrides)):
        pairs = list(zip(overrides, values, strict=True))
        split = len(plan[0])
        yield _Combination({one.key: value for one, value in pairs[:split]}, tuple(pairs[split:]), swept)


def _made(combinations: Sequence[_Combination]) -> tuple[list[Case], list[Fault]]:
    """The cases, and the faults of setting their values; what fits no scenario of the sweep is one."""
    bases: dict[Any, Whole | None] = {}
    faults: dict[str, Fault] = {}
    fits: set[str] = set()
    files = {str(one.chosen[CENTER]) for one in combinations if is_path(one.chosen.get(CENTER))}
    short = len({Path(file).stem for file in files} | set(groups()[CENTER])) == len(files) + len(groups()[CENTER])
    ignored: dict[str, Fault] = {}
    made: list[Case] = []
    for combination in combinations:
        key = as_choices(combination.chosen)
        if key not in bases:
            try:
                bases[key] = whole(combination.chosen)
            except BadInput as error:
                faults.update({str(fault): fault for fault in error.faults})
                bases[key] = None
        base = bases[key]
        if base is None:
            continue
        case, wrong, missing = _set(base, combination, short)
        made.append(case)
        faults.update({str(fault): fault for fault in wrong})
        ignored.update({fault.key: fault for fault in missing})
        fits.update(case.given)
    faults.update({str(fault): fault for name, fault in ignored.items() if name not in fits})
    return made, list(faults.values())


def _set(base: Whole, combination: _Combination, short: bool) -> tuple[Case, list[Fault], list[Fault]]:
    values = {name: entry for name, entry in base.values.items() if name != SWEEP}
    given: list[str] = []
    faults: list[Fault] = []
    missing: list[Fault] = []
    parts = [_chosen_text(one, short) for name, one in combination.chosen.items() if name in combination.swept]
    for override, value in combination.settings:
        try:
            values = changed(values, override, value)
        except NoSuchPolicy as error:
            missing.append(error.fault)
        except Refused as error:
            faults.append(error.fault)
        else:
            given.append(override.key)
            parts += [f"{override.key}={said(value)}"] if override.key in combination.swept else []
    label = " · ".join(parts) or " · ".join(_chosen_text(one, short) for one in (base.chosen[CENTER], _names(values)))
    return Case(values, base.marks, tuple(given), label), faults, missing


def _names(values: dict[str, Any]) -> tuple[str, ...]:
    policies = values.get(MANY)
    return tuple(policies) if isinstance(policies, dict) and policies else ("none",)


def _chosen_text(choice: Any, short: bool) -> str:
    """A choice as a label: "go_vap", "guidance_desk+add_officials", an own file's name or (not short) path."""
    if isinstance(choice, tuple):
        return "+".join(choice) or "none"
    return Path(choice).stem if short and is_path(choice) else str(choice)
