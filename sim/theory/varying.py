"""Arrivals that change through the day: offered load, lags, and the line as a fluid.

A day is cut into bins of equal ``minutes``: ``rates`` are arrivals a minute in each bin, ``crowds`` people who enter
together at its start.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammainc, gammaincc

from sim.theory.line import Line
from sim.theory.load import nonnegative, positive

Floats = NDArray[np.float64]
SUBSTEPS = 20


def unserved_work(minutes: Floats, mean: float, cv: float) -> Floats:
    """Integral over 0..x of P(service > u) du for x in ``minutes``, the service a gamma time of this mean and cv."""
    x = np.maximum(minutes, 0.0)
    if nonnegative("cv", cv) < 1e-3:
        return np.minimum(x, positive("mean", mean))
    shape = cv**-2
    scaled = x * shape / positive("mean", mean)
    return np.asarray(x * gammaincc(shape, scaled) + mean * gammainc(shape + 1, scaled))


def offered_load_through(minutes: float, rates: Floats, crowds: Floats, mean: float, cv: float) -> Floats:
    """Mean number busy in M(t)/G/infinity, averaged over each bin, (bins,); empty before the first.

    m(t) = E[l(t - S_e)] E[S] = int l(t - u) P(S > u) du (Eick, Massey and Whitt 1993), plus crowds that entered x ago
    times P(S > x). With it in place of l E[S] a stationary formula is the modified offered load approximation (Jagerman
    1975; Jennings, Mandelbaum, Massey and Whitt 1996). Exact for gamma times and rates constant in each bin.
    """
    edges = np.arange(len(rates) + 1, dtype=np.float64) * minutes
    first = _twice(edges, mean, cv)
    since = first[1:] - first[:-1]
    whole = np.concatenate([[0.0], since])
    impulse = np.diff(unserved_work(edges, mean, cv)) / minutes
    by_rate = np.convolve(rates, np.diff(whole) / minutes)[: len(rates)]
    return np.asarray(by_rate + np.convolve(crowds, impulse)[: len(rates)])


def _twice(at: Floats, mean: float, cv: float) -> Floats:
    """Integral over 0..x of ``unserved_work``: with G it, x G(x) - int u P(S > u) du."""
    x = at
    if cv < 1e-3:
        return np.where(x < mean, x**2 / 2, mean * x - mean**2 / 2)
    shape = cv**-2
    scaled = x * shape / mean
    second = mean**2 * (1 + cv**2)
    first_moment = (x**2 * gammaincc(shape, scaled) + second * gammainc(shape + 2, scaled)) / 2
    return np.asarray(x * unserved_work(x, mean, cv) - first_moment)


def lagged(minutes: float, rates: Floats, crowds: Floats, lag: float) -> Floats:
    """Arrivals a minute in each bin as they were ``lag`` minutes ago, crowds spread over their bin; 0 before the first.

    With a lag of one mean service, what the lagged pointwise stationary approximation puts into a stationary formula
    (Green, Kolesar and Soares 2001; Green, Kolesar and Whitt 2007).
    """
    edges = np.arange(len(rates) + 1, dtype=np.float64) * minutes
    arrived = np.concatenate([[0.0], np.cumsum(rates * minutes + crowds)])
    return np.asarray(np.diff(np.interp(edges - nonnegative("lag", lag), edges, arrived, left=0.0)) / minutes)


def fluid(
    line: Line, minutes: float, rates: Floats, crowds: Floats, servers: Sequence[int], recent: Floats
) -> tuple[Floats, Floats]:
    """The line as a fluid: number waiting averaged over each bin, and people served in it, (bins,); empty at first.

    q' = l - c / s - patience while anybody waits (Newell 1971; Mandelbaum, Massey and Reiman 1998), in ``SUBSTEPS``
    Euler steps a bin, patience as it is at the beginning of the bin. A server who goes ends the service in hand, beside
    those who stay. ``recent``: the rate at which those came who wait, for their patience. Chance is left out: right in
    overload, too low below.
    """
    queue = busy = going = 0.0
    kept = float(np.exp(-minutes / SUBSTEPS / line.mean_service))
    step, means, served = minutes / SUBSTEPS, np.zeros(len(rates)), np.zeros(len(rates))
    room = np.inf if line.seats is None else float(line.seats)
    for n, (rate, crowd, many) in enumerate(zip(rates.tolist(), crowds.tolist(), servers, strict=True)):
        queue, going, busy = queue + crowd, going + max(busy - many, 0.0), min(busy, float(many))
        since = max(float(recent[n]), 1e-3)
        left = 0.0 if line.hazard is None else since * float(line.hazard(np.array([queue / since]))[0])
        for _ in range(SUBSTEPS):
            called = min(queue, many - busy)
            queue, busy = min(queue - called, room), busy + called
            means[n] += queue / SUBSTEPS
            queue = max(queue + step * (rate - left), 0.0)
            served[n] += (1 - kept) * (busy + going)
            busy, going = kept * busy, kept * going
    return means, served
