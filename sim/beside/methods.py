"""The methods of queueing theory for a day: mean number waiting by half-hour, as each of them has it.

All take the same pooled lines (:mod:`sim.beside.inputs`) and are averaged over the kinds of days by their shares, so
that what remains between them is how they treat time. A figure that a method does not have is nan: no steady state, or
nobody on duty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from sim.beside.days import BIN_MINUTES, IN_SLOT, Day, Desk
from sim.beside.inputs import PooledLine, recent
from sim.tally import BINS
from sim.theory.line import Line, steady
from sim.theory.through import Step, empty, through
from sim.theory.varying import fluid, lagged, offered_load_through
from sim.units import SLOTS

Floats = NDArray[np.float64]
MOST_DAYS, SETTLED = 40, 1e-3
LOST_TAIL, HARDLY_EVER = 1e-6, 1e-3


@dataclass(frozen=True)
class Method:
    """``name`` in tables, ``title`` on charts, ``said`` in a sentence; ``settles``: it holds time to stand still."""

    name: str
    title: str
    said: str
    settles: bool


STATIONARY = Method("stationary", "steady state by half-hour", "the steady state of each half-hour", True)
LAGGED = Method("lagged", "steady state, lagged", "the lagged steady state", True)
MODIFIED = Method("modified_load", "modified offered load", "the modified offered load", True)
FORWARD = Method("forward", "forward equations", "the forward equations", False)
APART = Method("apart", "the same, skills apart", "the forward equations with skills apart", False)
FLUID = Method("fluid", "fluid", "the fluid model", False)
METHODS = (STATIONARY, LAGGED, MODIFIED, FORWARD, APART, FLUID)


def waiting(pooled: PooledLine, days: int) -> dict[str, Floats]:
    """Mean number waiting in a line by half-hour of a mean open day, (48,), by the name of the method.

    ``days``: how many follow on one another before nobody is left; more than one where the door never closes.
    """
    is_continuous = days > 1
    return {
        STATIONARY.name: _mean(pooled, lambda line, day: _stationary(line, day, _spread_crowds(day))),
        LAGGED.name: _mean(pooled, lambda line, day: _stationary(line, day, _lagged(line, day, is_continuous))),
        MODIFIED.name: _mean(pooled, lambda line, day: _stationary(line, day, _modified(line, day, is_continuous))),
        FORWARD.name: _mean(pooled, lambda line, day: _forward(line, day, days)),
        FLUID.name: _mean(pooled, lambda line, day: _fluid(line, day, is_continuous)),
    }


def _mean(pooled: PooledLine, of: Callable[[Line, Day], Floats]) -> Floats:
    return np.asarray(sum(day.share * of(pooled.line, day) for day in pooled.days), dtype=np.float64)


def by_slot(by_bin: Floats) -> Floats:
    """Means over half-hours of what is given by bins of 5 minutes."""
    return np.asarray(by_bin.reshape(SLOTS, IN_SLOT).mean(axis=1))


def _stationary(line: Line, day: Day, rates: Floats) -> Floats:
    """Steady states at rates by bin; nan where people come, at whatever rate, and nobody serves."""
    known: dict[tuple[float, int], float] = {}
    found, comes = np.zeros(BINS), _spread_crowds(day)
    for n, key in enumerate(zip(np.round(rates, 9).tolist(), day.servers.tolist(), strict=True)):
        if key[1] == 0:
            found[n] = np.nan if comes[n] > HARDLY_EVER else 0.0
            continue
        if key not in known:
            known[key] = _queue(line, *key)
        found[n] = known[key]
    return by_slot(found)


def _queue(line: Line, rate: float, servers: int) -> float:
    try:
        return steady(line, rate, servers).queue_mean
    except ValueError:
        return float("nan")


def _spread_crowds(day: Day) -> Floats:
    """Arrivals a minute by bin, a crowd spread over the half-hour that begins with it."""
    rates = day.rates.copy()
    for at in np.flatnonzero(day.crowds):
        rates[at : at + IN_SLOT] += day.crowds[at] / (IN_SLOT * BIN_MINUTES)
    return rates


def _lagged(line: Line, day: Day, is_continuous: bool) -> Floats:
    rates, none = _before(_spread_crowds(day), is_continuous), np.zeros(2 * BINS)
    return lagged(BIN_MINUTES, rates, none, line.mean_service)[BINS:]


def _modified(line: Line, day: Day, is_continuous: bool) -> Floats:
    """The rate at which as many were busy in a steady state of M/G/infinity as are on the way through this day."""
    rates, crowds = _before(day.rates, is_continuous), _before(day.crowds, is_continuous)
    busy = offered_load_through(BIN_MINUTES, rates, crowds, line.mean_service, line.cv_service)[BINS:]
    return busy / line.mean_service


def _before(by_bin: Floats, is_continuous: bool) -> Floats:
    """A day after another one like it, or after one on which nobody came."""
    return np.concatenate([by_bin if is_continuous else np.zeros(BINS), by_bin])


def _steps(day: Day) -> Iterator[tuple[slice, Step]]:
    """The day in steps in which nothing changes, none longer than a half-hour."""
    waited, first = recent(day), 0
    apart = (day.crowds > 0) | (day.relieved > day.servers) | (np.arange(BINS) == day.home)
    keys = [(n // IN_SLOT, day.rates[n], day.servers[n], n if apart[n] else -1) for n in range(BINS)]
    for (_, rate, servers, alone), bins in groupby(keys):
        many = len(list(bins))
        at, first = first, first + many
        yield (
            slice(at, at + many),
            Step(
                many * BIN_MINUTES,
                float(rate),
                int(servers),
                relieved=int(day.relieved[at]),
                crowd=float(day.crowds[at]),
                recent=float(waited[at : at + many].mean()),
                clears=day.home is not None and alone == day.home,
            ),
        )


def _forward(line: Line, day: Day, days: int) -> Floats:
    """Mean over ``days`` in a row, the first one empty; once one is as the one before, the others are.

    nan where the line grows from day to day, or settles too slowly to be followed.
    """
    if days > 1 and not line.is_bounded and day.arrivals.sum() * line.mean_service >= day.servers.sum() * BIN_MINUTES:
        return np.full(SLOTS, np.nan)
    spans, steps = zip(*_steps(day), strict=True)
    state, total, before = empty(line, steps * min(days, 2)), np.zeros(SLOTS), np.zeros(SLOTS)
    for nth in range(days):
        passages, state = through(line, steps, state)
        today = np.zeros(BINS)
        for span, passage in zip(spans, passages, strict=True):
            today[span] = passage.queue_mean
        now = by_slot(today)
        if line.seats is None and state.law[:, state.room :].sum() > LOST_TAIL:
            return np.full(SLOTS, np.nan)
        if np.abs(now - before).max() <= SETTLED * now.max():
            return np.asarray((total + (days - nth) * now) / days)
        total, before = total + now, now
        if nth == MOST_DAYS:
            return np.full(SLOTS, np.nan)
    return total / days


def _fluid(line: Line, day: Day, is_continuous: bool) -> Floats:
    rates, crowds = _before(day.rates, is_continuous), _before(day.crowds, is_continuous)
    servers, since = [*day.servers.tolist()] * 2, np.concatenate([recent(day)] * 2)
    found = fluid(line, BIN_MINUTES, rates, crowds, servers, since)[0][BINS:]
    if day.home is not None:
        found[day.home :] = 0.0
    return by_slot(found)


def apart(lines: Sequence[PooledLine], known: dict[Desk, Floats], calendar_days: int) -> dict[str, Floats]:
    """The forward equations of lines that do not help each other, all together; ``known`` are those of some of them."""
    found = [
        known[pooled.desk]
        if pooled.desk in known
        else _mean(pooled, lambda line, day: _forward(line, day, calendar_days))
        for pooled in lines
    ]
    return {APART.name: np.sum(found, axis=0)} if lines else {}


def together(by_line: Sequence[dict[str, Floats]]) -> dict[str, Floats]:
    """All lines: the sum of what each method has of them."""
    return {name: np.sum([one[name] for one in by_line], axis=0) for name in by_line[0]}
