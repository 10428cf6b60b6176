"""The figures that a run gives, by name, each with its definition in words.

Read wherever a target is checked, so this module imports no arrays.
"""

from __future__ import annotations

import re
from typing import Literal

METRICS: dict[str, str] = {
    "wait_mean": "minutes from the door to the counter, over all who joined the queue",
    "wait_p50": "the wait that half of those who joined did not exceed",
    "wait_p90": "the wait that nine of ten who joined did not exceed",
    "wait_max": "the longest wait of a replication",
    "wait_within_T": "share of all who came that were received after at most T minutes",
    "gate_wait_mean": "minutes at the gate before the opening",
    "days_within_target": "share of open days whose mean wait keeps the target",
    "days_all_within_T": "share of open days on which everybody was received within T minutes",
    "periods_within_target": "share of whole calendar months whose mean wait keeps the target",
    "wait_per_resolved": "minutes of waiting, of all visits, for each dossier accepted, at the hall or from home",
    "unserved_share": "share that gave up, found no seat, was turned away or held over",
    "time_in_center_mean": "minutes from the door to the street",
    "left_within_30": "share that left, received, within 30 minutes of the door",
    "visits_per_resolved": "visits for each dossier accepted, at the hall or from home",
    "travel_per_resolved": "minutes on the way for each dossier accepted, at the hall or from home",
    "utilization": "share of the time that officials were on duty and not away that was work at a desk",
    "overtime_per_day": "minutes of work beyond the shift, of all officials, a working day",
    "result_wait_mean": "minutes from the end of reception to the street, of those who stayed for their result",
    "same_day_share": "share of those received whole, whose result is made on the spot, that left with it",
    "late_for_citizen_share": "share of those who came to submit, and were not sent back, that went home without",
    "late_in_system_share": "share of those who came to submit, and were not sent back, without a record that day",
    "on_time_share": "share of dossiers of the back office ready by the end of their term, of terms within the run",
    "acknowledged_share": "share of dossiers filed from home accepted or sent back within 8 office hours",
    "processing_days_mean": "days from reception to the result, of the same dossiers; to the end of the run at most",
    "reentry_backlog_max": "most visits at once whose papers were still to be typed in",
    "overtime_day_most": "hours of overtime of an official in a day, at most",
    "overtime_month_most": "hours of overtime of an official in a month, at most",
    "overtime_year_most": "hours of overtime, at this rate, in a year, of the official with most",
    "lender_utilization": "load of the office that lends officials, of the one with most: above 1 its backlog grows",
    "lender_backlog_hours": "hours of lenders' own work left undone over the measured days for want of those lent",
    "queue_mean": "people waiting, over the time the door is open",
    "queue_max": "most people waiting at once",
    "cost_per_day": "state cost of a working day, opened Saturdays spread over them",
    "cost_per_resolved": "state cost of each dossier accepted",
    "citizen_hours_per_resolved": "citizens' hours (way, gate, center) for each dossier accepted",
}
COUNTS: dict[str, tuple[str, ...]] = {
    "served": ("SERVED",),
    "advised": ("ADVISED",),
    "incomplete": ("INCOMPLETE", "INCOMPLETE_AT_GUIDANCE"),
    "reneged": ("RENEGED",),
    "balked": ("BALKED",),
    "turned_away": ("TURNED_AWAY",),
    "carried_over": ("CARRIED_OVER",),
    "in_system": ("IN_SYSTEM",),
}
"""Counts of visits, by the outcomes that are counted."""
UNSERVED = ("RENEGED", "BALKED", "TURNED_AWAY", "CARRIED_OVER")

OF_THE_CENTER = re.compile(
    r"days_.+|periods_within_target|utilization|overtime_.+|lender_.+|queue_(mean|max)|reentry_backlog_max|cost_per_.+"
)
"""Figures of the center as a whole, which no field, class, point or hour has."""
_QUANTILE = re.compile(r"wait_p\d+")
_LOW = re.compile(
    r"(gate_|result_)?wait_(mean|max|p\d+)|time_in_center_mean|processing_days_mean|queue_(mean|max)|reentry_backlog_max"
    r"|(wait|visits|travel|cost|citizen_hours)_per_resolved|cost_per_day|overtime_.+|lender_.+"
    r"|unserved_share|late_.+_share|(reneged|balked|turned_away|carried_over)(_share)?"
)
_HIGH = re.compile(
    r"(wait|days_all|left)_within_\d+|(days|periods)_within_target|same_day_share|on_time_share|acknowledged_share"
)
_WITHIN = re.compile(r"(wait|days_all)_within_[1-9]\d{0,3}")
_OF_MINUTES = re.compile(r"(wait|days_all)_within_(\d+)")


def is_metric(name: str) -> bool:
    """Whether a name is one of METRICS (T any whole number of minutes), of COUNTS, or a share of a count."""
    return name in metric_names() or bool(_WITHIN.fullmatch(name))


def is_measured_in(metric: str, scope: str) -> bool:
    """Whether a figure is one of those that visits of a scope have: "all", or such as "field=land" and "hour=9"."""
    if OF_THE_CENTER.fullmatch(metric):
        return scope == "all"
    return not (scope.startswith("hour=") and _QUANTILE.fullmatch(metric))


def better(metric: str) -> Literal["lowest", "highest"] | None:
    """Whether a figure is best where it is lowest or highest; None where that depends on what one wants.

    More work at a desk, more who come, who are received or sent back, may be good or bad.
    """
    if _HIGH.fullmatch(metric):
        return "highest"
    return "lowest" if _LOW.fullmatch(metric) else None


def metric_names() -> tuple[str, ...]:
    """All names, those within T minutes with the T that is always measured."""
    named = (name.replace("_T", f"_{minutes}") for name in METRICS for minutes in ((15, 30) if "_T" in name else (0,)))
    return (*named, "arrived", *COUNTS, *(f"{name}_share" for name in COUNTS))


def definition(metric: str) -> str:
    """A metric in words; "" for a name that is none."""
    if within := _OF_MINUTES.fullmatch(metric):
        return METRICS[f"{within[1]}_within_T"].replace(" T ", f" {within[2]} ")
    name = metric.removesuffix("_share")
    if metric in METRICS:
        return METRICS[metric]
    if name in COUNTS:
        counted = " or ".join(one.lower().replace("_", " ") for one in COUNTS[name])
        return f"visits that ended as {counted}{', of all who came' if name != metric else ''}"
    return "visits that began" if metric == "arrived" else ""
