"""What centers and the ways of running them are called, from the labels of their studies."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sim.assumed import is_input
from sim.assumptions.inputs import plain, value_at
from sim.report.page.words import Joined, Name, Word, phrase
from sim.report.wording import row_name
from sim.study import Study

BETWEEN = " · "
CHOSEN = frozenset({"points", "staff", "guidance", "closing", "calendar", "appointments", "results", "back_office"})
"""Parts of a scenario that a center decides about itself."""
_LONGEST = 60
_COUNTED = {
    re.compile(r"staff\.([a-z0-9_]+)\.count=(\d+)"): ("officials", "staff"),
    re.compile(r"points\.([a-z0-9_]+)\.counters=(\d+)"): ("counters", "point"),
}


def is_as_now(study: Study) -> bool:
    """Whether a center is run as its scenario has it: by no policy, and nothing that it decides is given otherwise."""
    given = {key.partition(".")[0] for key, mark in study.marks.items() if mark == "given"}
    return _policies(study) in {"", "none"} and not given & CHOSEN


def way_name(study: Study) -> Word:
    """A way in the reader's words: its policies, and what else its label tells apart."""
    return _named(study, _others(study))


def way_names(studies: Sequence[Study]) -> list[Word]:
    """What tells each of some ways from the others; all of a way where nothing does."""
    parts = [_others(study) for study in studies]
    shared = _in_all(parts)
    alike = len({_policies(study) for study in studies}) == 1
    own = [[part for part in each if part not in shared] for each in parts]
    return [
        Joined(_told(each), BETWEEN) if alike and each else _named(study, each if len(studies) > 1 else whole)
        for study, each, whole in zip(studies, own, parts, strict=True)
    ]


def given_beside(studies: Sequence[Study]) -> list[str]:
    """What the command gave for all of some ways alike, such as "demand=2", but for what their labels say."""
    found = [_given(study) for study in studies]
    labels = [study.label for study in studies]
    return [
        f"{key}={value}"
        for key, value in found[0].items()
        if all(own.get(key) == value for own in found) and not any(f"{key}=" in label for label in labels)
    ]


def _given(study: Study) -> dict[str, str]:
    keys = [key for key, mark in study.marks.items() if mark == "given" and is_input(key)]
    whole = plain(study) if keys else {}
    return {key: str(value_at(whole, key))[:_LONGEST] for key in keys}


def center_called(studies: Sequence[Study]) -> Word:
    """The center, and what all ways of running it have in common beside it."""
    shared = _in_all([_others(study) for study in studies])
    policies = {_policies(study) for study in studies}
    alike = [] if len(policies) > 1 or policies <= {"", "none"} or len(studies) == 1 else [_policy_names(studies[0])]
    own = [part for part in _others(studies[0]) if part in shared] if len(studies) > 1 else []
    return Joined([studies[0].base.name, *alike, *_told(own), *_told(given_beside(studies))], BETWEEN)


def _named(study: Study, parts: Sequence[str]) -> Word:
    changed = _policies(study) in {"", "none"} and not is_as_now(study)
    return Joined([*([] if changed and parts else [_policy_names(study)]), *_told(parts)], BETWEEN)


def _policies(study: Study) -> str:
    return "+".join(name for name, _ in study.policies)


def _policy_names(study: Study) -> Word:
    if _policies(study) in {"", "none"} and not is_as_now(study):
        return phrase("way.changed")
    return Joined([Name("policy", name) for name, _ in study.policies] or [Name("policy", "none")], " + ")


def _others(study: Study) -> list[str]:
    """The parts of a label that are no policies."""
    return [part for part in row_name(study).split(BETWEEN) if part not in {_policies(study), "none"}]


def _in_all(parts: Sequence[Sequence[str]]) -> set[str]:
    return set(parts[0]).intersection(*parts[1:])


def _told(parts: Sequence[str]) -> list[Word]:
    return [_part(part) for part in parts]


def _part(part: str) -> Word:
    """A number of officials or counters in words; any other key as it was written."""
    for pattern, (key, kind) in _COUNTED.items():
        if found := pattern.fullmatch(part):
            return phrase(f"way.{key}", of=Name(kind, found[1]), n=found[2])
    return part
