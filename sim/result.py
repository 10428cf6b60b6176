"""What simulating gives back: figures, verdicts, tables; one study, or a sweep side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sim.comparison import Difference, compare_runs
from sim.faults import BadInput, Fault
from sim.running import traces
from sim.runs.replications import Replications
from sim.study import Study
from sim.summary import QUANTILES, Summary, summarize
from sim.verdicts import Outcome, Verdict, judge_all

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr


@dataclass(frozen=True, eq=False)
class Result:
    """A study and the metrics of its replications, in their order."""

    study: Study
    runs: Replications

    @cached_property
    def figures(self) -> Summary:
        """Estimates and verdicts as values."""
        return summarize(self.study, self.runs)

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """One verdict for each target."""
        return self.figures.verdicts

    @property
    def verdict(self) -> Outcome:
        """Whether all targets are met."""
        return judge_all(self.verdicts)

    @cached_property
    def summary(self) -> pd.DataFrame:
        """One row per metric and scope, with the columns of ``summary.csv``."""
        from sim.frames import summary_frame

        return summary_frame({self.study.label: self.figures})

    @cached_property
    def replications(self) -> pd.DataFrame:
        """One row per replication, metric and scope."""
        from sim.frames import replications_frame

        return replications_frame({self.study.label: self.runs})

    @cached_property
    def visits(self) -> pd.DataFrame:
        """One row a visit; the replications are run again for it, in this process."""
        import pandas as pd

        return pd.concat(self.visits_by_replication(), ignore_index=True)

    def visits_by_replication(self) -> Iterator[pd.DataFrame]:
        """The same, a replication at a time."""
        from sim.frames import visits_frame

        for number, trace in enumerate(traces(self.study)):
            yield visits_frame(trace, self.study.scenario, number)

    def dataset(self, by: str = "") -> xr.Dataset:
        """The figures as labelled arrays, see :func:`dataset`, without the axis of scenarios."""
        return dataset({self.study.label: self}, by).isel(scenario=0, drop=True)


def dataset(results: Mapping[str, Result], by: str = "") -> xr.Dataset:
    """The figures of results by scenario as labelled arrays of xarray (extra ``notebook``), for the whole center.

    A variable is a metric, with its definition (``long_name``) and the ``units`` of the ratio; its axes are
    ``scenario``, ``replication``, with ``by`` also field, priority, point or hour, and ``sums``: numerator,
    denominator. Figures are ratios of sums, so add over replications first and divide then, which gives the estimates
    of ``Result.summary``::

        total = sim.dataset(results).sum("replication")
        total.sel(sums="numerator") / total.sel(sums="denominator")

    A mean of ratios is another figure, and where the denominator is 0 there is none. Sums may be added over hours,
    points or fields too, but not those of counts and maxima, whose denominator is 1 in each. The quantiles
    ``wait_p50`` and ``wait_p90`` are no ratios and left out. Replications of one number have the same citizens in all
    scenarios; one that a scenario does not have is 0 over 0.

    BadInput without results, for another ``by``, unless all have one seed, or where xarray is not installed.
    """
    from sim.datasets import arrays

    faults = list(_unfit(results))
    if faults:
        raise BadInput(faults)
    currencies = {result.study.base.money.currency for result in results.values()}
    currency = currencies.pop() if len(currencies) == 1 else ""
    seed = next(iter(results.values())).study.seed
    return arrays({name: result.runs for name, result in results.items()}, by, currency, {"seed": seed})


def _unfit(results: object) -> Iterator[Fault]:
    """Why results cannot be put side by side."""
    if not isinstance(results, Mapping) or not results:
        given = "none" if results == {} else type(results).__name__
        yield Fault("results", given, 'wanted results by the name of their scenario: {"today": result}')
        return
    first = next((name for name, one in results.items() if isinstance(one, Result)), "")
    for name, one in results.items():
        if not isinstance(one, Result):
            yield Fault(str(name), type(one).__name__, "wanted a Result, as sim.simulate gives")
        elif one.study.seed != results[first].study.seed:
            why = "a number of a replication stands for the same citizens"
            wanted = f"wanted {results[first].study.seed}, as {first} has: {why}"
            yield Fault(str(name), f"seed {one.study.seed}", wanted)


def differences(results: Mapping[str, Result], baseline: str | None = None) -> list[Difference]:
    """Each result against ``baseline`` (the first unless given), paired on common random numbers.

    BadInput unless all have the same seed, confidence and number of replications, or had as many as were enough: then
    the first of both are paired.
    """
    keys = {name: _paired_by(result.study) for name, result in results.items()}
    first = baseline or next(iter(results), "")
    if first not in results:
        raise BadInput([Fault("baseline", repr(first), f"wanted one of {', '.join(results) or 'no results'}")])
    faults = [
        Fault(
            name,
            f"(seed, confidence, replications) = {key}",
            f"wanted {keys[first]}, as {first} has, to be paired",
        )
        for name, key in keys.items()
        if key != keys[first]
    ]
    if faults:
        raise BadInput(faults)
    promised = [t.metric for r in results.values() for t in r.study.targets.items if t.metric not in QUANTILES]
    runs = {name: r.runs for name, r in results.items()}

    def level(name: str, replications: int) -> float:
        return max(_level_at(results[one].study, replications) for one in (first, name))

    return compare_runs(runs, first, level, promised)


def _paired_by(study: Study) -> tuple[int, float, Any]:
    """What must be the same in studies that are paired."""
    return study.seed, study.confidence, study.stopping.model_dump() if study.stopping else study.replications


def _level_at(study: Study, replications: int) -> float:
    """The level of the look that a study had at so many replications."""
    return next((look.level for look in study.looks if look.replications == replications), study.level)


def compare(results: Mapping[str, Result], baseline: str | None = None) -> pd.DataFrame:
    """The differences as a table: one row per scenario and metric, see :func:`sim.result.differences`."""
    from sim.frames import differences_frame

    return differences_frame(differences(results, baseline))


def against_baselines(results: Mapping[str, Result], baseline: str = "") -> list[Difference]:
    """Differences within each group of results that differ in their policies only.

    The baseline of a group is ``baseline`` where it is in it, else the one without a policy, else the first.
    """
    found = []
    for group in alike(results):
        found += differences(group, baseline if baseline in group else baseline_of(group)) if len(group) > 1 else []
    return found


def alike(results: Mapping[str, Result]) -> list[dict[str, Result]]:
    """Results in groups that differ in their policies only."""
    groups: dict[tuple[str, int], dict[str, Result]] = {}
    for label, result in results.items():
        groups.setdefault((result.study.base.model_dump_json(), result.study.center), {})[label] = result
    return list(groups.values())


def baseline_of(group: Mapping[str, Result]) -> str:
    """The label of the result without any policy, else the first."""
    plain = [label for label, result in group.items() if all(name == "none" for name, _ in result.study.policies)]
    return plain[0] if plain else next(iter(group))
