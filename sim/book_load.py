"""Those who booked a time, as they are to be expected before any run."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.appointments import Appointments
from sim.demand import booked_times, day_table
from sim.forecast import expected_booked
from sim.scenario import Scenario
from sim.streams import WHOLE
from sim.units import DAY, SLOT, SLOTS, milliseconds

Floats = NDArray[np.float64]
_PARTS = 1000


def booked_arrivals(scenario: Scenario) -> Floats:
    """How many who booked a time are expected on each day of the run and in each half-hour, (days, 48)."""
    table = day_table(scenario)
    (today, later), (times, rows) = expected_booked(scenario), booked_times(scenario)
    found: Floats = later[:, None] * (np.diff(table.return_times, axis=1, prepend=0) / WHOLE)[table.demand["profile"]]
    if scenario.appointments is not None:
        late = _late(scenario.appointments)
        kinds = {(first, last): _by_half_hour(times[first:last], late) for first, last in rows.tolist() if first < last}
        for day, kind in enumerate(rows.tolist()):
            found[day] += today[day] * kinds.get(tuple(kind), 0.0)
    return found


def _late(book: Appointments) -> Floats:
    """Ms after their time at which people come, each as likely as another; negative: early."""
    u = (np.arange(_PARTS) + 0.5) / _PARTS
    late = np.zeros(1) if book.punctuality is None else book.punctuality.inverse(u, 1 - u)
    return np.asarray(late - book.early) * milliseconds(1)


def _by_half_hour(times: NDArray[np.int64], late: Floats) -> Floats:
    """The share of people in each half-hour, each time as likely as another."""
    came = np.clip(times[:, None] + late, 0, DAY - 1).ravel()
    return np.bincount((came // SLOT).astype(np.int64), minlength=SLOTS) / len(came)
