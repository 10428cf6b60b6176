"""The scalars of a plan: what holds for the whole run, and what holds for the people of one center."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.units import DAY, NEVER

UNLIMITED = 1 << 40

RULES = np.dtype(
    [
        ("province", "i8"),
        ("horizon", "i8"),
        ("warmup", "i8"),
        ("outages", "i8", (2, 2)),  # quantile rows of up and down: of the province and the portal
        ("speed_when_down", "i8"),  # permille
        ("weak", "i8"),  # threshold: pairings of an official and a field in which the work goes worse
        ("weak_speed", "i8"),  # permille, and the threshold of a dossier taken in wrongly
        ("errs", "i8"),
        ("set_up", "i8"),  # ms to set a link to a specialist up
        ("paper", "i8"),  # permille of the speed of work on paper in an outage, 0 where nobody goes over to paper
        ("record", "i8"),  # ms to type in a dossier that was taken on paper
        ("cut_off", "i8"),  # the time of day by which a result is still made on the spot
        ("month_limit", "i8"),  # ms of overtime of an official in a month and a year
        ("year_limit", "i8"),
        ("chooses", "i8"),  # threshold: who looks at what points publish; ms each who waits counts for, and to another
        ("each", "i8"),
        ("way", "i8"),
        ("tick", "i8"),  # ms between boards, 0 where nobody looks at them
        ("places", "i8"),  # of each time that is booked; numbers k of each place; threshold of who comes for one
        ("tries", "i8"),
        ("keeps", "i8"),
        ("punctual", "i8", (2,)),  # ms before their time that people come, quantile row of ms after that
        ("book_class", "i8"),
        ("storm_begins", "i8"),  # thresholds: a storm begins on a day, the network is down for half a day of one
        ("storm_down", "i8"),
        ("storm_days", "i8"),  # how long one lasts, 0 where there are none
        ("storm_factor", "f8"),  # how many times as many come then, and the share of the others that comes later
        ("storm_later", "f8"),
        ("carries_over", "?"),
        ("breaks_in_full", "?"),
        ("starts_while_down", "?"),
        ("records_after_hours", "?"),
    ]
)
CENTERS = np.dtype(
    [
        ("number", "i8"),  # what its random numbers are keyed by
        ("points", "i8", (2,)),  # rows that its people draw from: the first, and the one after the last
        ("procedures", "i8", (2,)),
        ("channels", "i8", (2,)),
        ("greeting", "i8"),
        ("finds", "i8"),
        ("mends", "i8"),
        ("guidance", "i8"),  # quantile rows, NEVER without: of guidance, patience, the factors of a day
        ("patience", "i8"),
        ("day_factor", "i8"),
        ("common_factor", "i8"),  # which all centers share
        ("moves", "i8"),
        ("returns", "i8", (2,)),  # thresholds: incomplete, unserved
        ("delays", "i8", (2, 2)),  # first day, number of days
        ("visits", "i8"),
        ("bulk", "i8"),  # dossiers from which somebody is of the class of bulk filers, 0 without; that class
        ("bulk_class", "i8"),
        ("collection", "i8"),  # quantile row of handing a result over
        ("in_person", "i8"),  # threshold: who comes for a result of the back office; first day, number of days
        ("fetched", "i8", (2,)),
        ("consulted", "u8"),  # fields in which its officials ask specialists over a link
        ("asked", "i8"),  # the row of the center at whose place those are
        ("outages", "i8", (2,)),  # quantile rows of up and down, NEVER without
    ]
)
_RULES = {
    "punctual": (0, NEVER),
    "outages": ((NEVER, NEVER),) * 2,
    "weak_speed": 1000,
    "cut_off": DAY,
    "month_limit": UNLIMITED,
    "year_limit": UNLIMITED,
}
_CENTERS = {
    "guidance": NEVER,
    "patience": NEVER,
    "day_factor": NEVER,
    "common_factor": NEVER,
    "delays": ((1, 1), (1, 1)),
    "fetched": (1, 1),
    "visits": 1,
    "collection": NEVER,
    "outages": (NEVER, NEVER),
}


def rules(**given: Any) -> Any:
    """The scalars of a whole plan, a record of RULES; what is not given is absent, off or 0."""
    return _row(RULES, {**_RULES, **given}).view(np.recarray)[0]


def center(points: int = 1, procedures: int = 1, channels: int = 1, **given: Any) -> NDArray[Any]:
    """The one center of a plan, CENTERS[1], whose people draw from so many rows of these tables; the rest as given."""
    rows = {"points": (0, points), "procedures": (0, procedures), "channels": (0, channels)}
    return _row(CENTERS, {**_CENTERS, **rows, **given})


def _row(kind: np.dtype[Any], given: dict[str, Any]) -> NDArray[Any]:
    row = np.zeros(1, kind)
    for name, value in given.items():
        row[name] = value
    return row
