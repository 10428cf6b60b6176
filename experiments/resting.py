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
    from sim.assumptions.trials import Point, Try
    from sim.folder import Folder
    from sim.headroom.hour_down import HourDown
    from sim.rested import Rested
    from sim.result import Result

LEAST, PART, WIDTH = 20, 5, 100
"""An end has as many replications as a fifth of the run, and at least 20: the ten ends twice those of the run."""
HINT = "motcua sensitivity with the same words says at what value, and of all assumptions"


@dataclass(frozen=True)
class Resting:
    """What the verdicts rest on, by label, and the reason where that could not be found out.

    ``down``: some of the results with an hour a day without the network.
    """

    found: Mapping[str, Rests]
    failed: Mapping[str, str]
    down: Mapping[str, HourDown]

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

    def kept(self) -> dict[str, Rested]:
        """What a manifest keeps of it, by label; nothing of those of which nothing was tried."""
        from sim.rested import rested

        labels = dict.fromkeys((*self.found, *self.failed, *self.down))
        return {
            label: rested(self.found.get(label), self.down.get(label), "failed" if label in self.failed else "few")
            for label in labels
        }

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
    """Looks at each result of more than SMOKE replications, and at some without the network for an hour a day.

    What is finished is kept in the folder.
    """
    from experiments.trials import kept_in
    from sim.assumptions.one_by_one import rests_of
    from sim.assumptions.trials import Point, slim, unfit_targets
    from sim.report.cheapest import nearest_of_each
    from sim.report.detail import in_detail
    from sim.study import SMOKE

    tries, telling = kept_in(folder, options.workers), {*in_detail(results), *nearest_of_each(results)}
    found, failed, down = dict[str, "Rests"](), dict[str, str](), dict[str, "HourDown"]()
    for label, result in results.items():
        study = result.study
        varies = study.replications > SMOKE and study.assumed and study.targets.items
        if faults := unfit_targets(study):
            failed |= {label: faults[0].wanted} if varies else {}
            continue
        base, replications = Point(study, slim(study, result.runs)), _each(study.replications)
        if label in telling and (without := _an_hour_down(base, result, tries, replications)):
            down[label] = without
        if not varies:
            continue
        try:
            found[label] = rests_of(base, tries, replications)
        except BadInput as error:
            failed[label] = str(error)
    return Resting(found, failed, down)


def _each(replications: int) -> int:
    """How many replications an end has."""
    return min(max(LEAST, replications // PART), replications)


def _an_hour_down(base: Point, result: Result, tries: Try, replications: int) -> HourDown | None:
    """The result without the network for an hour a day; None where nobody comes, or there is no room for it."""
    from sim.headroom.hour_down import busiest_hour, hour_down
    from sim.network import MOST_WINDOWS

    begins, network = busiest_hour(result.runs), result.study.scenario.network
    if begins is None or (network and len(network.windows) > MOST_WINDOWS - 2):
        return None
    return hour_down(base, begins, tries, replications)
