"""Section 3: where the numbers come from, all of them, and what is assumed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from sim.report.stress_des.markdown import code, escaped, listing, table
from sim.report.stress_des.told import Answer, System, Told
from sim.report.stress_des.units import unit_at
from sim.report.stress_des.values import leaves, shown
from sim.report.wording import assumed
from sim.scenario import Scenario
from sim.study import Study
from sim.units import MINUTE, clock_text

MARKS = {
    **{mark: f"seed document {mark}" for mark in ("S0", "S1", "S2", "S3", "S4")},
    "V": "published",
    "W": "measured, on a ticket log or with a watch",
    "O": "own figure of the center, stated and not measured",
    "A": "assumption",
    "given": "set on the command line",
    "default": "value of the program where the scenario says nothing",
    "unmarked": "without a mark: its source is not stated",
}
FROM_DATA = ("S0", "S1", "S2", "S3", "S4", "V", "W", "O")
NOT_INPUTS = ("observed", "days", "warmup_days")
MOST_KEYS = 6
_CONSTANT = "deterministic"
Row = tuple[str, Any, str]
"""Key, value and mark of an input."""


def rows_of(study: Study) -> Iterator[Row]:
    """All inputs of a base model and of the policies of a study, in order."""
    plain = study.base.model_dump(mode="json", exclude=set(NOT_INPUTS))
    policies = {name: policy.model_dump(mode="json") for name, policy in study.policies if name != "none"}
    for key, value in [*leaves(plain), *leaves(policies, "policy", absent=True)]:
        yield key, value, mark_of(study, key, value)


def mark_of(study: Study, key: str, value: Any) -> str:
    """The mark of what stands at a key, "" for what has none: texts, ranks, and times of the day without a range."""
    if isinstance(value, list):
        return study.marks.get(f"{key}.0", "")
    if isinstance(value, bool | str | None) or key.endswith(".rank"):
        return "A" if key in study.assumed else ""
    return study.marks.get(key, "default" if study.marks else "unmarked")


def sources(told: Told) -> Answer:
    """3.1."""
    known = [study for study in told.studies if study.inputs]
    counted = f"{assumed(known)}." if known else "The inputs bear no marks: where they come from is not stated."
    found = told.each(lambda system: [listing(_by_mark(system.study))])
    from_data = any(letter != "A" for study in told.studies for letter in _letters(study))
    wanted = "of each source its sample size, dates and a link, and how interviews or logs were taken"
    asked = told.by_author("data_sources", wanted) if from_data else Answer()
    return Answer(
        (f"{counted} Each number has the mark of its source; words are those beside it in the scenario.",)
    ) + (Answer(found) + asked)


def _letters(study: Study) -> Counter[str]:
    return Counter(mark for _, value, mark in rows_of(study) if mark and not isinstance(value, bool | str))


def _by_mark(study: Study) -> Iterator[str]:
    """How many inputs have a mark; of what is no assumption, the words beside each and the keys."""
    counts = _letters(study)
    for letter, meaning in MARKS.items():
        if counts[letter]:
            numbers = "1 number" if counts[letter] == 1 else f"{counts[letter]} numbers"
            said = "".join(f"\n  - {line}" for line in _words(study, letter)) if letter in FROM_DATA else ""
            yield f"**{letter}**, {meaning}: {numbers}{said}"


def _words(study: Study, letter: str) -> Iterator[str]:
    found: dict[str, list[str]] = {}
    for key, _, mark in rows_of(study):
        if mark == letter:
            found.setdefault(study.words.get(key, "no words beside it"), []).append(key)
    for words, keys in found.items():
        more = f" and {len(keys) - MOST_KEYS} more" if len(keys) > MOST_KEYS else ""
        yield f"{escaped(words)}: {', '.join(code(key) for key in keys[:MOST_KEYS])}{more}"


def preparation(told: Told) -> Answer:
    """3.2."""
    said = "The run takes the numbers as they stand in the scenario; it leaves out, fills in and fits nothing."
    wanted = "what was done with data before they became these numbers: outliers, gaps, fits, rounding"
    return Answer((said,)) + told.by_author("pre_processing", wanted)


def parameters(told: Told) -> Answer:
    """3.3."""
    said = (
        "Table 3.3 at the end lists every input of the base model and every parameter of the policies, with unit, "
        "mark and range. Distributions have a kind and its parameters, minutes unless it says otherwise, cv being the "
        "standard deviation over the mean; they are independent of each other. What depends on time is keyed by "
        "half-hour, weekday or date. A parameter of a policy that is left open (–) is set by the policy itself."
    )
    swept = f" What scenarios have otherwise is in item 2.3 ({len(told.results)} scenarios)."
    made = Answer((said + (swept if len(told.results) > 1 else ""),))
    if not told.has(_has_distributions):
        return made
    return made + told.by_author("distributions", "why these kinds of distributions and no others")


def _has_distributions(scenario: Scenario) -> bool:
    plain = scenario.model_dump(mode="json", exclude={"observed", "staff"})
    return any(key.split(".")[-1] == "kind" and value != _CONSTANT for key, value in leaves(plain))


def parameters_table(told: Told) -> str:
    """Table 3.3."""
    return "\n\n".join(told.each(lambda system: [table(HEAD, _parameters(system))]))


HEAD = ("Input", "Value", "Unit", "Mark", "Range", "Words beside it")


def _parameters(system: System) -> Iterator[tuple[str, ...]]:
    """A row for each input; of policies, those of all scenarios, each value once."""
    seen = set()
    for study in [system.study, *(result.study for result in system.results.values())]:
        for key, value, mark in rows_of(study):
            about = _unit(study, key, value), mark or "–", _range(study, key, value)
            row = code(key), escaped(shown(value)), *about
            own = key.startswith("policy.") or study is system.study
            if own and row not in seen:
                seen.add(row)
                yield (*row, escaped(study.words.get(key, "")))


def _unit(study: Study, key: str, value: Any) -> str:
    """The unit of a number."""
    if isinstance(value, bool | str | None) or (isinstance(value, list) and isinstance(value[0], str)):
        return ""
    return unit_at(key, study.base.money.currency, study.base.arrivals.counted_as)


def _range(study: Study, key: str, value: Any) -> str:
    known = study.assumed.get(key)
    if known is None or known.low is None or known.high is None:
        return ""
    if isinstance(value, str):
        return f"{clock_text(round(known.low * MINUTE))} to {clock_text(round(known.high * MINUTE))}"
    ends = f"{shown(known.low)} to {shown(known.high)}"
    return f"×{ends}, the line together" if known.together else ends


def assumptions(told: Told) -> Answer:
    """3.4."""
    said = [f"Parameters: {assumed([one.study for one in told.systems])}." if told.studies[0].inputs else ""]
    said.append("Table 3.3 marks them A, with the range in which each may lie.")
    blocks = [
        " ".join(part for part in said if part),
        *told.each(lambda s: ["Structure:", listing(_left_out(s.scenario))]),
    ]
    if told.ran and told.ran.rests:
        blocks += ["What the verdicts rest on:", listing(escaped(line) for line in told.ran.rests)]
    return Answer(tuple(blocks))


_STRUCTURE: Mapping[str, Any] = {
    "People decide independently of each other": lambda _: True,
    "Officials receive one citizen at a time and finish every reception": lambda _: True,
    "There are no outages of the network": lambda s: s.network is None or not s.network.outages,
    "There are no storms": lambda s: s.storms is None,
    "No official is ever absent at random": lambda s: not any(g.absence or g.called_away for g in s.staff.values()),
    "All officials work at one speed from their first day on": lambda s: (
        not any(g.learning or g.speed != 1 for g in s.staff.values())
    ),
    "Nobody gives up waiting": lambda s: s.patience is None,
    "There is room for all who wait": lambda s: all(point.seats is None for point in s.points.values()),
    "No dossier is incomplete": lambda s: not any(entry.incomplete for entry in s.procedures.values()),
    "Nobody comes back": lambda s: not (s.returns.incomplete.share or s.returns.unserved.share),
    "What happens to a dossier after reception is left out": lambda s: s.back_office is None,
    "Nobody files from home": lambda s: not s.from_home,
    "Nobody books a time": lambda s: s.appointments is None,
    "Days of one weekday differ by chance alone": lambda s: not s.arrivals.day_factor_cv,
}


def _left_out(scenario: Scenario) -> Iterator[str]:
    """What the structure of the model assumes, and what it leaves out."""
    yield from (f"{said}." for said, holds in _STRUCTURE.items() if holds(scenario))
