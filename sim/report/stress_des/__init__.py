"""The reporting sheet of a study by the STRESS-DES checklist, filled from what a run knows.

T. Monks, C. S. M. Currie, B. S. Onggo, S. Robinson, M. Kunc and S. J. E. Taylor, "Strengthening the reporting of
empirical simulation studies: Introducing the STRESS guidelines", Journal of Simulation 13(1), 55-67, 2019. The items
have the checklist's numbers; what each asks is said in words of our own. What no program can know is left to the
author, and counted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sim.report.stress_des import components, experimentation, implementation, inputs, logic, objectives
from sim.report.stress_des.algorithms import clauses_table
from sim.report.stress_des.markdown import escaped, table
from sim.report.stress_des.told import Answer, Ran, Told
from sim.report.wording import assumed, intervals_of, listed
from sim.result import Result

ITEMS: tuple[tuple[str, str, Callable[[Told], Answer]], ...] = (
    ("1.1", "Purpose", objectives.purpose),
    ("1.2", "Outputs", objectives.outputs),
    ("1.3", "Aims of the experiments", objectives.aims),
    ("2.1", "Picture of the base model", logic.overview),
    ("2.2", "Logic of the base model", logic.base_logic),
    ("2.3", "Logic of the scenarios", logic.scenario_logic),
    ("2.4", "Algorithms", logic.algorithms),
    ("2.5.1", "Components: entities", components.entities),
    ("2.5.2", "Components: activities", components.activities),
    ("2.5.3", "Components: resources", components.resources),
    ("2.5.4", "Components: queues", components.queues),
    ("2.5.5", "Components: entry and exit", components.boundaries),
    ("3.1", "Sources of data", inputs.sources),
    ("3.2", "Preparation of data", inputs.preparation),
    ("3.3", "Input parameters", inputs.parameters),
    ("3.4", "Assumptions", inputs.assumptions),
    ("4.1", "Initial state and warm-up", experimentation.initialization),
    ("4.2", "Run length", experimentation.run_length),
    ("4.3", "Estimation", experimentation.estimation),
    ("5.1", "Software", implementation.software),
    ("5.2", "Random numbers", implementation.sampling),
    ("5.3", "Execution", implementation.execution),
    ("5.4", "Machine", implementation.machine),
    ("6.1", "Access to the model", implementation.access),
)
SECTIONS = {
    "1": "Objectives",
    "2": "Logic",
    "3": "Data",
    "4": "Experimentation",
    "5": "Implementation",
    "6": "Code access",
}
TO_FILL_IN = "> **To be filled in by the author:** "
MAY_DIFFER = "## Of this run"
FILE = "stress_des.md"

__all__ = ["FILE", "ITEMS", "MAY_DIFFER", "TO_FILL_IN", "Ran", "Sheet", "sheet", "stress_des"]


@dataclass(frozen=True)
class Sheet:
    """The text, and how many items are filled from the run, how many also by the author, and which wait."""

    text: str
    filled: int
    by_author: int
    waiting: tuple[str, ...]

    @property
    def counted(self) -> str:
        """The counts in a line."""
        own = f", {self.by_author} with words of yours" if self.by_author else ""
        waits = f"{len(self.waiting)} wait{'s' * (len(self.waiting) == 1)} for you"
        return f"{self.filled + self.by_author} of {len(ITEMS)} items are filled from the run{own}, {waits}"


def sheet(results: Mapping[str, Result], ran: Ran | None = None) -> Sheet:
    """The sheet of some results by label. Up to MAY_DIFFER it depends on the studies and their words alone."""
    told = Told(results, ran)
    answers = {number: answer(told) for number, _, answer in ITEMS}
    waiting = tuple(number for number, answer in answers.items() if answer.wanted)
    own = sum(answer.own and not answer.wanted for answer in answers.values())
    made = Sheet("", len(ITEMS) - len(waiting) - own, own, waiting)
    which = f": {', '.join(waiting)}" if waiting else ""
    blocks = [f"{made.counted}{which}.", *_head(told), *_items(answers), *_tables(told)]
    if ran is not None:
        blocks += [MAY_DIFFER, implementation.of_this_run(told)]
    return Sheet("\n\n".join(blocks) + "\n", made.filled, own, waiting)


def stress_des(result: Result) -> str:
    """The reporting sheet of one study as Markdown, by the STRESS-DES checklist: see :mod:`sim.report.stress_des`."""
    return sheet({result.study.label: result}).text


def _head(told: Told) -> list[str]:
    """What the sheet is, and the study on one page."""
    names = listed([one.name for one in told.systems], 20)
    what = (
        "The STRESS-DES checklist (Monks, Currie, Onggo, Robinson, Kunc and Taylor 2019, Journal of Simulation 13(1), "
        "55–67, doi:10.1080/17477778.2018.1442155), item by item. What the program knows is filled in; what it cannot "
        "know stands as *To be filled in by the author*: in the scenario's section `reporting`, or here by hand."
    )
    base = told.systems[0].scenario
    rows = [
        ("System", escaped(names)),
        ("Scenarios", str(len(told.results))),
        ("Targets", escaped(listed(sorted({one.targets.name for one in told.studies}), 9))),
        ("Verdicts, all targets", _verdicts(told)),
        ("Days", f"{base.days}, of which {base.warmup} are warm-up"),
        ("Intervals", escaped(intervals_of(told.studies).removeprefix("Intervals: "))),
        ("Seed", ", ".join(str(seed) for seed in sorted({one.seed for one in told.studies}))),
        ("Inputs", escaped(assumed(told.studies)) or "without marks"),
    ]
    return [f"# STRESS-DES: {escaped(names)}", what, table(("In short", ""), rows)]


def _verdicts(told: Told) -> str:
    counts: dict[str, int] = {}
    for result in told.results.values():
        counts[result.verdict] = counts.get(result.verdict, 0) + 1
    if len(told.results) == 1:
        return next(iter(counts))
    return ", ".join(f"{count} {outcome}" for outcome, count in counts.items())


def _items(answers: Mapping[str, Answer]) -> list[str]:
    """All items in their order, each section under its heading."""
    blocks: list[str] = []
    section = ""
    for number, title, _ in ITEMS:
        if number[0] != section:
            section = number[0]
            blocks.append(f"## {section} {SECTIONS[section]}")
        answer = answers[number]
        blocks += [f"### {number} {title}", *answer.text, *(f"{TO_FILL_IN}{one}." for one in answer.wanted)]
    return blocks


def _tables(told: Told) -> list[str]:
    return [
        "## Tables",
        "### Table 1.2: figures",
        objectives.figures_table(told),
        "### Table 2.4: rules of an instant",
        clauses_table(told),
        "### Table 3.3: input parameters",
        inputs.parameters_table(told),
    ]
