"""How long dossiers have, and take: terms by due dates, working days to the result, and how many are on time.

Of dossiers without a result on the last day of the export it is known that they took longer: they are right-censored.
The share ready by each working day is that of Kaplan and Meier (1958); lognormal, gamma and Weibull times are fitted by
the likelihood of whole days (a result on the n-th working day lies between n and n + 1 days), and one is used where it
is nowhere farther from the share ready than chance has it, by the bound of Dvoretzky, Kiefer, Wolfowitz and Massart.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from math import log, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from sim.fitting.arrivals import Numbers
from sim.fitting.days import Days, holidays_in
from sim.fitting.dossiers import STATE_NAMES, Dossiers
from sim.fitting.fields import Field
from sim.intervals import clopper_pearson

CONFIDENCE, LONGEST_TERM = 0.95, 250
FEWEST, MOST_FITTED = 30, 1000
SHAPES = {"lognormal": stats.lognorm, "gamma": stats.gamma, "weibull": stats.weibull_min}
Share = tuple[int, int]
"""How many of how many."""


@dataclass(frozen=True)
class Term:
    """Working days from receipt to the due date: the middle, and between which nine in ten lie, of ``count`` dates.

    ``share`` of them have exactly the middle.
    """

    days: int
    low: int
    high: int
    share: float
    count: int


@dataclass(frozen=True)
class Taken:
    """Working days to the result, of ``count`` dossiers, ``open`` of them without one on the last day.

    ``median`` with its interval, None where fewer than half are ready; ``shape``: a distribution of SHAPES with its
    parameters (shape, 0, scale, as scipy.stats has them), "empirical" where none fits or there are too few.
    """

    count: int
    open: int
    median: float | None
    ends: tuple[float | None, float | None]
    shape: str
    parameters: tuple[float, ...]


@dataclass(frozen=True)
class FieldTimes:
    """Term, times to the result and dossiers on time of one field; None of what the export does not tell."""

    field: Field
    term: Term | None
    taken: Taken | None
    on_time: Share | None


def between(first: Days, last: Days) -> Days:
    """Working days after the day ``first``, up to the day ``last``: Mondays to Fridays that are no public holidays."""
    if not len(first):
        return np.zeros(0, np.int64)
    span = np.arange(first.min(), last.max() + 1)
    days = span.astype("datetime64[D]")
    off = days[holidays_in(span)]
    start, end = ((one + 1).astype("datetime64[D]") for one in (first, last))
    return np.asarray(np.busday_count(start, end, holidays=off), np.int64)


def times_of(dossiers: Dossiers, field: Field, rows: NDArray[np.bool_]) -> FieldTimes:
    """What the rows of one field tell."""
    own = dossiers.only(rows)
    return FieldTimes(field, _term(own), _taken(own), on_time_of(own))


def _term(own: Dossiers) -> Term | None:
    has = own.due >= 0
    if not has.any():
        return None
    days = np.minimum(between(own.day[has], own.due[has]), LONGEST_TERM)
    middle = int(np.quantile(days, 0.5, method="inverted_cdf"))
    low, high = (int(np.quantile(days, p, method="inverted_cdf")) for p in (0.05, 0.95))
    return Term(middle, low, high, float((days == middle).mean()), int(has.sum()))


def on_time_of(own: Dossiers) -> Share | None:
    """Of dossiers whose due date has come, and whose result is known: ready by it, and all; None where there are none.

    One that is due and not ready on the last day of the export is late.
    """
    judged = (own.due >= 0) & (own.due <= own.until) & (own.done > -2)
    if not judged.any():
        return None
    kept = (own.done[judged] >= 0) & (own.done[judged] <= own.due[judged])
    return int(kept.sum()), int(judged.sum())


def days_taken_mean(own: Dossiers) -> float | None:
    """Calendar days from receipt to the result of the same dossiers, to the last day of the export at most."""
    judged = (own.due >= 0) & (own.due <= own.until) & (own.done > -2)
    if not judged.any():
        return None
    end = np.where(own.done[judged] >= 0, own.done[judged], own.until)
    return float((end - own.day[judged]).mean())


def _taken(own: Dossiers) -> Taken | None:
    known = own.done > -2
    if own.state is not None:
        known &= (own.state != STATE_NAMES.index("stopped")) | (own.done >= 0)
    if not known.any() or not (own.done >= 0).any():
        return None
    ready = own.done[known] >= 0
    days = between(own.day[known], np.where(ready, own.done[known], own.until))
    curve: Any = stats.ecdf(stats.CensoredData.right_censored(days, ~ready)).sf
    band = _band(curve) if ready.sum() > 1 else None
    median = _crossing(curve.quantiles, curve.probabilities)
    ends = (
        (None, None)
        if band is None
        else tuple(_crossing(one.quantiles, one.probabilities) for one in (band.low, band.high))
    )
    name, parameters = _shape(days, ready, curve)
    return Taken(len(days), int((~ready).sum()), median, ends, name, parameters)  # type: ignore[arg-type]


def _band(curve: Any) -> Any:
    """Greenwood's interval at each day; where all are ready, or none yet, it is not defined, which scipy says."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The confidence interval is undefined at some observations", RuntimeWarning)
        return curve.confidence_interval(CONFIDENCE)


