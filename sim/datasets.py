"""Figures as labelled arrays: the two sums of each replication, by scenario and by hour, point, field or class."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.faults import BadInput, Fault, nearest
from sim.figures import definition
from sim.runs.replications import Replications
from sim.targets import unit

if TYPE_CHECKING:
    import xarray as xr

BY = ("field", "priority", "point", "hour")
SUMS = ("numerator", "denominator")
AGGREGATE = (
    "A figure is a ratio of sums: add numerators and denominators over replications, each for itself, then divide. "
    "A mean of the replications' ratios is another figure. Where the denominator is 0 there is nobody to measure."
)


def arrays(runs: Mapping[str, Replications], by: str, currency: str, about: Mapping[str, Any]) -> xr.Dataset:
    """One variable a metric: float64[scenario, replication, ``by``, sums], of the whole center where ``by`` is "".

    A scenario with fewer replications, or in which nobody has such a scope, has 0 over 0 there. Attributes of a
    variable: ``long_name``, its definition, and ``units``; of the whole ``aggregate`` and what is ``about`` it.
    BadInput for another ``by``, or where xarray is not installed.
    """
    if by and by not in BY:
        raise BadInput([Fault("by", repr(by), f'wanted one of {", ".join(BY)}, or ""', nearest(str(by), BY))])
    try:
        import xarray as xr
    except ImportError:
        raise BadInput([Fault("dataset", "", "wanted the package xarray: pip install 'motcua[notebook]'")]) from None
    scopes = list(dict.fromkeys(scope for one in runs.values() for scope in one.scopes if _is_of(scope, by)))
    places: dict[str, Any] = {"scenario": list(runs), "replication": np.arange(max(len(one) for one in runs.values()))}
    if by:
        names = [scope.partition("=")[2] for scope in scopes]
        places[by] = [int(name) for name in names] if by == "hour" else names
    places["sums"] = list(SUMS)
    found = {}
    for metric in dict.fromkeys(metric for one in runs.values() for metric in _metrics(one, by)):
        sums = _sums(runs, metric, scopes)
        said = {"long_name": definition(metric), "units": unit(metric, currency or "currencies differ")}
        found[metric] = (tuple(places), sums if by else sums[:, :, 0], said)
    return xr.Dataset(found, places, {"aggregate": AGGREGATE, **about})


def _is_of(scope: str, by: str) -> bool:
    return scope.startswith(f"{by}=") if by else scope == "all"


def _metrics(runs: Replications, by: str) -> list[str]:
    """The metrics that are measured in scopes of a kind."""
    keys = (runs.keys[n] for n in runs.columns)
    return list(dict.fromkeys(metric for metric, scope in keys if _is_of(scope, by)))


def _sums(runs: Mapping[str, Replications], metric: str, scopes: list[str]) -> np.ndarray:
    """Both sums of one metric, float64[scenario, replication, scope, 2]."""
    found = np.zeros((len(runs), max(len(one) for one in runs.values()), len(scopes), len(SUMS)))
    for nth, one in enumerate(runs.values()):
        for scope, name in enumerate(scopes):
            found[nth, : len(one), scope] = np.stack(one.pair((metric, name)), axis=-1)
    return found
