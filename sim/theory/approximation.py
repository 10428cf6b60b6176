"""The one formula here that is not exact."""

from __future__ import annotations

from sim.theory.erlang import mmc
from sim.theory.load import nonnegative


def allen_cunneen_approximation(
    arrival_rate: float, mean_service: float, servers: int, cv_arrival: float, cv_service: float
) -> float:
    """Approximate mean wait of G/G/c: that of M/M/c times (ca^2 + cs^2) / 2 (Allen 1990, after Kingman 1961).

    Exact for M/M/c and M/G/1, asymptotically exact in heavy traffic; elsewhere an orientation, never an
    oracle.
    """
    squares = nonnegative("cv_arrival", cv_arrival) ** 2 + nonnegative("cv_service", cv_service) ** 2
    return mmc(arrival_rate, mean_service, servers).mean_wait * squares / 2
