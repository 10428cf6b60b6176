"""The observed figures of scenarios, each beside the prediction interval of one realization of its period."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from experiments.validate.rows import Row
from sim.dispatch import simulate_blocks
from sim.executors import default_workers
from sim.faults import BadInput, Fault
from sim.observed import A_DAY, Observed
from sim.prediction import least_realizations, prediction
from sim.realizations import over_period, realizations
from sim.running import Block, blocks
from sim.runs import Runs, gathered
from sim.study import Study
from sim.units import day_of
from sim.yardstick import yardstick

NOTHING = "nothing was observed: the scenario has no section observed"
CONFIDENCE = 0.95
Done = Callable[[int, str], None]


class Periods:
    """The studies of all figures, each over its period; figures of one center and one period share a study."""

    def __init__(self, centers: Sequence[Study]) -> None:
        """Raises BadInput with a line for each figure whose period has no open day."""
        self.centers = list(centers)
        self.studies: list[Study] = []
        self._of: dict[tuple[int, str], int] = {}
        faults: list[Fault] = []
        for n, center in enumerate(self.centers):
            for name, one in center.base.observed.items():
                try:
                    self._add((n, name), center, one)
                except BadInput as error:
                    faults += error.faults
        if faults:
            raise BadInput(faults)

    def _add(self, figure: tuple[int, str], center: Study, one: Observed) -> None:
        if one.metric is None:
            return
        study = over_period(center, figure[1], one)
        for n, other in enumerate(self.studies):
            if other.replace(targets=study.targets) == study:
                self.studies[n], self._of[figure] = _with_targets(other, study), n
                return
        self._of[figure] = len(self.studies)
        self.studies.append(study)

    @property
    def replications(self) -> int:
        """How many there are to do."""
        return sum(study.replications for study in self.studies)

    def simulated(self, done: Done) -> list[Row]:
        """A row a figure and a saying, those of a center together; ``done``: some replications of a study, its name."""
        parts: list[list[tuple[int, Runs]]] = [[] for _ in self.studies]

        def keep(block: Block, runs: Runs) -> None:
            parts[block.study].append((block.first, runs))
            done(block.last - block.first, self.studies[block.study].base.name)

        def failed(number: int, reason: str) -> None:
            raise BadInput([Fault(self.studies[number].base.name, "", f"could not be run: {reason}")])

        simulate_blocks(self.studies, blocks(self.studies, lambda *_: False), keep, failed, default_workers())
        runs = [gathered(found, study.replications) for found, study in zip(parts, self.studies, strict=True)]
        return [row for n in range(len(self.centers)) for row in self._rows(n, runs)]

    def _rows(self, center: int, runs: Sequence[Runs]) -> list[Row]:
        base = self.centers[center].base
        if not base.observed:
            return [Row("observed", base.name, "", note=NOTHING)]
        rows = []
        for name, one in base.observed.items():
            if one.metric is None:
                rows.append(Row("observed", base.name, name, source=one.source, note=one.note))
            else:
                which = self._of[center, name]
                rows.append(_row(name, one, self.studies[which], runs[which]))
        return rows


def _with_targets(study: Study, other: Study) -> Study:
    """The study with the targets of both, which say what a run counts."""
    more = [item for item in other.targets.items if item not in study.targets.items]
    return study.replace(targets=study.targets.replace(items=(*study.targets.items, *more))) if more else study


def _row(name: str, one: Observed, study: Study, runs: Runs) -> Row:
    """A figure beside the prediction interval of one realization; no interval where too few have a value."""
    metric, (low, high) = one.metric or "", one.ends
    by = yardstick(study.scenario, study.targets)
    values = realizations(runs, metric, by.open_days, one.scope)
    values = values[np.isfinite(values)]
    enough = len(values) >= least_realizations(CONFIDENCE)
    found = prediction(values, CONFIDENCE) if enough else None
    return Row(
        part="observed",
        subject=study.base.name,
        figure=name,
        metric=metric,
        low=low,
        high=high,
        estimate=found.mean if found else None,
        lower=found.lower if found else None,
        upper=found.upper if found else None,
        confidence=found.coverage if found else None,
        replications=len(values),
        used_as_input=bool(one.used_as_input),
        period=_period(one, study, by.open_days),
        source=one.source,
        note=one.note,
    )


def _period(one: Observed, study: Study, open_days: int) -> str:
    """The days that were simulated, in words."""
    first, last = (day_of(study.base.start, day) for day in (study.base.warmup, study.base.days - 1))
    said = f"{first}" if first == last else f"{first} to {last}"
    mean = ", mean of a day" if (one.metric or "").endswith(A_DAY) else ""
    return f"{said}, {open_days} open day{'s' * (open_days != 1)}{mean}" + (
        "" if one.first else " (not published: assumed)"
    )