def _crossing(days: Numbers, surviving: Numbers) -> float | None:
    """The first day by which half are ready; None where that was not seen."""
    found = np.flatnonzero(np.nan_to_num(surviving, nan=1.0) <= 0.5)
    return float(days[found[0]]) if len(found) else None


def _shape(days: Days, ready: NDArray[np.bool_], curve: Any) -> tuple[str, tuple[float, ...]]:
    """The distribution that fits, the likeliest first, with its parameters."""
    if ready.sum() < FEWEST or len(np.unique(days[ready])) < 3:
        return "empirical", ()
    ends, longer = _whole_days(days, ready)
    data: Any = stats.CensoredData(interval=ends, right=longer)
    with np.errstate(divide="ignore", invalid="ignore"):
        fitted = {name: shape.fit(data, floc=0) for name, shape in SHAPES.items()}
    name = max(fitted, key=lambda one: _likelihood(one, fitted[one], ends, longer))
    parameters = tuple(float(one) for one in fitted[name])
    apart = np.abs(SHAPES[name].cdf(curve.quantiles + 1, *parameters) - (1 - curve.probabilities)).max()
    limit = sqrt(log(2 / (1 - CONFIDENCE)) / (2 * int(ready.sum())))
    return (name, parameters) if apart <= limit else ("empirical", ())


def _likelihood(name: str, parameters: tuple[float, ...], ends: Numbers, longer: Numbers) -> float:
    """The logarithm of the likelihood; below all numbers where an interval has no chance."""
    shape = SHAPES[name](*parameters)
    chance = shape.cdf(ends[:, 1]) - shape.cdf(ends[:, 0])
    return float(np.log(np.maximum(chance, np.finfo(float).tiny)).sum() + shape.logsf(longer).sum())


def _whole_days(days: Days, ready: NDArray[np.bool_]) -> tuple[Numbers, Numbers]:
    """The times as intervals of a day, float64[ready, 2], and those that are open, float64[open].

    Of many every so many-th, in order of length.
    """
    order = np.lexsort((days, ready))
    at: NDArray[np.int64] = order[np.linspace(0, len(order) - 1, min(len(order), MOST_FITTED)).astype(int)]
    some, done = days[at].astype(float), ready[at]
    return np.stack([some[done], some[done] + 1], axis=1), some[~done & (some > 0)]


def share_ends(share: Share) -> tuple[float, float]:
    """The exact 95 % interval of a share (Clopper and Pearson 1934)."""
    return clopper_pearson(*share, CONFIDENCE)
