"""What is assumed of a center that nobody has measured: by field of work, and by the kind of its population.

The figures are those of the shipped configs (``procedures=commune``, ``citizens=ward``, the centers): a test holds
them together. The ranges are assumptions too: what a sweep over a figure should span.
"""

from __future__ import annotations

from typing import NamedTuple

from sim.units import WEEKDAYS


class Assumed(NamedTuple):
    """A figure, the range in which it may lie, and where it comes from."""

    value: float
    low: float
    high: float
    source: str

    @property
    def mark(self) -> str:
        """The comment beside it."""
        return f"A [{self.low:g}–{self.high:g}] {self.source}".strip()


class FieldOfWork(NamedTuple):
    """Its Vietnamese name, its percent of dossiers, minutes at the counter a dossier on top of the greeting."""

    vietnamese: str
    percent: float
    share: tuple[float, float]
    minutes: Assumed


_INTAKE = Assumed(6.0, 3.0, 8.0, "V elsewhere: 5–10 min for intake, less the greeting")
_LAND = Assumed(14.0, 10.0, 18.0, "V elsewhere: 14 min for land")
FIELDS = {
    "certification": FieldOfWork("chứng thực", 58, (0.4, 0.75), _INTAKE),
    "civil_status": FieldOfWork("hộ tịch", 16, (0.1, 0.25), Assumed(11.0, 8.0, 14.0, "W elsewhere")),
    "business": FieldOfWork("kinh doanh", 10, (0.05, 0.2), _INTAKE),
    "land": FieldOfWork("đất đai", 8, (0.03, 0.5), _LAND),
    "social": FieldOfWork("xã hội", 5, (0.02, 0.15), Assumed(11.0, 8.0, 14.0, "as civil status")),
    "construction": FieldOfWork("xây dựng", 3, (0.01, 0.1), Assumed(14.0, 10.0, 18.0, "as land")),
}
MIX_SOURCE = "V elsewhere, rounded"
QUICK = ("certification", "civil_status")
SERVICE_CV = Assumed(0.8, 0.5, 1.5, "1.55 in a call-center day")
INCOMPLETE = Assumed(0.15, 0.05, 0.3, "without guidance")
DAY_FACTOR_CV = Assumed(0.18, 0.1, 0.3, "W elsewhere, without Mondays and Poisson noise")
MONDAY = Assumed(1.3, 1.0, 1.5, "W elsewhere: 1.48 with longer Monday hours")
OTHER_DAY = Assumed(1.0, 0.8, 1.2, "")
TRAVEL_CV = 0.5
OVERTIME_CAP = Assumed(60.0, 0.0, 120.0, "minutes")


class Kind(NamedTuple):
    """What is assumed of one kind of commune. ``travel`` is minutes, one way."""

    people: Assumed
    officials: Assumed
    dossiers: Assumed
    seats: Assumed
    travel: Assumed


KINDS = {
    "mountain": Kind(
        Assumed(9, 5, 20, "0.9 for 1,000 residents, of 10,000"),
        Assumed(3, 2, 5, "a mountain commune"),
        Assumed(1.0, 1.0, 1.3, "a mountain commune"),
        Assumed(15, 8, 30, "a mountain commune"),
        Assumed(30.0, 15.0, 60.0, "minutes, one way, on mountain roads"),
    ),
    "rural": Kind(
        Assumed(18, 10, 35, "1.0 for 1,000 residents, of 18,000"),
        Assumed(4, 3, 6, "a rural commune"),
        Assumed(1.0, 1.0, 1.3, "a rural commune"),
        Assumed(25, 10, 50, "a rural commune"),
        Assumed(20.0, 10.0, 40.0, "minutes, one way"),
    ),
    "ward": Kind(
        Assumed(68, 40, 120, "1.0 for 1,000 residents, of 67,877"),
        Assumed(8, 6, 12, "S3 elsewhere"),
        Assumed(1.2, 1.0, 1.5, "a ward"),
        Assumed(40, 20, 80, "a ward"),
        Assumed(15.0, 8.0, 30.0, "minutes, one way, in a ward"),
    ),
}

# Weights of half-hours from the opening on: before lunch, after it, and of a day without a break.
AT_THE_GATE = 0.5
MORNING = (1.2, 1.8, 1.8, 1.6, 1.5, 1.0, 0.7, 0.4)
AFTERNOON = (0.7, 1.2, 1.1, 0.9, 0.7, 0.5, 0.3, 0.2)
THROUGHOUT = (1.2, 1.4, 1.5, 1.5, 1.4, 1.2, 1.0, 0.8, 0.6, 0.6, 0.7, 0.9, 1.1, 1.1, 1.0, 0.8, 0.6, 0.4, 0.2)

WORKDAYS = WEEKDAYS[:5]
SIGNED = "certification"  # whose results are given at once
SIGNATURE = Assumed(2.0, 1, 5, "minutes a dossier")
HANDING = Assumed(2.0, 1, 5, "minutes to hand a result over")
LEADERS = Assumed(2, 1, 3, "a chairman and a deputy")
CALLED_AWAY = Assumed(0.3, 0.1, 0.6, "of half days in meetings")
