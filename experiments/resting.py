"""Under a verdict that is more than a first look: whether it holds where its largest assumptions are low or high."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING

from sim.faults import BadInput

if TYPE_CHECKING:
    import pandas as pd

    from experiments.options import Options
    from sim.assumptions.one_by_one import Rests
    from sim.folder import Folder
    from sim.result import Result

LEAST, PART, WIDTH = 20, 5, 100
"""An end has as many replications as a fifth of the run, and at least 20: the ten ends twice those of the run."""
HINT = "motcua sensitivity with the same words says at what value, and of all assumptions"


@dataclass(frozen=True)
class Resting:
    """What the verdicts rest on, by label, and the reason where that could not be found out."""

    found: Mapping[str, Rests]
    failed: Mapping[str, str]

    def said(self) -> list[str]:
        """A line for each label; none where nothing was asked."""
        said = [f"{label}: {_said(rests)}" for label, rests in self.found.items()]
        return [*said, *(f"{label}: the assumptions were not varied: {why}" for label, why in self.failed.items())]

    def lines(self) -> list[str]:
        """For the terminal; none where nothing was asked."""
        said = self.said()
        if not self.found:
            return said
        ends = {len(end.point.runs) for rests in self.found.values() for bar in rests.bars for end in bar.ends}
        each = f", {min(ends)} replications at each end" if ends else ""
        lines = [f"the five largest assumptions low and high{each}:", *(f"  {line}" for line in said), f"  {HINT}"]
        return [part for line in lines for part in wrap(line, WIDTH, subsequent_indent="    ")]

    def in_summary(self, summary: pd.DataFrame) -> pd.DataFrame:
        """The summary with the reason of each verdict that depends on an assumption."""
        made = summary.copy()
        for label, rests in self.found.items():
            for target, base in zip(rests.study.targets.items, rests.base.verdicts, strict=True):
                why = _of_target(rests, target.metric, target.scope, base.verdict)
                row = (made["scenario"] == label) & (made["metric"] == target.metric) & (made["scope"] == target.scope)
                reasons = [f"{reason}; {why}" if reason else why for reason in made.loc[row, "reason"]]
                made.loc[row, "reason"] = reasons if why else made.loc[row, "reason"]
        return made


def _said(rests: Rests) -> str:
    if not rests.bars:
        return f"{rests.base.verdict}; no assumption with a range changes the figure"
    if rests.flips:
        return f"{rests.base.verdict}, depends on {'; '.join(flip.said for flip in rests.flips)}"
    return f"{rests.base.verdict} with each of {', '.join(bar.input.name for bar in rests.bars)}"


def _of_target(rests: Rests, metric: str, scope: str, base: str) -> str:
    """On which assumptions the verdict on one target depends, in words."""
    found = [
        f"{bar.input.name}: {verdict.verdict} at {bar.input.said(end.at)}"
        for bar in rests.bars
        for end in bar.ends
        for verdict in end.verdicts
        if (verdict.metric, verdict.scope) == (metric, scope) and verdict.verdict != base
    ]
    return f"depends on {'; '.join(found)}" if found else ""


def resting(folder: Folder, results: Mapping[str, Result], options: Options) -> Resting:
    """Looks at each result of more than SMOKE replications; what is finished is kept in the folder."""
    from experiments.trials import kept_in
    from sim.assumptions.one_by_one import rests_of
    from sim.assumptions.trials import Point, slim, unfit_targets
    from sim.study import SMOKE

    tries = kept_in(folder, options.workers)
    found: dict[str, Rests] = {}
    failed: dict[str, str] = {}
    for label, result in results.items():
        study = result.study
        if study.replications <= SMOKE or not study.assumed or not study.targets.items:
            continue
        faults = unfit_targets(study)
        if faults:
            failed[label] = faults[0].wanted
            continue
        base = Point(study, slim(study, result.runs))
        try:
            found[label] = rests_of(base, tries, max(LEAST, study.replications // PART))
        except BadInput as error:
            failed[label] = str(error)
    return Resting(found, failed)
